//! What `--out` keeps of a run that is under way, by which the same command goes on with it after it
//! was killed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::metrics::Metrics;
use crate::cli::failure::Failure;
use crate::cli::output::say;
use crate::data::csv::content_hash;
use crate::experiment::{DataSource, Experiment, Script, script_to_portable_toml};
use crate::file;
use crate::hash::fnv1a;
use crate::train::engine::Checkpoint;
use crate::train::{Problem, Session};

/// The file of the state.
const STATE: &str = "state.safetensors";
/// The largest one that is read.
const LARGEST: u64 = 1 << 36;

/// The shortest and the longest time between two states. Young runs have less to lose, but lose it
/// more easily.
const BETWEEN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));
/// The share of the time since the start that may be lost, as 1 in so many.
const LOST: u32 = 4;
/// Keeping a state takes no more than 1 in so many parts of the time.
const COST: u32 = 20;
/// The most steps that are made without a look at the clock.
const UNTIMED: u64 = 64;

/// What decides a run, and how far its other files had come.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// The version of the program.
    program: String,
    /// The hash of the script.
    script: String,
    /// That of the data's file.
    data: Option<String>,
    /// Edits that have been made.
    edits: usize,
    /// Bytes of the table of evaluations.
    metrics: u64,
    /// Time spent.
    seconds: f64,
}

/// Keeps the state of a run in a folder.
pub struct Keeper {
    path: PathBuf,
    note: Note,
    /// Edits of the whole script.
    edits: usize,
    /// When the next state is due.
    due: Instant,
    begun: Instant,
    /// When the clock was looked at, after how many steps, and how many are left until the next time.
    looked: Instant,
    stride: u64,
    patience: u64,
    /// Whether it has been said that no state can be kept.
    told: bool,
}

/// A run that goes on where an earlier one was.
pub struct Left {
    /// The run.
    pub session: Session,
    /// Its evaluations.
    pub metrics: Metrics,
    /// The time that it took.
    pub before: Duration,
}

impl Keeper {
    /// Keeps the states of a run of `script` in `folder`.
    pub fn new(folder: &Path, script: &Script) -> Self {
        let data = match &script.start().data.source {
            DataSource::Csv { path, .. } => content_hash(path).ok(),
            DataSource::Named(_) => None,
        };
        let note = Note {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            script: hex(fnv1a(text(script).as_bytes())),
            data: data.map(hex),
            edits: 0,
            metrics: 0,
            seconds: 0.0,
        };
        let begun = Instant::now();
        Self {
            path: folder.join(STATE),
            note,
            edits: script.edits().len(),
            due: begun + BETWEEN.0,
            begun,
            looked: begun,
            stride: 0,
            patience: 0,
            told: false,
        }
    }

    /// The run of `script` that an earlier command has left, to go on with up to the step `fixed`, or
    /// to where its experiment ends; none if there is none of this kind.
    ///
    /// # Errors
    /// If there is one of something else, or another command is at it.
    pub fn find(
        &self,
        script: &Script,
        problem: &Arc<Problem>,
        fixed: Option<u64>,
    ) -> Result<Option<Left>, Failure> {
        let found = match self.read() {
            Ok(None) => return Ok(None),
            Ok(Some(found)) => self.left(found, (script, problem), fixed)?,
            Err(why) => Err(why),
        };
        let path = self.path.display();
        match found {
            Ok(left) => {
                let step = left.session.engine().step_count();
                say(format_args!("note: goes on from step {step}"));
                Ok(Some(left))
            }
            Err(why) => {
                say(format_args!("note: begins anew: `{path}` cannot be gone on from: {why}"));
                Ok(None)
            }
        }
    }

