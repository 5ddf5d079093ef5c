//! How many colours there are, and how that is found.

/// How many colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None, by the user's wish (`NO_COLOR`) or for want of them.
    None,
    /// The 16 that the terminal's own theme chooses.
    Ansi16,
    /// The 16 of the Linux console, whose first eight are dark.
    Console,
    /// xterm's 256.
    Ansi256,
    /// 24 bits.
    True,
}

impl Depth {
    /// Those that can be asked for, by their names.
    pub const TABLE: [(&'static str, Self); 4] =
        [("none", Self::None), ("16", Self::Ansi16), ("256", Self::Ansi256), ("true", Self::True)];

    /// Reads the depth from environment variables, as <https://no-color.org> and terminals have it.
    pub fn detect(get: impl Fn(&str) -> Option<String>) -> Self {
        let term = get("TERM").unwrap_or_default();
        if get("NO_COLOR").is_some_and(|value| !value.is_empty()) || term == "dumb" {
            Self::None
        } else if matches!(get("COLORTERM").as_deref(), Some("truecolor" | "24bit")) {
            Self::True
        } else if term.contains("256color") {
            Self::Ansi256
        } else if term == "linux" {
            Self::Console
        } else {
            Self::Ansi16
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_read_from_the_environment() {
        for (vars, expected) in [
            (&[("TERM", "xterm")][..], Depth::Ansi16),
            (&[], Depth::Ansi16),
            (&[("TERM", "linux")], Depth::Console),
            (&[("TERM", "dumb")], Depth::None),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::None),
            (&[("TERM", "screen-256color")], Depth::Ansi256),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit")], Depth::True),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], Depth::None),
            (&[("NO_COLOR", ""), ("COLORTERM", "truecolor")], Depth::True),
        ] {
            let get = |key: &str| {
                vars.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Depth::detect(get), expected, "{vars:?}");
        }
    }
}
