//! Whether the terminal is dark or light, and how that is found.

use crate::export::svg::palette::{Rgb, luminance};

/// The background that colours are chosen for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// The terminal's own, dark.
    #[default]
    Dark,
    /// The terminal's own, light.
    Light,
    /// Black, painted, with the lightest tones on it.
    HighContrast,
}

/// The luminance at which black and white text are equally legible (WCAG 2.2).
const MIDDLE: f64 = 0.179;

impl Scheme {
    /// All of them, by their names.
    pub const TABLE: [(&'static str, Self); 3] =
        [("light", Self::Light), ("dark", Self::Dark), ("high-contrast", Self::HighContrast)];

    /// The scheme for a terminal with this background.
    #[must_use]
    pub fn on(background: Rgb) -> Self {
        if luminance(background) > MIDDLE { Self::Light } else { Self::Dark }
    }

    /// Reads it from `COLORFGBG`, in which some terminals tell the numbers of their colours as
    /// `foreground;background`; dark if nothing is told.
    pub fn detect(get: impl Fn(&str) -> Option<String>) -> Self {
        let told = get("COLORFGBG").unwrap_or_default();
        match told.rsplit(';').next().and_then(|number| number.parse::<u8>().ok()) {
            Some(7 | 9..=15) => Self::Light,
            _ => Self::Dark,
        }
    }
}

/// The background in a terminal's answer to `OSC 11 ; ?`, which is `11;rgb:RRRR/GGGG/BBBB` with one to four
/// hexadecimal digits a channel.
#[must_use]
pub fn background(answer: &str) -> Option<Rgb> {
    let told = answer.strip_prefix("11;")?;
    let channels = told.strip_prefix("rgb:").or_else(|| told.strip_prefix("rgba:"))?;
    let mut channels = channels.split('/').map(|digits| {
        let largest = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        Some((value * 255).checked_div(largest)? as u8)
    });
    let mut channel = || channels.next().flatten();
    Some([channel()?, channel()?, channel()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_tells_its_background() {
        for (answer, expected) in [
            ("11;rgb:0000/2b2b/3636", Some([0, 0x2b, 0x36])),
            ("11;rgb:fd/f6/e3", Some([0xfd, 0xf6, 0xe3])),
            ("11;rgba:ffff/ffff/ffff/8000", Some([255; 3])),
            ("11;rgb:f/0/8", Some([255, 0, 136])),
            ("11;rgb:ffff/ffff", None),
            ("11;rgb:///", None),
            ("11;rgb:fffffffff/0/0", None),
            ("11;?", None),
            ("10;rgb:0/0/0", None),
            ("", None),
        ] {
            assert_eq!(background(answer), expected, "{answer}");
        }
    }

    #[test]
    fn light_and_dark_are_told_apart() {
        for (background, expected) in [
            ([0, 0, 0], Scheme::Dark),
            ([0, 0x2b, 0x36], Scheme::Dark),
            ([0x2e, 0x34, 0x40], Scheme::Dark),
            ([0xfd, 0xf6, 0xe3], Scheme::Light),
            ([255, 255, 255], Scheme::Light),
        ] {
            assert_eq!(Scheme::on(background), expected, "{background:?}");
        }
        for (told, expected) in [
            ("15;0", Scheme::Dark),
            ("0;15", Scheme::Light),
            ("0;default;15", Scheme::Light),
            ("12;8", Scheme::Dark),
            ("0;7", Scheme::Light),
            ("", Scheme::Dark),
            ("15;default", Scheme::Dark),
        ] {
            assert_eq!(Scheme::detect(|_| Some(told.to_owned())), expected, "{told}");
        }
        assert_eq!(Scheme::detect(|_| None), Scheme::Dark);
    }
}
