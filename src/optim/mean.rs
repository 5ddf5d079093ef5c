//! What the kin of Adam are made of: exponential running means, and weight decay in its two forms.

use crate::nn::Real;

/// A running mean, as constants of a step: `mean ← β·mean + (1 − β)·new`.
#[derive(Clone, Copy)]
pub struct Mean<F> {
    keep: F,
    fresh: F,
}

impl<F: Real> Mean<F> {
    /// One that remembers about 1/(1 − `beta`) steps.
    pub fn new(beta: f64) -> Self {
        Self { keep: F::of(beta), fresh: F::of(1.0 - beta) }
    }

    /// The mean with `x` taken in.
    #[inline(always)]
    pub fn next(self, mean: F, x: F) -> F {
        self.keep.mul_add(mean, self.fresh * x)
    }

    /// The mean of squares with that of `x` taken in.
    #[inline(always)]
    pub fn next_square(self, mean: F, x: F) -> F {
        self.keep.mul_add(mean, self.fresh * x * x)
    }
}

/// Weight decay: an L2 penalty through the gradient, or decoupled from it.
#[derive(Clone, Copy)]
pub struct Decay<F> {
    penalty: F,
    shrink: F,
}

impl<F: Real> Decay<F> {
    /// That of a step at the rate `lr`.
    pub fn new(weight_decay: f64, lr: f64, decoupled: bool) -> Self {
        let (penalty, shrink) =
            if decoupled { (0.0, 1.0 - lr * weight_decay) } else { (weight_decay, 1.0) };
        Self { penalty: F::of(penalty), shrink: F::of(shrink) }
    }

    /// The gradient with the penalty's.
    #[inline(always)]
    pub fn gradient(self, param: F, grad: F) -> F {
        self.penalty.mul_add(param, grad)
    }

    /// The parameter after a decoupled decay.
    #[inline(always)]
    pub fn shrunk(self, param: F) -> F {
        param * self.shrink
    }
}
