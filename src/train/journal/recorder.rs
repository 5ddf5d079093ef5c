//! The thread that writes a journal.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::folder::{Home, LARGEST_STATE};
use super::session_file::SessionFile;
use super::state;
use crate::experiment::Script;
use crate::parallel;
use crate::train::engine::Checkpoint;

/// The time between two writings: what comes meanwhile is written at once.
const GATHER: Duration = Duration::from_millis(250);
/// The time until something is tried again that could not be written.
const AGAIN: Duration = Duration::from_secs(10);

/// A thread that writes, seen from outside.
#[derive(Debug)]
pub struct Recorder {
    desk: Arc<Desk>,
    /// Why nothing could be written.
    pub notices: Receiver<String>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What lies there to be written. It has room for one of each; the latest counts.
#[derive(Debug, Default)]
struct Desk {
    pending: Mutex<Pending>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Work {
    /// Where the run is.
    place: Option<(Script, u64)>,
    state: Option<(Script, Checkpoint)>,
}

#[derive(Debug, Default)]
struct Pending {
    work: Work,
    closing: bool,
    /// Whether all that was there when it was closed is written, once that is known.
    complete: Option<bool>,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits for something to write; none if there will be nothing any more.
    fn take(&self) -> Option<Work> {
        let mut pending = self.lock();
        loop {
            let work = std::mem::take(&mut pending.work);
            if work.place.is_some() || work.state.is_some() {
                return Some(work);
            }
            if pending.closing {
                return None;
            }
            pending = self.changed.wait(pending).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts back what could not be written, unless there is something later.
    fn put_back(&self, work: Work) {
        let later = &mut self.lock().work;
        later.place = later.place.take().or(work.place);
        later.state = later.state.take().or(work.state);
    }

    /// Waits for so long, or until it is closed. Returns whether it is.
    fn rest(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut pending = self.lock();
        while !pending.closing {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(pending, left);
            pending = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Recorder {
    /// Starts a thread that writes to `home`. `wake` gets a token when there is a notice.
    pub fn spawn(home: Home, wake: Sender<()>) -> Self {
        let desk = Arc::new(Desk::default());
        let (outbox, notices) = bounded(1);
        let work = {
            let (desk, outbox) = (Arc::clone(&desk), outbox.clone());
            move || {
                let complete = record(&desk, home, &outbox, &wake);
                desk.change(|pending| pending.complete = Some(complete));
            }
        };
        let thread = parallel::spawn(work).inspect_err(|error| {
            let _ = outbox.try_send(format!("the session is not kept: {error}"));
            desk.change(|pending| pending.complete = Some(false));
        });
        Self { desk, notices, thread: Mutex::new(thread.ok()) }
    }

    /// See [`super::Journal::script`].
    pub fn take_script(&self, script: &Script, step: u64) {
        self.desk.change(|pending| pending.work.place = Some((script.clone(), step)));
    }

    /// See [`super::Journal::state`].
    pub fn take_state(&self, script: &Script, checkpoint: Checkpoint) {
        self.desk.change(|pending| {
            pending.work.place = Some((script.clone(), checkpoint.step()));
            pending.work.state = Some((script.clone(), checkpoint));
        });
    }

    /// See [`super::Journal::close`].
    pub fn close(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        self.desk.change(|pending| pending.closing = true);
        let mut pending = self.desk.lock();
        loop {
            if let Some(complete) = pending.complete {
                drop(pending);
                // It has come to its end; the lock of the session goes with it.
                let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
                return thread.is_none_or(|thread| thread.join().is_ok()) && complete;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.desk.changed.wait_timeout(pending, left);
            pending = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // The thread ends by itself once all is written.
        self.desk.change(|pending| pending.closing = true);
    }
}

/// Writes what comes, until the desk is closed. Returns whether everything could be written.
fn record(desk: &Desk, home: Home, notices: &Sender<String>, wake: &Sender<()>) -> bool {
    let mut told = false;
    let mut pen = Pen { home, data: None };
    while let Some(mut work) = desk.take() {
        let error = match pen.write(&mut work) {
            Ok(()) => {
                desk.rest(GATHER);
                continue;
            }
            Err(error) => error,
        };
        if !std::mem::replace(&mut told, true) {
            let place = pen.home.path().display();
            let _ = notices.try_send(format!("cannot write to `{place}`: {error}"));
            let _ = wake.try_send(());
        }
        desk.put_back(work);
        if desk.rest(AGAIN) {
            // One last time.
            return desk.take().is_none_or(|mut work| pen.write(&mut work).is_ok());
        }
    }
    true
}

/// What writes.
struct Pen {
    home: Home,
    /// The hash of the data's file when it was first asked for: it may be overwritten later, but not
    /// what was read of it.
    data: Option<(PathBuf, u64)>,
}

impl Pen {
    /// Writes what there is, and takes away what is written.
    fn write(&mut self, work: &mut Work) -> io::Result<()> {
        let folder = self.home.folder()?;
        // First where the run is: a state that is not there yet only makes the way to there longer.
        if let Some((script, step)) = &work.place {
            let session = SessionFile::of(script, *step, self.data.take());
            self.data.clone_from(&session.data);
            folder.write_session(&session)?;
            work.place = None;
        }
        if let Some((script, checkpoint)) = &work.state {
            let bytes = state::to_bytes(script, checkpoint).map_err(io::Error::other)?;
            if bytes.len() as u64 <= LARGEST_STATE {
                folder.write_state(&bytes)?;
            }
            work.state = None;
        }
        Ok(())
    }
}
