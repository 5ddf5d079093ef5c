//! How the program starts and ends: signals, hang-ups, and places that are no terminal.

use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use super::harness::{CTRL_C, ENDLESS, GRADLAB, Start, step_while};

#[test]
fn a_signal_ends_it_and_the_terminal_is_as_before() {
    for (signal, code) in
        [(Signal::TERM, 143), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::HUP, 129)]
    {
        let terminal = Start::gradlab(&[ENDLESS]).open();
        terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
        assert!(!terminal.modes_are_restored() && !terminal.screen_is_given_back());
        terminal.signal(signal);
        terminal.end().in_order(code);
    }
}

#[test]
fn a_terminal_that_goes_away_is_a_hang_up() {
    let terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    assert_eq!(terminal.hang_up(), 129);
}

/// Ctrl-C is a key like `q`: the workbench has done what it was asked to.
#[test]
fn ctrl_c_quits_from_anywhere() {
    for before in ["", "?", "p", "\r", "\r\t12"] {
        let mut terminal = Start::gradlab(&[ENDLESS]).open();
        terminal.wait_for("running");
        terminal.keys(before);
        terminal.keys(CTRL_C);
        terminal.end().in_order(0);
    }
}

/// What the program writes last, in this order.
#[test]
fn the_last_words_give_everything_back() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait_for("running");
    terminal.keys("q");
    let ended = terminal.end();
    ended.in_order(0);
    let bytes = String::from_utf8_lossy(&ended.bytes);
    let mut rest = &*bytes;
    for taken in ["\x1b[?1049h", "\x1b[?1000h", "\x1b[?2004h", "\x1b[?25l", "\x1b[?2026h"] {
        rest = rest.split_once(taken).unwrap_or_else(|| panic!("no {taken:?} in {rest:?}")).1;
    }
    for given in ["\x1b[?2026l", "\x1b[?2004l", "\x1b[?1000l", "\x1b[?1049l", "\x1b[?25h"] {
        rest = rest.rsplit_once(given).map_or(rest, |(_, after)| after);
        assert!(bytes.contains(given), "no {given:?}");
    }
    assert_eq!(rest, "", "something follows");
    assert_eq!(bytes.matches("\x1b[?1049l").count(), 1);
}

/// Behind a dead link every write blocks, and no key or frame gets through.
#[test]
fn a_signal_ends_it_even_if_it_cannot_write() {
    let terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    terminal.stall();
    // Time to fill whatever the system buffers.
    std::thread::sleep(Duration::from_secs(2));
    terminal.signal(Signal::TERM);
    let ended = terminal.end();
    assert!(ended.modes_restored);
    assert_eq!(ended.code, 143);
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let output =
        Command::new(GRADLAB).env("GRADLAB_CONFIG", "").stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{stderr}");
    assert!(stderr.contains("needs a terminal") && stderr.contains("`gradlab run"), "{stderr}");
    assert!(!stderr.contains('\x1b'), "{stderr:?}");
}

#[test]
fn a_dumb_terminal_is_none() {
    let ended = Start::gradlab(&[ENDLESS]).env("TERM", "dumb").open().end();
    ended.in_order(1);
    assert!(ended.text.contains("TERM is `dumb`") && ended.text.contains("gradlab run"));
    assert!(!ended.bytes.contains(&0x1b), "{:?}", ended.text);
}
