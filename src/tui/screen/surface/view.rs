//! The part of the surface that the map shows.

use crate::catalog;
use crate::spec::Pick;
use crate::tui::widgets::relief::{Heights, Window};

/// Heights across and up that a map is drawn from.
const GRID: (usize, usize) = (161, 105);
/// How far it can be zoomed out from and into the usual map.
const ZOOM: (f64, f64) = (64.0, 1e-9);
/// The share of the map by which it is moved.
const PAN: f64 = 0.25;
/// How far from the usual map its middle may be, in widths of that.
const FARTHEST: f64 = 1e6;

/// A window on a surface, with the heights in it: they are worked out when it changes, not when it is
/// drawn.
#[derive(Debug)]
pub struct MapView {
    surface: Pick,
    window: Window,
    heights: Heights,
}

impl MapView {
    /// The usual map of `surface`.
    #[must_use]
    pub fn new(surface: &Pick) -> Self {
        let window = usual(surface);
        Self { surface: surface.clone(), window, heights: heights(surface, window) }
    }

    /// The part of the plane that is shown.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The heights there.
    #[must_use]
    pub const fn heights(&self) -> &Heights {
        &self.heights
    }

    /// Shows `surface`: at the same place if only its parameters are others.
    pub fn follow(&mut self, surface: &Pick) {
        if *surface == self.surface {
            return;
        }
        let same = surface.key() == self.surface.key();
        let window = if same { self.window } else { usual(surface) };
        self.surface = surface.clone();
        self.show(window);
    }

    /// Shows the usual map.
    pub fn restore(&mut self) {
        self.show(usual(&self.surface));
    }

    /// Shows so many times as much, around the middle.
    pub fn zoom(&mut self, factor: f64) {
        let usual = usual(&self.surface);
        let scaled = |(low, high): (f64, f64), usual: (f64, f64)| {
            let width = usual.1 - usual.0;
            let span = ((high - low) * factor).clamp(width * ZOOM.1, width * ZOOM.0);
            let middle = f64::midpoint(low, high);
            (middle - span / 2.0, middle + span / 2.0)
        };
        let Window { x, y } = self.window;
        self.show(Window { x: scaled(x, usual.x), y: scaled(y, usual.y) });
    }

    /// Moves it by a quarter, to the right and up as often as said.
    pub fn pan(&mut self, right: f64, up: f64) {
        let usual = usual(&self.surface);
        let moved = |(low, high): (f64, f64), times: f64, usual: (f64, f64)| {
            let by = (high - low) * PAN * times;
            let far = (low + by - usual.0).abs() > FARTHEST * (usual.1 - usual.0);
            if far { (low, high) } else { (low + by, high + by) }
        };
        let Window { x, y } = self.window;
        self.show(Window { x: moved(x, right, usual.x), y: moved(y, up, usual.y) });
    }

    fn show(&mut self, window: Window) {
        self.window = window;
        self.heights = heights(&self.surface, window);
    }
}

fn usual(surface: &Pick) -> Window {
    let scene = &catalog::surface(surface).scene;
    Window { x: scene.x, y: scene.y }
}

fn heights(surface: &Pick, window: Window) -> Heights {
    let built = catalog::surface(surface).build(surface);
    Heights::of(|x, y| built.value([x, y]), window, GRID)
}
