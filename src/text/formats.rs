//! Any text in the formats that it is written in.

use std::borrow::Cow;

use super::{is_unprintable, visible};

/// `text` between the tags or in the attributes of XML, HTML or SVG.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// `text` in a line or a table of Markdown, where it begins no block, link, emphasis or cell.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (index, &c) in chars.iter().enumerate() {
        let before = &chars[..index];
        let next = chars.get(index + 1).copied();
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let escaped = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#' | '@' => true,
            // Within a word it is no emphasis.
            '_' => !(word(before.last()) && word(next.as_ref())),
            // The beginning of a list, a rule or a heading.
            '-' | '+' | '=' => before.iter().all(|c| c.is_whitespace()),
            // A number of a list, and the beginning of a link.
            '.' => before.iter().all(char::is_ascii_digit) || ends_with_www(before),
            ')' => before.iter().all(char::is_ascii_digit),
            ':' => next == Some('/') || next.is_some_and(char::is_alphanumeric) && scheme(before),
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns true if what follows a dot would be taken for the name of a host.
fn ends_with_www(before: &[char]) -> bool {
    let last: String = before.iter().rev().take(3).collect();
    last.eq_ignore_ascii_case("www")
}

/// Returns true if the word at the end is a scheme that is made a link without slashes.
fn scheme(before: &[char]) -> bool {
    let word: String = before.iter().rev().take_while(|c| c.is_alphanumeric()).collect();
    ["otliam", "ppmx"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// `text` as code in a line or a table of Markdown, between more backticks than it holds.
#[must_use]
pub fn markdown_code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// `text` in a cell of a CSV file, before it is quoted: an apostrophe stands before what a
/// spreadsheet would take for a formula. For texts only: a number may begin with a sign.
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];
    let shown = visible(text);
    if text.starts_with(['\t', '\r']) || shown.trim_start().starts_with(SIGNS) {
        return Cow::Owned(format!("'{shown}"));
    }
    shown
}

/// `text` within a docstring of Python.
#[must_use]
pub fn docstring(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// `text` as one word of a command line.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "_-./:,=@+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", visible(text).replace('\'', "'\\''")))
}

/// `text` between the quotes of a TOML string.
#[must_use]
pub fn toml_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            c if is_unprintable(c) => {
                out += &match u32::from(c) {
                    code @ ..=0xffff => format!("\\u{code:04X}"),
                    code => format!("\\U{code:08X}"),
                };
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_has_no_tags_quotes_or_control_characters() {
        assert_eq!(
            xml("<a b='\"'>&\u{1b}\u{ffff}"),
            "&lt;a b=&#39;&quot;&#39;&gt;&amp;\\u{1b}\\u{ffff}"
        );
    }

    #[test]
    fn markdown_begins_nothing() {
        for (text, shown) in [
            (
                "adam:lr=0.02,betas=0.9:0.999 × leaky_relu",
                "adam:lr=0.02,betas=0.9:0.999 × leaky_relu",
            ),
            ("a|b", "a\\|b"),
            ("a\n| b", "a\\\\n\\| b"),
            ("![x](http://y)", "!\\[x\\](http\\://y)"),
            ("<script>", "\\<script\\>"),
            ("_x_ `y` **z** \\", "\\_x\\_ \\`y\\` \\*\\*z\\*\\* \\\\"),
            ("- x", "\\- x"),
            ("12. x", "12\\. x"),
            ("www.evil.org mailto:a@b.c", "www\\.evil.org mailto\\:a\\@b.c"),
            ("&lt;", "\\&lt;"),
        ] {
            assert_eq!(markdown(text), shown);
        }
        assert_eq!(markdown_code("a`|``b"), "```a`\\|``b```");
    }

    #[test]
    fn formulas_are_guarded_and_other_cells_are_not() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-x", "'-x"),
            ("@sum", "'@sum"),
            (" =x", "' =x"),
            ("\tx", "'\\tx"),
            ("adam:lr=0.1", "adam:lr=0.1"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }

    #[test]
    fn python_and_shells_take_nothing_for_an_end() {
        assert_eq!(docstring("a\"\"\"\nimport os \\"), "a\\\"\\\"\\\"\\\\nimport os \\\\");
        assert_eq!(shell_word("moons/8-tanh/2-softmax"), "moons/8-tanh/2-softmax");
        assert_eq!(shell_word("a b'; rm -rf /"), "'a b'\\''; rm -rf /'");
    }
}
