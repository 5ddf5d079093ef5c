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

impl<'a> Footer<'a> {
    fn that_fit(&self, room: usize) -> Vec<(&'a str, &'a str)> {
        let width =
            |hint: &(&str, &str)| format::width(hint.0) + format::width(hint.1) + 1 + BETWEEN;
        let (others, kept) = self.hints.split_at(self.hints.len().saturating_sub(self.kept));
        // A column of air on the left; nothing between the last hint and the edge.
        let mut left = (room + BETWEEN).saturating_sub(1);
        let mut fits = |hint: &&(&str, &str)| {
            let rest = left.checked_sub(width(hint));
            left = rest.unwrap_or(0);
            rest.is_some()
        };
        let mut kept: Vec<_> = kept.iter().rev().take_while(&mut fits).copied().collect();
        kept.reverse();
        others.iter().take_while(fits).copied().chain(kept).collect()
    }
}

impl Widget for &Footer<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let mut x = area.x + 1;
        for (key, label) in self.that_fit(area.width as usize) {
            put(buf, area, x, area.y, key, self.theme.accent());
            x += format::width(key) as u16 + 1;
            put(buf, area, x, area.y, label, self.theme.muted());
            x += (format::width(label) + BETWEEN) as u16;
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
