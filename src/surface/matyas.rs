//! A shallow valley along the diagonal.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// 0.26·(x² + y²) − 0.48·x·y.
#[derive(Clone, Copy, Debug)]
pub struct Matyas;

impl Describe for Matyas {
    const CARD: Card = Card {
        key: "matyas",
        title: "Matyas",
        formula: "f(x, y) = 0.26·(x² + y²) − 0.48·x·y",
        params: &[],
        usage: "a long valley along x = y: rates for each coordinate cannot tell along from across",
        caution: None,
        source: "Jamil & Yang 2013",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Matyas {
    const SCENE: Scene =
        Scene { start: [-8.0, 3.0], x: (-10.0, 10.0), y: (-10.0, 10.0), minima: &[[0.0, 0.0]] };
}

impl Surface for Matyas {
    fn value(&self, [x, y]: Point) -> f64 {
        0.26 * (x * x + y * y) - 0.48 * x * y
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        [0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x]
    }
}
