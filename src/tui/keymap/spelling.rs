//! Keys and actions as they are written in a configuration.

use crossterm::event::KeyCode;

use super::{Action, CTRL, Key, NONE};

/// Keys that have a name, each with it.
const NAMED: [(&str, KeyCode); 15] = [
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Insert", KeyCode::Insert),
    ("Delete", KeyCode::Delete),
];

/// The key that is written so: a character, a name such as `Enter` or `F5`, either after `Ctrl-`.
#[must_use]
pub fn parse(text: &str) -> Option<Key> {
    let (modifiers, rest) = match text.get(..5) {
        Some(ctrl) if ctrl.eq_ignore_ascii_case("ctrl-") => (CTRL, &text[5..]),
        _ => (NONE, text),
    };
    let named = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(rest));
    let function = || {
        let number = rest.strip_prefix(['F', 'f'])?.parse().ok()?;
        (1..=12).contains(&number).then_some(KeyCode::F(number))
    };
    let mut chars = rest.chars();
    let single = match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_control() => Some(KeyCode::Char(c)),
        _ => None,
    };
    let code = named.map(|(_, code)| *code).or(single).or_else(function)?;
    Some((modifiers, code))
}

/// The way in which a key is written.
#[must_use]
pub fn spell((modifiers, code): Key) -> String {
    let named = NAMED.iter().find(|(_, known)| *known == code).map(|(name, _)| (*name).to_owned());
    let base = named.unwrap_or_else(|| match code {
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(number) => format!("F{number}"),
        other => format!("{other:?}"),
    });
    if modifiers.contains(CTRL) { format!("Ctrl-{base}") } else { base }
}

/// The name of an action, such as `zoom_in`; none of those that belong to a number.
#[must_use]
pub fn action_name(action: Action) -> Option<String> {
    let camel = format!("{action:?}");
    camel.chars().all(char::is_alphabetic).then(|| {
        let mut name = String::new();
        for (index, c) in camel.char_indices() {
            if c.is_uppercase() && index > 0 {
                name.push('_');
            }
            name.extend(c.to_lowercase());
        }
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in ["q", "Q", " ", "é", "Ctrl-p", "Enter", "F12", "Shift-Tab", "PageDown", "-"] {
            let key = parse(text).unwrap();
            assert_eq!(parse(&spell(key)), Some(key), "{text}");
        }
        assert_eq!(parse("ctrl-P"), Some((CTRL, KeyCode::Char('P'))));
        assert_eq!(parse("space"), parse(" "));
        for wrong in ["", "ctrl-", "F0", "F13", "Entr", "qq", "\u{7}", "ctrl-ctrl-a"] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn actions_have_names_unless_they_are_numbered() {
        assert_eq!(action_name(Action::Quit).as_deref(), Some("quit"));
        assert_eq!(action_name(Action::EarlierEdit).as_deref(), Some("earlier_edit"));
        assert_eq!(action_name(Action::Go('1')), None);
        assert_eq!(action_name(Action::Answer(1)), None);
    }
}
