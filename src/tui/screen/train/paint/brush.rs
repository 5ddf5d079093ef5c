//! Brushes: how many points are set at once, and how far around the cursor.

use super::canvas::{Canvas, rounded};
use crate::rng::{Stream, normal};

/// A brush.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brush {
    /// Points that it sets at once.
    pub points: usize,
    /// Their standard deviation around the cursor, as a share of the plane.
    pub spread: f64,
}

/// All brushes, the narrowest first.
pub static BRUSHES: [Brush; 4] = [
    Brush { points: 1, spread: 0.0 },
    Brush { points: 5, spread: 0.03 },
    Brush { points: 10, spread: 0.06 },
    Brush { points: 20, spread: 0.12 },
];

impl Brush {
    /// The points that it sets at a place.
    pub fn dab<'a>(
        self,
        canvas: &Canvas,
        (x, y): (f64, f64),
        stream: &'a mut Stream,
    ) -> impl Iterator<Item = (f64, f64)> + use<'a> {
        let (across, up) = canvas.extent();
        (0..self.points).map(move |_| {
            let mut noise = |extent: f64| self.spread * extent * normal(stream);
            (rounded(x + noise(across), across), rounded(y + noise(up), up))
        })
    }

    /// Returns true if a point is under it at `centre`: within twice its spread, and in a cell around.
    pub fn covers(self, canvas: &Canvas, centre: (f64, f64), (x, y): (f64, f64)) -> bool {
        let extent = canvas.extent();
        let cell =
            (extent.0 / f64::from(canvas.area.width), extent.1 / f64::from(canvas.area.height));
        // A little more than half a cell: what is rounded stays in it.
        let radius = |extent: f64, cell: f64| (2.0 * self.spread * extent).max(0.55 * cell);
        let across = (x - centre.0) / radius(extent.0, cell.0);
        let up = (y - centre.1) / radius(extent.1, cell.1);
        if self.spread > 0.0 { across.hypot(up) <= 1.0 } else { across.abs().max(up.abs()) <= 1.0 }
    }
}
