//! Writing the report of a race, on a thread of its own, so that the user interface waits for no
//! disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::race_view::RaceView;
use crate::compare::{Plan, RaceScore, Results, Store};
use crate::export::comparison::{self, Comparison};
use crate::parallel;
use crate::text::Untrusted;

/// Reports that are being written.
#[derive(Debug)]
pub struct Reports {
    outbox: Sender<Result<PathBuf, String>>,
    /// The folder of each report that was written, or why it could not be.
    pub written: Receiver<Result<PathBuf, String>>,
    wake: Sender<()>,
}

impl Reports {
    /// No report yet. `wake` gets a token whenever one is written; a full one is left alone.
    #[must_use]
    pub fn new(wake: &Sender<()>) -> Self {
        let (outbox, written) = unbounded();
        Self { outbox, written, wake: wake.clone() }
    }

    /// Begins to write all that is known of a race to a new folder.
    pub fn begin(&self, race: &RaceView) {
        let report = Report {
            name: race.name.clone(),
            plan: Arc::clone(&race.plan),
            results: Arc::clone(&race.status.results),
            score: Arc::clone(&race.status.score),
        };
        let (outbox, wake) = (self.outbox.clone(), self.wake.clone());
        let write = move || {
            let written = new_folder().map_err(|error| error.to_string()).and_then(|folder| {
                report.write(&folder).map_err(|error| error.to_string())?;
                Ok(folder)
            });
            // Nobody is left to tell if the workbench has closed.
            let _ = outbox.send(written);
            let _ = wake.try_send(());
        };
        if let Err(error) = parallel::spawn(write) {
            let _ = self.outbox.send(Err(error.to_string()));
            let _ = self.wake.try_send(());
        }
    }
}

/// Makes a folder in the working directory, named by the first number that is free.
fn new_folder() -> io::Result<PathBuf> {
    for number in 1..=u32::MAX {
        let folder = PathBuf::from(format!("gradlab-race-{number}"));
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
    }
    Err(io::Error::other("there are too many folders here"))
}

struct Report {
    name: Untrusted,
    plan: Arc<Plan>,
    results: Arc<Results>,
    score: Arc<RaceScore>,
}

impl Report {
    /// Writes what `gradlab compare --out` writes, results included.
    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let mut store = Store::open(folder)?;
        for arm in 0..self.plan.arms.len() {
            for (_, record) in self.results.of_arm(arm) {
                store.append(record)?;
            }
        }
        let comparison = Comparison {
            name: &self.name,
            plan: &self.plan,
            results: &self.results,
            ranking: &self.score.ranking,
        };
        Ok(comparison::write(folder, &comparison)?)
    }
}
