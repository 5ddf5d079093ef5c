//! Plane.

use super::{Generator, SAMPLES, Sampling, TARGET_NOISE, noise};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// A tilted plane to be fitted.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    sampling: Sampling,
}

impl Describe for Plane {
    const CARD: Card = Card {
        key: "plane",
        title: "Plane",
        formula: "y = (x₁ + x₂)/2    −1 ≤ xᵢ < 1",
        params: &[SAMPLES, noise(0.05, TARGET_NOISE)],
        usage: "linear regression: one neuron without activation is enough",
        caution: None,
        source: "TensorFlow Playground",
        differs: Some("inputs fill a square of −1 … 1, where TensorFlow Playground has −6 … 6"),
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick) }
    }
}

impl Generator for Plane {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Values(1)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.function(Self::CARD.key, stream, |[a, b]: [f64; 2]| f64::midpoint(a, b))
    }
}
