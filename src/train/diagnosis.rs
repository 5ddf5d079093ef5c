//! Diagnosis: what the signs of a run say in words, by one table of rules of thumb.
//!
//! ```text
//! Checkpoint ──▶ Signs ─┐
//!                       ├──▶ RULES ──▶ Finding ──▶ Watch: what stands long enough to be told
//! History ────▶ Course ─┘
//! ```
//! A rule names what was measured, the rule of thumb with its source, and one remedy, which is an
//! edit of the experiment. To add one: write a function in a file of `rules/` and give it a row in
//! [`RULES`]; `gradlab list diagnoses`, the Train screen and the summary of a run follow.

pub mod course;
pub mod data;
mod examiner;
mod finding;
mod remedy;
mod rules;
pub mod signs;
mod table;
pub mod units;
mod watch;
pub mod word;

pub use course::Course;
pub use examiner::Examiner;
pub use finding::{Case, Finding, Found, Gravity, Remedy, Rule, Stage};
pub use signs::{LARGEST, LayerSigns, Signs};
pub use table::RULES;
pub use units::{DeadOrSaturated, FLAT_SLOPE};
pub use watch::{Told, Watch};

/// The most findings that are told of at once.
pub const MOST: usize = 3;

/// What the rules find, the gravest first.
#[must_use]
pub fn diagnose(case: &Case<'_>) -> Vec<Finding> {
    // What numbers look like after a divergence says nothing of its cause.
    let whole = case.stage == Stage::Diverged;
    let rules = if whole { &RULES[..1] } else { RULES };
    rules.iter().filter_map(|rule| Finding::of(rule, case)).collect()
}
