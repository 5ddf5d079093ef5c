//! The colours behind the roles, and their way down to 256 and to 16.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Theme};
use crate::export::svg::palette::{Rgb, indexed, mix, rgb};

/// One colour for text and lines, as 24 bits and as the nearest of 16 in meaning.
pub struct Hue {
    rgb: Rgb,
    /// As text, on the terminal's own background.
    ansi: Color,
    /// As a surface of 256 colours, where a dark shade by distance would lose its hue.
    dark: u8,
    /// As a surface of 16 colours.
    fill: Color,
    /// As a point on black.
    bright: Color,
}

const fn hue(rgb: u32, dark: u8, [ansi, fill, bright]: [Color; 3]) -> Hue {
    Hue { rgb: [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8], ansi, dark, fill, bright }
}

/// A mid grey, legible on dark and on light.
pub const MUTED: Hue = hue(0x7d_8290, 238, [Color::DarkGray, Color::DarkGray, Color::Gray]);
/// Violet: none of the classes has it.
pub const ACCENT: Hue = hue(0xa0_84f0, 54, [Color::Magenta, Color::Magenta, Color::LightMagenta]);
/// Okabe–Ito bluish green.
pub const GOOD: Hue = hue(0x1c_b088, 22, [Color::Green, Color::Green, Color::LightGreen]);
/// Okabe–Ito orange.
pub const WARN: Hue = hue(0xe6_9f00, 94, [Color::Yellow, Color::Yellow, Color::LightYellow]);
/// Okabe–Ito vermillion.
pub const BAD: Hue = hue(0xe0_6a1a, 88, [Color::LightRed, Color::Red, Color::LightRed]);
/// The training split.
pub const TRAIN: Hue = hue(0x56_b4e9, 24, [Color::LightBlue, Color::Blue, Color::LightBlue]);
/// The held-out split.
pub const TEST: Hue = hue(0xe6_9f00, 94, [Color::Yellow, Color::Yellow, Color::LightYellow]);

/// Okabe and Ito's palette (<https://jfly.uni-koeln.de/color/>), the most distinct pair first.
pub const CLASSES: [Hue; 8] = [
    hue(0x56_b4e9, 24, [Color::LightBlue, Color::Blue, Color::LightBlue]),
    hue(0xe6_9f00, 94, [Color::Yellow, Color::Yellow, Color::LightYellow]),
    hue(0x00_9e73, 22, [Color::Green, Color::Green, Color::LightGreen]),
    hue(0xcc_79a7, 53, [Color::Magenta, Color::Magenta, Color::LightMagenta]),
    hue(0xd5_5e00, 88, [Color::Red, Color::Red, Color::LightRed]),
    hue(0x00_72b2, 18, [Color::Cyan, Color::Cyan, Color::LightCyan]),
    hue(0xf0_e442, 58, [Color::LightYellow, Color::LightYellow, Color::White]),
    hue(0x99_9999, 240, [Color::Gray, Color::Gray, Color::White]),
];

/// What a surface is made of where nothing is known: darker than its points in any colour.
const GROUND: Rgb = [0x1a, 0x1c, 0x22];
const WHITE: Rgb = [0xff; 3];

/// The colour of text and lines; `None` where there is none to have.
pub fn ink(depth: Depth, hue: &Hue) -> Option<Color> {
    match depth {
        Depth::Ansi16 => Some(hue.ansi),
        _ => exact(depth, hue.rgb),
    }
}

/// A surface from the dark ground (0) up to a calm shade of `hue` (1).
pub fn fill(theme: Theme, hue: &Hue, share: f64) -> Option<Color> {
    match theme.depth {
        Depth::Ansi16 => Some(if share > 0.4 { hue.fill } else { Color::Black }),
        Depth::Ansi256 if share >= 0.5 => Some(Color::Indexed(hue.dark)),
        depth => exact(depth, mix(GROUND, hue.rgb, 0.42 * share)),
    }
}

/// A point on a surface: lighter than any surface of its own hue.
pub fn point(theme: Theme, hue: &Hue, share: f64, under: Option<Color>) -> Style {
    let style = Style::new().add_modifier(Modifier::BOLD);
    match theme.depth {
        Depth::None => style,
        Depth::Ansi16 => style.fg(hue.bright).bg(Color::Black),
        depth => Style {
            fg: exact(depth, mix(mix(WHITE, hue.rgb, share), WHITE, 0.2)),
            bg: under,
            ..style
        },
    }
}

/// A line between a middle grey that recedes on dark and on light (0), and its hue (1).
pub fn line(theme: Theme, hue: &Hue, share: f64) -> Style {
    match theme.depth {
        Depth::None if share < 0.4 => Style::new().add_modifier(Modifier::DIM),
        Depth::None => Style::new(),
        Depth::Ansi16 if share < 0.4 => Style::new().fg(hue.ansi).add_modifier(Modifier::DIM),
        Depth::Ansi16 => Style::new().fg(hue.ansi),
        depth => Style { fg: exact(depth, mix([0x50; 3], hue.rgb, share)), ..Style::new() },
    }
}

