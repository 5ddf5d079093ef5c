//! What holds of the whole: the arrows between folders, every entry and every spelling, the README.

mod architecture;
mod cards;
mod declarations;
mod experiment_assignments;
mod experiment_errors;
mod experiment_scripts;
mod experiment_spellings;
mod fuzz;
mod parameters;
mod presets;
mod properties;
mod readme;
mod search;
mod search_ranges;
