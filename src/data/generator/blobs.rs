//! Blobs.

use std::f64::consts::TAU;

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise};
use crate::data::{Dataset, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Normally distributed clouds around the corners of a regular polygon.
#[derive(Clone, Copy, Debug)]
pub struct Blobs {
    sampling: Sampling,
    classes: usize,
    spread: f64,
}

impl Describe for Blobs {
    const CARD: Card = Card {
        key: "blobs",
        title: "Blobs",
        formula: "x ~ N(μ, spread²)    μ = (sin φ, cos φ)    φ = 2π·class/classes",
        params: &[
            SAMPLES,
            noise(0.0, INPUT_NOISE),
            Param {
                key: "classes",
                default: DefaultValue::Integer(4),
                range: Range::Closed(2.0, 20.0),
                meaning: "clouds",
                search: None,
            },
            Param {
                key: "spread",
                default: DefaultValue::Number(0.2),
                range: Range::Closed(0.0, 10.0),
                meaning: "standard deviation of each cloud",
                search: None,
            },
        ],
        usage: "several classes at once; each is easy, the borders between them are the task",
        caution: Some("with more than 10 classes the clouds overlap unless spread is lowered"),
        source: "sklearn.datasets.make_blobs",
        differs: Some("the centres stand evenly on a circle; scikit-learn draws them at random"),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            sampling: Sampling::of(pick),
            classes: pick.number("classes") as usize,
            spread: pick.number("spread"),
        }
    }
}

impl Generator for Blobs {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(self.classes)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, self.classes, stream, |class, _, stream| {
            let angle = TAU * class as f64 / self.classes as f64;
            [libm::sin(angle), libm::cos(angle)].map(|centre| centre + self.spread * normal(stream))
        })
    }
}
