//! Circles.

use std::f64::consts::TAU;

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A circle inside another.
#[derive(Clone, Copy, Debug)]
pub struct Circles {
    sampling: Sampling,
    factor: f64,
}

impl Describe for Circles {
    const CARD: Card = Card {
        key: "circles",
        title: "Circles",
        formula: "r = 1 for class 0, factor for class 1    0 < φ < 2π\n\
                  x₁ = r·cos φ    x₂ = r·sin φ",
        params: &[
            SAMPLES,
            noise(0.1, INPUT_NOISE),
            Param {
                key: "factor",
                default: DefaultValue::Number(0.5),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "radius of the inner circle",
                search: None,
            },
        ],
        usage: "no line separates it, three hidden units do",
        caution: None,
        source: "sklearn.datasets.make_circles",
        differs: Some(
            "factor is 0.5 and noise 0.1 by default, where scikit-learn has 0.8 and none",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick), factor: pick.number("factor") }
    }
}

impl Generator for Circles {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, 2, stream, |class, along, _| {
            let radius = if class == 0 { 1.0 } else { self.factor };
            [radius * libm::cos(TAU * along), radius * libm::sin(TAU * along)]
        })
    }
}
