//! Exclusive or.

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise, uniform};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Kept free on both sides of the axes.
const MARGIN: f64 = 0.06;

/// Four squares; opposite ones are of the same class.
#[derive(Clone, Copy, Debug)]
pub struct Xor {
    sampling: Sampling,
}

impl Describe for Xor {
    const CARD: Card = Card {
        key: "xor",
        title: "Exclusive or",
        formula: "class 1 where x₁ and x₂ have different signs    0.06 ≤ |xᵢ| < 1",
        params: &[SAMPLES, noise(0.05, INPUT_NOISE)],
        usage: "the smallest task that a network without a hidden layer cannot learn",
        caution: None,
        source: "Minsky & Papert 1969; TensorFlow Playground",
        differs: Some(
            "inputs in −1 … 1 and class 1 for different signs, where TensorFlow Playground has \
             −5 … 5 and the positive class for equal ones",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick) }
    }
}

impl Generator for Xor {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, 2, stream, |class, _, stream| {
            let side = if uniform(-1.0, 1.0, stream) < 0.0 { -1.0 } else { 1.0 };
            let other = if class == 0 { side } else { -side };
            [side * uniform(MARGIN, 1.0, stream), other * uniform(MARGIN, 1.0, stream)]
        })
    }
}
