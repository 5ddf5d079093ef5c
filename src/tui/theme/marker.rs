//! What lines are drawn with.

use super::Charset;

/// What lines are drawn with; not every font has braille.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marker {
    /// Braille patterns: 2 × 4 dots a cell.
    #[default]
    Braille,
    /// Octants, of Unicode 16: 2 × 4 dots a cell without gaps.
    Octant,
    /// Quadrant blocks: 2 × 2 dots a cell.
    Quadrant,
    /// Half blocks: 1 × 2 dots a cell.
    HalfBlock,
    /// A middle dot a cell.
    Dot,
    /// `'`, `.` and `:`, 1 × 2 dots a cell.
    Ascii,
}

impl Marker {
    /// All of them with their names, the finest first.
    pub const TABLE: [(&'static str, Self); 6] = [
        ("braille", Self::Braille),
        ("octant", Self::Octant),
        ("quadrant", Self::Quadrant),
        ("half-block", Self::HalfBlock),
        ("dot", Self::Dot),
        ("ascii", Self::Ascii),
    ];

    /// The characters of a terminal on which this one was asked for.
    #[must_use]
    pub const fn charset(self) -> Charset {
        match self {
            Self::Ascii => Charset::Ascii,
            _ => Charset::Unicode,
        }
    }

    /// The finest marker that the characters of a terminal have for sure.
    #[must_use]
    pub const fn of(charset: Charset) -> Self {
        match charset {
            Charset::Unicode => Self::Braille,
            Charset::Console => Self::HalfBlock,
            Charset::Ascii => Self::Ascii,
        }
    }
}
