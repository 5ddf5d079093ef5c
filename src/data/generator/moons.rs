//! Moons.

use std::f64::consts::PI;

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Two half circles that reach into each other.
#[derive(Clone, Copy, Debug)]
pub struct Moons {
    sampling: Sampling,
}

impl Describe for Moons {
    const CARD: Card = Card {
        key: "moons",
        title: "Moons",
        formula: "class 0: (cos φ, sin φ)    class 1: (1 − cos φ, ½ − sin φ)    0 < φ < π",
        params: &[SAMPLES, noise(0.1, INPUT_NOISE)],
        usage: "nearly separable by a line, so it shows what the last few percent cost",
        caution: None,
        source: "sklearn.datasets.make_moons",
        differs: Some("noise is 0.1 by default, where scikit-learn has none"),
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick) }
    }
}

impl Generator for Moons {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, 2, stream, |class, along, _| {
            let (sin, cos) = (libm::sin(PI * along), libm::cos(PI * along));
            if class == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] }
        })
    }
}
