//! The bordered panel that holds everything else.

use ratatui::{
    buffer::Buffer,
    layout::{Margin, Rect},
    style::Style,
    symbols::border,
    widgets::{Block, Widget},
};

use super::{format, put};
use crate::tui::theme::Theme;

/// A rounded border with its title, and perhaps a second title at the right.
///
/// ```text
/// ╭ Loss ──────────── log ╮
/// │                       │
/// ╰───────────────────────╯
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    theme: Theme,
    title: &'a str,
    right: &'a str,
    below: &'a str,
    focused: bool,
    past: bool,
}

impl<'a> Panel<'a> {
    /// A panel without focus.
    #[must_use]
    pub const fn new(theme: Theme, title: &'a str) -> Self {
        Self { theme, title, right: "", below: "", focused: false, past: false }
    }

    /// Adds a title at the right; it gives way where there is no room for both.
    #[must_use]
    pub const fn right(mut self, title: &'a str) -> Self {
        self.right = title;
        self
    }

    /// Adds a word in the border below, such as the place in a list.
    #[must_use]
    pub const fn below(mut self, word: &'a str) -> Self {
        self.below = word;
        self
    }

    /// Marks the panel that has the focus.
    #[must_use]
    pub const fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Marks a panel that shows the past: its border is dashed and has a colour of its own.
    #[must_use]
    pub const fn past(mut self, past: bool) -> Self {
        self.past = past;
        self
    }

    /// The area within the border.
    #[must_use]
    pub const fn inner(area: Rect) -> Rect {
        area.inner(Margin::new(1, 1))
    }

    /// Draws a line with a title of its own across the panel at row `y`: `├ Training ───┤`.
    pub fn divide(&self, area: Rect, y: u16, title: &str, buf: &mut Buffer) {
        if area.width < 2 || y <= area.y || y >= area.bottom().saturating_sub(1) {
            return;
        }
        let inside = Rect { x: area.x + 1, y, width: area.width - 2, height: 1 };
        put(buf, area, area.x, y, "├", self.border());
        put(buf, area, inside.right(), y, "┤", self.border());
        let line = if self.past { DASHED.horizontal_top } else { "─" };
        put(buf, inside, inside.x, y, &line.repeat(inside.width as usize), self.border());
        if let Some(title) = heading(title, inside.width as usize) {
            put(buf, inside, inside.x, y, &title, self.theme.text());
        }
    }

    fn border(&self) -> Style {
        match (self.past, self.focused) {
            (true, _) => self.theme.warn(),
            (false, true) => self.theme.accent(),
            (false, false) => self.theme.border(),
        }
    }
}

/// The border of the past.
const DASHED: border::Set<'static> = border::Set {
    horizontal_top: "╌",
    horizontal_bottom: "╌",
    vertical_left: "╎",
    vertical_right: "╎",
    ..border::ROUNDED
};

/// A title with the spaces that set it off the border, if `room` columns hold any of it.
fn heading(title: &str, room: usize) -> Option<String> {
    let title = format::truncate(title, room.saturating_sub(2));
    (!title.is_empty()).then(|| format!(" {title} "))
}

impl Widget for &Panel<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let room = area.width.saturating_sub(2) as usize;
        Block::bordered()
            .border_set(if self.past { DASHED } else { border::ROUNDED })
            .border_style(self.border())
            .render(area, buf);
        let style = if self.focused { self.theme.accent() } else { self.theme.text() };
        if let Some(title) = heading(self.title, room) {
            put(buf, area, area.x + 1, area.y, &title, style);
        }
        let both = format::width(self.title) + format::width(self.right) + 5;
        if !self.right.is_empty() && both <= room {
            let right = format!(" {} ", self.right);
            let start = area.right() - 1 - format::width(&right) as u16;
            put(buf, area, start, area.y, &right, self.theme.muted());
        }
        if let Some(word) = heading(self.below, room).filter(|_| area.height > 1) {
            put(buf, area, area.x + 1, area.bottom() - 1, &word, self.theme.muted());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{picture, survives_every_size};
    use super::*;
    use crate::tui::theme::Depth;

    struct Divided;

    impl Widget for &Divided {
        fn render(self, area: Rect, buf: &mut Buffer) {
            let panel = Panel::new(Theme::new(Depth::None), "Network").right("log").below("3/7");
            (&panel).render(area, buf);
            panel.divide(area, area.y.saturating_add(2), "Training", buf);
        }
    }

    #[test]
    fn any_size() {
        survives_every_size(&Divided);
        survives_every_size(&Panel::new(Theme::new(Depth::True), "日本語").focused(true));
        assert!(Panel::inner(Rect::new(5, 5, 1, 1)).is_empty());
    }

    #[test]
    fn titles_stand_in_the_border() {
        let expected = [
            "╭ Network ──── log ╮",
            "│                  │",
            "├ Training ────────┤",
            "│                  │",
            "╰ 3/7 ─────────────╯",
        ];
        assert_eq!(picture(&Divided, 20, 5), expected);
    }

    #[test]
    fn the_past_shows_without_colour() {
        struct Past;
        impl Widget for &Past {
            fn render(self, area: Rect, buf: &mut Buffer) {
                let panel = Panel::new(Theme::new(Depth::None), "Loss").past(true);
                (&panel).render(area, buf);
            }
        }
        assert_eq!(picture(&Past, 12, 3), ["╭ Loss ╌╌╌╌╮", "╎          ╎", "╰╌╌╌╌╌╌╌╌╌╌╯"]);
    }

    #[test]
    fn titles_give_way_where_it_is_narrow() {
        let expected = ["╭ Net… ╮", "│      │", "├ Tra… ┤", "╰ 3/7 ─╯"];
        assert_eq!(picture(&Divided, 8, 4), expected);
    }
}
