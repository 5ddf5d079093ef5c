//! Thousands of random keys, clicks, pastes and sizes.

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

use super::harness::{ESC, GRADLAB, Start, Terminal};

const EVENTS: usize = 2000;

/// Keys that are more than a character.
const SPECIAL: &[&str] = &[
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[3~",
    "\x1b[2~",
    "\x1b[Z",
    "\x1bOP",
    "\x1b[15~",
    "\x1b[1;5C",
    "\x1b[1;2A",
    "\x1bx",
    ESC,
    ESC,
    ESC,
    "\t",
    "\r",
    "\r",
    "\x7f",
    "\x1b[I",
    "\x1b[",
    "\x1b]0;x\x07",
    "\x1b[999;999R",
    "\x1b[?1;2c",
    "é",
    "漢",
    "\u{1f600}",
    "\u{301}",
];

/// Ctrl with a letter, but for Ctrl-C and Ctrl-Z.
fn control(rng: &mut ChaCha8Rng) -> char {
    let code = rng.random_range(1..=31_u8);
    if matches!(code, 3 | 26 | 27) { '\x01' } else { char::from(code) }
}

fn paste(rng: &mut ChaCha8Rng) -> String {
    let pieces =
        ["0.1", "tanh", "adam:lr=1e9", "\u{8}", "\n", "\0", "漢字", "\u{202e}", "-", "\u{7f}"];
    let text: String =
        (0..rng.random_range(0..20)).filter_map(|_| pieces.choose(rng)).copied().collect();
    format!("\x1b[200~{text}\x1b[201~")
}

fn mouse(rng: &mut ChaCha8Rng) -> String {
    let button = [0, 1, 2, 3, 32, 35, 64, 65, 66, 4, 16].choose(rng).unwrap();
    let (x, y) = (rng.random_range(0..=300), rng.random_range(0..=100));
    let end = if rng.random_bool(0.7) { 'M' } else { 'm' };
    format!("\x1b[<{button};{x};{y}{end}")
}

fn event(rng: &mut ChaCha8Rng, terminal: &mut Terminal) -> String {
    match rng.random_range(0..100) {
        // `q` would be the end, wherever it is not text.
        0..60 => char::from(rng.random_range(b' '..=b'~')).to_string().replace('q', "r"),
        60..80 => (*SPECIAL.choose(rng).unwrap()).to_owned(),
        80..84 => control(rng).to_string(),
        84..94 => mouse(rng),
        94..97 => paste(rng),
        _ => {
            terminal.resize((rng.random_range(1..=250), rng.random_range(1..=80)));
            String::new()
        }
    }
}

fn survives(seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let recipe = "moons:samples=60/4-tanh/2-softmax/steps=3000,seed=1";
    let mut terminal = Start::command(&[GRADLAB, recipe]).open();
    terminal.wait_for("running");
    for _ in 0..EVENTS {
        let keys = event(&mut rng, &mut terminal);
        terminal.keys(&keys);
        if rng.random_bool(0.02) {
            // Sometimes all that came is answered before there is more.
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(terminal.running(), "seed {seed}: ended after {keys:?}\n{}", terminal.screen());
    }
    // Ends a sequence that was begun: a report, a click, a paste.
    terminal.keys("\x1b[201~cuMm~");
    terminal.resize((120, 40));
    // An Esc that is read together with the next key is another key: it takes patience.
    let still_reacts = (0..20).any(|_| {
        terminal.keys(ESC);
        std::thread::sleep(Duration::from_millis(50));
        terminal.keys("?");
        let help = |screen: &str| screen.contains("╭ Keys ").then_some(());
        terminal.find(Duration::from_secs(3), help).is_some()
    });
    assert!(still_reacts, "seed {seed}\n{}", terminal.screen());
    terminal.press(ESC, |screen| (!screen.contains("╭ Keys ")).then_some(()));
    // A race may be under way: it takes a second word. And an Esc before it may take away the first.
    for _ in 0..20 {
        if terminal.running() {
            terminal.keys("q");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    terminal.end().in_order(0);
}

#[test]
fn random_input_does_no_harm_1() {
    survives(1);
}

#[test]
fn random_input_does_no_harm_2() {
    survives(2);
}

#[test]
fn random_input_does_no_harm_3() {
    survives(3);
}
