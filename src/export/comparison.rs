//! A comparison as text, JSON, CSV, Markdown and charts.

use crate::compare::{Plan, Ranking, Results};
use crate::text::Untrusted;

pub mod chart;
pub mod csv;
pub mod json;
pub mod markdown;
mod output_dir;
mod search;
mod sentence;
mod summary;
pub mod table;
mod wording;

pub use output_dir::write;
pub use sentence::{of_ranking as verdict_on_all, sentence};
pub use summary::Summary;
pub use wording::{concern, number, rank_set, verdict, warning};

/// A comparison with its name: what every writer here takes.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// What is compared on, for a heading.
    pub name: &'a Untrusted,
    /// What was to be run.
    pub plan: &'a Plan,
    /// What is known.
    pub results: &'a Results,
    /// What follows from it.
    pub ranking: &'a Ranking,
}
