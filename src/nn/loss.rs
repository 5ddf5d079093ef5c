//! Losses: what training lowers.
//!
//! Targets are dense, one row an output, so that every loss sees the same shape: a class is
//! one-hot where the network has several outputs, and 0 or 1 where it has one.

use std::fmt::Debug;
use std::ops::Deref;

use super::activation::Shape;
use super::build::{Builders, Family, Float};
use super::kernel::{fold, lanes, lanes_mut};
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
    entry::<mse::Mse>(Suits::Anything, None),
    entry::<l1::L1>(Suits::Anything, None),
    entry::<smooth_l1::SmoothL1>(Suits::Anything, None),
    entry::<huber::Huber>(Suits::Anything, None),
    entry::<log_cosh::LogCosh>(Suits::Anything, None),
    entry::<quantile::Quantile>(Suits::Anything, None),
    entry::<poisson_nll::PoissonNll>(Suits::Anything, None),
    entry::<bce::Bce>(Suits::Classes, Some("sigmoid")),
    entry::<focal::Focal>(Suits::Classes, Some("sigmoid")),
    entry::<cross_entropy::CrossEntropy>(Suits::Classes, Some("softmax")),
    entry::<multi_margin::MultiMargin>(Suits::Classes, None),
];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builders: Builders<Losses>,
    /// The kinds of target that it can be computed for.
    pub suits: Suits,
    /// The output activation that it contains: it takes logits, and that activation directly
    /// before it is fused into it.
    pub fuses: Option<&'static str>,
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
}

/// The family of what [`TABLE`] builds.
struct Losses;

impl Family for Losses {
    type Of<F: Real> = Box<dyn Loss<F>>;
}

/// The kinds of target that a loss is defined for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suits {
    /// Class labels and real values.
    Anything,
    /// Class labels only.
    Classes,
}

const fn entry<L>(suits: Suits, fuses: Option<&'static str>) -> Entry
where
    L: Describe + Loss<f32> + Loss<f64> + 'static,
{
    Entry {
        base: Base::of::<L>(),
        builders: Builders {
            f32: |pick| Box::new(L::build(pick)),
            f64: |pick| Box::new(L::build(pick)),
        },
        suits,
        fuses,
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
}

/// A loss that treats each output by itself. `at` is marked `#[inline(always)]`, so that loops over
/// it vectorise.
trait Pointwise: Copy + Debug + Send + Sync {
    /// An element's loss and its derivative by the output.
    fn at<F: Real>(self, output: F, target: F) -> (F, F);
}

impl<F: Real, L: Pointwise> Loss<F> for L {
    fn evaluate(&self, pass: Pass<'_, F>) -> f64 {
        simd::run(Mean { loss: *self, pass })
    }
}

/// The mean of a pointwise loss over all elements.
struct Mean<'a, L, F> {
    loss: L,
    pass: Pass<'a, F>,
}

impl<F: Real, L: Pointwise> Kernel for Mean<'_, L, F> {
    type Output = f64;
    #[inline(always)]
    fn run(self) -> f64 {
        let Self { loss, pass: Pass { output, target, grad, shape } } = self;
        let count = (shape.units * shape.batch) as f64;
        let scale = F::of(1.0 / count);
        let mut total = [0.0; LANES];
        for start in (0..output.len()).step_by(LANES) {
            let left = shape.batch.saturating_sub(start % shape.columns);
            let (output, target) = (lanes(output, start), lanes(target, start));
            let grad = lanes_mut(grad, start);
            for lane in 0..LANES {
                let (loss, slope) = loss.at(output[lane], target[lane]);
                grad[lane] = F::select(lane < left, slope * scale, F::ZERO);
                total[lane] += F::select(lane < left, loss, F::ZERO).f64();
            }
        }
        fold(total) / count
    }
}
