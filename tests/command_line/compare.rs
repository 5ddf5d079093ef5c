//! Comparisons: planted truths, the same result on any road there, and the command itself.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

mod command;
mod search;
mod truths;
