//! The properties that hold for any input, here on a bounded number of them and in `fuzz/` on those
//! that libFuzzer looks for.

pub mod checkpoint;
pub mod experiment;
pub mod keys;
pub mod results;
pub mod table;
pub mod text;