/// A shade from the dark ground over blue to nearly white.
pub fn heat(theme: Theme, share: f64) -> Option<Color> {
    const MIDDLE: f64 = 0.7;
    if share.is_nan() {
        return None;
    }
    let color = if share < MIDDLE {
        mix(GROUND, TRAIN.rgb, share / MIDDLE)
    } else {
        mix(TRAIN.rgb, WHITE, (share - MIDDLE) / (1.0 - MIDDLE) * 0.85)
    };
    exact(theme.depth, color)
}

/// A shade of a map, from nearly black over blue to a greyish blue: all of them darker than what lies on
/// it, and told apart by lightness alone.
pub fn relief(theme: Theme, share: f64) -> Option<Color> {
    const LOW: Rgb = [0x0d, 0x10, 0x18];
    const MIDDLE: Rgb = [0x1d, 0x33, 0x52];
    const HIGH: Rgb = [0x50, 0x5c, 0x6e];
    if share.is_nan() {
        return None;
    }
    let color = if share < 0.5 {
        mix(LOW, MIDDLE, share * 2.0)
    } else {
        mix(MIDDLE, HIGH, share * 2.0 - 1.0)
    };
    exact(theme.depth, color)
}

/// The contour lines over the shades of a map, if it has any.
pub fn contour(theme: Theme) -> Option<Style> {
    exact(theme.depth, [0x76, 0x84, 0x96]).map(|color| Style::new().fg(color))
}

/// A mark on a map.
pub fn mark(theme: Theme, under: Option<Color>) -> Style {
    let style = Style::new().add_modifier(Modifier::BOLD);
    match theme.depth {
        Depth::None => style,
        Depth::Ansi16 => style.fg(Color::White).bg(Color::Black),
        depth => Style { fg: exact(depth, WHITE), bg: under, ..style },
    }
}

/// A grey of a picture, from black to white.
pub fn grey(theme: Theme, lightness: f64) -> Option<Color> {
    match theme.depth {
        Depth::Ansi16 => {
            let steps = [Color::Black, Color::DarkGray, Color::Gray, Color::White];
            Some(steps[(lightness * 3.0).round() as usize])
        }
        depth => exact(depth, mix(GROUND, WHITE, lightness)),
    }
}

/// A line's colour, halfway to the middle grey that recedes on dark and on light alike.
pub fn recede(theme: Theme, color: Color) -> Color {
    rgb(color)
        .and_then(|color| exact(theme.depth, mix(color, [0x60; 3], 0.5)))
        .unwrap_or(Color::DarkGray)
}

fn exact(depth: Depth, color: Rgb) -> Option<Color> {
    match depth {
        Depth::None | Depth::Ansi16 => None,
        Depth::Ansi256 => Some(Color::Indexed(nearest(color))),
        Depth::True => Some(Color::Rgb(color[0], color[1], color[2])),
    }
}

/// The nearest of xterm's cube and greys. The first 16 are left out: they differ by terminal.
fn nearest(color: Rgb) -> u8 {
    let step = |channel: u8| match channel {
        0..48 => 0,
        48..115 => 1,
        _ => (channel - 35) / 40,
    };
    let [r, g, b] = color.map(step);
    let cube = 16 + 36 * r + 6 * g + b;
    let mean = color.into_iter().map(u32::from).sum::<u32>() / 3;
    let grey = 232 + (mean.saturating_sub(3) / 10).min(23) as u8;
    let distance = |index: u8| -> u32 {
        let there = indexed(index);
        (0..3).map(|i| u32::from(there[i].abs_diff(color[i])).pow(2)).sum()
    };
    if distance(grey) < distance(cube) { grey } else { cube }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_of_256() {
        for (color, expected) in [
            ([0, 0, 0], 16),
            ([255, 255, 255], 231),
            ([0x56, 0xb4, 0xe9], 74),
            ([0xe6, 0x9f, 0x00], 178),
            ([0x80, 0x80, 0x80], 244),
        ] {
            assert_eq!(nearest(color), expected, "{color:?}");
        }
    }

    #[test]
    fn no_other_of_256_is_nearer() {
        let distance = |index: u8, color: Rgb| -> i32 {
            (0..3).map(|i| (i32::from(indexed(index)[i]) - i32::from(color[i])).pow(2)).sum()
        };
        let levels = || (0..=255u8).step_by(15);
        for color in
            levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])))
        {
            let best = (16..=255).map(|index| distance(index, color)).min().unwrap();
            assert!(distance(nearest(color), color) <= best + 100, "{color:?}");
        }
    }

    #[test]
    fn points_stand_out_from_their_own_surface() {
        let luminance = |color: Option<Color>| {
            let [r, g, b] = color.and_then(rgb).unwrap_or_default().map(|channel| {
                let c = f64::from(channel) / 255.0;
                if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        for theme in [Depth::Ansi256, Depth::True].map(Theme::new) {
            for hue in &CLASSES {
                let under = fill(theme, hue, 1.0);
                let style = point(theme, hue, 1.0, under);
                // WCAG's contrast ratio; 3 is its floor for graphics.
                let contrast = (luminance(style.fg) + 0.05) / (luminance(under) + 0.05);
                assert!(contrast >= 3.0, "{:?} {:?}: {contrast}", theme.depth, hue.rgb);
            }
        }
    }
}
