//! Checkerboard.

use super::{Generator, INPUT_NOISE, SAMPLES, Sampling, noise, uniform};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Squares of two colours.
#[derive(Clone, Copy, Debug)]
pub struct Checkerboard {
    sampling: Sampling,
    cells: f64,
}

impl Describe for Checkerboard {
    const CARD: Card = Card {
        key: "checkerboard",
        title: "Checkerboard",
        formula: "class = (⌊u₁⌋ + ⌊u₂⌋) mod 2    uᵢ = cells·(xᵢ + 1)/2    −1 ≤ xᵢ < 1",
        params: &[
            Param { default: DefaultValue::Integer(1000), ..SAMPLES },
            noise(0.0, INPUT_NOISE),
            Param {
                key: "cells",
                default: DefaultValue::Integer(4),
                range: Range::Closed(2.0, 16.0),
                meaning: "squares along each side",
                search: None,
            },
        ],
        usage: "many small regions: shows how width and depth buy detail",
        caution: Some("a square needs some ten samples: raise samples with cells²"),
        source: "the board itself",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick), cells: pick.number("cells") }
    }
}

impl Checkerboard {
    fn class_at(&self, point: [f64; 2]) -> usize {
        let [i, j] = point.map(|x| (self.cells * (x + 1.0) / 2.0) as usize);
        (i + j) % 2
    }
}

impl Generator for Checkerboard {
    const FEATURES: usize = 2;

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        self.sampling.points(Self::CARD.key, 2, stream, |class, _, stream| {
            // About half of all points are of the wanted class, so this ends after two on average.
            loop {
                let point = [(); 2].map(|()| uniform(-1.0, 1.0, stream));
                if self.class_at(point) == class {
                    return point;
                }
            }
        })
    }
}
