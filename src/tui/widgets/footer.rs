//! The keys that matter here, in one line.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{format, put};
use crate::tui::theme::Theme;

/// A line of keys and what they do. Where it is narrow, hints drop away from the right, but for
/// those that are kept; of these the last one (the key to all others) stays longest.
#[derive(Clone, Copy, Debug)]
pub struct Footer<'a> {
    /// The look.
    pub theme: Theme,
    /// Keys and labels, the most important first.
    pub hints: &'a [(&'a str, &'a str)],
    /// How many of the last hints are kept.
    pub kept: usize,
}

/// Columns between hints.
const BETWEEN: usize = 3;

impl Footer<'_> {
    /// The places in the list of the hints that fit into so many columns.
    fn that_fit(&self, room: usize) -> Vec<usize> {
        let width = |index: usize| {
            let (key, label) = self.hints[index];
            format::width(key) + format::width(label) + 1 + BETWEEN
        };
        let count = self.hints.len();
        let (others, kept) = (0..count).partition::<Vec<_>, _>(|index| index + self.kept < count);
        // A column of air on the left; nothing between the last hint and the edge.
        let mut left = (room + BETWEEN).saturating_sub(1);
        let mut fits = |index: &usize| {
            let rest = left.checked_sub(width(*index));
            left = rest.unwrap_or(0);
            rest.is_some()
        };
        let mut kept: Vec<_> = kept.into_iter().rev().take_while(&mut fits).collect();
        kept.reverse();
        others.into_iter().take_while(fits).chain(kept).collect()
    }
}

impl Footer<'_> {
    /// The hints that fit into `area`, by their places in the list, and where each stands.
    #[must_use]
    pub fn places(&self, area: Rect) -> Vec<(Rect, usize)> {
        let mut x = area.x.saturating_add(1);
        let mut places = Vec::new();
        for index in self.that_fit(area.width as usize) {
            let (key, label) = self.hints[index];
            let width = (format::width(key) + 1 + format::width(label)) as u16;
            places.push((Rect { x, width, height: 1, ..area }, index));
            x = x.saturating_add(width + BETWEEN as u16);
        }
        places
    }
}

impl Widget for &Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        for (place, index) in self.places(area) {
            let (key, label) = self.hints[index];
            put(buf, area, place.x, area.y, key, self.theme.accent());
            let x = place.x + format::width(key) as u16 + 1;
            put(buf, area, x, area.y, label, self.theme.muted());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    const FOOTER: Footer = Footer {
        theme: Theme::new(Depth::None),
        hints: &[("space", "pause"), ("s", "step"), ("q", "quit"), ("?", "keys")],
        kept: 2,
    };

    #[test]
    fn any_size() {
        survives_every_size(&FOOTER);
        survives_every_size(&Footer { hints: &[], ..FOOTER });
    }

    #[test]
    fn hints_drop_from_the_right_and_the_last_stay() {
        for (width, expected) in [
            (50, " space pause   s step   q quit   ? keys"),
            (39, " space pause   s step   q quit   ? keys"),
            (38, " space pause   q quit   ? keys"),
            (29, " q quit   ? keys"),
            (15, " ? keys"),
            (6, ""),
        ] {
            assert_eq!(picture(&FOOTER, width, 1), [expected], "{width}");
        }
    }
}
