//! A terminal of our own: the program's side is a pseudo-terminal, ours an emulator of the screen.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How long anything may take on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test.
pub const GRADLAB: &str = env!("CARGO_BIN_EXE_gradlab");

/// A run that makes cheap steps and never comes to its end.
pub const ENDLESS: &str =
    "spirals:samples=100/8-relu/8-relu/2-softmax/optimizer=adam,lr=0.001,steps=100000000,seed=3";

pub const ESC: &str = "\x1b";
pub const ENTER: &str = "\r";
pub const RIGHT: &str = "\x1b[C";
pub const LEFT: &str = "\x1b[D";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const END: &str = "\x1b[F";
pub const PAGE_DOWN: &str = "\x1b[6~";
pub const CTRL_C: &str = "\x03";
pub const CTRL_Z: &str = "\x1a";

/// Whether a frame is being written: the screen is looked at between frames only.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// What is started, and in what surroundings.
pub struct Start<'a> {
    pub command: Vec<&'a str>,
    pub env: Vec<(&'a str, &'a str)>,
    pub size: (u16, u16),
    /// How long everything is under way, in either direction.
    pub latency: Duration,
}

impl<'a> Start<'a> {
    /// `gradlab` with `args`, at 120×40 in true colour.
    pub fn gradlab(args: &[&'a str]) -> Self {
        Self::command(&[&[GRADLAB], args].concat())
    }

    pub fn command(command: &[&'a str]) -> Self {
        let env = vec![
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("NO_COLOR", ""),
            ("COLORFGBG", ""),
            ("LC_ALL", "C.UTF-8"),
        ];
        Self { command: command.to_vec(), env, size: (120, 40), latency: Duration::ZERO }
    }

    pub fn env(mut self, name: &'a str, value: &'a str) -> Self {
        self.env.push((name, value));
        self
    }

    pub fn size(self, size: (u16, u16)) -> Self {
        Self { size, ..self }
    }

    pub fn latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    pub fn open(self) -> Terminal {
        Terminal::open(self)
    }
}

/// A terminal with a program in it.
pub struct Terminal {
    /// Where it runs: whatever it writes goes with it.
    folder: TempDir,
    /// Where it keeps its races, if the test names no other place.
    state: TempDir,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Held open so that the modes can be read after the program has ended.
    slave: Box<dyn SlavePty + Send>,
    keyboard: Sender<(Instant, Vec<u8>)>,
    typist: JoinHandle<()>,
    latency: Duration,
    reader: JoinHandle<()>,
    shared: Arc<Shared>,
    modes: String,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// The terminal takes nothing more, as behind a dead link.
    stalled: AtomicBool,
    /// The reader ends after the next bytes.
    closing: AtomicBool,
    /// How long everything is under way.
    latency: Duration,
}

struct State {
    parser: vt100::Parser,
    /// Everything that was ever written.
    bytes: Vec<u8>,
    /// How many of them the screen has seen.
    seen: usize,
    ended: bool,
}

impl Default for State {
    fn default() -> Self {
        let (rows, columns) = cells((120, 40));
        Self {
            parser: vt100::Parser::new(rows, columns, 0),
            bytes: Vec::new(),
            seen: 0,
            ended: false,
        }
    }
}

impl State {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let new = &self.bytes[self.seen..];
        let last = |mark: &[u8]| new.windows(mark.len()).rposition(|window| window == mark);
        let whole = match (last(FRAME.0), last(FRAME.1)) {
            (Some(begin), end) if end.is_none_or(|end| end < begin) => begin,
            _ => new.len(),
        };
        self.parser.process(&new[..whole]);
        self.seen += whole;
    }

    fn text(&self) -> String {
        let (_, columns) = self.parser.screen().size();
        self.parser.screen().rows(0, columns.get()).collect::<Vec<_>>().join("\n")
    }
}

fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap())
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}

