//! What happened, marked on the chart. Marks too close to be told apart merge, and no label lies on a
//! line, on another label or on the legend.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    super::{canvas::Canvas, format, frame::Frame, is_free, put},
    Chart,
};

/// Columns within which marks merge.
const NEAR: u16 = 3;
/// The least columns of a label that is shortened.
const LEAST: u16 = 8;

/// Events that are marked as one.
struct Mark<'a> {
    x: u16,
    count: usize,
    label: &'a str,
}

impl Chart<'_> {
    /// Draws marks and labels on what the lines and the `legend` leave free.
    pub(super) fn render_events(
        &self,
        (frame, canvas): (&Frame, &Canvas),
        plot: Rect,
        legend: Rect,
        buf: &mut Buffer,
    ) {
        let marks = self.marks(frame, canvas);
        for mark in &marks {
            for y in plot.top()..plot.bottom() {
                let taken = legend.contains((mark.x, y).into());
                if !taken && is_free(buf, plot, mark.x, y, 1, &[" "]) {
                    put(buf, plot, mark.x, y, "┊", self.theme.border());
                }
            }
        }
        for mark in &marks {
            let label = match mark.count {
                1 => mark.label.to_owned(),
                count => format!("{count} {}", self.events_are),
            };
            self.render_label(mark.x, &label, plot, legend, buf);
        }
    }

    fn marks(&self, frame: &Frame, canvas: &Canvas) -> Vec<Mark<'_>> {
        let place = |x: f64| frame.x.place(x).filter(|place| (0.0..=1.0).contains(place));
        let mut places: Vec<_> = self
            .events
            .iter()
            .filter_map(|event| Some((canvas.cell(canvas.at(place(event.x)?, 0.0)).0, event.label)))
            .collect();
        places.sort_by_key(|(x, _)| *x);
        let mut marks: Vec<Mark<'_>> = Vec::new();
        for (x, label) in places {
            match marks.last_mut() {
                Some(last) if x - last.x < NEAR => last.count += 1,
                _ => marks.push(Mark { x, count: 1, label }),
            }
        }
        marks
    }

    /// Writes a label beside its mark: in full without crossing another mark, else shortened, else
    /// across marks.
    fn render_label(&self, x: u16, label: &str, plot: Rect, legend: Rect, buf: &mut Buffer) {
        let wanted = format::width(label) as u16;
        let rows = || plot.top()..plot.bottom();
        let spots = || rows().map(|y| (true, y)).chain(rows().map(|y| (false, y)));
        let room = |(right, y): (bool, u16), free: &[&str]| {
            let cell = |n: u16| if right { x.checked_add(n) } else { x.checked_sub(n) };
            let is_room = |n: &u16| {
                cell(*n).is_some_and(|x| {
                    !legend.contains((x, y).into()) && is_free(buf, plot, x, y, 1, free)
                })
            };
            // A column of air on both sides.
            (1..=wanted + 2).take_while(is_room).count().saturating_sub(2) as u16
        };
        let full = |free: &'static [&str]| spots().find(|spot| room(*spot, free) >= wanted);
        let spot = full(&[" "]).map(|spot| (spot, wanted)).or_else(|| {
            // The highest of the widest.
            let widest = spots().rev().max_by_key(|spot| room(*spot, &[" "]))?;
            Some((widest, room(widest, &[" "]))).filter(|(_, room)| *room >= LEAST)
        });
        let spot = spot.or_else(|| full(&[" ", "┊"]).map(|spot| (spot, wanted)));
        let Some(((right, y), width)) = spot else { return };
        let text = format::truncate(label, usize::from(width));
        let start = if right { x + 2 } else { x - 1 - format::width(&text) as u16 };
        put(buf, plot, start, y, &text, self.theme.muted());
    }
}
