//! Results and pictures on their way out of the program.

pub mod file;
pub mod svg;
pub mod text;
