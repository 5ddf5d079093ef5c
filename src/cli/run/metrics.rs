//! The evaluations of a run, of which only the last and the best are kept in memory.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::experiment::Change;
use crate::train::Row;
use crate::train::diagnosis::Examiner;

/// What is kept of the evaluations of a run.
pub struct Metrics {
    /// The latest.
    pub last: Option<Row>,
    /// That of the lowest finite loss on the rows held out, the first of several.
    pub best: Option<Row>,
    /// The edits that were made, each by its step.
    pub edits: Vec<(u64, Vec<Change>)>,
    /// What looks at the run from time to time.
    pub examiner: Examiner,
    table: Option<Table>,
}

impl Metrics {
    /// None yet. All of them will go to a table in `folder`, if there is one.
    ///
    /// # Errors
    /// If another run is writing there, or nothing can be written.
    pub fn new(folder: Option<&Path>) -> Result<Self, Failure> {
        let table = folder.map(Table::begin).transpose()?;
        Ok(Self { table, ..Self::without_table() })
    }

    /// Those that an earlier run has left in the first `bytes` of its table in `folder`; none if they
    /// are not there.
    ///
    /// # Errors
    /// As [`Metrics::new`].
    pub fn go_on(folder: &Path, bytes: u64) -> Result<Option<Self>, Failure> {
        let mut table = Table::open(folder)?;
        let mut metrics = Self::without_table();
        match table.read(bytes, |row| metrics.note(row)) {
            Ok(true) => {}
            Ok(false) | Err(_) => return Ok(None),
        }
        metrics.table = Some(table);
        Ok(Some(metrics))
    }

    fn without_table() -> Self {
        let (edits, examiner) = (Vec::new(), Examiner::default());
        Self { last: None, best: None, edits, examiner, table: None }
    }

    /// Takes in that the settings changed at `step`.
    pub fn edit(&mut self, step: u64, changes: Vec<Change>) {
        self.edits.push((step, changes));
        self.examiner.edited(step);
    }

    /// Takes in an evaluation.
    pub fn push(&mut self, row: &Row) {
        self.note(row);
        if let Some(table) = &mut self.table {
            table.write(&csv_row(row));
        }
    }

    fn note(&mut self, row: &Row) {
        self.last = Some(*row);
        self.examiner.push(row);
        let better = |best: Row| row.test_loss.total_cmp(&best.test_loss).is_lt();
        if row.test_loss.is_finite() && self.best.is_none_or(better) {
            self.best = Some(*row);
        }
    }

    /// Makes sure that the table is on the disk so far. Returns the number of its bytes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn sync(&mut self) -> io::Result<u64> {
        self.table.as_mut().map_or(Ok(0), Table::sync)
    }

    /// Puts a copy of the table in its place.
    ///
    /// # Errors
    /// If not all of it could be written.
    pub fn publish(&mut self) -> io::Result<()> {
        self.table.as_mut().map_or(Ok(()), Table::publish)
    }

    /// Removes the growing table: the run is over.
    pub fn remove(self) {
        if let Some(table) = self.table {
            let _ = fs::remove_file(table.growing);
        }
    }
}

/// A table on its way: it grows beside its place, and keeps others out.
struct Table {
    growing: PathBuf,
    place: PathBuf,
    file: BufWriter<File>,
    /// Bytes written.
    len: u64,
    /// Why nothing more is written. The run goes on: its result can still be printed.
    broken: Option<io::Error>,
}

impl Table {
    fn begin(folder: &Path) -> Result<Self, Failure> {
        let mut table = Self::open(folder)?;
        table.file.get_ref().set_len(0).map_err(|error| cannot_write(&table.growing, error))?;
        table.write(CSV_HEADING);
        Ok(table)
    }

