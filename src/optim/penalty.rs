//! Penalties on large weights.

use crate::nn::Real;
use crate::nn::simd::{self, Kernel};

/// Adds the gradient of `l1·‖w‖₁ + ½·l2·‖w‖²` to `grad`: `l1·sign(w) + l2·w`, with sign(0) = 0.
///
/// The half makes `l2` mean what `torch.optim` calls `weight_decay`; in Keras' `L2` there is none.
pub fn add_gradient<F: Real>(weight: &[F], grad: &mut [F], l1: f64, l2: f64) {
    simd::run(Penalty { weight, grad, l1: F::of(l1), l2: F::of(l2) });
}

/// `l1·‖w‖₁ + ½·l2·‖w‖²`.
pub fn value<F: Real>(weight: &[F], l1: f64, l2: f64) -> f64 {
    weight.iter().map(|w| w.f64()).map(|w| l1 * w.abs() + 0.5 * l2 * w * w).sum()
}

struct Penalty<'a, F> {
    weight: &'a [F],
    grad: &'a mut [F],
    l1: F,
    l2: F,
}

impl<F: Real> Kernel for Penalty<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { weight, grad, l1, l2 } = self;
        for (grad, &weight) in grad.iter_mut().zip(weight) {
            *grad = l2.mul_add(weight, l1.mul_add(weight.sign(), *grad));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_formula_has_it() {
        let weight = [2.0_f64, -0.5, 0.0];
        let mut grad = [1.0, 1.0, 1.0];
        add_gradient(&weight, &mut grad, 0.25, 0.5);
        assert_eq!(grad, [1.0 + 0.25 + 1.0, 1.0 - 0.25 - 0.25, 1.0]);
        assert_eq!(value(&weight, 0.25, 0.5), 0.25 * 2.5 + 0.25 * 4.25);
    }
}
