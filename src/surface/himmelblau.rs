//! Four equal minima.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// (x² + y − 11)² + (x + y² − 7)².
#[derive(Clone, Copy, Debug)]
pub struct Himmelblau;

impl Describe for Himmelblau {
    const CARD: Card = Card {
        key: "himmelblau",
        title: "Himmelblau",
        formula: "f(x, y) = (x² + y − 11)² + (x + y² − 7)²",
        params: &[],
        usage: "four minima, all equally good: start and momentum decide which one is found",
        caution: None,
        source: "Himmelblau 1972",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Himmelblau {
    const SCENE: Scene = Scene {
        start: [-0.5, -0.5],
        x: (-5.0, 5.0),
        y: (-5.0, 5.0),
        minima: &[
            [3.0, 2.0],
            [-2.805_118_086_952_745, 3.131_312_518_250_573],
            [-3.779_310_253_377_747, -3.283_185_991_286_17],
            [3.584_428_340_330_492, -1.848_126_526_964_404],
        ],
    };
}

impl Surface for Himmelblau {
    fn value(&self, [x, y]: Point) -> f64 {
        let (a, b) = (x * x + y - 11.0, x + y * y - 7.0);
        a * a + b * b
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let (a, b) = (x * x + y - 11.0, x + y * y - 7.0);
        [4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b]
    }
}
