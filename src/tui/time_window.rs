//! The stretch of the run that all charts over its steps show.

use super::widgets::axis::{Axis, Scale};

/// The fewest steps that fill a chart.
const LEAST: f64 = 16.0;
/// Parts of the stretch by which it follows the present, so that a chart seldom moves.
const NOTCHES: f64 = 8.0;
/// The part of the stretch that it is moved by.
const PAN: f64 = 0.25;

/// A way along the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To earlier steps.
    Earlier,
    /// To later ones.
    Later,
}

/// The stretch of the run that is shown: all of it, unless it was zoomed in on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeWindow(Option<Part>);

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    /// Steps from end to end.
    width: f64,
    /// Its last step; the present as it moves if there is none.
    end: Option<f64>,
}

impl TimeWindow {
    /// The axis over it, for a run at step `present` that all of `whole` would show.
    #[must_use]
    pub fn axis(&self, whole: Axis, present: u64) -> Axis {
        let Some((low, high)) = self.part(present) else { return whole };
        Axis::exact(Scale::Linear, low, high)
    }

    /// Whether it is less than the whole run.
    #[must_use]
    pub const fn is_zoomed(&self) -> bool {
        self.0.is_some()
    }

    /// Its first and last step; none if it is the whole run.
    #[must_use]
    pub fn part(&self, present: u64) -> Option<(f64, f64)> {
        let Part { width, end } = self.0?;
        let notch = width / NOTCHES;
        let end = end.unwrap_or_else(|| (present as f64 / notch).ceil() * notch);
        let end = end.max(width);
        Some((end - width, end))
    }

    /// Shows half as many steps, around `moment` or up to the present.
    pub fn zoom_in(&mut self, moment: Option<u64>, present: u64) {
        let width = self.0.map_or(present as f64, |part| part.width);
        let width = (width / 2.0).max(LEAST);
        let panned = self.0.and_then(|part| part.end).map(|end| end - width / 2.0);
        let end = moment.map(|step| step as f64 + width / 2.0).or(panned);
        self.set(Part { width, end }, present);
    }

    /// Shows twice as many steps, at last all.
    pub fn zoom_out(&mut self, present: u64) {
        let Some(Part { width, end }) = self.0 else { return };
        let end = end.map(|end| end + width / 2.0);
        self.set(Part { width: 2.0 * width, end }, present);
    }

    /// Moves it along. Returns whether it could be.
    pub fn pan(&mut self, way: Way, present: u64) -> bool {
        let before = *self;
        let (Some(part), Some((_, end))) = (self.0, self.part(present)) else { return false };
        let by = part.width * PAN;
        let end = if way == Way::Earlier { end - by } else { end + by };
        self.set(Part { end: Some(end), ..part }, present);
        *self != before
    }

    /// Moves it to where `step` is in sight.
    pub fn show(&mut self, step: u64, present: u64) {
        let (Some(part), Some((low, high))) = (self.0, self.part(present)) else { return };
        let step = step as f64;
        if !(low..=high).contains(&step) {
            self.set(Part { end: Some(step + part.width / 2.0), ..part }, present);
        }
    }

    /// Keeps it within a run that now ends at `present`.
    pub fn fit(&mut self, present: u64) {
        if let Some(part) = self.0 {
            self.set(part, present);
        }
    }

    fn set(&mut self, part: Part, present: u64) {
        let present = present as f64;
        self.0 = (part.width < present).then(|| {
            let end = part.end.map(|end| end.max(part.width)).filter(|end| *end < present);
            Part { end, ..part }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_present_in_notches() {
        let mut window = TimeWindow::default();
        assert_eq!(window.part(1000), None);
        window.zoom_in(None, 1000);
        assert_eq!(window.part(1000), Some((500.0, 1000.0)));
        assert_eq!(window.part(1001), Some((562.5, 1062.5)));
        assert_eq!(window.part(1062), window.part(1001));
        window.zoom_in(None, 1000);
        assert_eq!(window.part(1000), Some((750.0, 1000.0)));
        window.zoom_out(1000);
        window.zoom_out(1000);
        assert!(!window.is_zoomed());
    }

    #[test]
    fn it_is_moved_within_the_run() {
        let mut window = TimeWindow::default();
        assert!(!window.pan(Way::Earlier, 800), "all is shown");
        window.zoom_in(None, 800);
        assert!(!window.pan(Way::Later, 800), "it is at the end");
        assert!(window.pan(Way::Earlier, 800));
        assert_eq!(window.part(900), Some((300.0, 700.0)), "it stays there");
        for _ in 0..9 {
            window.pan(Way::Earlier, 800);
        }
        assert_eq!(window.part(800), Some((0.0, 400.0)));
        window.show(600, 800);
        assert_eq!(window.part(800), Some((400.0, 800.0)));
        window.show(500, 800);
        assert_eq!(window.part(800), Some((400.0, 800.0)), "it is in sight");
    }

    #[test]
    fn a_moment_of_the_past_is_in_its_middle() {
        let mut window = TimeWindow::default();
        window.zoom_in(Some(400), 1000);
        assert_eq!(window.part(1000), Some((150.0, 650.0)));
        window.zoom_in(Some(400), 1000);
        assert_eq!(window.part(1000), Some((275.0, 525.0)));
        for _ in 0..20 {
            window.zoom_in(Some(400), 1000);
        }
        assert_eq!(window.part(1000), Some((392.0, 408.0)));
        window.zoom_in(None, 10);
        assert!(!TimeWindow::default().is_zoomed());
    }
}
