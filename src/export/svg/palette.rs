//! What terminal colours look like: xterm's 256 and a calm reading of the first 16.

use ratatui::style::Color;

/// Red, green and blue, 0 to 255.
pub type Rgb = [u8; 3];

/// What a terminal chooses for itself.
#[derive(Clone, Debug)]
pub struct Palette {
    /// Its name on the command line.
    pub name: &'static str,
    /// The screen behind the text.
    pub background: Rgb,
    /// Text without a colour of its own.
    pub foreground: Rgb,
    /// The first 16 colours.
    pub named: [Rgb; 16],
}

const fn bytes(rgb: u32) -> Rgb {
    [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8]
}

const fn palette(
    name: &'static str,
    [background, foreground]: [u32; 2],
    named: [u32; 16],
) -> Palette {
    let mut colors = [[0; 3]; 16];
    let mut index = 0;
    while index < 16 {
        colors[index] = bytes(named[index]);
        index += 1;
    }
    Palette { name, background: bytes(background), foreground: bytes(foreground), named: colors }
}

/// xterm's.
const XTERM: [u32; 16] = [
    0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
    0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
];

/// Those of <https://ethanschoonover.com/solarized>.
const SOLARIZED: [u32; 16] = [
    0x07_3642, 0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198, 0xee_e8d5,
    0x00_2b36, 0xcb_4b16, 0x58_6e75, 0x65_7b83, 0x83_9496, 0x6c_71c4, 0x93_a1a1, 0xfd_f6e3,
];

/// The Linux console's.
const LINUX: [u32; 16] = [
    0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa,
    0x55_5555, 0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
];

/// A calm reading of them.
const CALM: [u32; 16] = [
    0x1d_1f26, 0xb8_4545, 0x4f_a36a, 0xc8_973c, 0x3f_6fb5, 0xa8_6dc4, 0x3f_a0a8, 0xb8_bcc6,
    0x6b_707c, 0xf0_716b, 0x73_d08f, 0xf2_cb6c, 0x6f_a8f0, 0xcf_94ec, 0x6c_d4dc, 0xf4_f5f8,
];

/// The palettes that pictures can have; the first is taken unless another one is asked for.
pub static PALETTES: [Palette; 6] = [
    palette("gradlab", [0x15_171c, 0xd6_d9e0], CALM),
    palette("white", [0xff_ffff, 0x00_0000], XTERM),
    palette("xterm", [0x00_0000, 0xe5_e5e5], XTERM),
    palette("linux", [0x00_0000, 0xaa_aaaa], LINUX),
    palette("solarized-dark", [0x00_2b36, 0x83_9496], SOLARIZED),
    palette("solarized-light", [0xfd_f6e3, 0x65_7b83], SOLARIZED),
];

impl Palette {
    /// The colour to draw, or nothing where the terminal's own default holds.
    #[must_use]
    pub fn rgb(&self, color: Color) -> Option<Rgb> {
        match number(color) {
            Some(index @ 0..16) => Some(self.named[index as usize]),
            _ => rgb(color),
        }
    }
}

/// The colour with number `index` in xterm's palette: 16 named ones, a 6×6×6 cube, 24 greys.
#[must_use]
pub fn indexed(index: u8) -> Rgb {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..16 => PALETTES[0].named[index as usize],
        16..232 => {
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

/// The colour to draw in the first palette, or nothing where the terminal's own default holds.
#[must_use]
pub fn rgb(color: Color) -> Option<Rgb> {
    match color {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        _ => number(color).map(indexed),
    }
}

/// The number of a colour in xterm's palette.
const fn number(color: Color) -> Option<u8> {
    Some(match color {
        Color::Reset | Color::Rgb(..) => return None,
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
    })
}

/// The colour a share `t` (0 to 1) of the way from `from` to `to`.
#[must_use]
pub fn mix(from: Rgb, to: Rgb, t: f64) -> Rgb {
    let t = t.clamp(0.0, 1.0);
    std::array::from_fn(|i| {
        (f64::from(to[i]) - f64::from(from[i])).mul_add(t, f64::from(from[i])).round() as u8
    })
}

/// The relative luminance of a colour, 0 to 1, by WCAG 2.2.
#[must_use]
pub fn luminance(color: Rgb) -> f64 {
    let [r, g, b] = color.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
    });
    0.0722_f64.mul_add(b, 0.2126_f64.mul_add(r, 0.7152 * g))
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
