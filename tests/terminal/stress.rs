//! The workbench in rough hands: a terminal that is not read, input that does not end, steps that
//! take minutes.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::harness::{CTRL_C, DOWN, ENDLESS, ESC, Start, Terminal, step};

/// A step of it takes minutes.
const SLOW: &str = "moons/1100-tanh/1100-tanh/2-softmax/optimizer=shampoo";

fn at_full_pace() -> Terminal {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal
        .press("]]]", |screen| (screen.contains("pace max") && step(screen)? > 1000).then_some(()));
    terminal
}

#[test]
fn a_stalled_reader_sees_the_next_key_soon_after() {
    let mut terminal = at_full_pace();
    terminal.stall();
    std::thread::sleep(Duration::from_secs(10));
    terminal.resume();
    let begun = Instant::now();
    terminal.press_for("?", "Esc");
    // A loaded machine takes its time; the rest used to be four times that of the stall.
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    terminal.keys(CTRL_C);
    terminal.end().in_order(0);
}

#[test]
fn a_key_is_drawn_at_once_at_full_pace() {
    let mut terminal = at_full_pace();
    let mut times: Vec<_> = (0..40)
        .map(|index| {
            std::thread::sleep(Duration::from_millis(37));
            let (key, open) = if index % 2 == 0 { ("?", true) } else { (ESC, false) };
            let begun = Instant::now();
            terminal.press(key, |screen| (screen.contains("Esc back") == open).then_some(()));
            begun.elapsed()
        })
        .collect();
    times.sort();
    println!("median {:?}, largest {:?}", times[times.len() / 2], times[times.len() - 1]);
    assert!(times[times.len() / 2] < Duration::from_millis(500), "{times:?}");
    terminal.keys(CTRL_C);
    terminal.end().in_order(0);
}

#[test]
fn input_that_does_not_end_leaves_ctrl_c() {
    for begun in ["\x1b[200~a paste", "\x1b[", "\x1b[<0;1", "\x1b]0;title", "\x1bP"] {
        let mut terminal = at_full_pace();
        terminal.keys(begun);
        std::thread::sleep(Duration::from_millis(100));
        terminal.keys(CTRL_C);
        terminal.end().in_order(0);
    }
}

#[test]
fn a_paste_without_brackets_is_no_series_of_commands() {
    let mut terminal = at_full_pace();
    let text = "quit, or run everything in the list\r".repeat(30_000);
    for piece in text.as_bytes().chunks(4000) {
        terminal.keys(std::str::from_utf8(piece).unwrap());
    }
    assert!(terminal.running());
    let before = step(&terminal.screen()).unwrap();
    terminal.press(DOWN, |screen| (step(screen)? > before).then_some(()));
    terminal.keys(CTRL_C);
    terminal.end().in_order(0);
}

#[test]
fn a_step_of_minutes_does_not_hold_up_the_end() {
    for end in ["q", CTRL_C] {
        let mut terminal = Start::gradlab(&[SLOW]).open();
        terminal.wait_for("shampoo");
        std::thread::sleep(Duration::from_secs(1));
        let begun = Instant::now();
        terminal.keys(end);
        terminal.end().in_order(0);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
    let terminal = Start::gradlab(&[SLOW]).open();
    terminal.wait_for("shampoo");
    terminal.signal(Signal::TERM);
    terminal.end().in_order(143);
}

#[test]
fn an_edit_that_takes_too_much_memory_is_refused() {
    let mut terminal =
        Start::gradlab(&["moons/256-tanh/2-softmax/optimizer=sgd", "--max-memory", "24MB"]).open();
    terminal.press("]]]", |screen| (step(screen)? > 0).then_some(()));
    // The units of the first layer, doubled by each key until there is no leave.
    for _ in 0..14 {
        terminal.keys("+");
    }
    assert!(terminal.running());
    terminal.keys("q");
    terminal.end().in_order(0);
}
