//! The terminal's modes: taken, given back, and given back no matter how the program ends.

#![expect(clippy::disallowed_methods, reason = "the screen is written here")]

mod clipboard;

use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// Whether the terminal is in our hands, so that giving it back twice does nothing.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal in our hands. Dropping it gives it back.
#[derive(Debug)]
pub struct Guard {
    /// Never dropped: it would complain on stderr of a terminal that is gone, and panic if stderr
    /// is gone with it.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Counted>>>,
    /// Bytes that were written to the screen.
    written: Rc<Cell<usize>>,
    /// Whether a synchronized update has begun, which the next frame ends.
    updating: bool,
}

/// Standard output, with how many bytes went to it.
#[derive(Debug)]
struct Counted {
    out: BufWriter<Stdout>,
    written: Rc<Cell<usize>>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.written.set(self.written.get() + count);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Bytes of a frame that are written at once.
const AT_ONCE: usize = 1 << 14;
/// Asks a terminal for its background, and then for what every terminal tells: so that one which does not
/// know of the first question is not waited for.
const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

impl Guard {
    /// Takes the terminal, and sees to it that a panic of this thread gives it back before it
    /// prints anything. Other threads' panics are not printed: they would spoil the screen.
    ///
    /// # Errors
    /// If there is none, or its modes cannot be set.
    pub fn take() -> io::Result<Self> {
        require_terminal()?;
        let (hook, owner) = (std::panic::take_hook(), std::thread::current().id());
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == owner {
                let _ = give_back();
            }
            if !TAKEN.load(Ordering::SeqCst) {
                hook(panic);
            }
        }));
        enter()?;
        let written = Rc::new(Cell::new(0));
        let out = BufWriter::with_capacity(AT_ONCE, io::stdout());
        let counted = Counted { out, written: Rc::clone(&written) };
        let terminal = Terminal::new(CrosstermBackend::new(counted));
        let guard = terminal.map(|terminal| Self {
            terminal: ManuallyDrop::new(terminal),
            written,
            updating: false,
        });
        guard.inspect_err(|_| {
            let _ = give_back();
        })
    }

    /// Asks the terminal for its background, unless it would not understand or take it for text. The answer
    /// comes as any other input. Returns whether it was asked.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn ask_background(&self) -> io::Result<bool> {
        let asks = cfg!(unix)
            && !std::env::var("TERM").is_ok_and(|term| term == "linux" || term.starts_with("vt"));
        if asks {
            io::stdout().write_all(ASK_BACKGROUND)?;
            io::stdout().flush()?;
        }
        Ok(asks)
    }

    /// Puts `text` on the terminal's clipboard, if it lets programs do so; through tmux as well.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn copy(&self, text: &str) -> io::Result<()> {
        let command = clipboard::command(text);
        let mut out = io::stdout();
        out.write_all(command.as_bytes())?;
        if std::env::var_os("TMUX").is_some() {
            out.write_all(clipboard::through_tmux(&command).as_bytes())?;
        }
        out.flush()
    }

    /// Draws one frame inside a synchronized update, so that a slow link never shows half of it.
    /// Between [`Guard::suspend`] and [`Guard::resume`] the screen is the shell's. Returns how many bytes
    /// that took.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<usize> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(0);
        }
        let before = self.written.get();
        self.begin_update()?;
        self.terminal.draw(render)?;
        self.updating = false;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Ok(self.written.get() - before)
    }

    /// Cells of the screen.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn cells(&self) -> io::Result<usize> {
        let size = self.terminal.size()?;
        Ok(usize::from(size.width) * usize::from(size.height))
    }

    /// Gives the terminal back and stops the program, with whatever else runs in the same job of
    /// the shell, until the shell goes on with it. Does nothing, and returns false, where there is
    /// no shell that could: under `ssh host -t gradlab` nobody would ever wake it up.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn suspend(&mut self) -> io::Result<bool> {
        let stoppable = in_a_job();
        if stoppable {
            give_back()?;
            stop_job()?;
        }
        Ok(stoppable)
    }

    /// Takes the terminal again after the program was stopped, no matter what has happened to its
    /// modes meanwhile: nothing announces SIGSTOP.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn resume(&mut self) -> io::Result<()> {
        give_back()?;
        enter()?;
        self.forget()
    }

    fn begin_update(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.updating, true) {
            queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        }
        Ok(())
    }

    /// Draws every cell anew in the next frame, with nothing empty before it: after a resize even if the size is the same again,
    /// since the terminal may have cut off what did not fit in between.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn forget(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal where its cursor is, and not all answer.
        let area = self.terminal.size()?.into();
        self.begin_update()?;
        self.terminal.resize(area)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Nobody is left to tell if the terminal is gone.
        let _ = give_back();
    }
}

/// Without a terminal there is no workbench; on a dumb one text cannot be placed.
fn require_terminal() -> io::Result<()> {
    let problem = if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        "the workbench needs a terminal"
    } else if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        "the workbench needs a terminal that can place text, and TERM is `dumb`"
    } else {
        return Ok(());
    };
    let message = format!(
        "{problem}; without one, train with `gradlab run EXPERIMENT`, or print a lesson with \
         `gradlab learn LESSON --print`"
    );
    Err(io::Error::new(io::ErrorKind::Unsupported, message))
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        // A program that was killed may have left something there.
        Clear(ClearType::All),
        EnableMouseCapture,
        EnableBracketedPaste,
        cursor::Hide
    )
    .inspect_err(|_| {
        let _ = give_back();
    })
}

fn give_back() -> io::Result<()> {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let screen = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        cursor::Show
    );
    // The modes are set back even if the screen cannot be written to.
    disable_raw_mode()?;
    screen
}

/// Sets the modes back and leaves the screen as it is: for when writing to the terminal blocks.
pub(super) fn abandon() {
    TAKEN.store(false, Ordering::SeqCst);
    // Nobody is left to tell.
    let _ = disable_raw_mode();
}

/// Whether a shell with job control started the program: such a shell gives each job a process
/// group of its own.
#[cfg(unix)]
fn in_a_job() -> bool {
    rustix::process::getsid(None).is_ok_and(|session| session != rustix::process::getpgrp())
}

/// Stops every process of the job, as the terminal itself does for Ctrl-Z: a parent that waits for
/// this one, such as `make`, would keep the shell waiting.
#[cfg(unix)]
fn stop_job() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?)
}

#[cfg(not(unix))]
const fn in_a_job() -> bool {
    false
}

#[cfg(not(unix))]
const fn stop_job() -> io::Result<()> {
    Ok(())
}
