//! The table of settings: one [`Row`] for everything in an experiment that has a path, such as
//! `train.batch_size` or `layers.2.activation`.
//!
//! The TOML reader and writer, the recipe, `--set`, edits, differences in words and as assignments,
//! the arrow keys, `gradlab list settings`, `gradlab explain train.ema` and `docs/SETTINGS.md` all go
//! by this table. Parameters of what is picked (`optimizer.lr`, `data.noise`) are settings as well:
//! they stand in the catalog's cards, and follow the row of the pick.
//!
//! A form asks [`of`] for the settings of an experiment, each with its path, label, help, text and
//! default; changes one by [`Experiment::assign`](super::Experiment::assign) from text or by
//! [`Experiment::nudge`](super::Experiment::nudge) along its ladder; and learns from
//! [`changes`](super::changes) what a change did and its [`Effect`].

use std::fmt;

use super::{Experiment, check};
use crate::catalog;
use crate::data::Features;
use crate::data::csv::Options;
use crate::spec::{Pick, Range};
use crate::text::Untrusted;

pub mod ladder;
mod place;
mod row;
mod table;

pub use ladder::{Ladder, Way};
pub(super) use place::HIDDEN;
pub use place::{Named, Place, Setting, changed, find, look_up, of, of_hidden};
pub use table::ROWS;

/// A setting: everything there is to know of it but its value.
#[derive(Debug)]
pub struct Row {
    /// The part of the experiment in which it stands.
    pub section: Section,
    /// Its key there, in TOML and in recipes.
    pub key: &'static str,
    /// The type of its value, the range, and where it is kept.
    pub kind: ValueKind,
    /// Its name in prose, as short as a form or a marker on a chart needs it.
    pub label: &'static str,
    /// Its meaning, in one line.
    pub help: &'static str,
    /// The default in words, where it follows from other settings; empty if it is a plain value.
    pub default: &'static str,
    /// The effect of a change.
    pub effect: Effect,
    /// The effect where it depends on the values.
    pub effect_of: Option<EffectOf>,
    /// The values that the arrow keys go through.
    pub ladder: Ladder,
    /// The wording of a change.
    pub wording: Wording,
}

/// The effect of a change between two experiments, in the layers with these indices in them.
pub type EffectOf = fn(&Experiment, &Experiment, (usize, usize)) -> Effect;

/// A part of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The experiment itself.
    Root,
    /// `[data]`.
    Data,
    /// `[train]`.
    Train,
    /// Each of `[[layers]]`.
    Layers,
}

impl Section {
    /// Its key at the top; none for the experiment itself.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::Root => None,
            Self::Data => Some("data"),
            Self::Train => Some("train"),
            Self::Layers => Some("layers"),
        }
    }

    /// Its settings, in the order in which they are written.
    pub fn rows(self) -> impl Iterator<Item = &'static Row> {
        ROWS.iter().filter(move |row| row.section == self)
    }
}

/// The effect of a change on a run, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// None: it bears on no number.
    None,
    /// Training goes on from the present weights.
    Live,
    /// Training starts again on the same data.
    Restart,
    /// The data is made or read again, and training starts again.
    Reload,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Live => "live",
            Self::Restart => "restart",
            Self::Reload => "reload",
        })
    }
}

