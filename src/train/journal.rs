//! The journal of the workbench: what a session can go on from after it was closed, or killed, or the
//! machine lost its power.
//!
//! ```text
//! sessions/k3f9qa/session.toml        the script, and the step that was reached on it
//!                 state.safetensors   a state of the run at some step of a script
//!                 lock                locked as long as the session is open
//! ```
//! The state at a step follows from the script, so `session.toml` alone would do: a state saves the
//! replay up to it. It says of which script it is, and counts only if that is how the script of
//! `session.toml` begins. Files are written by a thread of the journal's own, which takes the latest
//! and leaves out what was overtaken; nobody waits for it but who closes the journal.

mod folder;
mod recorder;
mod resumed;
mod session_file;
mod state;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

pub use folder::{Found, MOST, Place, list};
pub use resumed::{Refusal, Resumed, Start};

use self::folder::{Folder, Home};
use self::recorder::Recorder;
use super::engine::Checkpoint;
use crate::experiment::Script;

/// The journal of a session, in the hands of everyone who adds to it or asks for its notices.
#[derive(Clone, Debug)]
pub struct Journal {
    recorder: Arc<Recorder>,
}

impl Journal {
    /// The journal of a new session in the folder `sessions`, which is made when there is something
    /// to write. `wake` gets a token when there is a notice.
    #[must_use]
    pub fn open(sessions: &Path, wake: &Sender<()>) -> Self {
        Self::spawn(Home::New(sessions.to_owned()), wake)
    }

    /// The journal that `resumed` was read from. Nobody else can open its session meanwhile.
    #[must_use]
    pub fn go_on(folder: ResumedFolder, wake: &Sender<()>) -> Self {
        Self::spawn(Home::Open(folder.0), wake)
    }

    fn spawn(home: Home, wake: &Sender<()>) -> Self {
        Self { recorder: Arc::new(Recorder::spawn(home, wake.clone())) }
    }

    /// Takes down that the run is at `step` of `script`: an edit was made, or the run moved there.
    pub fn script(&self, script: &Script, step: u64) {
        self.recorder.take_script(script, step);
    }

    /// Takes down the state of the run, which is on the way of `script`; edits may be to come.
    pub fn state(&self, script: &Script, checkpoint: Checkpoint) {
        self.recorder.take_state(script, checkpoint);
    }

    /// Why nothing could be written, once; the journal tries again by itself.
    #[must_use]
    pub fn notices(&self) -> &Receiver<String> {
        &self.recorder.notices
    }

    /// Waits until all that was taken down is written, for so long at the most, and ends the journal.
    /// Returns whether it is.
    #[must_use]
    pub fn close(&self, patience: Duration) -> bool {
        self.recorder.close(patience)
    }
}

/// The folder of a session that is resumed, locked.
#[derive(Debug)]
pub struct ResumedFolder(Folder);

/// Opens the session `id` in the folder `sessions`, or the one used last that is not open anywhere.
///
/// # Errors
/// If there is none, it is open elsewhere, cannot be read or cannot be gone on with.
pub fn resume(sessions: &Path, id: Option<&str>) -> Result<(Resumed, ResumedFolder), Refusal> {
    let (resumed, folder) = resumed::resume(sessions, id)?;
    Ok((resumed, ResumedFolder(folder)))
}

#[cfg(test)]
mod tests;
