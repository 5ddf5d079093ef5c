//! The properties that `cargo test` tries as well, on inputs that libFuzzer looks for.

#[path = "../../tests/laws/properties/checkpoint.rs"]
pub mod checkpoint;
#[path = "../../tests/laws/properties/experiment.rs"]
pub mod experiment;
#[path = "../../tests/laws/properties/keys.rs"]
pub mod keys;
#[path = "../../tests/laws/properties/results.rs"]
pub mod results;
#[path = "../../tests/laws/properties/session.rs"]
pub mod session;
#[path = "../../tests/laws/properties/table.rs"]
pub mod table;
#[path = "../../tests/laws/properties/text.rs"]
pub mod text;
