//! The colours behind the roles, at each depth and on each background.

use ratatui::style::{Color, Modifier, Style};

use super::hue::{FILL, Hue, INK, POINT, TRAIN, Tones};
use super::{Depth, Scheme, Theme};
use crate::export::svg::palette::{Rgb, indexed, mix, rgb};

/// What a surface is made of where nothing is known: darker than its points in any colour.
const DARK_GROUND: Rgb = [0x1a, 0x1c, 0x22];
/// The same on light backgrounds: lighter than its points in any colour.
const LIGHT_GROUND: Rgb = [0xf7, 0xf6, 0xf2];
const WHITE: Rgb = [0xff; 3];
const BLACK: Rgb = [0; 3];
/// The share from which on a surface of few colours has its hue.
const CLEAR: f64 = 0.4;

const fn is_light(theme: Theme) -> bool {
    matches!(theme.scheme, Scheme::Light)
}

const fn is_named(theme: Theme) -> bool {
    matches!(theme.depth, Depth::Ansi16 | Depth::Console)
}

const fn tones(theme: Theme, hue: &Hue) -> &Tones {
    if is_light(theme) { &hue.light } else { &hue.dark }
}

const fn ground(theme: Theme) -> Rgb {
    if is_light(theme) { LIGHT_GROUND } else { DARK_GROUND }
}

/// What stands out most from the ground.
const fn strongest(theme: Theme) -> Rgb {
    if is_light(theme) { BLACK } else { WHITE }
}

/// The plain text and the background that are painted for a high contrast.
pub const fn painted(depth: Depth) -> (Color, Color) {
    match depth {
        Depth::None => (Color::Reset, Color::Reset),
        Depth::Ansi16 | Depth::Console => (Color::White, Color::Black),
        Depth::Ansi256 => (Color::Indexed(231), Color::Indexed(16)),
        Depth::True => (Color::Rgb(255, 255, 255), Color::Rgb(0, 0, 0)),
    }
}

/// The colour of text and lines; `None` where there is none to have.
pub fn ink(theme: Theme, hue: &Hue) -> Option<Color> {
    let tone = if theme.scheme == Scheme::HighContrast { POINT } else { INK };
    toned(theme, hue, tone)
}

/// The colour of a line over a map.
pub fn on_map(theme: Theme, hue: &Hue) -> Option<Color> {
    toned(theme, hue, POINT)
}

/// A tone of `hue`; that of a point is that of ink where there are 16 colours.
fn toned(theme: Theme, hue: &Hue, tone: usize) -> Option<Color> {
    let tones = tones(theme, hue);
    match theme.depth {
        Depth::Ansi16 => Some(tones.named[0]),
        Depth::Console => Some(bright(tones.named[0])),
        Depth::Ansi256 => Some(Color::Indexed(tones.indexed[tone])),
        depth => exact(depth, tones.rgb[tone]),
    }
}

/// The light one of the first eight colours, which are too dark for text on the Linux console.
const fn bright(color: Color) -> Color {
    match color {
        Color::Red => Color::LightRed,
        Color::Yellow => Color::LightYellow,
        Color::Blue => Color::LightCyan,
        Color::Magenta => Color::LightMagenta,
        other => other,
    }
}

/// A surface from the ground (0) up to a calm shade of `hue` (1).
pub fn fill(theme: Theme, hue: &Hue, share: f64) -> Option<Color> {
    let tones = tones(theme, hue);
    match theme.depth {
        Depth::Ansi16 | Depth::Console if share > CLEAR => Some(tones.named[1]),
        Depth::Ansi16 | Depth::Console if is_light(theme) => Some(Color::White),
        Depth::Ansi16 | Depth::Console => Some(Color::Black),
        Depth::Ansi256 if share >= 0.5 => Some(Color::Indexed(tones.indexed[FILL])),
        depth => exact(depth, mix(ground(theme), tones.rgb[FILL], share)),
    }
}

/// A point on a surface: it stands out from any surface, of its own hue or of others.
pub fn point(theme: Theme, hue: &Hue, share: f64, under: Option<Color>) -> Style {
    let style = Style::new().add_modifier(Modifier::BOLD);
    let tones = tones(theme, hue);
    match theme.depth {
        Depth::None => style,
        Depth::Ansi16 | Depth::Console => {
            Style { fg: toned(theme, hue, POINT), bg: Some(Color::Reset), ..style }
        }
        Depth::Ansi256 if share >= 0.5 => {
            Style { fg: Some(Color::Indexed(tones.indexed[POINT])), bg: under, ..style }
        }
        depth => {
            let color = mix(strongest(theme), tones.rgb[POINT], share);
            Style { fg: exact(depth, color), bg: under, ..style }
        }
    }
}