impl Terminal {
    fn open(start: Start<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pair = portable_pty::native_pty_system().openpty(pty_size(start.size)).unwrap();
        let mut command = CommandBuilder::new(start.command[0]);
        command.args(&start.command[1..]);
        command.cwd(folder.path());
        let state = tempfile::tempdir().unwrap();
        command.env("GRADLAB_STATE_DIR", state.path());
        // No file of the user's, and no hints between a test and what it waits for.
        let config = state.path().join("config.toml");
        std::fs::write(&config, "hints = false\n").unwrap();
        command.env("GRADLAB_CONFIG", &config);
        for (name, value) in start.env {
            command.env(name, value);
        }
        let modes = modes(&*pair.master);
        let shared = Arc::new(Shared { latency: start.latency, ..Shared::default() });
        let (rows, columns) = cells(start.size);
        shared.state.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        let reader = {
            let (mut input, shared) = (pair.master.try_clone_reader().unwrap(), shared.clone());
            let arrived = line(start.latency, {
                let shared = shared.clone();
                move |bytes: Vec<u8>| {
                    let mut state = shared.state.lock().unwrap();
                    state.take(&bytes);
                    state.ended = bytes.is_empty();
                    shared.changed.notify_all();
                }
            });
            std::thread::spawn(move || {
                let (sender, arrival) = arrived;
                read(&mut *input, &shared, &sender);
                drop(sender);
                arrival.join().unwrap();
            })
        };
        let mut writer = pair.master.take_writer().unwrap();
        let (keyboard, typist) = line(start.latency, move |bytes: Vec<u8>| {
            // The program may have ended meanwhile.
            let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
        });
        Self {
            folder,
            state,
            child: pair.slave.spawn_command(command).unwrap(),
            keyboard,
            typist,
            latency: start.latency,
            master: pair.master,
            slave: pair.slave,
            reader,
            shared,
            modes,
        }
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where it keeps its races.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        let due = Instant::now() + self.latency;
        self.keyboard.send((due, keys.as_bytes().to_vec())).unwrap();
    }

    /// Types, and waits for what must follow.
    #[track_caller]
    pub fn press<T>(&mut self, keys: &str, then: impl FnMut(&str) -> Option<T>) -> T {
        self.keys(keys);
        self.wait(&format!("after {keys:?}"), then)
    }

    /// Types, and waits until `word` is on the screen.
    #[track_caller]
    pub fn press_for(&mut self, keys: &str, word: &str) {
        self.press(keys, |screen| screen.contains(word).then_some(()));
    }

    pub fn resize(&mut self, size: (u16, u16)) {
        let (rows, columns) = cells(size);
        let mut state = self.shared.state.lock().unwrap();
        state.parser.screen_mut().set_size(rows, columns);
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Waits until `look` finds something on the screen.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, look: impl FnMut(&str) -> Option<T>) -> T {
        let found = self.find(PATIENCE, look);
        found.unwrap_or_else(|| panic!("never seen: {what}\n{}", self.screen()))
    }

    /// What `look` finds on the screen within `time`.
    pub fn find<T>(&self, time: Duration, mut look: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + time;
        let mut state = self.shared.state.lock().unwrap();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let found = look(&state.text());
            if found.is_some() || left.is_zero() || state.ended {
                return found;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    #[track_caller]
    pub fn wait_for(&self, word: &str) {
        self.wait(word, |screen| screen.contains(word).then_some(()));
    }

    /// Waits until the screen has not changed for `time`.
    pub fn settle(&self, time: Duration) -> String {
        let mut state = self.shared.state.lock().unwrap();
        loop {
            let count = state.bytes.len();
            let (next, timeout) = self.shared.changed.wait_timeout(state, time).unwrap();
            state = next;
            if timeout.timed_out() && state.bytes.len() == count {
                return state.text();
            }
        }
    }

    pub fn screen(&self) -> String {
        self.shared.state.lock().unwrap().text()
    }

    /// Everything written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.state.lock().unwrap().bytes.clone()
    }

    /// Stops taking what the program writes.
    pub fn stall(&self) {
        self.shared.stalled.store(true, Ordering::SeqCst);
    }

    /// Takes again what the program writes.
    pub fn resume(&self) {
        self.shared.stalled.store(false, Ordering::SeqCst);
    }

    /// The process in the foreground: the program itself, or what its shell waits for.
    pub fn foreground(&self) -> Pid {
        Pid::from_raw(self.master.process_group_leader().unwrap()).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.foreground(), signal).unwrap();
    }

    /// Whether the terminal's modes are those it had before the program started.
    pub fn modes_are_restored(&self) -> bool {
        modes(&*self.master) == self.modes
    }

    /// Whether the emulator is back where a shell expects it.
    pub fn screen_is_given_back(&self) -> bool {
        given_back(self.shared.state.lock().unwrap().parser.screen())
    }

