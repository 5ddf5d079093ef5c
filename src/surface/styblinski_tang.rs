//! Four basins of different depth.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// Where x⁴ − 16·x² + 5·x is lowest.
const LOWEST: f64 = -2.903_534_027_771_177;

/// ½·Σ (x⁴ − 16·x² + 5·x).
#[derive(Clone, Copy, Debug)]
pub struct StyblinskiTang;

impl Describe for StyblinskiTang {
    const CARD: Card = Card {
        key: "styblinski_tang",
        title: "Styblinski–Tang",
        formula: "f(x, y) = ½·(x⁴ − 16·x² + 5·x + y⁴ − 16·y² + 5·y)",
        params: &[],
        usage: "four basins of different depth: the nearest is seldom the deepest",
        caution: None,
        source: "Styblinski & Tang 1990",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for StyblinskiTang {
    const SCENE: Scene =
        Scene { start: [0.5, -1.0], x: (-4.5, 4.5), y: (-4.5, 4.5), minima: &[[LOWEST, LOWEST]] };
}

impl Surface for StyblinskiTang {
    fn value(&self, [x, y]: Point) -> f64 {
        let along = |x: f64| x * (5.0 + x * (x * x - 16.0));
        0.5 * (along(x) + along(y))
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        [x, y].map(|x| 2.0 * x * x * x - 16.0 * x + 2.5)
    }
}
