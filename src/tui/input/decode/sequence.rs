//! One key, mouse event or sequence at the beginning of some bytes.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// What stands at the beginning of some bytes, and how many of them it takes.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Event(Event, usize),
    /// Something that means nothing here.
    Nothing(usize),
    /// The terminal's answer to what it was asked, an operating system command without its frame, or what
    /// it tells of itself.
    Answer(Answer, usize),
    /// The beginning of a paste.
    Paste(usize),
    /// The beginning of something that goes on.
    Incomplete,
}

/// What a terminal answers.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Answer {
    /// The text of an operating system command.
    Command(String),
    /// Its device attributes, which every terminal tells.
    Attributes,
}

/// What `bytes` begin with; they are not empty. `more` tells that others follow at once.
pub(super) fn next(bytes: &[u8], more: bool) -> Found {
    match bytes {
        [0x1b] | [0x1b, b'[' | b'O'] if more => Found::Incomplete,
        [0x1b] | [0x1b, 0x1b, ..] => key(KeyCode::Esc, KeyModifiers::NONE, 1),
        [0x1b, b'[', rest @ ..] if !rest.is_empty() => control_sequence(rest),
        [0x1b, b'O', last, ..] => match letter(*last) {
            Some(code) => key(code, KeyModifiers::NONE, 3),
            // Alt-O, and whatever comes next.
            None => key(KeyCode::Char('O'), KeyModifiers::ALT | KeyModifiers::SHIFT, 2),
        },
        [0x1b, b']', rest @ ..] if !rest.is_empty() => match string(rest) {
            Found::Nothing(used) => Found::Answer(command(&bytes[2..used]), used),
            other => other,
        },
        [0x1b, b'P' | b'_' | b'^', rest @ ..] if !rest.is_empty() => string(rest),
        [0x1b, rest @ ..] => with_alt(next(rest, more)),
        _ => character(bytes),
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers, used: usize) -> Found {
    Found::Event(Event::Key(KeyEvent::new(code, modifiers)), used)
}

/// The key after an Escape, which stands for Alt; Ctrl-C is left alone.
fn with_alt(found: Found) -> Found {
    match found {
        Found::Event(Event::Key(key), _) if is_ctrl_c(key) => Found::Nothing(1),
        Found::Event(Event::Key(mut key), used) => {
            key.modifiers |= KeyModifiers::ALT;
            Found::Event(Event::Key(key), used + 1)
        }
        Found::Event(event, used) => Found::Event(event, used + 1),
        Found::Nothing(used) | Found::Answer(_, used) => Found::Nothing(used + 1),
        Found::Paste(used) => Found::Paste(used + 1),
        Found::Incomplete => Found::Incomplete,
    }
}

fn is_ctrl_c(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
}

/// A character, in UTF-8, or a key that sends a control character.
fn character(bytes: &[u8]) -> Found {
    let control = |c: u8| key(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL, 1);
    match bytes[0] {
        b'\r' => key(KeyCode::Enter, KeyModifiers::NONE, 1),
        b'\t' => key(KeyCode::Tab, KeyModifiers::NONE, 1),
        0x7f => key(KeyCode::Backspace, KeyModifiers::NONE, 1),
        0 => control(b' '),
        byte @ 1..=0x1a => control(byte - 1 + b'a'),
        byte @ 0x1c..=0x1f => control(byte - 0x1c + b'4'),
        first => {
            let length = match first {
                0..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => return Found::Nothing(1),
            };
            let present = &bytes[..length.min(bytes.len())];
            let continued = present[1..].iter().all(|byte| byte & 0xc0 == 0x80);
            if continued && present.len() < length {
                return Found::Incomplete;
            }
            let text = std::str::from_utf8(present).unwrap_or("");
            let Some(c) = text.chars().next() else { return Found::Nothing(1) };
            let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            key(KeyCode::Char(c), shift, length)
        }
    }
}

/// A string that a terminal answers with, up to its end: it means nothing here.
fn string(rest: &[u8]) -> Found {
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            // The bell ends it, or Escape with the backslash after it.
            7 => return Found::Nothing(index + 3),
            0x1b if rest.get(index + 1) == Some(&b'\\') => return Found::Nothing(index + 4),
            0x1b if index + 1 == rest.len() => return Found::Incomplete,
            0..=6 | 8..=0x1f => return Found::Nothing(index + 2),
            _ => {}
        }
    }
    Found::Incomplete
}

/// The text of an operating system command, which ends with the bell or with Escape and a backslash.
fn command(bytes: &[u8]) -> Answer {
    let text = bytes.strip_suffix(b"\x1b\\").or_else(|| bytes.strip_suffix(b"\x07"));
    Answer::Command(String::from_utf8_lossy(text.unwrap_or(bytes)).into_owned())
}

