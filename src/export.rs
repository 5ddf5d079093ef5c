//! Results and pictures on their way out of the program.

pub mod claims;
pub mod comparison;
pub mod npz;
pub mod pytorch;
pub mod svg;
pub mod text;

pub use crate::file;
