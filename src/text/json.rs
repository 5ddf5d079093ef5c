//! JSON that can be shown on a terminal.

use std::borrow::Cow;

use super::{is_unprintable, replaced};

/// `json` with all that is not printable as `\u009b`: it stands within strings only, so the value is
/// the same. Line ends, which separate values, stay.
#[must_use]
pub fn printable(json: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && is_unprintable(c);
    replaced(json, hidden, |c| {
        c.encode_utf16(&mut [0; 2])
            .iter()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect::<Vec<_>>()
            .concat()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_stays_the_same() {
        let text = "a\u{1b}\u{9b}\u{202e}\u{feff}\u{e0041}\n é日";
        let json = serde_json::to_string(text).unwrap();
        let shown = printable(&json);
        assert!(!shown.contains(is_unprintable), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
