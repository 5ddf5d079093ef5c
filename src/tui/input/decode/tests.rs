use super::*;

/// All events of `bytes`, after which nothing follows.
fn decode(bytes: &[u8]) -> Vec<Event> {
    Decoder::default().feed(bytes, false)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn ch(c: char) -> Event {
    key(KeyCode::Char(c), KeyModifiers::NONE)
}

fn ctrl_c() -> Event {
    key(KeyCode::Char('c'), KeyModifiers::CONTROL)
}

#[test]
fn keys_are_those_that_terminals_send() {
    let (none, shift, alt) = (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::ALT);
    let control = KeyModifiers::CONTROL;
    for (bytes, code, modifiers) in [
        (&b"a"[..], KeyCode::Char('a'), none),
        (b"A", KeyCode::Char('A'), shift),
        ("é".as_bytes(), KeyCode::Char('é'), none),
        ("漢".as_bytes(), KeyCode::Char('漢'), none),
        (b"\r", KeyCode::Enter, none),
        (b"\t", KeyCode::Tab, none),
        (b"\x1b", KeyCode::Esc, none),
        (b"\x7f", KeyCode::Backspace, none),
        (b"\x00", KeyCode::Char(' '), control),
        (b"\x12", KeyCode::Char('r'), control),
        (b"\x1a", KeyCode::Char('z'), control),
        (b"\x1bx", KeyCode::Char('x'), alt),
        (b"\x1b[A", KeyCode::Up, none),
        (b"\x1bOB", KeyCode::Down, none),
        (b"\x1b[1;5C", KeyCode::Right, control),
        (b"\x1b[1;2D", KeyCode::Left, shift),
        (b"\x1b[H", KeyCode::Home, none),
        (b"\x1b[4~", KeyCode::End, none),
        (b"\x1b[3;3~", KeyCode::Delete, alt),
        (b"\x1b[5~", KeyCode::PageUp, none),
        (b"\x1b[Z", KeyCode::BackTab, shift),
        (b"\x1bOP", KeyCode::F(1), none),
        (b"\x1b[[B", KeyCode::F(2), none),
        (b"\x1b[15~", KeyCode::F(5), none),
        (b"\x1b[24~", KeyCode::F(12), none),
    ] {
        assert_eq!(decode(bytes), [key(code, modifiers)], "{bytes:?}");
    }
}

#[test]
fn a_mouse_speaks_three_dialects() {
    for bytes in [&b"\x1b[<0;5;3M"[..], b"\x1b[32;5;3M", b"\x1b[M \x25\x23"] {
        let [Event::Mouse(mouse)] = decode(bytes)[..] else { panic!("{bytes:?}") };
        let left = crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left);
        assert_eq!((mouse.kind, mouse.column, mouse.row), (left, 4, 2));
    }
    // Some terminals count a click at the edge from 0.
    assert_eq!(decode(b"\x1b[<0;0;0Mq").len(), 2);
}

#[test]
fn what_comes_in_pieces_is_the_same() {
    let whole = "aé\x1b[1;5C漢\x1b[200~two\nlines\x1b[201~\x1b[<64;10;7Mz".as_bytes();
    for cut in 0..whole.len() {
        let mut decoder = Decoder::default();
        let mut events = decoder.feed(&whole[..cut], true);
        events.extend(decoder.feed(&whole[cut..], false));
        assert_eq!(events, decode(whole), "{cut}");
    }
}

#[test]
fn what_means_nothing_is_left_out() {
    for bytes in [
        &b"\x1b[I"[..],
        b"\x1b[?1;2c",
        b"\x1b]11;rgb:00/00/00\x1b\\",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b[99~",
        b"\xff\xfe\xc3",
        b"\x1b[999999999999M",
    ] {
        let events = Decoder::default().feed(&[bytes, b"q"].concat(), false);
        assert_eq!(events, [ch('q')], "{bytes:?}");
    }
}

#[test]
fn ctrl_c_gets_through_whatever_has_not_ended() {
    for begun in [
        &b"\x1b"[..],
        b"\x1b[",
        b"\x1b[1;",
        b"\x1b[<0;1",
        b"\x1b[M",
        b"\x1bO",
        b"\x1b]0;title",
        b"\x1bP",
        b"\xe6\xbc",
        b"\x1b[200~",
        b"\x1b[200~some text\x1b[20",
        b"\x1b\x1b",
    ] {
        let mut decoder = Decoder::default();
        decoder.feed(begun, false);
        assert!(decoder.feed(b"\x03", false).contains(&ctrl_c()), "{begun:?}");
        // In one piece as well.
        assert!(decode(&[begun, b"\x03"].concat()).contains(&ctrl_c()), "{begun:?}");
    }
}

#[test]
fn what_does_not_end_takes_bounded_memory() {
    for begun in [&b"\x1b[200~"[..], b"\x1b[1", b"\x1b]"] {
        let mut decoder = Decoder::default();
        decoder.feed(begun, true);
        for _ in 0..1000 {
            decoder.feed(&[b'1'; 4096], true);
        }
        let kept = decoder.pending.len() + decoder.paste.as_ref().map_or(0, Vec::len);
        assert!(kept <= LONGEST_PASTE + LONGEST_SEQUENCE + 4096, "{begun:?}: {kept}");
    }
}

#[test]
fn a_paste_ends_by_its_mark_or_by_escape() {
    assert_eq!(decode(b"\x1b[200~q\nx\x1b[201~j"), [Event::Paste("q\nx".into()), ch('j')]);
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~quit", false), []);
    assert_eq!(decoder.feed(b"\x1b", false), [Event::Paste("quit".into())]);
    assert_eq!(decoder.feed(b"j", false), [ch('j')]);
}

#[test]
fn a_paste_without_brackets_is_no_series_of_commands() {
    let text = "quit and run everything, 12 times\n".repeat(100);
    let events = decode(format!("{text}\x03").as_bytes());
    assert_eq!(events, [Event::Paste(text), ctrl_c()]);
    // A key that is held down is one, however long the link was silent.
    assert_eq!(decode(&[b'j'; 200]).len(), 200);
    assert_eq!(decode(&b"\x1b[B".repeat(200)).len(), 200);
}
