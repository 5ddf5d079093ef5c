//! A bowl, round or long.

use super::{Point, Scene, Stage, Surface};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// ½·(u² + κ·v²) with (u, v) turned against (x, y).
#[derive(Clone, Copy, Debug)]
pub struct Quadratic {
    condition: f64,
    cos: f64,
    sin: f64,
}

impl Describe for Quadratic {
    const CARD: Card = Card {
        key: "quadratic",
        title: "Quadratic bowl",
        formula: "f(x, y) = ½·(u² + κ·v²)\n\
                  u = x·cos φ + y·sin φ,  v = y·cos φ − x·sin φ",
        params: &[
            Param {
                key: "condition",
                default: DefaultValue::Number(25.0),
                range: Range::AtLeast(1.0),
                meaning: "κ, how much steeper it is along v than along u",
                search: None,
            },
            Param {
                key: "angle",
                default: DefaultValue::Number(0.0),
                range: Range::Closed(-180.0, 180.0),
                meaning: "φ, by how many degrees the valley is turned",
                search: None,
            },
        ],
        usage: "what curvature does to a rate: SGD is stable below 2/κ, and then slow along u",
        caution: Some(
            "a rate for each coordinate cures a long valley only where it lies along an axis: \
             compare angle=0 with angle=45",
        ),
        source: "Nocedal & Wright 2006, ch. 3",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        let angle = pick.number("angle").to_radians();
        Self { condition: pick.number("condition"), cos: libm::cos(angle), sin: libm::sin(angle) }
    }
}

impl Stage for Quadratic {
    const SCENE: Scene =
        Scene { start: [-4.0, 1.0], x: (-5.0, 5.0), y: (-3.0, 3.0), minima: &[[0.0, 0.0]] };
}

impl Quadratic {
    fn turned(&self, [x, y]: Point) -> Point {
        [x * self.cos + y * self.sin, y * self.cos - x * self.sin]
    }
}

impl Surface for Quadratic {
    fn value(&self, at: Point) -> f64 {
        let [u, v] = self.turned(at);
        0.5 * (u * u + self.condition * v * v)
    }
    fn gradient(&self, at: Point) -> Point {
        let [u, v] = self.turned(at);
        let steep = self.condition * v;
        [u * self.cos - steep * self.sin, u * self.sin + steep * self.cos]
    }
}
