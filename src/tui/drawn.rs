//! What a drawing reports: areas that can be clicked, the room there was, and how far lists were
//! scrolled. Drawing changes nothing; what has to be remembered of it comes back in these.

use ratatui::layout::Rect;

use super::keymap::Action;
use crate::train::probe::View;

/// What was drawn of a screen, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// Areas that can be clicked, each with the screen's own number of what stands there.
    pub targets: Vec<(Rect, usize)>,
    /// Areas of neurons that can be clicked, by layer and place in it.
    pub neurons: Vec<(Rect, (usize, usize))>,
    /// Where the plane was drawn that is painted on; none while nothing is painted.
    pub plane: Option<Rect>,
    /// The room there was for a picture of a network; none where none was drawn.
    pub view: Option<View>,
    /// How its list was scrolled; none where none was drawn.
    pub scroll: Option<Scroll>,
}

/// What was drawn of the whole workbench.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnFrame {
    /// The screen.
    pub screen: Drawn,
    /// The list of the overlay, if it has one.
    pub overlay: Option<Scroll>,
    /// Tabs and keys of the footer, each with what a click on it asks for.
    pub clickable: Vec<(Rect, Action)>,
}

/// The rows of a list that were shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The first row shown.
    pub top: usize,
    /// How many rows there was room for.
    pub height: usize,
    /// The largest `top` that there is any use for: the last row is at the bottom.
    pub last: usize,
}

impl Scroll {
    /// The rows of a list of `len` from `top` on, moved as little as it takes to show `cursor` among
    /// `height` rows.
    #[must_use]
    pub const fn to_show(cursor: usize, top: usize, height: usize, len: usize) -> Self {
        let top = if cursor < top {
            cursor
        } else if height > 0 && cursor >= top + height {
            cursor + 1 - height
        } else {
            top
        };
        Self { top, height, last: len.saturating_sub(height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_moves_as_little_as_it_takes() {
        for (cursor, top, expected) in [(3, 0, 0), (4, 0, 1), (9, 0, 6), (2, 5, 2), (6, 5, 5)] {
            let scroll = Scroll::to_show(cursor, top, 4, 10);
            assert_eq!((scroll.top, scroll.last), (expected, 6), "{cursor} from {top}");
        }
        assert_eq!(Scroll::to_show(7, 2, 0, 10).top, 2);
    }
}
