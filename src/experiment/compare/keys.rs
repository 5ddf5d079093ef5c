//! The keys of the table `[compare]`.

use super::{CompareSpec, Rates};
use crate::catalog;
use crate::experiment::settings::STEPS;
use crate::spec::{Pick, Range};

/// A key of the table.
pub struct Key {
    /// As it is written.
    pub key: &'static str,
    /// Its meaning, in one line.
    pub help: &'static str,
    /// The type of its value and where it is kept.
    pub(in crate::experiment) kind: KeyKind,
}

/// The type of a key's value and where it is kept.
pub(in crate::experiment) enum KeyKind {
    /// Entries of the catalog.
    Picks(catalog::Kind, fn(&CompareSpec) -> &Vec<Pick>, fn(&mut CompareSpec) -> &mut Vec<Pick>),
    /// The arms, each a table of its own.
    Arms,
    /// The grid of learning rates.
    Rates,
    /// The paths of the settings that are searched.
    Paths,
    /// The target.
    Target,
    /// A whole number.
    Whole(Range, fn(&CompareSpec) -> Option<u64>, fn(&mut CompareSpec, u64)),
}

/// Numbers of seeds.
const SEEDS: Range = Range::Closed(1.0, 1000.0);

/// Numbers of settings that are tried.
const TRIALS: Range = Range::Closed(1.0, CompareSpec::MOST_TRIALS as f64);

/// All keys, in the order in which a recipe has them.
pub static KEYS: [Key; 10] = [
    Key {
        key: "optimizers",
        help: "contenders, each for all layers",
        kind: KeyKind::Picks(
            catalog::Kind::Optimizer,
            |it| &it.optimizers,
            |it| &mut it.optimizers,
        ),
    },
    Key {
        key: "activations",
        help: "contenders, each for all hidden layers; with optimizers as well, every pair",
        kind: KeyKind::Picks(
            catalog::Kind::Activation,
            |it| &it.activations,
            |it| &mut it.activations,
        ),
    },
    Key {
        key: "arms",
        help: "contenders as a name and what is different in each, in tables `[[compare.arms]]`",
        kind: KeyKind::Arms,
    },
    Key {
        key: "rates",
        help: "the learning rates that each arm is tuned over",
        kind: KeyKind::Rates,
    },
    Key {
        key: "tune",
        help: "paths of settings that are searched together for each arm that has them, in place of its rates",
        kind: KeyKind::Paths,
    },
    Key {
        key: "trials",
        help: "settings that are tried for each arm by `tune`, the first its own",
        kind: KeyKind::Whole(TRIALS, |it| Some(it.trials as u64), |it, n| it.trials = n as usize),
    },
    Key {
        key: "seeds",
        help: "fresh seeds on which each arm is judged",
        kind: KeyKind::Whole(SEEDS, |it| Some(it.seeds as u64), |it, n| it.seeds = n as usize),
    },
    Key {
        key: "tuning_seeds",
        help: "seeds on which each rate or trial is tried",
        kind: KeyKind::Whole(
            SEEDS,
            |it| Some(it.tuning_seeds as u64),
            |it, n| it.tuning_seeds = n as usize,
        ),
    },
    Key {
        key: "steps",
        help: "steps of each run",
        kind: KeyKind::Whole(STEPS, |it| it.steps, |it, n| it.steps = Some(n)),
    },
    Key { key: "target", help: "what counts as solved", kind: KeyKind::Target },
];

impl Key {
    /// The values that it may take, in words.
    #[must_use]
    pub fn values(&self) -> String {
        match self.kind {
            KeyKind::Picks(kind, ..) => format!("a list of {}", kind.plural()),
            KeyKind::Arms => "`name` and `set`, a list of assignments".to_owned(),
            KeyKind::Rates => "auto, POINTS around each arm's own, or LOW:HIGH:POINTS".to_owned(),
            KeyKind::Paths => "a list of paths of parameters".to_owned(),
            KeyKind::Target => "test_loss<0.1, test_accuracy>0.95 and the like".to_owned(),
            KeyKind::Whole(range, ..) => format!("whole, {range}"),
        }
    }

    /// The default in words.
    #[must_use]
    pub fn default_words(&self) -> String {
        let plain = CompareSpec::default();
        let none = if self.key == "steps" { "the experiment's own" } else { "none" };
        self.text(&plain).unwrap_or_else(|| none.to_owned())
    }

    /// Its value in one line, if there is one. An arm is a line for its name and one for each of its
    /// overrides; an empty line stands between two arms.
    pub fn text(&self, spec: &CompareSpec) -> Option<String> {
        match self.kind {
            KeyKind::Picks(_, get, _) => {
                let texts: Vec<_> = get(spec).iter().map(Pick::to_string).collect();
                Some(texts.join(",")).filter(|text| !text.is_empty())
            }
            KeyKind::Arms => {
                let lines = |arm: &super::ArmSpec| {
                    let lines =
                        [arm.name.raw()].into_iter().chain(arm.set.iter().map(String::as_str));
                    lines.collect::<Vec<_>>().join("\n")
                };
                let arms: Vec<_> = spec.arms.iter().map(lines).collect();
                Some(arms.join("\n\n")).filter(|text| !text.is_empty())
            }
            KeyKind::Rates => Some(spec.rates.to_string()),
            KeyKind::Paths => Some(spec.tune.join(",")).filter(|text| !text.is_empty()),
            KeyKind::Target => spec.target.map(|target| target.to_string()),
            KeyKind::Whole(_, get, _) => get(spec).map(|n| n.to_string()),
        }
    }

    /// True if its value is the default.
    #[must_use]
    pub fn is_default(&self, spec: &CompareSpec) -> bool {
        let plain = CompareSpec::default();
        match self.kind {
            KeyKind::Rates => spec.rates == Rates::default(),
            // They say nothing by themselves.
            _ if self.key == "trials" && spec.tune.is_empty() => true,
            _ => self.text(spec) == self.text(&plain),
        }
    }
}