    pub fn running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let shared = Arc::clone(&self.shared);
        let screen = || shared.state.lock().unwrap().text();
        let code = wait_for_end(&mut *self.child, screen);
        let modes_restored = self.modes_are_restored();
        self.shared.stalled.store(false, Ordering::SeqCst);
        drop(self.slave);
        self.reader.join().unwrap();
        let state = self.shared.state.lock().unwrap();
        let screen_given_back = given_back(state.parser.screen());
        let (bytes, text) = (state.bytes.clone(), state.text());
        Ended { code, modes_restored, screen_given_back, bytes, text }
    }

    /// Takes the terminal away, as a window that is closed, and gives the exit code. The program
    /// must be writing.
    #[track_caller]
    pub fn hang_up(mut self) -> u32 {
        self.shared.closing.store(true, Ordering::SeqCst);
        self.reader.join().unwrap();
        drop(self.keyboard);
        self.typist.join().unwrap();
        drop((self.master, self.slave));
        wait_for_end(&mut *self.child, String::new)
    }
}

/// What a program left behind in its terminal.
pub struct Ended {
    /// As a shell shows it: 128 + n after signal n.
    pub code: u32,
    pub modes_restored: bool,
    pub screen_given_back: bool,
    pub bytes: Vec<u8>,
    /// The screen.
    pub text: String,
}

impl Ended {
    /// The program ended with `code` and the terminal is as it was.
    #[track_caller]
    pub fn in_order(&self, code: u32) {
        assert_eq!(self.code, code, "{}", self.text);
        assert!(self.modes_restored && self.screen_given_back, "{}", self.text);
        assert!(!self.text.contains("panicked"), "{}", self.text);
    }
}

fn given_back(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen()
        && !screen.hide_cursor()
        && !screen.bracketed_paste()
        && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// A line on which everything is under way for a while, and then is given to `take`.
fn line(
    latency: Duration,
    mut take: impl FnMut(Vec<u8>) + Send + 'static,
) -> (Sender<(Instant, Vec<u8>)>, JoinHandle<()>) {
    let (sender, receiver) = channel::<(Instant, Vec<u8>)>();
    let carry = std::thread::spawn(move || {
        for (due, bytes) in receiver {
            if !latency.is_zero() {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            take(bytes);
        }
    });
    (sender, carry)
}

/// Reads what the program writes, and puts it on the line; nothing more tells of the end.
fn read(input: &mut dyn Read, shared: &Shared, line: &Sender<(Instant, Vec<u8>)>) {
    let mut chunk = [0; 4096];
    loop {
        while shared.stalled.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        // The end of a pseudo-terminal is an error on Linux.
        let count = input.read(&mut chunk).unwrap_or(0);
        line.send((Instant::now() + shared.latency, chunk[..count].to_vec())).unwrap();
        if count == 0 || shared.closing.load(Ordering::SeqCst) {
            return;
        }
    }
}

#[track_caller]
fn wait_for_end(child: &mut (dyn Child + Send + Sync), screen: impl Fn() -> String) -> u32 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return match status.signal() {
                None => status.exit_code(),
                Some("Terminated") => 143,
                Some(other) => panic!("killed by {other}"),
            };
        }
        if Instant::now() > deadline {
            let screen = screen();
            child.kill().unwrap();
            panic!("it does not end\n{screen}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The number after `word` on the screen: `step   1,984`.
pub fn number_after(screen: &str, word: &str) -> Option<u64> {
    let rest = screen.split_once(word)?.1.trim_start();
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    digits.replace(',', "").parse().ok()
}

/// The step in the header.
pub fn step(screen: &str) -> Option<u64> {
    number_after(screen.lines().next()?, " step ")
}

/// The step in the header, if the run has the `state` there.
pub fn step_while(state: &str, screen: &str) -> Option<u64> {
    screen.lines().next()?.contains(state).then(|| step(screen))?
}

/// Layer `number` as the editor shows it: units, activation, optimizer, learning rate.
pub fn layer(screen: &str, number: usize) -> Option<Vec<String>> {
    screen.lines().find_map(|line| {
        let panel = line.strip_prefix('│')?.split('│').next()?;
        let mut words = panel.split_whitespace().skip_while(|word| *word == "▸");
        let fields: Vec<_> =
            (words.next()? == number.to_string()).then(|| words.map(str::to_owned).collect())?;
        (fields.len() == 4).then_some(fields)
    })
}
