//! Where a rule of update is stable: the theory that some of them have.
//!
//! On a quadratic with one curvature h each of these is a linear recurrence of two numbers, weight and
//! momentum, and both shrink as long as h times the rate stays below a bound. Rules that divide by
//! the size of past gradients are taken with their divisors as they stand.

use super::State;
use crate::nn::Real;

/// Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the edge of stability".
pub(super) const DESCENT: &str = "Cohen et al. 2021, arXiv 2103.00065";
/// Cohen et al. 2022, "Adaptive gradient methods at the edge of stability".
pub(super) const ADAPTIVE: &str = "Cohen et al. 2022, arXiv 2207.14484";

/// The bound within which a rule is stable on one tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// The rate times the curvature must stay below this: 2 for gradient descent.
    pub bound: f64,
    /// What the rate of each element is divided by; empty where all have the same.
    pub divisors: Vec<f64>,
    /// Weight decay through the gradient, which is curvature as well.
    pub decay: f64,
    /// The paper that the bound is from.
    pub source: &'static str,
}

/// The moment at which a rule is asked for its [`Stability`].
#[derive(Debug)]
pub struct Present<'a, F> {
    /// The learning rate of the next step.
    pub lr: f64,
    /// The share of the parameter that is lost in a step by decay apart from the gradient.
    pub shrink: f64,
    /// What the optimizer remembers after the last step.
    pub state: &'a State<F>,
}

impl<F: Real> Present<'_, F> {
    /// A rule of one rate for all elements. `bound` is that without decay: a weight that shrinks by
    /// itself leaves the less to the gradient.
    pub(super) fn plain(&self, bound: f64, decay: f64) -> Stability {
        let bound = bound * (1.0 - 0.5 * self.shrink);
        Stability { bound, divisors: Vec::new(), decay, source: DESCENT }
    }

    /// A rule whose rate is divided by what `divisor` makes of each element of the tensor `name`;
    /// none before there is anything to divide by.
    pub(super) fn divided(
        &self,
        (bound, decay): (f64, f64),
        name: &str,
        divisor: impl Fn(f64) -> f64,
    ) -> Option<Stability> {
        if self.state.step == 0 {
            return None;
        }
        let divisors = self.state.tensor(name)?.iter().map(|&x| divisor(x.f64())).collect();
        Some(Stability { divisors, source: ADAPTIVE, ..self.plain(bound, decay) })
    }
}
