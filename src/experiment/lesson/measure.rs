//! The numbers that a page can quote, and that its expectations are about.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share of 1, as a percentage.
    Share,
    /// A whole number.
    Count,
    /// Any number, in three digits.
    Real,
}

/// A number that can be quoted.
#[derive(Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub unit: Unit,
    /// What it is of.
    pub of: Of,
}

/// What a number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The run.
    Run,
    /// A walker, whose letter stands before it: `A.height`.
    Walker,
    /// The race.
    Race,
}

const fn measure(of: Of, name: &'static str, unit: Unit) -> Measure {
    Measure { name, unit, of }
}

/// All of them.
pub static MEASURES: [Measure; 17] = [
    measure(Of::Run, "step", Unit::Count),
    measure(Of::Run, "train_loss", Unit::Real),
    measure(Of::Run, "test_loss", Unit::Real),
    measure(Of::Run, "train_accuracy", Unit::Share),
    measure(Of::Run, "test_accuracy", Unit::Share),
    // Of the gradients of the first layer and the last hidden one.
    measure(Of::Run, "first_gradient", Unit::Real),
    measure(Of::Run, "last_gradient", Unit::Real),
    // Of all hidden units.
    measure(Of::Run, "dead_units", Unit::Share),
    // 1 if the run diverged, else 0.
    measure(Of::Run, "diverged", Unit::Count),
    measure(Of::Walker, "x", Unit::Real),
    measure(Of::Walker, "y", Unit::Real),
    measure(Of::Walker, "height", Unit::Real),
    measure(Of::Walker, "steps", Unit::Count),
    measure(Of::Race, "runs", Unit::Count),
    measure(Of::Race, "p", Unit::Real),
    // Arms that share the best rank.
    measure(Of::Race, "first_places", Unit::Count),
    // 1 if the best rate of an arm lies at the edge of its grid, else 0.
    measure(Of::Race, "at_the_edge", Unit::Count),
];

/// The measure that `name` ends with, after the names of a page and of a walker.
#[must_use]
pub fn find(name: &str) -> Option<&'static Measure> {
    let own = name.rsplit('.').next()?;
    MEASURES.iter().find(|measure| measure.name == own)
}

/// The words that can be quoted, apart from numbers: the best arm of a race.
pub const WINNER: &str = "winner";

/// Letters of walkers.
pub const LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
