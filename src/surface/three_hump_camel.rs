//! Three basins in a row.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// 2·x² − 1.05·x⁴ + x⁶/6 + x·y + y².
#[derive(Clone, Copy, Debug)]
pub struct ThreeHumpCamel;

impl Describe for ThreeHumpCamel {
    const CARD: Card = Card {
        key: "three_hump_camel",
        title: "Three-hump camel",
        formula: "f(x, y) = 2·x² − 1.05·x⁴ + x⁶/6 + x·y + y²",
        params: &[],
        usage: "two side basins beside the true one: enough momentum carries over the rim",
        caution: None,
        source: "Branin 1972",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for ThreeHumpCamel {
    const SCENE: Scene =
        Scene { start: [-2.0, 1.5], x: (-2.4, 2.4), y: (-2.0, 2.0), minima: &[[0.0, 0.0]] };
}

impl Surface for ThreeHumpCamel {
    fn value(&self, [x, y]: Point) -> f64 {
        let square = x * x;
        square * (2.0 + square * (square / 6.0 - 1.05)) + x * y + y * y
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let square = x * x;
        [x * (4.0 + square * (square - 4.2)) + y, x + 2.0 * y]
    }
}
