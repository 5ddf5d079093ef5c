//! A curved valley.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// (1 − x)² + 100·(y − x²)².
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock;

impl Describe for Rosenbrock {
    const CARD: Card = Card {
        key: "rosenbrock",
        title: "Rosenbrock",
        formula: "f(x, y) = (1 − x)² + 100·(y − x²)²",
        params: &[],
        usage: "a bent, flat-bottomed valley: getting into it is easy, following it is not",
        caution: Some("steep walls: plain SGD needs a rate near 0.001 to stay in it"),
        source: "Rosenbrock 1960",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Rosenbrock {
    const SCENE: Scene =
        Scene { start: [-1.5, 2.0], x: (-2.0, 2.0), y: (-1.0, 3.0), minima: &[[1.0, 1.0]] };
}

impl Surface for Rosenbrock {
    fn value(&self, [x, y]: Point) -> f64 {
        let (slope, wall) = (1.0 - x, y - x * x);
        slope * slope + 100.0 * wall * wall
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let (slope, wall) = (1.0 - x, y - x * x);
        [-2.0 * slope - 400.0 * x * wall, 200.0 * wall]
    }
}
