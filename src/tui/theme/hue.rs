//! The table of colours: each hue in three tones, on dark backgrounds and on light ones.

use ratatui::style::Color;

use crate::export::svg::palette::Rgb;

/// A hue, as it stands on dark backgrounds and on light ones.
#[derive(Debug)]
pub struct Hue {
    /// On black and on what is nearly so.
    pub dark: Tones,
    /// On white and on what is nearly so.
    pub light: Tones,
}

/// A hue at each depth of colour: as ink on the background, as a surface, and as a point on any surface.
#[derive(Debug)]
pub struct Tones {
    /// In 24 bits.
    pub rgb: [Rgb; 3],
    /// In xterm's 256.
    pub indexed: [u8; 3],
    /// In the 16 that the terminal's own theme chooses: as ink, and as a surface.
    pub named: [Color; 2],
}

/// The place of the ink among [`Tones`].
pub const INK: usize = 0;
/// The place of the surface.
pub const FILL: usize = 1;
/// The place of the point.
pub const POINT: usize = 2;

const fn bytes(rgb: u32) -> Rgb {
    [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8]
}

const fn tones(rgb: [u32; 3], indexed: [u8; 3], named: [Color; 2]) -> Tones {
    let [ink, fill, point] = rgb;
    Tones { rgb: [bytes(ink), bytes(fill), bytes(point)], indexed, named }
}

/// Secondary text.
pub const MUTED: Hue = Hue {
    dark: tones(
        [0x8b_909c, 0x45_464b, 0xb5_b5b5],
        [246, 236, 188],
        [Color::Reset, Color::DarkGray],
    ),
    light: tones([0x5f_6470, 0xcd_cccb, 0x52_5252], [241, 252, 239], [Color::Reset, Color::Gray]),
};

/// Borders and axes.
pub const BORDER: Hue = Hue {
    dark: tones(
        [0x7d_8290, 0x45_464b, 0xb5_b5b5],
        [244, 236, 188],
        [Color::Reset, Color::DarkGray],
    ),
    light: tones([0x7d_8290, 0xcd_cccb, 0x52_5252], [244, 252, 239], [Color::Reset, Color::Gray]),
};

/// Violet: none of the classes has it.
pub const ACCENT: Hue = Hue {
    dark: tones(
        [0xa0_84f0, 0x3f_3560, 0xc4_b2f7],
        [141, 54, 189],
        [Color::LightMagenta, Color::Magenta],
    ),
    light: tones(
        [0x6a_3fd0, 0xd6_c9f7, 0x4b_2a9c],
        [55, 189, 54],
        [Color::Magenta, Color::Magenta],
    ),
};

/// Okabe–Ito bluish green, a little lighter.
pub const GOOD: Hue = Hue {
    dark: tones([0x1c_b088, 0x10_4f42, 0x69_c6ac], [36, 22, 122], [Color::Green, Color::Green]),
    light: tones([0x00_694d, 0x9c_d8c6, 0x00_4d3a], [23, 158, 23], [Color::Blue, Color::Green]),
};

/// Okabe–Ito vermillion, a little lighter.
pub const BAD: Hue = Hue {
    dark: tones([0xe1_7023, 0x69_3814, 0xe8_a774], [208, 88, 223], [Color::LightRed, Color::Red]),
    light: tones([0xb0_3000, 0xee_c4a1, 0x7d_2f00], [124, 223, 88], [Color::Red, Color::Red]),
};

/// Okabe and Ito's palette (<https://jfly.uni-koeln.de/color/>), the most distinct pair first; lighter or
/// darker only as far as it takes to be legible.
pub const CLASSES: [Hue; 8] = [
    Hue {
        dark: tones([0x56_b4e9, 0x2c_495e, 0x6c_beec], [74, 24, 159], [Color::Cyan, Color::Blue]),
        light: tones([0x00_72b2, 0x9f_d3ee, 0x00_5686], [25, 153, 18], [Color::Blue, Color::Blue]),
    },
    Hue {
        dark: tones(
            [0xe6_9f00, 0x57_4318, 0xe9_aa1c],
            [214, 58, 221],
            [Color::Yellow, Color::Yellow],
        ),
        light: tones([0x96_6700, 0xee_c76d, 0x6e_4c00], [94, 222, 52], [Color::Red, Color::Red]),
    },
    Hue {
        dark: tones([0x0e_a37b, 0x10_4f42, 0x69_c6ac], [36, 22, 122], [Color::Green, Color::Green]),
        light: tones(
            [0x00_4d3a, 0x9c_d8c6, 0x00_4d3a],
            [23, 158, 23],
            [Color::Reset, Color::Green],
        ),
    },
    Hue {
        dark: tones(
            [0xcc_79a7, 0x5a_3d52, 0xdd_a5c4],
            [175, 53, 225],
            [Color::LightMagenta, Color::Magenta],
        ),
        light: tones(
            [0x9c_3f78, 0xe6_c2d5, 0x84_3565],
            [89, 224, 89],
            [Color::Magenta, Color::Magenta],
        ),
    },
    Hue {
        dark: tones(
            [0xdb_7524, 0x69_3814, 0xe8_a774],
            [172, 88, 223],
            [Color::LightRed, Color::Red],
        ),
        light: tones([0x7d_2f00, 0xee_c4a1, 0x7d_2f00], [88, 223, 88], [Color::Red, Color::Red]),
    },
    Hue {
        dark: tones(
            [0x45_98c7, 0x0f_405e, 0x86_bcda],
            [110, 18, 189],
            [Color::LightCyan, Color::Cyan],
        ),
        light: tones([0x00_2f57, 0xad_d1e4, 0x00_2f57], [24, 189, 17], [Color::Blue, Color::Cyan]),
    },
    Hue {
        dark: tones(
            [0xf0_e442, 0x48_4729, 0xf0_e442],
            [227, 239, 227],
            [Color::White, Color::LightYellow],
        ),
        light: tones(
            [0x38_360a, 0xf3_eb85, 0x38_360a],
            [58, 228, 236],
            [Color::Reset, Color::LightYellow],
        ),
    },
    Hue {
        dark: tones(
            [0x99_9999, 0x45_464b, 0xb5_b5b5],
            [247, 236, 188],
            [Color::Reset, Color::Gray],
        ),
        light: tones(
            [0x6e_6e6e, 0xcd_cccb, 0x52_5252],
            [242, 252, 239],
            [Color::Reset, Color::Gray],
        ),
    },
];

/// The training split.
pub const TRAIN: &Hue = &CLASSES[0];
/// The held-out split, and what is to be looked at.
pub const TEST: &Hue = &CLASSES[1];
