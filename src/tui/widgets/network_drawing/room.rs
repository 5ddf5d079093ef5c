//! How large pictures are, how many there is room for, and where columns stand.

use ratatui::layout::Rect;

use crate::tui::theme::{Depth, Theme};

/// The kind of pictures in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// Over a plane: square.
    Planes,
    /// Curves.
    Curves,
    /// So many bars, or as many pixels across.
    Bars(usize),
}

/// A network, as far as its drawing depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns, inputs included if they are drawn.
    pub columns: usize,
    /// Nodes of the largest column.
    pub units: usize,
    /// The kind of its pictures.
    pub pictures: Pictures,
    /// Cells for the name of an input beside its picture, or without one.
    pub inputs: u16,
    /// Whether inputs have pictures.
    pub pictured_inputs: bool,
    /// Cells for the names of the outputs.
    pub outputs: u16,
}

/// The room for the drawing of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Pixels of a picture, across (a cell each) and down (two a row).
    pub picture: (u16, u16),
    /// Rows of a picture.
    pub rows: u16,
    /// Rows from one picture to the next.
    pub pitch: u16,
    /// Cells between columns.
    pub gap: u16,
    /// Cells between a picture and the lines at it.
    pub air: u16,
    /// Nodes of a column.
    pub units: usize,
    /// Columns that are in sight at a time.
    pub columns: usize,
    /// Cells of the column of inputs.
    first: u16,
    /// Cells of inputs' names before their pictures.
    pub names: u16,
    /// Cells right of the last column.
    right: u16,
}

/// The least cells between columns, in which a line can be followed.
const GAP: u16 = 3;
/// The most cells between columns.
const WIDE: u16 = 16;
/// Pixels down a picture, the largest first.
const HEIGHTS: [u16; 5] = [11, 9, 7, 5, 3];
/// Nodes of a column that are preferred to larger pictures.
const ENOUGH: usize = 3;

impl Shape {
    /// The room that there is in an area of this size.
    #[must_use]
    pub fn room(&self, (width, height): (u16, u16), theme: Theme) -> Room {
        let rooms =
            || HEIGHTS.into_iter().filter_map(|it| self.room_of(it, (width, height), theme));
        let whole = |room: &Room| room.columns == self.columns;
        rooms()
            .find(|room| whole(room) && room.units == self.units)
            .or_else(|| {
                let mut wide =
                    rooms().filter(whole).filter(|room| room.picture.1 <= 5 || self.wants(room));
                wide.clone()
                    .find(|room| room.units >= ENOUGH.min(self.units))
                    .or_else(|| wide.next_back())
            })
            .or_else(|| rooms().next_back())
            .unwrap_or(NOTHING)
    }

    /// Whether pictures are not to be smaller than in `room`.
    const fn wants(&self, room: &Room) -> bool {
        matches!(self.pictures, Pictures::Bars(_)) && room.picture.1 <= 9
    }

    /// The room for pictures of so many pixels down; none if there is none for a single column.
    fn room_of(&self, pixels: u16, (width, height): (u16, u16), theme: Theme) -> Option<Room> {
        // Half a row of air below planes, where half rows can be told apart; a row below others.
        let halves = self.pictures == Pictures::Planes && theme.depth != Depth::None;
        let pitch = pixels.div_ceil(2);
        let rows = if halves { pitch } else { pitch - 1 };
        let pixels = if halves { pixels } else { 2 * rows };
        let across = match self.pictures {
            Pictures::Planes if pixels <= 3 => 4,
            Pictures::Planes => pixels,
            Pictures::Curves => pixels.max(3) + 1,
            Pictures::Bars(bars) => bars.clamp(5, 16) as u16,
        };
        let first = if self.pictured_inputs { self.inputs + across } else { self.inputs };
        let has_inputs = u16::from(first > 0);
        let spare = width.checked_sub(first + self.outputs)?;
        let others = (self.columns as u16).saturating_sub(has_inputs);
        let fit = if has_inputs > 0 { spare } else { spare + GAP } / (across + GAP);
        let shown = others.min(fit);
        if shown == 0 || height < pitch + 2 || rows == 0 {
            return None;
        }
        let columns = shown + has_inputs;
        let gap = (spare - shown * across) / columns.saturating_sub(1).max(1);
        let all = self.units <= usize::from((height - 1) / pitch);
        let units = if all { self.units } else { usize::from((height - 2) / pitch) };
        Some(Room {
            picture: (across, pixels),
            rows,
            pitch,
            gap: gap.min(WIDE),
            air: u16::from(self.pictures == Pictures::Curves && gap > GAP),
            units,
            columns: usize::from(columns),
            first,
            names: if self.pictured_inputs { self.inputs } else { 0 },
            right: self.outputs,
        })
    }
}

/// No room at all.
const NOTHING: Room = Room {
    picture: (0, 0),
    rows: 0,
    pitch: 0,
    gap: 0,
    air: 0,
    units: 0,
    columns: 0,
    first: 0,
    names: 0,
    right: 0,
};

impl Room {
    /// Cells of a column.
    #[must_use]
    pub const fn width(&self, first: bool) -> u16 {
        if first && self.first > 0 { self.first } else { self.picture.0 }
    }

    /// The first cells of the columns in sight, left to right; all of them in the middle of `area`.
    pub fn lefts(&self, area: Rect) -> impl Iterator<Item = u16> {
        let count = self.columns as u16;
        let (first, across, gap) = (self.width(true), self.picture.0, self.gap);
        let others = move |columns: u16| columns.saturating_mul(across + gap);
        let taken = others(count.saturating_sub(1)).saturating_add(first + self.right);
        let start = area.x + area.width.saturating_sub(taken) / 2;
        (0..count).map(move |index| match index {
            0 => start,
            _ => others(index - 1).saturating_add(first + gap).saturating_add(start),
        })
    }
}
