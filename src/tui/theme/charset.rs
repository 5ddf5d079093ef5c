//! The characters that a terminal can show. What is drawn may hold any; the last thing that a frame goes by
//! puts others in the place of those that the terminal lacks.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

/// The characters that a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// All of Unicode.
    #[default]
    Unicode,
    /// What the fonts of the Linux console have in common: Latin letters, light lines and whole blocks.
    Console,
    /// ASCII.
    Ascii,
}

impl Charset {
    /// Reads it from the locale (`LC_ALL`, else `LC_CTYPE`, else `LANG`) and from `TERM`. Where no locale is
    /// named, as in most containers, the terminal is taken for one of today.
    pub fn detect(get: impl Fn(&str) -> Option<String>) -> Self {
        let named = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = named.into_iter().filter_map(&get).find(|value| !value.is_empty());
        let locale = locale.unwrap_or_else(|| "UTF-8".to_owned()).to_lowercase();
        if !locale.contains("utf-8") && !locale.contains("utf8") {
            Self::Ascii
        } else if get("TERM").as_deref() == Some("linux") {
            Self::Console
        } else {
            Self::Unicode
        }
    }

    /// Puts others in the place of the characters that it lacks.
    pub fn restrict(self, buffer: &mut Buffer) {
        if self != Self::Unicode {
            buffer.content.iter_mut().for_each(|cell| self.restrict_cell(cell));
        }
    }

    fn restrict_cell(self, cell: &mut Cell) {
        let mut chars = cell.symbol().chars();
        let Some(first) = chars.next() else { return };
        let single = chars.next().is_none();
        if single && first.is_ascii() {
            return;
        }
        // Two points, one above the other: without half blocks the upper one is the whole cell.
        if self == Self::Ascii && matches!(first, '▀' | '▄') && cell.bg != Color::Reset {
            if first == '▀' {
                cell.bg = cell.fg;
            }
            cell.set_char(' ');
            return;
        }
        let shown = self.shown(first);
        if shown != first || !single {
            cell.set_char(shown);
        }
    }

    /// The character that is shown for `c`.
    fn shown(self, c: char) -> char {
        if self == Self::Console
            && let Some(shown) = on_console(c)
        {
            return shown;
        }
        if c.is_ascii() { c } else { in_ascii(c).unwrap_or('?') }
    }

    /// The name of a key, in words where its picture cannot be shown.
    #[must_use]
    pub fn key_name(self, name: &str) -> String {
        if self == Self::Unicode {
            return name.to_owned();
        }
        let arrows = |arrow: &str, word: &str| (arrow.to_owned(), word.to_owned());
        let words = [
            arrows("⏎", "Enter"),
            arrows("←→", "Left/Right"),
            arrows("↑↓", "Up/Down"),
            arrows("←", "Left"),
            arrows("→", "Right"),
            arrows("↑", "Up"),
            arrows("↓", "Down"),
        ];
        words.iter().fold(name.to_owned(), |name, (arrow, word)| name.replace(arrow, word))
    }
}

/// What the Linux console shows for `c`, if it has anything better than ASCII.
const fn on_console(c: char) -> Option<char> {
    Some(match c {
        '─'
        | '│'
        | '┌'
        | '┐'
        | '└'
        | '┘'
        | '├'
        | '┤'
        | '┬'
        | '┴'
        | '┼'
        | '░'
        | '▒'
        | '▓'
        | '█'
        | '▀'
        | '▄'
        | '▌'
        | '▐'
        | '■'
        | '·'
        | '°'
        | '±'
        | '²'
        | '½'
        | '¼'
        | '÷'
        | '←'
        | '→'
        | '↑'
        | '↓'
        | '§'
        | 'À'..='Ö'
        | 'Ø'..='ö'
        | 'ø'..='ÿ' => c,
        '╭' => '┌',
        '╮' => '┐',
        '╰' => '└',
        '╯' => '┘',
        '╌' | '┄' => '─',
        '┊' | '╎' => '│',
        '●' | '◆' => '■',
        '•' | '◦' => '·',
        '▂' | '▃' => '▄',
        '▅' | '▆' | '▇' | '▉' | '▊' | '▋' => '█',
        '▎' | '▍' => '▌',
        _ => return None,
    })
}