/// A control sequence, of which `rest` follows `ESC [`: parameters, then the byte that ends it.
fn control_sequence(rest: &[u8]) -> Found {
    if rest[0] == b'[' {
        // The Linux console's F1 to F5.
        return match rest.get(1) {
            None => Found::Incomplete,
            Some(last @ b'A'..=b'E') => key(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE, 4),
            Some(_) => Found::Nothing(3),
        };
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return Found::Incomplete;
    };
    if !(0x40..=0x7e).contains(&rest[end]) {
        // A control character, which is none of its: the sequence is broken off.
        return Found::Nothing(end + 2);
    }
    let used = end + 3;
    let (private, digits) = match rest[..end].split_first() {
        Some((first @ b'<'..=b'?', digits)) => (Some(*first), digits),
        _ => (None, &rest[..end]),
    };
    let text = std::str::from_utf8(digits).unwrap_or("");
    let numbers: Vec<u16> = text.split(';').map(|number| number.parse().unwrap_or(0)).collect();
    match (private, rest[end], numbers.as_slice()) {
        (Some(b'<'), last @ (b'M' | b'm'), &[button, column, row]) => {
            mouse(button, (column, row), last == b'm', used)
        }
        (None, b'M', &[button, column, row]) if button >= 32 => {
            mouse(button - 32, (column, row), false, used)
        }
        // As in all that is broken off, a control character is none of its.
        (None, b'M', _) if end == 0 && rest.iter().take(4).any(|byte| *byte < 0x20) => {
            Found::Nothing(used)
        }
        (None, b'M', _) if end == 0 => match rest.get(1..4) {
            None => Found::Incomplete,
            Some(three) => {
                let [button, column, row] =
                    [three[0], three[1], three[2]].map(|byte| u16::from(byte.saturating_sub(32)));
                mouse(button, (column, row), false, used + 3)
            }
        },
        (Some(b'?'), b'c', _) => Found::Answer(Answer::Attributes, used),
        (None, b'Z', _) => key(KeyCode::BackTab, KeyModifiers::SHIFT, used),
        (None, b'~', &[200, ..]) => Found::Paste(used),
        (None, b'~', &[number, ref rest @ ..]) => match numbered(number) {
            Some(code) => key(code, modifiers(rest), used),
            None => Found::Nothing(used),
        },
        (None, last, numbers) => match letter(last) {
            Some(code) => key(code, modifiers(&numbers[1..]), used),
            None => Found::Nothing(used),
        },
        _ => Found::Nothing(used),
    }
}

/// The modifiers that a parameter behind that of the key stands for.
fn modifiers(numbers: &[u16]) -> KeyModifiers {
    let mask = numbers.first().map_or(0, |number| number.saturating_sub(1));
    let of = |bit, modifier| if mask & bit != 0 { modifier } else { KeyModifiers::NONE };
    of(1, KeyModifiers::SHIFT) | of(2, KeyModifiers::ALT) | of(4, KeyModifiers::CONTROL)
}

/// The key of `ESC [ … letter` and `ESC O letter`.
const fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// The key of `ESC [ number ~`.
const fn numbered(number: u16) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number as u8 - 10),
        17..=21 => KeyCode::F(number as u8 - 11),
        23..=24 => KeyCode::F(number as u8 - 12),
        _ => return None,
    })
}

/// A mouse event at a place that is counted from 1.
fn mouse(code: u16, (column, row): (u16, u16), released: bool, used: usize) -> Found {
    let buttons = [MouseButton::Left, MouseButton::Middle, MouseButton::Right];
    let moving = code & 32 != 0;
    let number = usize::from((code & 3) | ((code & 0xc0) >> 4));
    let kind = match (number, moving) {
        (0..=2, false) if released => MouseEventKind::Up(buttons[number]),
        (0..=2, false) => MouseEventKind::Down(buttons[number]),
        (0..=2, true) => MouseEventKind::Drag(buttons[number]),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3, true) => MouseEventKind::Moved,
        (4, _) => MouseEventKind::ScrollUp,
        (5, _) => MouseEventKind::ScrollDown,
        (6, _) => MouseEventKind::ScrollLeft,
        (7, _) => MouseEventKind::ScrollRight,
        _ => return Found::Nothing(used),
    };
    let modifiers = modifiers(&[((code >> 2) & 7) + 1]);
    let (column, row) = (column.saturating_sub(1), row.saturating_sub(1));
    Found::Event(Event::Mouse(MouseEvent { kind, column, row, modifiers }), used)
}
