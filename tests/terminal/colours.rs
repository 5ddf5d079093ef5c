//! Which colours are ever written, for each depth.

use super::harness::{Start, step_while};

/// A colour as SGR (select graphic rendition, ECMA-48 §8.3.117) sets it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Colour {
    /// One of the first 16.
    Named,
    Indexed(u8),
    Rgb,
}

/// Every colour that `bytes` set.
fn colours(bytes: &[u8]) -> Vec<Colour> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    for sequence in text.split("\x1b[").skip(1) {
        let end = sequence.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(0);
        if !sequence[end..].starts_with('m') {
            continue;
        }
        let mut numbers = sequence[..end].split(';').map(|n| n.parse::<u8>().unwrap_or(0));
        while let Some(number) = numbers.next() {
            match number {
                38 | 48 => match numbers.next() {
                    Some(5) => found.push(match numbers.next().unwrap() {
                        0..16 => Colour::Named,
                        index => Colour::Indexed(index),
                    }),
                    Some(2) => {
                        let channels = numbers.by_ref().take(3).count();
                        assert_eq!(channels, 3, "{sequence:?}");
                        found.push(Colour::Rgb);
                    }
                    other => panic!("a colour of kind {other:?}"),
                },
                30..=37 | 40..=47 | 90..=107 => found.push(Colour::Named),
                _ => {}
            }
        }
    }
    found
}

/// All the colours of a tour through the workbench.
fn tour(args: &[&str], (name, value): (&str, &str)) -> Vec<Colour> {
    let mut terminal = Start::gradlab(args).env(name, value).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    terminal.wait("the boundary", |screen| screen.contains('●').then_some(()));
    terminal.press_for("\x1b[C", "┊");
    terminal.press_for("z", "Decision boundary");
    terminal.press_for("zzz", "Health");
    terminal.press_for("?", "╭ Keys ");
    terminal.press("\x1b", |screen| (!screen.contains("╭ Keys ")).then_some(()));
    terminal.press_for("pdigits\r", "Handwritten digits");
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 20));
    terminal.keys("q");
    let ended = terminal.end();
    ended.in_order(0);
    colours(&ended.bytes)
}

#[test]
fn each_depth_writes_its_own_kind_only() {
    const PLAIN: (&str, &str) = ("NO_COLOR", "");
    for (args, env, allowed) in [
        (&["spirals"][..], ("NO_COLOR", "1"), None),
        (&["spirals", "--color", "none"], PLAIN, None),
        (
            &["spirals", "--color", "16"],
            PLAIN,
            Some((|c| c == Colour::Named) as fn(Colour) -> bool),
        ),
        (&["spirals", "--color", "256"], PLAIN, Some(|c| matches!(c, Colour::Indexed(_)))),
        (&["spirals", "--color", "true"], PLAIN, Some(|c| c == Colour::Rgb)),
        (&["spirals"], ("COLORTERM", ""), Some(|c| matches!(c, Colour::Indexed(_)))),
        (&["spirals"], PLAIN, Some(|c| c == Colour::Rgb)),
    ] {
        let found = tour(args, env);
        match allowed {
            None => assert_eq!(found, [], "{args:?}"),
            Some(allowed) => {
                assert!(found.len() > 100, "{args:?}");
                let other = found.iter().find(|colour| !allowed(**colour));
                assert_eq!(other, None, "{args:?} {env:?}");
            }
        }
    }
}
