//! A funnel with ripples.

use std::f64::consts::{E, PI, TAU};

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, Describe, Pick};

/// A cone under an exponential, with a ripple of wavelength 1.
#[derive(Clone, Copy, Debug)]
pub struct Ackley;

impl Describe for Ackley {
    const CARD: Card = Card {
        key: "ackley",
        title: "Ackley",
        formula: "f(x, y) = −20·exp(−0.2·√((x² + y²)/2))\n          \
                  − exp((cos 2πx + cos 2πy)/2) + e + 20",
        params: &[],
        usage: "ripples on the way into a funnel: momentum rolls over them",
        caution: Some(
            "the bottom is a tip, not a bowl: with a fixed rate nothing comes to rest there",
        ),
        source: "Ackley 1987",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Stage for Ackley {
    const SCENE: Scene =
        Scene { start: [2.6, -1.4], x: (-1.0, 3.5), y: (-2.5, 1.5), minima: &[[0.0, 0.0]] };
}

impl Surface for Ackley {
    fn value(&self, [x, y]: Point) -> f64 {
        let radius = (0.5 * (x * x + y * y)).sqrt();
        let ripple = 0.5 * (libm::cos(TAU * x) + libm::cos(TAU * y));
        20.0 * (1.0 - libm::exp(-0.2 * radius)) + (E - libm::exp(ripple))
    }
    fn gradient(&self, [x, y]: Point) -> Point {
        let radius = (0.5 * (x * x + y * y)).sqrt();
        // The tip has no slope; 0 lets a path that hits it rest.
        let cone = if radius == 0.0 { 0.0 } else { 2.0 * libm::exp(-0.2 * radius) / radius };
        let ripple = libm::exp(0.5 * (libm::cos(TAU * x) + libm::cos(TAU * y)));
        [x, y].map(|x| cone * x + PI * libm::sin(TAU * x) * ripple)
    }
}
