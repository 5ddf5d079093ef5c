//! A session that is gone on with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::folder::{Folder, Found, Locked, list};
use super::session_file::{PROGRAM, SessionFile, read_script};
use super::state::on_the_way;
use crate::data::csv::content_hash;
use crate::experiment::{Experiment, Script};
use crate::spec::nearest;
use crate::text::visible;
use crate::train::engine::Checkpoint;
use crate::train::problem::Problem;
use crate::train::session::Session;

/// How often a lock is tried: who lists sessions has each of them for a moment.
const TRIES: usize = 5;
/// The time between two tries.
const BETWEEN: Duration = Duration::from_millis(20);

/// A session that is gone on with.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// Its name.
    pub id: String,
    /// Where it stood.
    pub start: Start,
    /// What is unusual about it, in words.
    pub notes: Vec<String>,
}

/// Where a run begins: at its start, or where it stood before.
#[derive(Clone, Debug)]
pub struct Start {
    /// What is run.
    pub script: Script,
    /// The step that was reached on it.
    pub step: u64,
    /// The latest state before that, and how many edits of the script it has seen; none if there is
    /// no use in going on from one.
    pub checkpoint: Option<(Box<Checkpoint>, usize)>,
}

/// Why a session cannot be gone on with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no session at all.
    #[error("there is no session to go on with")]
    None,
    /// There is none of this name.
    #[error("there is no session `{}`; {hint}", visible(.id))]
    Unknown {
        /// The name that was given.
        id: String,
        /// What would be right.
        hint: String,
    },
    /// It is open elsewhere.
    #[error(
        "the session `{0}` is open in another gradlab; close it there, or see `gradlab list sessions` \
         for others"
    )]
    Open(String),
    /// It cannot be read.
    #[error(
        "the session `{id}` cannot be gone on with: {}; `gradlab list sessions` shows others, for \
         `gradlab --resume=ID`", visible(.reason)
    )]
    Unreadable {
        /// Its name.
        id: String,
        /// Why.
        reason: String,
    },
    /// The file of its data is another one now.
    #[error(
        "the session `{id}` cannot be gone on with: its data `{}` {how}; put back what was there, \
         begin anew with `gradlab EXPERIMENT`, or take another one of `gradlab list sessions`", visible(.path)
    )]
    Data {
        /// Its name.
        id: String,
        /// The file.
        path: String,
        /// What is wrong with it.
        how: &'static str,
    },
}

/// Opens the session `id`, or the one used last that is not open anywhere.
///
/// # Errors
/// If there is none, it is open elsewhere, cannot be read or cannot be gone on with.
pub fn resume(sessions: &Path, id: Option<&str>) -> Result<(Resumed, Folder), Refusal> {
    let id = choose(list(sessions), id)?;
    let folder = lock(sessions.join(&id), &id)?;
    let unreadable = |reason| Refusal::Unreadable { id: id.clone(), reason };
    let file = folder.session().map_err(unreadable)?;
    check_data(&id, file.data.as_ref())?;
    let script = read_script(&file.script).map_err(unreadable)?;
    let state = folder.state().and_then(|bytes| on_the_way(&bytes, &script, file.step));
    let checkpoint = state.map(|(checkpoint, seen)| (Box::new(checkpoint), seen));
    let notes = notes(&file);
    let start = Start { script, step: file.step, checkpoint };
    Ok((Resumed { id, start, notes }, folder))
}

fn choose(sessions: Vec<Found>, id: Option<&str>) -> Result<String, Refusal> {
    let Some(id) = id else {
        let latest = sessions.first().ok_or(Refusal::None)?.id.clone();
        let closed = sessions.into_iter().find(|session| !session.open);
        return closed.map(|session| session.id).ok_or(Refusal::Open(latest));
    };
    if sessions.iter().any(|session| session.id == id) {
        return Ok(id.to_owned());
    }
    let near = nearest(id, sessions.iter().map(|session| session.id.as_str()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see `gradlab list sessions`".to_owned(),
    };
    Err(Refusal::Unknown { id: id.to_owned(), hint })
}

fn lock(path: PathBuf, id: &str) -> Result<Folder, Refusal> {
    for last in (0..TRIES).rev() {
        match Folder::lock(path.clone()) {
            Ok(folder) => return Ok(folder),
            Err(Locked::Elsewhere) if last > 0 => std::thread::sleep(BETWEEN),
            Err(Locked::Elsewhere) => break,
            Err(Locked::Failed(error)) => {
                let reason = format!("it cannot be locked: {error}");
                return Err(Refusal::Unreadable { id: id.to_owned(), reason });
            }
        }
    }
    Err(Refusal::Open(id.to_owned()))
}

fn check_data(id: &str, data: Option<&(PathBuf, u64)>) -> Result<(), Refusal> {
    let Some((path, hash)) = data else { return Ok(()) };
    let how = match content_hash(path) {
        Ok(found) if found == *hash => return Ok(()),
        Ok(_) => "has changed since",
        Err(_) => "cannot be read",
    };
    Err(Refusal::Data { id: id.to_owned(), path: path.display().to_string(), how })
}

fn notes(file: &SessionFile) -> Vec<String> {
    let other = file.program != PROGRAM;
    let note = || {
        let program = file.program.on_terminal();
        format!("the session was written by gradlab {program}: another version may end elsewhere")
    };
    other.then(note).into_iter().collect()
}

impl From<Script> for Start {
    fn from(script: Script) -> Self {
        Self { script, step: 0, checkpoint: None }
    }
}

impl From<Experiment> for Start {
    fn from(experiment: Experiment) -> Self {
        Script::from(experiment).into()
    }
}

impl Start {
    /// The run at its latest state, or at its start, with the edits to come. As many steps as are
    /// missing to [`Start::step`] lead to where it stood.
    #[must_use]
    pub fn session(&self, problem: Arc<Problem>) -> Session {
        let resumed = self.checkpoint.as_ref().and_then(|(checkpoint, seen)| {
            // A state that does not fit to the data is none of this run.
            Some((Session::resume(checkpoint, Arc::clone(&problem)).ok()?, *seen))
        });
        let (mut session, seen) =
            resumed.unwrap_or_else(|| (Session::new(self.script.start(), problem), 0));
        session.expect(&self.script.edits()[seen..]);
        session
    }
}
