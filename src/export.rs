//! Results and pictures on their way out.

pub mod svg;
pub mod text;
