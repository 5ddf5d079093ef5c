//! Leaky ReLU whose slope is learnt.

use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::nn::kernel::fold;
use crate::nn::simd::{self, Kernel, LANES};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// x for x > 0, else w·x, with w trained by the layer's optimizer.
#[derive(Clone, Copy, Debug)]
pub struct PRelu {
    init: f64,
    per_unit: bool,
}

impl Describe for PRelu {
    const CARD: Card = Card {
        key: "prelu",
        title: "PReLU",
        formula: "f(x) = x if x > 0, else w·x        w learnt",
        params: &[
            Param {
                key: "init",
                default: DefaultValue::Number(0.25),
                range: Range::Any,
                meaning: "the slope for negative inputs to start from",
                search: None,
            },
            Param {
                key: "per_unit",
                default: DefaultValue::Flag(false),
                range: Range::Any,
                meaning: "a slope for each unit instead of one for the layer",
                search: None,
            },
        ],
        usage: "hidden layers where it is not known how leaky a ReLU should be",
        caution: Some("weight decay pulls the slope to 0 too: towards plain ReLU"),
        source: "He et al. 2015",
        differs: Some("per_unit is PyTorch's num_parameters = units"),
    };
    const TORCH: Option<&'static str> = Some("F.prelu(x, {theta})");
    const FAMILY: &'static str = super::family::RECTIFIERS;
    fn build(pick: &Pick) -> Self {
        Self { init: pick.number("init"), per_unit: pick.flag("per_unit") }
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits = Traits {
    derivative: "f′(x) = 1 if x > 0, else w;  ∂f/∂w = min(0, x)",
    gain: |pick| (2.0 / (1.0 + pick.number("init").powi(2))).sqrt(),
    flat: Flat::Never,
    init: "kaiming_uniform",
};

impl<F: Real> Activation<F> for PRelu {
    fn learnable(&self, units: usize) -> Vec<F> {
        vec![F::of(self.init); if self.per_unit { units } else { 1 }]
    }
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(PReluForward(pass));
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(PReluBackward(pass));
    }
}

struct PReluForward<'a, F>(Forward<'a, F>);

impl<F: Real> Kernel for PReluForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Forward { z, a, theta, shape, .. } = self.0;
        let rows = z.chunks_exact(shape.columns).zip(a.chunks_exact_mut(shape.columns));
        for ((z, a), &slope) in rows.zip(theta.iter().cycle()) {
            for (a, &z) in a.iter_mut().zip(z) {
                *a = F::select(z > F::ZERO, z, slope * z);
            }
        }
    }
}

struct PReluBackward<'a, F>(Backward<'a, F>);

impl<F: Real> Kernel for PReluBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Backward { z, da, dz, theta, dtheta, shape, .. } = self.0;
        dtheta.fill(F::ZERO);
        for unit in 0..shape.units {
            let row = unit * shape.columns..(unit + 1) * shape.columns;
            let (z, da, dz) = (&z[row.clone()], &da[row.clone()], &mut dz[row]);
            let weight = unit % theta.len();
            let slope = theta[weight];
            for (dz, (&da, &z)) in dz.iter_mut().zip(da.iter().zip(z)) {
                *dz = da * F::select(z > F::ZERO, F::ONE, slope);
            }
            let mut sum = [F::ZERO; LANES];
            for (da, z) in da.chunks_exact(LANES).zip(z.chunks_exact(LANES)) {
                for (sum, (&da, &z)) in sum.iter_mut().zip(da.iter().zip(z)) {
                    *sum = da.mul_add(F::select(z > F::ZERO, F::ZERO, z), *sum);
                }
            }
            dtheta[weight] += fold(sum);
        }
    }
}
