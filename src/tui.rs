//! The workbench in a terminal.

pub mod theme;
pub mod widgets;
