//! Results on their way out of the program.

pub mod file;
