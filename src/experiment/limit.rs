//! What the plain numbers of an experiment may be. The upper ends are there so that a slip of the
//! finger cannot eat all memory.

use crate::spec::Range;

/// The range of a number that is no parameter of a picked thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// Its key in TOML and recipes.
    pub key: &'static str,
    pub range: Range,
}

pub(super) const fn limit(key: &'static str, range: Range) -> Limit {
    Limit { key, range }
}

pub(super) const SEED: Limit = limit("seed", Range::AtLeast(0.0));
pub(super) const TEST_FRACTION: Limit = limit("test_fraction", Range::Open(0.0, 1.0));
pub(super) const BATCH_SIZE: Limit = limit("batch_size", Range::Closed(1.0, 1e6));
pub(super) const STEPS: Limit = limit("steps", Range::Closed(1.0, 1e12));
pub(super) const EVAL_EVERY: Limit = limit("eval_every", Range::Closed(0.0, 1e12));
pub(super) const SEEDS: Limit = limit("seeds", Range::Closed(1.0, 1000.0));
pub(super) const TUNING_SEEDS: Limit = limit("tuning_seeds", Range::Closed(1.0, 1000.0));
pub(super) const UNITS: Limit = limit("units", Range::Closed(1.0, 65_536.0));
pub(super) const DROPOUT: Limit = limit("dropout", Range::HalfOpen(0.0, 1.0));

/// The most layers.
pub(super) const LAYERS: usize = 64;
/// The most weights and biases: 200 MB with Adam's memory of them.
pub(super) const PARAMETERS: usize = 12_500_000;
/// The most samples that a generator is asked for.
pub(super) const SAMPLES: f64 = 1e6;

impl Limit {
    /// Whether `x` is within the limit; the error says what would be right.
    pub fn check(self, x: f64) -> Result<(), String> {
        let Self { key, range } = self;
        if range.contains(x) { Ok(()) } else { Err(format!("`{key}` must be {range}")) }
    }
}