/// The character of ASCII that comes nearest, if one comes near.
fn in_ascii(c: char) -> Option<char> {
    /// Characters, each followed by what stands for it.
    const PAIRS: &str = "\
        ─-╌-┄-━-│|┊|╎|┌+┐+└+┘+├+┤+┬+┴+┼+╭+╮+╰+╯+╱/╲\\\
        ●*○o◦o•*◌o■#⊙*×x✓+✗x·.◆*▸>▶>▾v◀<▲^▼v←<→>↑^↓v↗/↘\\↖\\↙/⏎E⇥>\
        −-–-—-…~÷/±+≤<≥>≈~≠!∝~∞@‖|′'’'‹<›>⟨<⟩>⌊[⌋]⌈[⌉]°o§S‰%√V½h¼q⅔t\
        ∂d∇DαaβbγgδdεeζzηhθoκkλlμuµuνvξxπpρrσsτtφfχxψyωwΓGΔDΘOΛLΠPΣSΦFΨYΩWℓl\
        ₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9⁰0¹1²2³3⁴4⁵5⁶6⁷7⁸8⁹9⁻-⁺+₊+₋-\
        ᵢiⱼjₖkᵣrₜtₙnᵀTᵗtⁿnˣxᵉeᵖpʳrᵏkᵈdʲjᵞg\
        ŷyŝsēeäaöoüuéeèeêeàaâaîiôoûuçcñnßsåaøoÄAÖOÜUÉE€E£L¥Y¢c¤$฿B\
        ▁_▂.▃-▄=▅+▆*▇%█#▉#▊#▋#▌[▍[▎|▏|▐]▀\"░.▒=▓&▔\"▕|\
        ▖.▗.▘'▝'▚\\▞/▛#▜#▙#▟#";
    if ('\u{2801}'..='\u{28ff}').contains(&c) {
        // The dots of the upper half, and those of the lower one.
        let dots = c as u32 - 0x2800;
        return Some(match (dots & 0x1b != 0, dots & 0xe4 != 0) {
            (true, true) => ':',
            (true, false) => '\'',
            (false, _) => '.',
        });
    }
    let mut pairs = PAIRS.chars();
    while let (Some(known), Some(ascii)) = (pairs.next(), pairs.next()) {
        if known == c {
            return Some(ascii);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::text::buffer_to_text;
    use ratatui::style::Style;

    fn shown(charset: Charset, text: &str) -> String {
        let mut buffer = Buffer::with_lines([text]);
        charset.restrict(&mut buffer);
        buffer_to_text(&buffer)
    }

    #[test]
    fn the_locale_and_the_console_decide() {
        for (vars, expected) in [
            (&[][..], Charset::Unicode),
            (&[("LANG", "de_DE.UTF-8")], Charset::Unicode),
            (&[("LANG", "C")], Charset::Ascii),
            (&[("LANG", "POSIX")], Charset::Ascii),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], Charset::Ascii),
            (&[("LANG", "C"), ("LC_ALL", "C.utf8")], Charset::Unicode),
            (&[("LANG", "C"), ("LC_CTYPE", "en_US.UTF-8")], Charset::Unicode),
            (&[("LC_ALL", ""), ("LANG", "en_US.ISO-8859-1")], Charset::Ascii),
            (&[("TERM", "linux")], Charset::Console),
            (&[("TERM", "linux"), ("LANG", "en_US.UTF-8")], Charset::Console),
            (&[("TERM", "linux"), ("LANG", "C")], Charset::Ascii),
        ] {
            let get = |key: &str| {
                vars.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Charset::detect(get), expected, "{vars:?}");
        }
    }

    #[test]
    fn what_is_lacking_is_replaced_cell_by_cell() {
        let text = "╭ α ─ ● ⠉ ⢀ ⣿ ▁█ v̂ 日x ╯";
        assert_eq!(shown(Charset::Unicode, text), format!("{text}\n"));
        assert_eq!(shown(Charset::Ascii, text), "+ a - * ' . : _# v ? x +\n");
        assert_eq!(shown(Charset::Console, text), "┌ a ─ ■ ' . : _█ v ? x ┘\n");
    }

    #[test]
    fn two_points_of_a_cell_become_one() {
        let mut buffer = Buffer::with_lines(["▀▄"]);
        buffer.set_style(buffer.area, Style::new().fg(Color::Red).bg(Color::Blue));
        Charset::Ascii.restrict(&mut buffer);
        let seen: Vec<_> = buffer.content.iter().map(|cell| (cell.symbol(), cell.bg)).collect();
        assert_eq!(seen, [(" ", Color::Red), (" ", Color::Blue)]);
    }

    #[test]
    fn keys_have_names_without_pictures() {
        assert_eq!(Charset::Unicode.key_name("⏎"), "⏎");
        assert_eq!(Charset::Ascii.key_name("⏎"), "Enter");
        assert_eq!(Charset::Console.key_name("←→"), "Left/Right");
        assert_eq!(Charset::Ascii.key_name("Ctrl-↑"), "Ctrl-Up");
    }
}
