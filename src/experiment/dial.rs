//! The settings of `[train]` that are off at 0: a row here, a field of [`TrainSpec`], and a name in
//! the lists of keys.

use super::TrainSpec;
use super::limit::{Limit, limit};
use crate::spec::Range;

/// A number that is off at 0.
pub(super) struct Dial {
    /// Its key and its range.
    pub limit: Limit,
    /// Where it is kept.
    pub of: fn(&mut TrainSpec) -> &mut f64,
}

impl Dial {
    /// Its value.
    pub fn get(&self, train: &TrainSpec) -> f64 {
        *(self.of)(&mut train.clone())
    }
}

const fn dial(key: &'static str, range: Range, of: fn(&mut TrainSpec) -> &mut f64) -> Dial {
    Dial { limit: limit(key, range), of }
}

/// All of them, in the order in which they are written.
pub(super) const DIALS: [Dial; 7] = [
    dial("clip_norm", Range::AtLeast(0.0), |train| &mut train.clip_norm),
    dial("clip_value", Range::AtLeast(0.0), |train| &mut train.clip_value),
    dial("l1", Range::AtLeast(0.0), |train| &mut train.l1),
    dial("l2", Range::AtLeast(0.0), |train| &mut train.l2),
    dial("decoupled_decay", Range::AtLeast(0.0), |train| &mut train.decoupled_decay),
    dial("gradient_noise", Range::AtLeast(0.0), |train| &mut train.gradient_noise),
    dial("ema", Range::HalfOpen(0.0, 1.0), |train| &mut train.ema),
];
