//! What `--out` keeps of a run that is under way, by which the same command goes on with it after it
//! was killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

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
/// Steps that are made without a look at the clock, if they are short.
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
    /// Bytes of the table of evaluations.
    metrics: u64,
    /// Time spent.
    seconds: f64,
}

/// Keeps the state of a run in a folder.
pub struct Keeper {
    path: PathBuf,
    script: Script,
    note: Note,
    /// When the next state is due, and when the last was kept.
    due: Instant,
    begun: Instant,
    /// Steps until the clock is looked at.
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
    pub fn new(folder: &Path, script: Script) -> Self {
        let start = script.start();
        let data = match &start.data.source {
            DataSource::Csv { path, .. } => content_hash(path).ok(),
            DataSource::Named(_) => None,
        };
        let begun = Instant::now();
        let note = Note {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            script: hex(fnv1a(text(&script).as_bytes())),
            data: data.map(hex),
            metrics: 0,
            seconds: 0.0,
        };
        let due = begun + BETWEEN.0;
        Self { path: folder.join(STATE), script, note, due, begun, patience: 0, told: false }
    }

    /// The run that an earlier command has left, to go on with up to step `until`, or as far as its
    /// experiment says; none if there is none of this kind.
    ///
    /// # Errors
    /// If there is one of something else, or another command is at it.
    pub fn find(
        &self,
        problem: &Arc<Problem>,
        until: Option<u64>,
    ) -> Result<Option<Left>, Failure> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let bytes =
            match file::refuse_link(&self.path).and_then(|()| file::read(&self.path, LARGEST)) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return self.anew(&error.to_string()),
            };
        let (checkpoint, note) = match Checkpoint::from_bytes_with(&bytes) {
            Ok(found) => found,
            Err(error) => return self.anew(&error.to_string()),
        };
        let Ok(note) = serde_json::from_str::<Note>(&note) else {
            return self.anew("it is not of a run");
        };
        if note.script != self.note.script {
            return Err(Failure::input(format!(
                "`{}` holds an unfinished run of another experiment; name another folder, or remove \
                 `{}`",
                folder.display(),
                self.path.display()
            )));
        }
        if note.program != self.note.program {
            return self.anew(&format!("it is of gradlab {}", note.program));
        }
        if note.data != self.note.data {
            return self.anew("the data have changed since");
        }
        let until = until.unwrap_or(checkpoint.experiment().train.steps);
        if checkpoint.step() > until {
            return self.anew("it is farther than this run goes");
        }
        let Ok(mut session) = Session::resume(&checkpoint, Arc::clone(problem)) else {
            return self.anew("it is of other data");
        };
        let Some(mut metrics) = Metrics::go_on(folder, note.metrics)? else {
            return self.anew("the evaluations up to it are not there");
        };
        session.until = until;
        // The edit of the present step is made by the step that follows.
        let seen = self.script.edits().partition_point(|edit| edit.step < checkpoint.step());
        session.expect(&self.script.edits()[seen..]);
        metrics.edits = self.script.changes().take(seen).collect();
        say(format_args!("note: goes on from step {}", checkpoint.step()));
        let before = Duration::try_from_secs_f64(note.seconds).unwrap_or_default();
        Ok(Some(Left { session, metrics, before }))
    }

    fn anew(&self, why: &str) -> Result<Option<Left>, Failure> {
        let path = self.path.display();
        say(format_args!("note: begins anew: `{path}` cannot be gone on from: {why}"));
        Ok(None)
    }

    /// Keeps the state if it is time to. `spent` tells the time that the run has taken.
    pub fn step(
        &mut self,
        session: &mut Session,
        metrics: &mut Metrics,
        spent: &dyn Fn() -> Duration,
    ) {
        if self.patience > 0 {
            self.patience -= 1;
            return;
        }
        let now = Instant::now();
        if now < self.due {
            // Of short steps many fit into a thousandth of the time that has passed.
            let steps = session.engine().step_count() as f64;
            let pace = steps / spent().as_secs_f64().max(1e-9);
            self.patience = ((pace / 1000.0) as u64).min(UNTIMED);
            return;
        }
        self.keep(session, metrics, spent());
        let done = Instant::now();
        let share = (done - self.begun) / LOST;
        self.due = done + share.clamp(BETWEEN.0, BETWEEN.1).max((done - now) * COST);
    }

    /// Keeps the state. That it cannot be kept is said once, and the run goes on.
    pub fn keep(&mut self, session: &mut Session, metrics: &mut Metrics, spent: Duration) {
        let kept = self.write(session, metrics, spent);
        if let Err(error) = kept
            && !std::mem::replace(&mut self.told, true)
        {
            let path = self.path.display();
            say(format_args!("note: a killed run will begin anew: cannot write `{path}`: {error}"));
        }
    }

    fn write(
        &mut self,
        session: &mut Session,
        metrics: &mut Metrics,
        spent: Duration,
    ) -> anyhow::Result<()> {
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
