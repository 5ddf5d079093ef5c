//! A tilted bowl.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// (x + 2y − 7)² + (2x + y − 5)².
#[derive(Clone, Copy, Debug)]
pub struct Booth;

impl Describe for Booth {
    const CARD: Card = Card {
        key: "booth",
        title: "Booth",
        formula: "f(x, y) = (x + 2·y − 7)² + (2·x + y − 5)²",
        params: &[],
        usage: "a plain bowl, nine times as steep across as along: nearly everything should arrive",
        caution: None,
        source: "Jamil & Yang 2013",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Booth {
    const SCENE: Scene =
        Scene { start: [-6.0, -4.0], x: (-10.0, 10.0), y: (-10.0, 10.0), minima: &[[1.0, 3.0]] };
}

impl Surface for Booth {
    fn value(&self, [x, y]: Point) -> f64 {
        let (a, b) = (x + 2.0 * y - 7.0, 2.0 * x + y - 5.0);
        a * a + b * b
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let (a, b) = (x + 2.0 * y - 7.0, 2.0 * x + y - 5.0);
        [2.0 * a + 4.0 * b, 4.0 * a + 2.0 * b]
    }
}
