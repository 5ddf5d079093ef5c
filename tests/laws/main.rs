//! What holds of the whole: the arrows between folders, every entry and every spelling, the README.

mod architecture;
mod cards;
mod declarations;
mod experiment_assignments;
mod experiment_errors;
mod experiment_fuzz;
mod experiment_spellings;
mod parameters;
mod presets;
mod readme;
mod search;
