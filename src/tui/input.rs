//! Everything that wakes the user interface from outside: keys, mouse, resizes and signals, each
//! read by a thread of its own into one channel.

use std::io;

use crossbeam_channel::Sender;
use crossterm::event::{Event, MouseEventKind};

/// Something from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A key, a mouse event, a paste or a new size.
    Terminal(Event),
    /// A signal that ends the program, by number.
    Quit(i32),
    /// A request to stop for a while (SIGTSTP).
    Suspend,
    /// The program goes on after it was stopped (SIGCONT).
    Resume,
    /// The terminal cannot be read any more.
    Lost,
}

/// Reads keys, mouse and sizes into `sender`, on a thread of its own.
pub fn read_terminal(sender: Sender<Input>) {
    std::thread::spawn(move || {
        loop {
            // Even if its reader broke down, the workbench must not go on without ears.
            let input = match std::panic::catch_unwind(crossterm::event::read) {
                // Terminals tell of every motion; only clicks and the wheel mean something here.
                Ok(Ok(Event::Mouse(mouse)))
                    if matches!(mouse.kind, MouseEventKind::Moved | MouseEventKind::Drag(_)) =>
                {
                    continue;
                }
                Ok(Ok(event)) => Input::Terminal(event),
                Ok(Err(_)) | Err(_) => Input::Lost,
            };
            let lost = input == Input::Lost;
            if sender.send(input).is_err() || lost {
                return;
            }
        }
    });
}

/// Takes signals in into `sender`, on a thread of its own.
///
/// # Errors
/// If they cannot be watched.
#[cfg(unix)]
pub fn watch_signals(sender: Sender<Input>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    let watched = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT];
    let mut signals = signal_hook::iterator::Signals::new(watched)?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGTSTP => Input::Suspend,
                SIGCONT => Input::Resume,
                _ => Input::Quit(signal),
            };
            let quit = matches!(input, Input::Quit(_));
            if sender.send(input).is_err() {
                return;
            }
            if quit {
                end_anyway(signal);
            }
        }
    });
    Ok(())
}

/// Ends the program if the user interface has not done so for a while: it cannot while it writes to
/// a terminal that takes nothing, as behind a dead link.
#[cfg(unix)]
fn end_anyway(signal: i32) {
    std::thread::sleep(std::time::Duration::from_secs(2));
    super::terminal::abandon();
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}

/// Signals are a matter of Unix.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn watch_signals(_: Sender<Input>) -> io::Result<()> {
    Ok(())
}
