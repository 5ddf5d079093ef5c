//! What the kin of Adam are made of: exponential running means, and weight decay in its two forms.

use crate::nn::Real;

/// Below this a divisor's ε may be less than the root of what is taken for 0.
const LEAST_EPS: f64 = 1e-10;

/// A running mean, as constants of a step: `mean ← β·mean + (1 − β)·new`.
///
/// Where gradients have become 0, as at a dead unit, a mean dwindles until it stays among the subnormal
/// numbers, on which arithmetic is many times as slow. There it becomes 0. No weight is another one by
/// that: so short a step is lost beside any weight, and the root of such a square beside ε. A rule that
/// goes by the sign alone must not use it.
#[derive(Clone, Copy)]
pub struct Mean<F> {
    keep: F,
    fresh: F,
    /// What is less than this is taken for 0.
    least: F,
    /// So is what adds less than that to a mean of squares.
    root: F,
}

impl<F: Real> Mean<F> {
    /// One that remembers about 1/(1 − `beta`) steps.
    pub fn new(beta: f64) -> Self {
        Self::weighted(beta, 1.0 - beta)
    }

    /// A decaying sum: `sum ← β·sum + new`.
    pub fn sum(beta: f64) -> Self {
        Self::weighted(beta, 1.0)
    }

    /// One that keeps a share of the old and adds a share of the new.
    pub fn weighted(keep: f64, fresh: f64) -> Self {
        Self::settling(keep, fresh, F::TINY)
    }

    fn settling(keep: f64, fresh: f64, least: F) -> Self {
        let root = F::of((least.f64() / fresh).sqrt());
        Self { keep: F::of(keep), fresh: F::of(fresh), least, root }
    }

    /// A mean of squares, whose root is divided by after `eps` has been added to it.
    pub fn of_squares(beta: f64, eps: f64) -> Self {
        let least = if eps < LEAST_EPS { F::ZERO } else { F::TINY };
        Self::settling(beta, 1.0 - beta, least)
    }

    /// The mean with `x` taken in.
    #[inline(always)]
    pub fn next(self, mean: F, x: F) -> F {
        self.settled(self.keep.mul_add(mean, self.fresh * x))
    }

    /// `x`, or 0 where its square would add next to nothing.
    #[inline(always)]
    pub fn rooted(self, x: F) -> F {
        F::select(x.abs() < self.root, F::ZERO, x)
    }

    /// The mean of squares with that of `x` taken in.
    #[inline(always)]
    pub fn next_square(self, mean: F, x: F) -> F {
        let x = self.rooted(x);
        self.settled(self.keep.mul_add(mean, self.fresh * x * x))
    }

    /// `mean`, or 0 where it has dwindled.
    #[inline(always)]
    pub fn settled(self, mean: F) -> F {
        F::select(mean.abs() < self.least, F::ZERO, mean)
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
