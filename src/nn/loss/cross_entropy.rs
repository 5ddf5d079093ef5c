//! Cross-entropy over classes, on logits.

use super::{Loss, Pass};
use crate::nn::Real;
use crate::nn::activation::{Shape, top};
use crate::nn::kernel::{OnStack, fold, lanes, lanes_mut};
use crate::nn::simd::{self, Kernel, LANES};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// −Σₖ yₖ·ln softmax(z)ₖ, averaged over samples.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy {
    smoothing: f64,
}

impl Describe for CrossEntropy {
    const CARD: Card = Card {
        key: "cross_entropy",
        title: "Cross-entropy",
        formula: "L = −mean Σₖ yₖ·ln softmax(z)ₖ",
        params: &[Param {
            key: "label_smoothing",
            default: DefaultValue::Number(0.0),
            range: Range::Closed(0.0, 1.0),
            meaning: "share of the target spread evenly over all classes",
            search: None,
        }],
        usage: "one of k classes",
        caution: None,
        source: "torch.nn.CrossEntropyLoss",
        differs: Some(
            "always takes logits; a softmax output layer is fused into it, so it never overflows",
        ),
    };
    const TORCH: Option<&'static str> =
        Some("F.cross_entropy(output, y, label_smoothing={label_smoothing})");
    fn build(pick: &Pick) -> Self {
        Self { smoothing: pick.number("label_smoothing") }
    }
}

impl<F: Real> Loss<F> for CrossEntropy {
    fn evaluate(&self, mut pass: Pass<'_, F>) -> f64 {
        simd::run(Evaluate::<F, true>::new(*self, &mut pass))
    }
    fn value(&self, mut pass: Pass<'_, F>) -> f64 {
        simd::run(Evaluate::<F, false>::new(*self, &mut pass))
    }
}

/// `map` with a closure might be left out of the vectorised copy.
#[inline(always)]
fn log_1p<F: Real>(mut x: [F; LANES]) -> [F; LANES] {
    for x in &mut x {
        *x = x.ln_1p();
    }
    x
}

/// With its gradient or without.
struct Evaluate<'a, 'b, F, const GRADIENT: bool> {
    /// The share of the target that is kept as it is.
    keep: F,
    /// What each class gets of the rest.
    spread: F,
    pass: &'b mut Pass<'a, F>,
}

impl<'a, 'b, F: Real, const GRADIENT: bool> Evaluate<'a, 'b, F, GRADIENT> {
    fn new(loss: CrossEntropy, pass: &'b mut Pass<'a, F>) -> Self {
        let keep = F::of(1.0 - loss.smoothing);
        let spread = F::of(loss.smoothing / pass.shape.units as f64);
        Self { keep, spread, pass }
    }
}

impl<F: Real, const GRADIENT: bool> Kernel for Evaluate<'_, '_, F, GRADIENT> {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let Self { keep, spread, pass } = self;
        let Pass { output, target, ref mut grad, shape: Shape { columns, batch, .. } } = *pass;
        let scale = F::of(1.0 / batch as f64);
        let mut total = OnStack([0.0; LANES]);
        for start in (0..columns).step_by(LANES) {
            let left = batch.saturating_sub(start);
            let top = top(F::ONE, output, columns, start);
            // Σ exp(z − top) is 1 + rest: the top class is left out, so that what the others have is
            // not lost beside it.
            let mut rest = [F::ZERO; LANES];
            let mut found = [false; LANES];
            for (z, e) in output.chunks_exact(columns).zip(grad.chunks_exact_mut(columns)) {
                let (z, e) = (lanes(z, start), lanes_mut(e, start));
                for lane in 0..LANES {
                    let below = z[lane] - top[lane];
                    let is_top = z[lane] == top[lane] && !found[lane];
                    found[lane] |= is_top;
                    e[lane] = below.exp();
                    // 0 at the top, but NaN where that is infinite.
                    rest[lane] += F::select(is_top, below, e[lane]);
                }
            }
            let log_sum = log_1p(rest);
            found = [false; LANES];
            let rows = output.chunks_exact(columns).zip(target.chunks_exact(columns));
            for ((z, y), grad) in rows.zip(grad.chunks_exact_mut(columns)) {
                let (z, y, grad) = (lanes(z, start), lanes(y, start), lanes_mut(grad, start));
                for lane in 0..LANES {
                    let wanted = keep.mul_add(y[lane], spread);
                    if GRADIENT {
                        let is_top = z[lane] == top[lane] && !found[lane];
                        found[lane] |= is_top;
                        // p − y, of the top class (1 − y) − (1 − p).
                        let of_all = F::ONE + rest[lane];
                        let share = F::select(is_top, rest[lane], grad[lane]) / of_all;
                        let slope = F::select(is_top, (F::ONE - wanted) - share, share - wanted);
                        grad[lane] = F::select(lane < left, slope * scale, F::ZERO);
                    }
                    // A class that is not wanted may have an infinite loss.
                    let counts = lane < left && wanted != F::ZERO;
                    let loss = wanted * (log_sum[lane] - (z[lane] - top[lane]));
                    total.0[lane] += F::select(counts, loss, F::ZERO).f64();
                }
            }
        }
        fold(total.0) / batch as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_gradient_it_is_the_same_number() {
        let (units, columns, batch) = (3, 2 * LANES, LANES + 5);
        let output: Vec<f32> = (0..units * columns).map(|i| (i as f32).sin() * 9.0).collect();
        let target: Vec<f32> =
            (0..units * columns).map(|i| f32::from(i / columns == i % units)).collect();
        let mut grad = vec![0.0; output.len()];
        for smoothing in [0.0, 0.1] {
            let loss = CrossEntropy { smoothing };
            let shape = Shape { units, columns, batch };
            let mut of = |value: fn(&CrossEntropy, Pass<'_, f32>) -> f64| {
                value(&loss, Pass { output: &output, target: &target, grad: &mut grad, shape })
            };
            let (whole, alone) = (of(Loss::evaluate), of(Loss::value));
            assert_eq!(whole.to_bits(), alone.to_bits());
            assert!(whole > 1.0);
        }
    }
}
