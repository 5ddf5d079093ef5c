//! Leaky ReLU whose slope is drawn at random in training.

use rand::Rng;

use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::nn::chance::Chance;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x > 0, else r·x, with r drawn anew for each unit and sample in training.
#[derive(Clone, Copy, Debug)]
pub struct RRelu {
    lower: f64,
    upper: f64,
}

impl Describe for RRelu {
    const CARD: Card = Card {
        key: "rrelu",
        title: "Randomized leaky ReLU",
        formula: "f(x) = x if x > 0, else r·x\nr ~ U(lower, upper) in training, (lower + upper) / 2 in evaluation",
        params: &[
            Param {
                key: "lower",
                default: DefaultValue::Number(1.0 / 8.0),
                range: Range::Any,
                meaning: "the smallest slope for negative inputs",
                search: None,
            },
            Param {
                key: "upper",
                default: DefaultValue::Number(1.0 / 3.0),
                range: Range::Any,
                meaning: "the largest slope for negative inputs",
                search: None,
            },
        ],
        usage: "small data sets: the random slopes keep the network from learning rows by heart",
        caution: Some("the loss of a batch is noisy; evaluations are not"),
        source: "Xu et al. 2015",
        differs: Some("as torch.nn.RReLU; the curve and single values show evaluation"),
    };
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(pick: &Pick) -> Self {
        Self { lower: pick.number("lower"), upper: pick.number("upper") }
    }
    /// The ends are in order.
    fn check(pick: &Pick) -> Result<(), String> {
        let Self { lower, upper } = Self::build(pick);
        if lower <= upper {
            return Ok(());
        }
        Err(format!("lower is {lower}; it must be at most upper, which is {upper}"))
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits = Traits {
    derivative: "f′(x) = 1 if x > 0, else r",
    gain: |pick| (2.0 / (1.0 + RRelu::build(pick).mean().powi(2))).sqrt(),
    flat: Flat::Never,
    init: "kaiming_uniform",
};

impl RRelu {
    fn mean(self) -> f64 {
        f64::midpoint(self.lower, self.upper)
    }

    /// The slopes of one layer's elements in turn: those of one pass of training, the same each
    /// time they are asked for, or the fixed one of evaluation.
    fn slopes<F: Real>(self, chance: Option<&Chance>) -> impl Iterator<Item = F> {
        let mut stream = chance.copied().map(Chance::slopes);
        let mean = F::of(self.mean());
        std::iter::repeat_with(move || match &mut stream {
            None => mean,
            Some(stream) => {
                let share = f64::from(stream.next_u32()) / f64::from(u32::MAX);
                F::of(self.lower + (self.upper - self.lower) * share)
            }
        })
    }
}

impl<F: Real> Activation<F> for RRelu {
    fn forward(&self, pass: Forward<'_, F>) {
        let Forward { z, a, chance, .. } = pass;
        for ((a, &z), slope) in a.iter_mut().zip(z).zip(self.slopes::<F>(chance)) {
            *a = F::select(z > F::ZERO, z, slope * z);
        }
    }
    fn backward(&self, pass: Backward<'_, F>) {
        let Backward { z, da, dz, chance, .. } = pass;
        let slopes = self.slopes::<F>(chance);
        for (((dz, &da), &z), slope) in dz.iter_mut().zip(da).zip(z).zip(slopes) {
            *dz = da * F::select(z > F::ZERO, F::ONE, slope);
        }
    }
}
