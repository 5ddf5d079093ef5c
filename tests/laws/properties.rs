//! The properties that hold for any input, here on a bounded number of them and in `fuzz/` on those
//! that libFuzzer looks for.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

pub mod checkpoint;
pub mod experiment;
pub mod keys;
pub mod results;
pub mod session;
pub mod table;
pub mod text;
