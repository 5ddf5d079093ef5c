//! Softmax's sparse relative.

use super::{Activation, Backward, Flat, Forward, Traits};
use crate::nn::Real;
use crate::spec::{Card, Describe, Pick};

/// The point of the probability simplex nearest to x.
#[derive(Clone, Copy, Debug)]
pub struct Sparsemax;

impl Describe for Sparsemax {
    const CARD: Card = Card {
        key: "sparsemax",
        title: "Sparsemax",
        formula: "sparsemax(x)ᵢ = max(0, xᵢ − τ),  τ such that they sum to 1",
        params: &[],
        usage: "probabilities over k classes of which most are exactly 0",
        caution: Some("a class at 0 gets no gradient: not for use under a logarithm"),
        source: "Martins & Astudillo 2016",
        differs: None,
    };
    const FAMILY: &'static str = super::family::LAYER;
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// What others need to know of it.
pub(super) const TRAITS: Traits = Traits {
    derivative: "∂yᵢ/∂xⱼ = δᵢⱼ − 1/|S| within S = {i : yᵢ > 0}, else 0",
    gain: |_| 1.0,
    flat: Flat::Ends,
    init: "xavier_uniform",
};

/// One sample's units in a `units × columns` matrix.
fn sample<F: Real>(matrix: &[F], columns: usize, column: usize) -> impl Iterator<Item = F> + Clone {
    matrix.iter().skip(column).step_by(columns).copied()
}

/// The sum and the number of those that `keep` accepts.
fn total<F: Real>(xs: impl Iterator<Item = F>, keep: impl Fn(F) -> bool) -> (F, F) {
    xs.filter(|&x| keep(x)).fold((F::ZERO, F::ZERO), |(sum, count), x| (sum + x, count + F::ONE))
}

/// τ for numbers of which the largest is 0, so that it lies between −1 and 0. Michelot's way: take τ
/// as if all units that may stay above it did, leave out those that do not, and repeat; no sorting
/// is needed.
fn cut<F: Real>(xs: impl Iterator<Item = F> + Clone) -> F {
    let mut tau = -F::ONE;
    for _ in xs.clone() {
        let (sum, count) = total(xs.clone(), |x| x > tau);
        let next = (sum - F::ONE) / count;
        if next <= tau {
            break;
        }
        tau = next;
    }
    tau
}

impl<F: Real> Activation<F> for Sparsemax {
    fn forward(&self, pass: Forward<'_, F>) {
        let Forward { z, a, shape, .. } = pass;
        for column in 0..shape.columns {
            let z = sample(z, shape.columns, column);
            let top = z.clone().reduce(F::larger).unwrap_or_default();
            let shifted = z.map(|z| z - top);
            let tau = cut(shifted.clone());
            for (a, x) in a.iter_mut().skip(column).step_by(shape.columns).zip(shifted) {
                *a = F::select(x < tau, F::ZERO, x - tau);
            }
        }
    }

    fn backward(&self, pass: Backward<'_, F>) {
        let Backward { a, da, dz, shape, .. } = pass;
        for column in 0..shape.columns {
            let pairs = sample(a, shape.columns, column).zip(sample(da, shape.columns, column));
            let kept = pairs.clone().filter(|&(a, _)| a > F::ZERO).map(|(_, da)| da);
            let (sum, count) = total(kept, |_| true);
            for (dz, (a, da)) in dz.iter_mut().skip(column).step_by(shape.columns).zip(pairs) {
                *dz = F::select(a > F::ZERO, da - sum / count, F::ZERO);
            }
        }
    }
}
