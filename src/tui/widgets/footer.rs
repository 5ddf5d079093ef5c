//! The keys that matter here, in one line.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{format, put};
use crate::tui::theme::Theme;

/// A line of keys and what they do. Where it is narrow, hints drop away from the right, but the
/// last one (the key to all others) stays longest.
#[derive(Clone, Copy, Debug)]
pub struct Footer<'a> {
    /// The look.
    pub theme: Theme,
    /// Keys and labels, the most important first.
    pub hints: &'a [(&'a str, &'a str)],
}

/// Columns between hints.
const BETWEEN: usize = 3;

impl<'a> Footer<'a> {
    fn that_fit(&self, room: usize) -> Vec<(&'a str, &'a str)> {
        let width =
            |hint: &(&str, &str)| format::width(hint.0) + format::width(hint.1) + 1 + BETWEEN;
        let Some((last, others)) = self.hints.split_last() else { return Vec::new() };
        let mut used = width(last).saturating_sub(BETWEEN) + 1;
        if used > room {
            return Vec::new();
        }
        let fits = |hint: &&(&str, &str)| {
            used += width(hint);
            used <= room
        };
        others.iter().take_while(fits).chain([last]).copied().collect()
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
        hints: &[("space", "pause"), ("s", "step"), ("?", "keys")],
    };

    #[test]
    fn any_size() {
        survives_every_size(&FOOTER);
        survives_every_size(&Footer { hints: &[], ..FOOTER });
    }

    #[test]
    fn hints_drop_from_the_right_and_the_last_stays() {
        for (width, expected) in [
            (40, " space pause   s step   ? keys"),
            (30, " space pause   s step   ? keys"),
            (29, " space pause   ? keys"),
            (20, " ? keys"),
            (6, ""),
        ] {
            assert_eq!(picture(&FOOTER, width, 1), [expected], "{width}");
        }
    }
}
