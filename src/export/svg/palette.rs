//! What terminal colours look like: xterm's 256 and a calm reading of the first 16.

use ratatui::style::Color;

/// Red, green and blue, 0 to 255.
pub type Rgb = [u8; 3];

/// The screen behind the text.
pub const BACKGROUND: Rgb = [0x15, 0x17, 0x1c];
/// Text without a colour of its own.
pub const FOREGROUND: Rgb = [0xd6, 0xd9, 0xe0];

/// The 16 colours that every terminal chooses for itself.
const NAMED: [Rgb; 16] = [
    [0x1d, 0x1f, 0x26],
    [0xc9, 0x4f, 0x4f],
    [0x4f, 0xa3, 0x6a],
    [0xc8, 0x97, 0x3c],
    [0x3f, 0x6f, 0xb5],
    [0xa8, 0x6d, 0xc4],
    [0x3f, 0xa0, 0xa8],
    [0xb8, 0xbc, 0xc6],
    [0x6b, 0x70, 0x7c],
    [0xf0, 0x71, 0x6b],
    [0x73, 0xd0, 0x8f],
    [0xf2, 0xcb, 0x6c],
    [0x6f, 0xa8, 0xf0],
    [0xcf, 0x94, 0xec],
    [0x6c, 0xd4, 0xdc],
    [0xf4, 0xf5, 0xf8],
];

/// The colour with number `index` in xterm's palette: 16 named ones, a 6×6×6 cube, 24 greys.
#[must_use]
pub fn indexed(index: u8) -> Rgb {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..16 => NAMED[index as usize],
        16..232 => {
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

/// The colour to draw, or nothing where the terminal's own default holds.
#[must_use]
pub fn rgb(color: Color) -> Option<Rgb> {
    let index = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some([r, g, b]),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(indexed(index))
}

/// The colour a share `t` (0 to 1) of the way from `from` to `to`.
#[must_use]
pub fn mix(from: Rgb, to: Rgb, t: f64) -> Rgb {
    let t = t.clamp(0.0, 1.0);
    std::array::from_fn(|i| {
        (f64::from(to[i]) - f64::from(from[i])).mul_add(t, f64::from(from[i])).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cube_and_the_greys_are_xterms() {
        // Values from xterm's 256colres.h.
        for (index, expected) in [
            (16, [0, 0, 0]),
            (21, [0, 0, 255]),
            (67, [95, 135, 175]),
            (208, [255, 135, 0]),
            (231, [255, 255, 255]),
            (232, [8, 8, 8]),
            (255, [238, 238, 238]),
        ] {
            assert_eq!(indexed(index), expected, "{index}");
        }
    }

    #[test]
    fn mixing_goes_from_one_end_to_the_other() {
        assert_eq!(mix([0, 0, 0], [200, 100, 50], 0.5), [100, 50, 25]);
        assert_eq!(mix([9, 9, 9], [1, 1, 1], f64::INFINITY), [1, 1, 1]);
    }
}
