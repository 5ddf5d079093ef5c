//! A network's loss landscape as the map widget takes it.

use std::sync::Arc;

use super::widgets::relief::{Heights, Window};
use crate::train::landscape::Grid;
use crate::train::probe::LandscapeView;

/// A map of the run's landscape with the heights that are drawn, ranked once.
#[derive(Clone, Debug)]
pub struct LandscapeMap {
    /// What was seen.
    pub seen: Arc<LandscapeView>,
    /// The losses.
    pub heights: Heights,
    /// The part of the plane that they cover.
    pub window: Window,
}

impl LandscapeMap {
    /// The map in `seen`; what `earlier` has of the same one is kept.
    #[must_use]
    pub fn new(seen: Arc<LandscapeView>, earlier: Option<Self>) -> Self {
        if let Some(earlier) = earlier.filter(|it| Arc::ptr_eq(&it.seen.map, &seen.map)) {
            return Self { seen, ..earlier };
        }
        let grid = &seen.map.grid;
        Self { heights: heights(grid), window: window(grid), seen }
    }
}

/// The part of the plane that a grid covers.
#[must_use]
pub fn window(grid: &Grid) -> Window {
    let ends = |places: &[f64]| {
        (places.first().copied().unwrap_or(0.0), places.last().copied().unwrap_or(0.0))
    };
    Window { x: ends(grid.x()), y: ends(grid.y()) }
}

/// The losses of a grid as heights; what is not known yet lies between its neighbours.
#[must_use]
pub fn heights(grid: &Grid) -> Heights {
    let columns = grid.x().len();
    let filled = grid.filled();
    // Rows of a map run downwards.
    let rows = filled.chunks(columns.max(1)).rev();
    Heights::new(rows.flatten().copied().collect(), columns)
}
