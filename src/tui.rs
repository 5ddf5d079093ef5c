//! The workbench in a terminal. It sees messages, experiments and the catalog, never networks or
//! optimizers.

pub mod app;
pub mod contest;
mod form;
mod input;
pub mod keymap;
mod overlay;
mod pace;
pub mod picture;
mod report;
pub mod run_view;
pub mod runner;
mod save;
pub mod screen;
mod state_dir;
pub mod terminal;
pub mod theme;
pub mod widgets;