/// The type of a setting's value and where it is kept. The second argument of all functions is the
/// layer's index, which settings outside of layers ignore.
#[derive(Debug)]
pub enum ValueKind {
    /// A text; absent if empty.
    Text {
        /// True if a file breaks it into lines when it is long.
        prose: bool,
        /// Its place.
        of: Field<Untrusted>,
    },
    /// A whole number.
    Whole {
        /// The values that it may take.
        range: Range,
        /// The word for none, if there may be none.
        absent: Option<Absent>,
        /// Its value.
        get: fn(&Experiment, usize) -> Option<u64>,
        /// Sets it.
        set: fn(&mut Experiment, usize, Option<u64>),
    },
    /// A real number.
    Real {
        /// The values that it may take.
        range: Range,
        /// The word for 0, where 0 means that there is none.
        absent: Option<Absent>,
        /// Its place.
        of: Field<f64>,
    },
    /// An entry of the catalog with its parameters.
    Pick {
        /// The kind of entry.
        kind: catalog::Kind,
        /// Its place.
        of: Field<Pick>,
    },
    /// An entry of the catalog, or none.
    OptionalPick {
        /// The kind of entry.
        kind: catalog::Kind,
        /// The word for none.
        absent: Absent,
        /// Its place.
        of: Field<Option<Pick>>,
        /// The entry in force, its own or another's.
        in_force: fn(&Experiment, usize) -> Option<&Pick>,
    },
    /// What the network is given of points of the plane.
    Features(Field<Features>),
    /// The data set, if it is one of the catalog's.
    Dataset,
    /// The CSV file, if the data is one.
    CsvFile,
    /// The column of the CSV file that is to be predicted.
    CsvTarget,
    /// One of some words that say how the CSV file is read.
    CsvChoice {
        /// The words, as they are offered; there may be more.
        words: fn() -> Vec<&'static str>,
        /// The word.
        get: fn(&Options) -> String,
        /// Sets it; false if there is no such word.
        set: fn(&mut Options, &str) -> bool,
    },
    /// Names of columns of the CSV file.
    CsvNames {
        /// Borrows them.
        get: fn(&Options) -> &Vec<String>,
        /// Borrows them to change them.
        get_mut: fn(&mut Options) -> &mut Vec<String>,
    },
}

impl ValueKind {
    /// True of the settings of a CSV file.
    pub(super) const fn is_of_csv(&self) -> bool {
        matches!(
            self,
            Self::CsvFile | Self::CsvTarget | Self::CsvChoice { .. } | Self::CsvNames { .. }
        )
    }
}

/// The place of a value in an experiment.
#[derive(Debug)]
pub struct Field<T: 'static> {
    /// Borrows it.
    pub get: fn(&Experiment, usize) -> &T,
    /// Borrows it to change it.
    pub get_mut: fn(&mut Experiment, usize) -> &mut T,
}

/// The spelling of a value's absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The word as it is typed.
    pub word: &'static str,
    /// The words for a reader.
    pub shown: &'static str,
}

/// The wording of a change of a pick; `label` is the row's. Numbers are always [`Wording::Whole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// `label old → new`, with all parameters.
    Whole,
    /// `old → new`, but `label none → new`; a parameter's change by its name alone.
    Bare,
    /// `label old → new`; a parameter's change by its name alone.
    Labelled,
    /// The label before everything.
    Prefixed,
}

/// The effect of another shape of the network. Its outputs count for the targets as well, which are
/// part of the data.
pub(super) fn reshaped(old: &Experiment, new: &Experiment) -> Effect {
    if old.outputs() == new.outputs() { Effect::Restart } else { Effect::Reload }
}

/// The effect of another loss: values that it wants on another scale are scaled anew.
pub(super) fn rescaled(old: &Experiment, new: &Experiment) -> Effect {
    let values = matches!(new.data.task(), crate::data::Task::Values(_));
    let same = old.target_scale() == new.target_scale();
    if values && !same { Effect::Reload } else { Effect::Live }
}

/// Numbers of steps.
pub(super) const STEPS: Range = Range::Closed(1.0, 1e12);

/// Checks the range of every number and the parameters of every pick.
///
/// # Errors
/// The first that is wrong, and what would be right.
pub(super) fn check_values(experiment: &Experiment) -> Result<(), String> {
    for row in ROWS {
        for layer in row.layers(experiment) {
            row.check_value(experiment, layer)?;
        }
    }
    Ok(())
}

/// An experiment of the same data and layers, with everything else at its default.
#[must_use]
pub fn defaults(experiment: &Experiment) -> Experiment {
    // An activation is one's own choice, as is the number of units.
    let plain =
        |layer: &super::LayerSpec| super::LayerSpec::new(layer.units, layer.activation.clone());
    Experiment::new(experiment.data.source.clone(), experiment.layers.iter().map(plain).collect())
}

/// An experiment from which the plain defaults are read.
fn plain() -> Experiment {
    let dataset = Pick::new(catalog::Kind::Dataset.cards()[0]);
    let identity = check::standard(catalog::Kind::Activation, "identity");
    let layers = vec![super::LayerSpec::new(1, identity)];
    Experiment::new(super::DataSource::Named(dataset), layers)
}
