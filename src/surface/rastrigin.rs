//! An egg carton.

use std::f64::consts::TAU;

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// 20 + Σ (x² − 10·cos 2πx).
#[derive(Clone, Copy, Debug)]
pub struct Rastrigin;

impl Describe for Rastrigin {
    const CARD: Card = Card {
        key: "rastrigin",
        title: "Rastrigin",
        formula: "f(x, y) = 20 + x² − 10·cos 2πx + y² − 10·cos 2πy",
        params: &[],
        usage: "a local minimum near every pair of whole numbers: who gets out of the first one?",
        caution: Some("slopes up to 66: a rate that suits a network is large here"),
        source: "Rastrigin 1974",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Rastrigin {
    const SCENE: Scene =
        Scene { start: [2.25, -1.75], x: (-1.0, 3.0), y: (-3.0, 1.0), minima: &[[0.0, 0.0]] };
}

impl Surface for Rastrigin {
    fn value(&self, [x, y]: Point) -> f64 {
        let along = |x: f64| x * x - 10.0 * libm::cos(TAU * x);
        20.0 + along(x) + along(y)
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        [x, y].map(|x| 2.0 * x + 10.0 * TAU * libm::sin(TAU * x))
    }
}
