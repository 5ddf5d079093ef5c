//! A plain with a sharp corner.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// Σ (c − x + x·yⁱ)² for c = 1.5, 2.25, 2.625.
#[derive(Clone, Copy, Debug)]
pub struct Beale;

impl Describe for Beale {
    const CARD: Card = Card {
        key: "beale",
        title: "Beale",
        formula: "f(x, y) = (1.5 − x + x·y)² + (2.25 − x + x·y²)²\n          \
                  + (2.625 − x + x·y³)²",
        params: &[],
        usage: "nearly flat plains beside steep corners: the same rate creeps here and leaps there",
        caution: Some(
            "from the usual start many paths run off along x → −∞, where it keeps falling",
        ),
        source: "Beale 1958",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Beale {
    const SCENE: Scene =
        Scene { start: [-1.0, 1.5], x: (-4.5, 4.5), y: (-4.5, 4.5), minima: &[[3.0, 0.5]] };
}

impl Surface for Beale {
    fn value(&self, [x, y]: Point) -> f64 {
        terms([x, y]).iter().map(|term| term * term).sum()
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let [a, b, c] = terms([x, y]);
        let dx = a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0);
        let dy = a * x + b * 2.0 * x * y + c * 3.0 * x * y * y;
        [2.0 * dx, 2.0 * dy]
    }
}

fn terms([x, y]: Point) -> [f64; 3] {
    [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y]
}
