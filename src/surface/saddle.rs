//! A pass between two hills.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// x² − y².
#[derive(Clone, Copy, Debug)]
pub struct Saddle;

impl Describe for Saddle {
    const CARD: Card = Card {
        key: "saddle",
        title: "Saddle",
        formula: "f(x, y) = x² − y²",
        params: &[],
        usage: "leaving a saddle: how soon does a tiny slope along y count for as much as a steep one?",
        caution: Some("it falls for ever: a path that escapes ends far away, or diverges"),
        source: "Dauphin et al. 2014",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Saddle {
    const SCENE: Scene = Scene { start: [1.0, 0.001], x: (-2.0, 2.0), y: (-2.0, 2.0), minima: &[] };
}

impl Surface for Saddle {
    fn value(&self, [x, y]: Point) -> f64 {
        x * x - y * y
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        [2.0 * x, -2.0 * y]
    }
}
