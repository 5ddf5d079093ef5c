//! Everything that wakes the user interface from outside: keys, mouse, resizes and signals, each
//! read by a thread of its own into one channel.

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use crossterm::event::{Event, MouseEventKind};

use super::theme;
use crate::export::svg::palette::Rgb;
use crate::parallel;

#[cfg(unix)]
mod decode;

/// How long a user interface may leave an end without an answer: it cannot answer while it writes to
/// a terminal that takes nothing, as behind a dead link.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A key, a mouse event, a paste or a new size.
    Terminal(Event),
    /// What the terminal answers when it is asked for its background; none if it does not tell.
    Background(Option<Rgb>),
    /// A signal that ends the program, by number.
    Quit(i32),
    /// A request to stop for a while (SIGTSTP).
    Suspend,
    /// The program goes on after it was stopped (SIGCONT).
    Resume,
    /// The terminal cannot be read any more.
    Lost,
}

/// Reads keys and mouse into `sender`, on a thread of its own. The terminal may have been `asked` for its
/// background.
///
/// # Errors
/// If there is no thread for it.
pub fn read_terminal(sender: Sender<Input>, asked: bool) -> io::Result<()> {
    let read = move || {
        let mut keyboard = Keyboard::new(asked);
        loop {
            // Even if its reader broke down, the workbench must not go on without ears.
            let read = std::panic::AssertUnwindSafe(|| keyboard.read());
            let Ok(Ok(inputs)) = std::panic::catch_unwind(read) else {
                let _ = sender.send(Input::Lost);
                return;
            };
            for input in inputs.into_iter().filter(means_something) {
                let ends = is_ctrl_c(&input);
                if sender.send(input).is_err() {
                    return;
                }
                if ends {
                    end_unless_taken(&sender);
                }
            }
        }
    };
    parallel::spawn(read).map(drop)
}

/// Terminals tell of every motion; only clicks, the wheel and ways with a button down mean something
/// here.
fn means_something(input: &Input) -> bool {
    !matches!(input, Input::Terminal(Event::Mouse(mouse)) if mouse.kind == MouseEventKind::Moved)
}

fn is_ctrl_c(input: &Input) -> bool {
    use crossterm::event::{KeyCode, KeyModifiers};
    matches!(input, Input::Terminal(Event::Key(key)) if key.code == KeyCode::Char('c')
        && key.modifiers == KeyModifiers::CONTROL)
}

/// The terminal's side that is read.
#[cfg(unix)]
#[derive(Debug)]
struct Keyboard {
    decoder: decode::Decoder,
    /// Until when an answer of the terminal is expected.
    answer_until: Option<Instant>,
}

#[cfg(unix)]
impl Keyboard {
    /// How long the rest of a sequence may take to follow its Escape.
    const SEQUENCE: Duration = Duration::from_millis(4);
    /// How long that of an answer may take, which a slow link may cut in two.
    const PARTS: Duration = Duration::from_millis(20);
    /// How long an answer is expected.
    const ANSWER: Duration = Duration::from_secs(3);

    fn new(asked: bool) -> Self {
        let answer_until = asked.then(|| Instant::now() + Self::ANSWER);
        Self { decoder: decode::Decoder::default(), answer_until }
    }

    /// Waits for inputs.
    fn read(&mut self) -> io::Result<Vec<Input>> {
        let mut bytes = [0; 4096];
        let count = match rustix::io::read(rustix::stdio::stdin(), &mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut events = self.decoder.feed(&bytes[..count], true);
        if self.decoder.waits() && !self.more_follows()? {
            events.extend(self.decoder.feed(&[], false));
        }
        let mut inputs: Vec<_> = events.into_iter().map(Input::Terminal).collect();
        inputs.extend(self.decoder.take_answers().iter().filter_map(|it| self.take_answer(it)));
        Ok(inputs)
    }

    /// The background that `answer` tells; that there is none to be told of once the terminal has answered
    /// the question behind.
    fn take_answer(&mut self, answer: &decode::Answer) -> Option<Input> {
        self.answer_until?;
        let background = match answer {
            decode::Answer::Command(text) => Some(theme::background(text)?),
            decode::Answer::Attributes => {
                self.answer_until = None;
                None
            }
        };
        Some(Input::Background(background))
    }

    fn more_follows(&self) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let stdin = rustix::stdio::stdin();
        let answering = self.answer_until.is_some_and(|until| Instant::now() < until);
        let wait = if answering { Self::PARTS } else { Self::SEQUENCE };
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&timeout)) {
            Ok(ready) => Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}

/// The console that is read.
#[cfg(not(unix))]
#[derive(Debug, Default)]
struct Keyboard;

#[cfg(not(unix))]
impl Keyboard {
    fn new(_: bool) -> Self {
        Self
    }

    /// Waits for inputs.
    fn read(&mut self) -> io::Result<Vec<Input>> {
        Ok(vec![Input::Terminal(crossterm::event::read()?)])
    }
}

/// Takes signals in into `sender`, on a thread of its own.
///
/// # Errors
/// If they cannot be watched.
#[cfg(unix)]
pub fn watch_signals(sender: Sender<Input>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
    let watched = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH];
    let mut signals = signal_hook::iterator::Signals::new(watched)?;
    let watch = move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGTSTP => Input::Suspend,
                SIGCONT => Input::Resume,
                SIGWINCH => match crossterm::terminal::size() {
                    Ok((columns, rows)) => Input::Terminal(Event::Resize(columns, rows)),
                    Err(_) => continue,
                },
                _ => Input::Quit(signal),
            };
            let quit = matches!(input, Input::Quit(_));
            // A channel that is full does not hold up the end.
            let sent = sender.send_timeout(input, PATIENCE);
            if sent.is_err_and(|error| error.is_disconnected()) {
                return;
            }
            if quit {
                std::thread::sleep(PATIENCE);
                end(signal);
            }
        }
    };
    parallel::spawn(watch).map(drop)
}

/// Ends the program if the user interface does not take in what has been sent for a while.
#[cfg(unix)]
fn end_unless_taken(sender: &Sender<Input>) {
    let sender = sender.clone();
    let watch = move || {
        std::thread::sleep(PATIENCE);
        if !sender.is_empty() {
            end(signal_hook::consts::SIGINT);
        }
    };
    // Without a thread for it the user interface still takes the key in its turn.
    let _ = parallel::spawn(watch);
}

/// Ends the program by a signal, without the user interface.
#[cfg(unix)]
fn end(signal: i32) {
    super::terminal::abandon();
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}

#[cfg(not(unix))]
fn end_unless_taken(_: &Sender<Input>) {}

/// Signals are a matter of Unix.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn watch_signals(_: Sender<Input>) -> io::Result<()> {
    Ok(())
}
