//! Spirals.

use std::f64::consts::TAU;

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Where the arms begin: from 0 they would meet, and no network could tell them apart there.
const INNER_RADIUS: f64 = 0.1;

/// Arms of a spiral, a class each.
#[derive(Clone, Copy, Debug)]
pub struct Spirals {
    sampling: Sampling,
    classes: usize,
    turns: f64,
}

impl Describe for Spirals {
    const CARD: Card = Card {
        key: "spirals",
        title: "Spirals",
        formula: "r = 0.1 + 0.9·s    φ = 2π·(turns·s + class/classes)    0 < s < 1\n\
                  x₁ = r·sin φ    x₂ = r·cos φ",
        params: &[
            SAMPLES,
            noise(0.05, INPUT_NOISE),
            Param {
                key: "turns",
                default: DefaultValue::Number(1.25),
                range: Range::Closed(0.1, 5.0),
                meaning: "how often each arm winds around the centre",
                search: None,
            },
            Param {
                key: "classes",
                default: DefaultValue::Integer(2),
                range: Range::Closed(2.0, 10.0),
                meaning: "arms",
                search: None,
            },
        ],
        usage: "the classic hard one: two hidden layers bend around it, one struggles",
        caution: Some("more than 2 turns needs wider layers and patience"),
        source: "Lang & Witbrock 1988; TensorFlow Playground",
        differs: Some(
            "Gaussian noise, 1.25 turns and a hole in the centre; TensorFlow Playground has \
             uniform noise, 1.75 turns and arms that meet",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            sampling: Sampling::of(pick),
            classes: pick.number("classes") as usize,
            turns: pick.number("turns"),
        }
    }
}

impl Generator for Spirals {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(self.classes)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, self.classes, stream, |class, along, _| {
            let radius = INNER_RADIUS + (1.0 - INNER_RADIUS) * along;
            let angle = TAU * (self.turns * along + class as f64 / self.classes as f64);
            [radius * libm::sin(angle), radius * libm::cos(angle)]
        })
    }
}
