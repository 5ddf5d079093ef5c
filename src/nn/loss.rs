//! Losses: what training lowers.
//!
//! Targets are dense, one row an output, so that every loss sees the same shape: a class is
//! one-hot where the network has several outputs, and 0 or 1 where it has one.

use std::fmt::Debug;
use std::ops::Deref;

use super::activation::Shape;
use super::build::{Builders, Family, Float, builders};
use super::dual::Dual;
use super::kernel::{OnStack, fold, lanes, lanes_mut};
use super::real::Real;
use super::simd::{self, Kernel, LANES};
use crate::spec::{Base, Describe, Pick};

mod bce;
mod cross_entropy;
mod focal;
mod huber;
mod l1;
mod log_cosh;
mod mse;
mod multi_margin;
mod poisson_nll;
mod quantile;
mod smooth_l1;

/// Every loss that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<mse::Mse>(Targets::Real, Link::Identity),
    entry::<l1::L1>(Targets::Real, Link::Identity),
    entry::<smooth_l1::SmoothL1>(Targets::Real, Link::Identity),
    entry::<huber::Huber>(Targets::Real, Link::Identity),
    entry::<log_cosh::LogCosh>(Targets::Real, Link::Identity),
    entry::<quantile::Quantile>(Targets::Real, Link::Identity),
    entry::<poisson_nll::PoissonNll>(Targets::NonNegative, Link::Exp),
    entry::<bce::Bce>(Targets::Probabilities, Link::Sigmoid),
    entry::<focal::Focal>(Targets::Classes, Link::Sigmoid),
    entry::<cross_entropy::CrossEntropy>(Targets::Classes, Link::Softmax),
    entry::<multi_margin::MultiMargin>(Targets::Classes, Link::Margin),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builders: Builders<Losses>,
    /// The targets that it is defined for.
    pub targets: Targets,
    /// How its predictions follow from the outputs that it is given.
    pub link: Link,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The loss with the parameters picked.
    #[must_use]
    pub fn build<F: Float>(&self, pick: &Pick) -> Box<dyn Loss<F>> {
        F::build(&self.builders, pick)
    }

    /// The output activation that it contains: it takes logits, and that activation directly before
    /// it is fused into it.
    #[must_use]
    pub const fn fuses(&self) -> Option<&'static str> {
        match self.link {
            Link::Sigmoid => Some("sigmoid"),
            Link::Softmax => Some("softmax"),
            Link::Identity | Link::Exp | Link::Margin => None,
        }
    }
}

/// The family of what [`TABLE`] builds.
struct Losses;

impl Family for Losses {
    type Of<F: Real> = Box<dyn Loss<F>>;
}

/// The targets that a loss is defined for, beside class labels, which all take: 0 and 1, one-hot if
/// there are several outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Any real values, standardised for training.
    Real,
    /// Counts and other values that are not negative, as they are.
    NonNegative,
    /// Probabilities, from 0 to 1, as they are.
    Probabilities,
    /// Class labels only.
    Classes,
}

impl Targets {
    /// True if there are real values that it is defined for.
    #[must_use]
    pub const fn has_values(self) -> bool {
        !matches!(self, Self::Classes)
    }

    /// True if real values are trained on in the units of their source, and not standardised.
    #[must_use]
    pub const fn are_raw(self) -> bool {
        matches!(self, Self::NonNegative | Self::Probabilities)
    }

    /// True if a real value may be a target.
    #[must_use]
    pub fn admit(self, value: f64) -> bool {
        match self {
            Self::Real => value.is_finite(),
            Self::NonNegative => (0.0..=f64::from(f32::MAX)).contains(&value),
            Self::Probabilities => (0.0..=1.0).contains(&value),
            Self::Classes => false,
        }
    }

    /// The real values in words, as in "it takes targets …"; class labels if there are none.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Real => "real values",
            Self::NonNegative => "of 0 or more",
            Self::Probabilities => "from 0 to 1",
            Self::Classes => "class labels",
        }
    }

    /// Which targets there may be and how they are scaled, as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Real => {
                "any real values, standardised for training (those of generated data as they are); \
                 class labels as 0 and 1"
            }
            Self::NonNegative => {
                "counts and other values of 0 or more, in their own units, not standardised; class \
                 labels as 0 and 1"
            }
            Self::Probabilities => {
                "class labels as 0 and 1; probabilities from 0 to 1, as they are"
            }
            Self::Classes => "class labels only",
        }
    }
}