    /// Opens and locks the table, whatever is in it.
    fn open(folder: &Path) -> Result<Self, Failure> {
        let place = folder.join("metrics.csv");
        let growing = crate::file::part(&place);
        let failed = |error| cannot_write(&growing, error);
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
        let file = options.read(true).write(true).create(true).truncate(false).open(&growing);
        let file = file.map_err(failed)?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(busy());
        }
        // The other one may have ended between the two, and its table be gone.
        if !is_at(&file, &growing) {
            return Err(busy());
        }
        Ok(Self { growing, place, file: BufWriter::new(file), len: 0, broken: None })
    }

    /// Shows the rows in the first `len` bytes, and cuts off what comes after them. Returns false if
    /// there is anything else.
    fn read(&mut self, len: u64, mut show: impl FnMut(&Row)) -> io::Result<bool> {
        let mut lines = BufReader::new(self.file.get_ref().take(len)).lines();
        if lines.next().transpose()?.as_deref() != Some(CSV_HEADING) {
            return Ok(false);
        }
        for line in lines {
            match read_row(&line?) {
                Some(row) => show(&row),
                None => return Ok(false),
            }
        }
        let file = self.file.get_mut();
        if file.metadata()?.len() < len {
            return Ok(false);
        }
        file.set_len(len)?;
        self.len = file.seek(SeekFrom::End(0))?;
        Ok(true)
    }

    fn write(&mut self, line: &str) {
        if self.broken.is_none() {
            self.broken = writeln!(self.file, "{line}").err();
            self.len += line.len() as u64 + 1;
        }
    }

    fn sync(&mut self) -> io::Result<u64> {
        if let Some(error) = &self.broken {
            return Err(error.kind().into());
        }
        self.file.flush()?;
        self.file.get_ref().sync_data()?;
        Ok(self.len)
    }

    fn publish(&mut self) -> io::Result<()> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        crate::file::write_from(&self.place, file)
    }
}

fn cannot_write(path: &Path, error: io::Error) -> Failure {
    let context = format!("cannot write `{}`", path.display());
    Failure::Input(anyhow::Error::new(error).context(context))
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

/// Reads what [`csv_row`] gave.
fn read_row(line: &str) -> Option<Row> {
    let cells: Vec<_> = line.split(',').collect();
    let [step, epoch, train_loss, test_loss, train_accuracy, test_accuracy, lr, rmses @ ..] =
        &cells[..]
    else {
        return None;
    };
    let [train_rmse, test_rmse] = rmses else { return None };
    let number = |cell: &str| cell.parse::<f64>().ok();
    let perhaps = |cell: &str| if cell.is_empty() { Some(None) } else { number(cell).map(Some) };
    Some(Row {
        step: step.parse().ok()?,
        epoch: number(epoch)?,
        train_loss: number(train_loss)?,
        test_loss: number(test_loss)?,
        train_accuracy: perhaps(train_accuracy)?,
        test_accuracy: perhaps(test_accuracy)?,
        lr: number(lr)?,
        train_rmse: perhaps(train_rmse)?,
        test_rmse: perhaps(test_rmse)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(step: u64, loss: f64) -> Row {
        Row {
            step,
            epoch: step as f64 / 7.0,
            train_loss: loss,
            test_loss: loss / 3.0,
            train_accuracy: Some(0.1),
            test_accuracy: None,
            lr: 1e-300,
            train_rmse: None,
            test_rmse: Some(f64::INFINITY),
        }
    }

    #[test]
    fn a_table_goes_on_after_what_is_known_to_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let rows = [row(0, 1.0), row(10, 0.1 + 0.2), row(20, f64::NAN), row(30, 2.0)];
        let mut whole = Metrics::new(Some(folder.path())).unwrap();
        for row in &rows {
            whole.push(row);
        }
        let all = whole.sync().unwrap();
        whole.publish().unwrap();
        let expected = fs::read(folder.path().join("metrics.csv")).unwrap();
        assert_eq!(expected.len() as u64, all);
        drop(whole);

        let mut first = Metrics::new(Some(folder.path())).unwrap();
        for row in &rows[..3] {
            first.push(row);
        }
        let len = first.sync().unwrap();
        // What came later is not known, and cut off.
        first.push(&row(77, 7.0));
        drop(first);
        let mut second = Metrics::go_on(folder.path(), len).unwrap().unwrap();
        assert_eq!(second.best, Some(rows[1]));
        assert_eq!(second.last.unwrap().step, 20);
        second.push(&rows[3]);
        second.publish().unwrap();
        assert_eq!(fs::read(folder.path().join("metrics.csv")).unwrap(), expected);
        second.remove();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_table_that_is_not_all_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv.part");
        let good = format!("{CSV_HEADING}\n{}\n", csv_row(&row(0, 1.0)));
        for (text, len) in [
            ("", 10),
            (good.as_str(), good.len() as u64 + 1),
            (&good, good.len() as u64 - 3),
            (&good.replace("0,", "x,"), good.len() as u64),
            (&good.replace("step", "stop"), good.len() as u64),
        ] {
            fs::write(&path, text).unwrap();
            assert!(Metrics::go_on(folder.path(), len).unwrap().is_none(), "{text:?} {len}");
        }
    }
}
