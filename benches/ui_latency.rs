//! The time from a key to its frame, with training at full pace: median ≤ 10 ms and 99th percentile
//! ≤ 40 ms on two cores; and after the terminal was not read for ten seconds: ≤ 100 ms.
//!
//! `cargo bench --bench ui_latency`
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const ENDLESS: &str =
    "spirals:samples=100/8-relu/8-relu/2-softmax/optimizer=adam,lr=0.001,steps=100000000,seed=3";
const SIZE: (u16, u16) = (40, 120);
const KEYS: usize = 400;
/// The end of a frame.
const END: &[u8] = b"\x1b[?2026l";

/// The screen, and when the frame on it came.
struct Screen {
    state: Mutex<(vt100::Parser, Instant)>,
    changed: Condvar,
    stalled: AtomicBool,
}

impl Screen {
    fn read(&self, input: &mut dyn Read) {
        let mut chunk = [0; 1 << 14];
        loop {
            while self.stalled.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
            }
            let count = input.read(&mut chunk).unwrap_or(0);
            if count == 0 {
                return;
            }
            let now = Instant::now();
            let mut state = self.state.lock().unwrap();
            state.0.process(&chunk[..count]);
            if chunk[..count].windows(END.len()).any(|window| window == END) {
                state.1 = now;
                self.changed.notify_all();
            }
        }
    }

    /// When `word` was there, or no longer there.
    fn wait(&self, word: &str, there: bool) -> Instant {
        let mut state = self.state.lock().unwrap();
        while state.0.screen().contents().contains(word) != there {
            state = self.changed.wait(state).unwrap();
        }
        state.1
    }
}

fn main() {
    let (rows, columns) = SIZE;
    let size = PtySize { rows, cols: columns, ..PtySize::default() };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gradlab"));
    command.arg(ENDLESS);
    command.env("TERM", "xterm-256color");
    let state = tempfile::tempdir().unwrap();
    command.env("GRADLAB_STATE_DIR", state.path());
    let mut child = pair.slave.spawn_command(command).unwrap();
    let [rows, columns] = [rows, columns].map(|n| NonZeroU16::new(n).unwrap());
    let parser = vt100::Parser::new(rows, columns, 0);
    let screen = Arc::new(Screen {
        state: Mutex::new((parser, Instant::now())),
        changed: Condvar::new(),
        stalled: AtomicBool::new(false),
    });
    let mut input = pair.master.try_clone_reader().unwrap();
    let reader = {
        let screen = Arc::clone(&screen);
        std::thread::spawn(move || screen.read(&mut *input))
    };
    let mut keyboard = pair.master.take_writer().unwrap();
    let mut press = |key: &str| {
        keyboard.write_all(key.as_bytes()).unwrap();
        keyboard.flush().unwrap();
        Instant::now()
    };
    screen.wait("step", true);
    press("]]]");
    screen.wait("pace max", true);

    let mut times: Vec<Duration> = (0..KEYS)
        .map(|index| {
            // Not in step with the frames.
            std::thread::sleep(Duration::from_micros(40_000 + 7_919 * (index as u64 % 13)));
            let open = index % 2 == 0;
            let pressed = press(if open { "?" } else { "\x1b" });
            screen.wait("Esc back", open).saturating_duration_since(pressed)
        })
        .collect();
    times.sort();
    let [median, late] = [KEYS / 2, KEYS * 99 / 100].map(|rank| times[rank]);
    println!("key to frame: median {median:.1?}, 99th percentile {late:.1?}, of {KEYS}");

    screen.stalled.store(true, Ordering::SeqCst);
    std::thread::sleep(Duration::from_secs(10));
    screen.stalled.store(false, Ordering::SeqCst);
    let pressed = press("?");
    let after = screen.wait("Esc back", true).saturating_duration_since(pressed);
    println!("after a stall of 10 s: {after:.1?}");
    press("\x03");
    drop(pair.slave);
    child.wait().unwrap();
    reader.join().unwrap();
}
