//! Lessons: pages of text beside the live screens, each of which can set something up, ask for a
//! prediction, let it be run, and tell what was measured.

use super::Experiment;
use super::walk::Walk;
use crate::spec::Pick;
use crate::text::Untrusted;

mod expression;
pub mod measure;
pub mod preset;
mod read;
mod template;
mod until;

pub use expression::Expression;
pub use preset::LESSONS;
pub use read::parse;
pub use template::{Expectation, Piece, Template};
pub use until::{Bound, Score, Until};

/// The most words of the text of a page, and of what it reveals.
pub const MOST_WORDS: usize = 60;
/// The most choices of a question: one for each digit that answers it.
pub const MOST_CHOICES: usize = 4;
/// The numbers that are asked for of a curve.
pub const CURVE_POINTS: usize = 9;

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name.
    pub title: Untrusted,
    /// What is learned in it, in a sentence or two.
    pub about: Untrusted,
    /// About how long it takes.
    pub minutes: u64,
    /// Its pages, one at least.
    pub pages: Vec<Page>,
}

impl Lesson {
    /// The page whose setup is in force on page `index`; none before the first.
    #[must_use]
    pub fn setup_of(&self, index: usize) -> Option<usize> {
        (0..=index.min(self.pages.len().saturating_sub(1)))
            .rev()
            .find(|page| self.pages[*page].setup.is_some())
    }
}

/// A page of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The name by which later pages quote what was measured on it.
    pub name: Option<String>,
    /// Its text, in a little Markdown.
    pub text: Template,
    /// What is set up when it is opened.
    pub setup: Option<Setup>,
    /// The screen that is shown with it, unless it leaves that to the page before.
    pub screen: Option<Place>,
    /// The panel that it is about.
    pub panel: Option<Panel>,
    /// The prediction that it asks for.
    pub question: Option<Question>,
    /// How far the run goes that it asks for; a walk goes to its end, a race to its own.
    pub until: Option<Until>,
    /// What is expected of the run.
    pub expect: Vec<Expectation>,
    /// What is told when it was run.
    pub reveal: Option<Template>,
}

impl Page {
    /// Whether something has to be run before it tells what it has to tell.
    #[must_use]
    pub const fn runs(&self) -> bool {
        self.until.is_some() || matches!(self.setup, Some(Setup::Walk(_) | Setup::Race(_)))
    }
}

/// What a page sets up.
#[derive(Clone, Debug, PartialEq)]
pub enum Setup {
    /// An experiment at its start.
    Experiment(Box<Experiment>),
    /// An experiment that the present run goes on under.
    Edit(Box<Experiment>),
    /// Optimizers on a surface, at their start.
    Walk(Box<Walk>),
    /// An experiment whose comparison is to be raced.
    Race(Box<Experiment>),
}

/// A prediction that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question itself; may be empty where the text asks it.
    pub ask: Untrusted,
    /// The answers that can be given.
    pub answer: Answer,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// By one of several choices, of which one is right.
    Choice {
        /// The choices, at most [`MOST_CHOICES`].
        choices: Vec<Untrusted>,
        /// The index of the right one.
        right: usize,
    },
    /// By a number.
    Number {
        /// The right one, which may be measured.
        right: Expression,
        /// How far from it still counts as right.
        within: f64,
    },
    /// By a curve through [`CURVE_POINTS`] points.
    Curve {
        /// The activation.
        activation: Pick,
        /// Whether its slope is to be drawn rather than itself.
        slope: bool,
        /// The inputs from the first point to the last.
        across: (f64, f64),
        /// The outputs from the bottom of the picture to its top.
        up: (f64, f64),
        /// How far from it each point may be.
        within: f64,
    },
}

/// A place that a page can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The Train screen.
    Train,
    /// The Layers screen.
    Layers,
    /// The Compare screen.
    Compare,
    /// The Surface screen.
    Surface,
}

impl Place {
    /// All, each with its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("train", Self::Train),
        ("layers", Self::Layers),
        ("compare", Self::Compare),
        ("surface", Self::Surface),
    ];
}

/// A panel that a page can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The settings, with the network drawn.
    Network,
    /// What the network answers.
    Predictions,
    /// Loss and accuracy over the steps.
    Charts,
    /// The weights.
    Weights,
    /// How the layers are doing.
    Health,
    /// The surface seen from above.
    Map,
    /// The heights of the walkers over the steps.
    Heights,
    /// A step of a walker, in numbers.
    Arithmetic,
}

impl Panel {
    /// All, each with its name.
    pub const ALL: [(&'static str, Self); 8] = [
        ("network", Self::Network),
        ("predictions", Self::Predictions),
        ("charts", Self::Charts),
        ("weights", Self::Weights),
        ("health", Self::Health),
        ("map", Self::Map),
        ("heights", Self::Heights),
        ("arithmetic", Self::Arithmetic),
    ];
}

#[cfg(test)]
mod tests;
