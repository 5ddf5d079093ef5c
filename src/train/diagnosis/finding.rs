//! A rule of thumb, and what it finds.

use super::course::Course;
use super::signs::Signs;
use crate::experiment::{Experiment, assignments, changes};

/// A rule of thumb: a row of [`super::RULES`].
#[derive(Debug)]
pub struct Rule {
    /// The name under which it is explained.
    pub key: &'static str,
    /// The name in prose.
    pub title: &'static str,
    /// What is wrong with a layer, in at most 9 letters.
    pub word: &'static str,
    /// How much it matters.
    pub gravity: Gravity,
    /// Looks in a row at which it must hold before it is told: 1 where nothing is left to chance.
    pub looks: usize,
    /// Whether it is told at once if it holds before the first step.
    pub at_start: bool,
    /// What is measured, and the threshold.
    pub threshold: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What the remedy does.
    pub remedy: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// Looks for it.
    pub(super) find: fn(&Case<'_>) -> Option<Found>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Worth a look.
    Notable,
    /// Learning has stopped, or soon will.
    Bad,
}

/// How a run stands, as far as a diagnosis asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Steps are made, or will be when the run goes on.
    GoesOn,
    /// Its budget is used up.
    Ended,
    /// It stands at its last finite state.
    Diverged,
}

/// All that a diagnosis goes by.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was measured at one step.
    pub signs: &'a Signs,
    /// The losses up to that step.
    pub course: &'a Course,
    /// How the run stands.
    pub stage: Stage,
    /// The largest learning rate that is stable, beside the present one, if that was measured
    /// ([`crate::train::curvature::Sighting::largest_stable_rate`]).
    pub stable: Option<(f64, f64)>,
}

/// What a rule finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The layers that it is about, from 0, the worst first; none if it is about the whole run.
    pub layers: Vec<usize>,
    /// What was measured, as a clause.
    pub measured: String,
    /// The experiment with the remedy in it, if there is one.
    pub remedy: Option<Experiment>,
}

/// What a rule finds in a run.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The layers that it is about, from 0, the worst first; none if it is about the whole run.
    pub layers: Vec<usize>,
    /// What was measured, as a clause.
    pub measured: String,
    /// The remedy, if there is one.
    pub remedy: Option<Remedy>,
}

/// An edit that may help.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The experiment with it.
    pub experiment: Box<Experiment>,
    /// What it assigns, as in `optimizer.lr=0.01`; in words if it is no assignment.
    pub text: String,
}

impl Finding {
    pub(super) fn of(rule: &'static Rule, case: &Case<'_>) -> Option<Self> {
        let Found { layers, measured, remedy } = (rule.find)(case)?;
        let remedy = remedy.and_then(|it| Remedy::new(&case.signs.experiment, it));
        Some(Self { rule, layers, measured, remedy })
    }

    /// The finding in a sentence, with its rule's source.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} ({})", self.measured, self.rule.source)
    }

    /// Whether both are the same rule on the same worst layer.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        std::ptr::eq(self.rule, other.rule)
    }
}

impl Remedy {
    /// The way from `old` to `new`; none if they are the same.
    fn new(old: &Experiment, new: Experiment) -> Option<Self> {
        let words = || {
            let changes = changes(old, &new);
            changes.into_iter().map(|change| change.text).collect::<Vec<_>>()
        };
        let list = match assignments(old, &new) {
            Some(list) => list.into_iter().filter(|it| !is_wording(it)).collect(),
            None => words(),
        };
        let text = match &list[..] {
            [] => return None,
            [only] => only.clone(),
            [first, second] => format!("{first}, {second}"),
            [first, ..] => format!("{first} and {} more", list.len() - 1),
        };
        Some(Self { experiment: Box::new(new), text })
    }
}

/// Whether an assignment says nothing of the numbers.
fn is_wording(assignment: &str) -> bool {
    ["title=", "about="].iter().any(|it| assignment.starts_with(it))
}
