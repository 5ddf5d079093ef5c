//! The keys of the table `[compare]`.

use super::{CompareSpec, Rates};
use crate::catalog;
use crate::experiment::settings::STEPS;
use crate::spec::{Pick, Range};

/// A key of the table.
pub(in crate::experiment) struct Key {
    /// As it is written.
    pub key: &'static str,
    /// The type of its value and where it is kept.
    pub kind: KeyKind,
}

/// The type of a key's value and where it is kept.
pub(in crate::experiment) enum KeyKind {
    /// Entries of the catalog.
    Picks(catalog::Kind, fn(&CompareSpec) -> &Vec<Pick>, fn(&mut CompareSpec) -> &mut Vec<Pick>),
    /// The arms, each a table of its own.
    Arms,
    /// The grid of learning rates.
    Rates,
    /// The target.
    Target,
    /// A whole number.
    Whole(Range, fn(&CompareSpec) -> Option<u64>, fn(&mut CompareSpec, u64)),
}

/// Numbers of seeds.
const SEEDS: Range = Range::Closed(1.0, 1000.0);

/// All keys, in the order in which a recipe has them.
pub(in crate::experiment) static KEYS: [Key; 8] = [
    Key {
        key: "optimizers",
        kind: KeyKind::Picks(
            catalog::Kind::Optimizer,
            |it| &it.optimizers,
            |it| &mut it.optimizers,
        ),
    },
    Key {
        key: "activations",
        kind: KeyKind::Picks(
            catalog::Kind::Activation,
            |it| &it.activations,
            |it| &mut it.activations,
        ),
    },
    Key { key: "arms", kind: KeyKind::Arms },
    Key { key: "rates", kind: KeyKind::Rates },
    Key {
        key: "seeds",
        kind: KeyKind::Whole(SEEDS, |it| Some(it.seeds as u64), |it, n| it.seeds = n as usize),
    },
    Key {
        key: "tuning_seeds",
        kind: KeyKind::Whole(
            SEEDS,
            |it| Some(it.tuning_seeds as u64),
            |it, n| it.tuning_seeds = n as usize,
        ),
    },
    Key { key: "steps", kind: KeyKind::Whole(STEPS, |it| it.steps, |it, n| it.steps = Some(n)) },
    Key { key: "target", kind: KeyKind::Target },
];

impl Key {
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
            KeyKind::Target => spec.target.map(|target| target.to_string()),
            KeyKind::Whole(_, get, _) => get(spec).map(|n| n.to_string()),
        }
    }

    /// True if its value is the default.
    pub fn is_default(&self, spec: &CompareSpec) -> bool {
        let plain = CompareSpec::default();
        match self.kind {
            KeyKind::Rates => spec.rates == Rates::default(),
            _ => self.text(spec) == self.text(&plain),
        }
    }
}