    /// The state that is kept, if there is one. The error says why it cannot be read.
    fn read(&self) -> Result<Option<(Checkpoint, Note)>, String> {
        let read = file::refuse_link(&self.path).and_then(|()| file::read(&self.path, LARGEST));
        let bytes = match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| error.to_string())?,
        };
        let (checkpoint, note) =
            Checkpoint::from_bytes_with(&bytes).map_err(|error| error.to_string())?;
        let note = serde_json::from_str(&note).map_err(|_| "it is not of a run".to_owned())?;
        Ok(Some((checkpoint, note)))
    }

    /// The run that goes on from a state, or why it cannot.
    fn left(
        &self,
        (checkpoint, note): (Checkpoint, Note),
        (script, problem): (&Script, &Arc<Problem>),
        fixed: Option<u64>,
    ) -> Result<Result<Left, String>, Failure> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        if note.script != self.note.script {
            return Err(Failure::input(format!(
                "`{}` holds an unfinished run of another experiment; name another folder, or remove \
                 `{}`",
                folder.display(),
                self.path.display()
            )));
        }
        let until = fixed.unwrap_or(checkpoint.experiment().train.steps);
        if checkpoint.step() > until {
            return Err(Failure::input(format!(
                "`{}` holds an unfinished run that has come to step {}, farther than this one goes; \
                 use --until with a later step, name another folder, or remove `{}`",
                folder.display(),
                checkpoint.step(),
                self.path.display()
            )));
        }
        if let Some(why) = self.objection(&note) {
            return Ok(Err(why));
        }
        let Ok(mut session) = Session::resume(&checkpoint, Arc::clone(problem)) else {
            return Ok(Err("it is of other data".to_owned()));
        };
        let Some(mut metrics) = Metrics::go_on(folder, note.metrics)? else {
            return Ok(Err("the evaluations up to it are not there".to_owned()));
        };
        session.until = until;
        session.expect(&script.edits()[note.edits.min(self.edits)..]);
        metrics.edits.extend(script.changes().take(note.edits));
        let before = Duration::try_from_secs_f64(note.seconds).unwrap_or_default();
        Ok(Ok(Left { session, metrics, before }))
    }

    /// Why a run cannot go on from a state of the same script.
    fn objection(&self, note: &Note) -> Option<String> {
        if note.program != self.note.program {
            Some(format!("it is of gradlab {}", note.program))
        } else if note.data != self.note.data {
            Some("the data have changed since".to_owned())
        } else {
            None
        }
    }

    /// Whether it is time to keep a state, asked before each step.
    pub fn is_due(&mut self) -> bool {
        if self.patience > 0 {
            self.patience -= 1;
            return false;
        }
        let now = Instant::now();
        let since = now - std::mem::replace(&mut self.looked, now);
        // The clock is looked at about once a millisecond.
        let more = since < Duration::from_millis(1);
        self.stride = if more { 2 * self.stride + 1 } else { self.stride / 2 }.min(UNTIMED);
        self.patience = self.stride;
        now >= self.due
    }

    /// Keeps the state. That it cannot be kept is said once, and the run goes on.
    pub fn keep(&mut self, session: &mut Session, metrics: &mut Metrics, spent: Duration) {
        let begun = Instant::now();
        if let Err(error) = self.write(session, metrics, spent)
            && !std::mem::replace(&mut self.told, true)
        {
            let path = self.path.display();
            say(format_args!("note: a killed run will begin anew: cannot write `{path}`: {error}"));
        }
        let done = Instant::now();
        let share = (done - self.begun) / LOST;
        self.due = done + share.clamp(BETWEEN.0, BETWEEN.1).max((done - begun) * COST);
    }

    fn write(
        &mut self,
        session: &mut Session,
        metrics: &mut Metrics,
        spent: Duration,
    ) -> anyhow::Result<()> {
        self.note.edits = self.edits - session.edits_to_come().len().min(self.edits);
        self.note.metrics = metrics.sync()?;
        self.note.seconds = spent.as_secs_f64();
        let bytes = session.snapshot().to_bytes_with(&serde_json::to_string(&self.note)?)?;
        file::write_durably(&self.path, bytes)?;
        Ok(())
    }

    /// Removes the state: the run is over.
    pub fn remove(self) {
        let _ = fs::remove_file(self.path);
    }
}

/// The script as text; what is to be compared bears on no run.
fn text(script: &Script) -> String {
    script_to_portable_toml(&script.map(|it| Experiment { compare: None, ..it.clone() }))
}

fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}
