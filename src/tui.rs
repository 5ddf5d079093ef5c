//! The workbench in a terminal. It sees messages, experiments and the catalog, never networks or
//! optimizers.

pub mod answers;
pub mod app;
mod branch;
pub mod drawn;
pub mod driver;
pub mod effect;
mod form;
pub mod hints;
mod input;
pub mod keymap;
pub mod landscape_map;
pub mod learn;
pub mod link;
pub mod overlay;
pub mod pace;
pub mod past;
pub mod picture;
mod printable;
pub mod progress;
pub mod race_view;
mod report;
pub mod run_view;
pub mod runner;
mod save;
pub mod screen;
mod stability_series;
pub mod state_dir;
pub mod terminal;
pub mod theme;
pub mod time_window;
pub mod undo;
pub mod widgets;
pub mod workspace;