/// How predictions follow from the outputs that a loss is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// They are the outputs.
    Identity,
    /// The exponential of each output.
    Exp,
    /// The sigmoid of each output.
    Sigmoid,
    /// The softmax over the outputs.
    Softmax,
    /// Scores without a probability: the largest wins, a single one by its sign.
    Margin,
}

impl Link {
    /// The real value that an output stands for, in the scale of the targets.
    #[must_use]
    pub fn value(self, output: f32) -> f64 {
        let z = f64::from(output);
        match self {
            Self::Identity | Self::Softmax | Self::Margin => z,
            Self::Exp => libm::exp(z),
            Self::Sigmoid => 1.0 / (1.0 + libm::exp(-z)),
        }
    }

    /// Where a single output changes from class 0 to class 1: where it stands for ½, or for neither.
    #[must_use]
    pub const fn boundary(self) -> f32 {
        match self {
            Self::Identity => 0.5,
            Self::Exp => -std::f32::consts::LN_2,
            Self::Sigmoid | Self::Softmax | Self::Margin => 0.0,
        }
    }
}

const fn entry<L>(targets: Targets, link: Link) -> Entry
where
    L: Describe + Loss<f32> + Loss<f64> + Loss<Dual> + 'static,
{
    Entry {
        base: Base::of::<L>(),
        builders: builders!(|pick| Box::new(L::build(pick))),
        targets,
        link,
    }
}

/// The arguments of [`Loss::evaluate`]; matrices are `outputs × columns`.
#[derive(Debug)]
pub struct Pass<'a, F> {
    /// What the network gave.
    pub output: &'a [F],
    /// What it should have given.
    pub target: &'a [F],
    /// Receives ∂L/∂output: 0 in the padding, so that copies of a sample do not count.
    pub grad: &'a mut [F],
    /// The size of all; `units` is the number of outputs.
    pub shape: Shape,
}

/// A loss with mean reduction.
pub trait Loss<F: Real>: Debug + Send + Sync {
    /// The mean loss of the batch. Sums run in `f64`.
    fn evaluate(&self, pass: Pass<'_, F>) -> f64;
    /// The same number; what is left of the gradient means nothing.
    fn value(&self, pass: Pass<'_, F>) -> f64 {
        self.evaluate(pass)
    }
}

/// A loss that treats each output by itself. `at` is marked `#[inline(always)]`, so that loops over
/// it vectorise.
trait Pointwise: Copy + Debug + Send + Sync {
    /// An element's loss and its derivative by the output.
    fn at<F: Real>(self, output: F, target: F) -> (F, F);
}

impl<F: Real, L: Pointwise> Loss<F> for L {
    fn evaluate(&self, mut pass: Pass<'_, F>) -> f64 {
        simd::run(Mean::<L, F, true> { loss: *self, pass: &mut pass })
    }
    fn value(&self, mut pass: Pass<'_, F>) -> f64 {
        simd::run(Mean::<L, F, false> { loss: *self, pass: &mut pass })
    }
}

/// The mean of a pointwise loss over all elements, with its gradient or without.
struct Mean<'a, 'b, L, F, const GRADIENT: bool> {
    loss: L,
    pass: &'b mut Pass<'a, F>,
}

impl<F: Real, L: Pointwise, const GRADIENT: bool> Kernel for Mean<'_, '_, L, F, GRADIENT> {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let Self { loss, pass } = self;
        let Pass { output, target, ref mut grad, shape } = *pass;
        let count = (shape.units * shape.batch) as f64;
        let scale = F::of(1.0 / count);
        let mut total = OnStack([0.0; LANES]);
        for start in (0..output.len()).step_by(LANES) {
            let left = shape.batch.saturating_sub(start % shape.columns);
            let (output, target) = (lanes(output, start), lanes(target, start));
            for lane in 0..LANES {
                let (loss, slope) = loss.at(output[lane], target[lane]);
                if GRADIENT {
                    lanes_mut(grad, start)[lane] = F::select(lane < left, slope * scale, F::ZERO);
                }
                total.0[lane] += F::select(lane < left, loss, F::ZERO).f64();
            }
        }
        fold(total.0) / count
    }
}
