//! A hole in a plain.

use std::f64::consts::PI;

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// −cos x·cos y·exp(−(x − π)² − (y − π)²).
#[derive(Clone, Copy, Debug)]
pub struct Easom;

impl Describe for Easom {
    const CARD: Card = Card {
        key: "easom",
        title: "Easom",
        formula: "f(x, y) = −cos x·cos y·exp(−(x − π)² − (y − π)²)",
        params: &[],
        usage: "a hole in a plain: where the slope fades, only steps that are scaled up still move",
        caution: Some(
            "the plain is flat to the last digit a little farther out: from there nothing finds it",
        ),
        source: "Easom 1990",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Easom {
    const SCENE: Scene =
        Scene { start: [1.8, 1.8], x: (0.0, 6.0), y: (0.0, 6.0), minima: &[[PI, PI]] };
}

impl Surface for Easom {
    fn value(&self, [x, y]: Point) -> f64 {
        let (dx, dy) = (x - PI, y - PI);
        -libm::cos(x) * libm::cos(y) * libm::exp(-dx * dx - dy * dy)
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let (dx, dy) = (x - PI, y - PI);
        let bell = libm::exp(-dx * dx - dy * dy);
        let slope = |x: f64, dx: f64| libm::sin(x) + 2.0 * dx * libm::cos(x);
        [slope(x, dx) * libm::cos(y) * bell, slope(y, dy) * libm::cos(x) * bell]
    }
}
