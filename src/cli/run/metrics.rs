//! The evaluations of a run, of which only the last and the best are kept in memory.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::experiment::Change;
use crate::train::Row;

/// What is kept of the evaluations of a run.
pub struct Metrics {
    /// The latest.
    pub last: Option<Row>,
    /// That of the lowest finite loss on the rows held out, the first of several.
    pub best: Option<Row>,
    /// The edits that were made, each by its step.
    pub edits: Vec<(u64, Vec<Change>)>,
    table: Option<Table>,
}

impl Metrics {
    /// None yet. All of them will go to a table in `folder`, if there is one.
    ///
    /// # Errors
    /// If another run is writing there, or nothing can be written.
    pub fn new(folder: Option<&Path>) -> Result<Self, Failure> {
        let table = folder.map(Table::begin).transpose()?;
        Ok(Self { last: None, best: None, edits: Vec::new(), table })
    }

    /// Takes in an evaluation.
    pub fn push(&mut self, row: &Row) {
        self.last = Some(*row);
        let better = |best: Row| row.test_loss.total_cmp(&best.test_loss).is_lt();
        if row.test_loss.is_finite() && self.best.is_none_or(better) {
            self.best = Some(*row);
        }
        if let Some(table) = &mut self.table {
            table.write(&csv_row(row));
        }
    }

    /// Puts the table in its place.
    ///
    /// # Errors
    /// If not all of it could be written.
    pub fn finish(self) -> io::Result<()> {
        self.table.map_or(Ok(()), Table::finish)
    }
}

/// A table on its way: it grows beside its place until it is complete, and keeps others out.
struct Table {
    growing: PathBuf,
    place: PathBuf,
    file: BufWriter<File>,
    /// Why nothing more is written. The run goes on: its result can still be printed.
    broken: Option<io::Error>,
}

impl Table {
    fn begin(folder: &Path) -> Result<Self, Failure> {
        let (growing, place) = (folder.join("metrics.csv.part"), folder.join("metrics.csv"));
        let failed = |error: io::Error| {
            let context = format!("cannot write `{}`", growing.display());
            Failure::Input(anyhow::Error::new(error).context(context))
        };
        let busy = || {
            let folder = folder.display();
            Failure::input(format!(
                "another run is writing into `{folder}`; wait for it or name another folder"
            ))
        };
        if let Ok(found) = growing.metadata() {
            crate::file::require_file(&found).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(&growing);
        let file = file.map_err(failed)?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(busy());
        }
        // The other one may have ended between the two, and its table be in its place.
        if !is_at(&file, &growing) {
            return Err(busy());
        }
        file.set_len(0).map_err(failed)?;
        let mut table = Self { growing, place, file: BufWriter::new(file), broken: None };
        table.write(CSV_HEADING);
        Ok(table)
    }

    fn write(&mut self, line: &str) {
        if self.broken.is_none() {
            self.broken = writeln!(self.file, "{line}").err();
        }
    }

    fn finish(mut self) -> io::Result<()> {
        match self.broken.take() {
            Some(error) => Err(error),
            None => self.file.flush().and_then(|()| fs::rename(&self.growing, &self.place)),
        }
    }
}

/// Whether `file` is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    file.metadata().map(identity).ok() == path.metadata().map(identity).ok()
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The columns of [`csv_row`].
pub const CSV_HEADING: &str =
    "step,epoch,train_loss,test_loss,train_accuracy,test_accuracy,lr,train_rmse,test_rmse";

/// One evaluation as a line of CSV; what does not exist is empty.
pub fn csv_row(row: &Row) -> String {
    let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    format!(
        "{},{},{},{},{},{},{},{},{}",
        row.step,
        row.epoch,
        row.train_loss,
        row.test_loss,
        number(row.train_accuracy),
        number(row.test_accuracy),
        row.lr,
        number(row.train_rmse),
        number(row.test_rmse)
    )
}
