//! Everything that wakes the user interface from outside: keys, mouse, resizes and signals, each
//! read by a thread of its own into one channel.

use std::io;

use crossbeam_channel::{Receiver, Sender, unbounded};
use crossterm::event::Event;

/// Something from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A key, a mouse event, a paste or a new size.
    Terminal(Event),
    /// A signal that ends the program, by number.
    Quit(i32),
    /// A request to stop for a while (SIGTSTP).
    Suspend,
    /// The terminal cannot be read any more.
    Lost,
}

/// Starts the reading threads.
///
/// # Errors
/// If the signals cannot be watched.
pub fn listen() -> io::Result<Receiver<Input>> {
    let (sender, inputs) = unbounded();
    watch_signals(sender.clone())?;
    std::thread::spawn(move || {
        loop {
            let input = crossterm::event::read().map_or(Input::Lost, Input::Terminal);
            let lost = input == Input::Lost;
            if sender.send(input).is_err() || lost {
                return;
            }
        }
    });
    Ok(inputs)
}

#[cfg(unix)]
fn watch_signals(sender: Sender<Input>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM, SIGTSTP])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let input = if signal == SIGTSTP { Input::Suspend } else { Input::Quit(signal) };
            if sender.send(input).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn watch_signals(_: Sender<Input>) -> io::Result<()> {
    Ok(())
}
