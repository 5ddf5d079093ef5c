//! A lesson under way: its page beside the screens, the answers to its questions, and what it measured.

pub mod dock;
mod draft;
pub mod keys;
pub mod lecture;
mod markdown;
pub mod measures;
mod page;

pub use lecture::{Lecture, Phase, Reply, written};
pub use page::command;