/// Text on a surface.
pub fn on_surface(theme: Theme, under: Color) -> Style {
    match theme.depth {
        Depth::None => Style::new(),
        Depth::Ansi16 | Depth::Console if under == Color::White => Style::new().fg(Color::Black),
        Depth::Ansi16 | Depth::Console => Style::new().fg(Color::White),
        depth => Style { fg: exact(depth, strongest(theme)), ..Style::new() },
    }
}

/// A line between a middle grey that recedes (0), and its hue (1).
pub fn line(theme: Theme, hue: &Hue, share: f64) -> Style {
    let grey = if is_light(theme) { [0xb4; 3] } else { [0x50; 3] };
    let full = Style { fg: ink(theme, hue), ..Style::new() };
    match theme.depth {
        _ if share < CLEAR && (theme.depth == Depth::None || is_named(theme)) => {
            full.add_modifier(Modifier::DIM)
        }
        Depth::None | Depth::Ansi16 | Depth::Console => full,
        depth => Style { fg: exact(depth, mix(grey, tones(theme, hue).rgb[INK], share)), ..full },
    }
}

/// A shade from the ground over blue to what stands out most from it.
pub fn heat(theme: Theme, share: f64) -> Option<Color> {
    const MIDDLE: f64 = 0.7;
    if share.is_nan() {
        return None;
    }
    let blue = TRAIN.dark.rgb[INK];
    let color = if share < MIDDLE {
        mix(ground(theme), blue, share / MIDDLE)
    } else {
        mix(blue, strongest(theme), (share - MIDDLE) / (1.0 - MIDDLE) * 0.85)
    };
    exact(theme.depth, color)
}

/// A shade of a map: lightness alone tells them apart, and what lies on the map stands out from all of
/// them. The low ones are the darkest.
pub fn relief(theme: Theme, share: f64) -> Option<Color> {
    const DARK: [Rgb; 3] = [[0x0d, 0x10, 0x18], [0x1d, 0x33, 0x52], [0x39, 0x43, 0x52]];
    const LIGHT: [Rgb; 3] = [[0xb6, 0xcc, 0xe4], [0xd8, 0xe4, 0xf0], [0xfa, 0xfa, 0xf6]];
    if share.is_nan() {
        return None;
    }
    let [low, middle, high] = if is_light(theme) { LIGHT } else { DARK };
    let color = if share < 0.5 {
        mix(low, middle, share * 2.0)
    } else {
        mix(middle, high, share * 2.0 - 1.0)
    };
    exact(theme.depth, color)
}

/// The contour lines over the shades of a map, if it has any.
pub fn contour(theme: Theme) -> Option<Style> {
    let color = if is_light(theme) { [0x4e, 0x58, 0x66] } else { [0x96, 0xa3, 0xb4] };
    exact(theme.depth, color).map(|color| Style::new().fg(color))
}

/// A mark on a map.
pub fn mark(theme: Theme, under: Option<Color>) -> Style {
    let style = Style::new().add_modifier(Modifier::BOLD);
    match theme.depth {
        Depth::None => style,
        Depth::Ansi16 | Depth::Console => style.fg(Color::Reset).bg(Color::Reset),
        depth => Style { fg: exact(depth, strongest(theme)), bg: under, ..style },
    }
}

/// A grey of a picture, from black to white.
pub fn grey(theme: Theme, lightness: f64) -> Option<Color> {
    match theme.depth {
        Depth::Ansi16 | Depth::Console => {
            let steps = [Color::Black, Color::DarkGray, Color::Gray, Color::White];
            Some(steps[(lightness * 3.0).round() as usize])
        }
        depth => exact(depth, mix(DARK_GROUND, WHITE, lightness)),
    }
}

/// A line's colour, halfway to a middle grey that recedes.
pub fn recede(theme: Theme, color: Color) -> Color {
    let grey = if is_light(theme) { [0x8c; 3] } else { [0x70; 3] };
    rgb(color)
        .and_then(|color| exact(theme.depth, mix(color, grey, 0.5)))
        .unwrap_or(Color::DarkGray)
}

fn exact(depth: Depth, color: Rgb) -> Option<Color> {
    match depth {
        Depth::None | Depth::Ansi16 | Depth::Console => None,
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
}
