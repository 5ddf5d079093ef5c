//! The files that this process has read: each is read and parsed once, however many runs are made
//! of it, as long as it stays the same.
//!
//! A file counts as unchanged while its length and its time of modification are the same. Clocks of
//! file systems tick coarsely, so that a file modified just before it was read may be modified once
//! more without a trace: such a file is read again, and compared by a hash of its bytes.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::{Error, Inspected, Options, Overview, Problem, Schema, inspect, parse};
use crate::data::Dataset;
use crate::hash::fnv1a;
use crate::machine::{self, Bytes};

/// The most files kept, and the most data sets kept of each, which differ in the settings. Of more, those used longest ago are forgotten.
const KEPT: usize = 4;

/// The age at which the time of modification of a file can be trusted: some file systems count in
/// steps of two seconds.
const SETTLED: Duration = Duration::from_secs(3);

static CACHE: Mutex<Cache> = Mutex::new(Cache { files: Vec::new() });

/// Reads the file at `path` by these settings.
///
/// # Errors
/// [`Error`] with the file and its [`Problem`].
pub fn load(path: &Path, options: &Options) -> Result<Arc<Dataset>, Error> {
    read_once(path, options).map(|parsed| parsed.dataset)
}

/// The way from the cells of the file at `path`, read by these settings, to features.
///
/// # Errors
/// [`Error`] with the file and its [`Problem`].
pub fn schema(path: &Path, options: &Options) -> Result<Arc<Schema>, Error> {
    read_once(path, options).map(|parsed| parsed.schema)
}

/// The columns of the file at `path`, read by these settings, and what [`load`] gives for the target
/// that is asked for, or else for the one that the overview names.
///
/// # Errors
/// [`Error`] with the file and its [`Problem`], if it is no table.
pub fn inspect_file(
    path: &Path,
    options: &Options,
) -> Result<(Overview, Result<Arc<Dataset>, Problem>), Error> {
    let found = cache().inspect(path, options);
    found.map_err(|problem| Error { path: path.to_owned(), problem })
}

fn read_once(path: &Path, options: &Options) -> Result<Parsed, Error> {
    cache().load(path, options).map_err(|problem| Error { path: path.to_owned(), problem })
}

/// A hash of the bytes of the file at `path`, for telling whether two processes have the same data.
///
/// # Errors
/// If it cannot be read.
pub fn content_hash(path: &Path) -> io::Result<u64> {
    cache().hash(path)
}

fn cache() -> MutexGuard<'static, Cache> {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files read, the latest used first.
struct Cache {
    files: Vec<Contents>,
}

/// What a file held when it was read last.
struct Contents {
    /// Canonical, if there is such a thing: a pipe has none.
    path: PathBuf,
    /// None if a change might not show in it.
    stamp: Option<Stamp>,
    /// Of its bytes, once it was needed.
    hash: Option<u64>,
    /// As it was parsed, the latest first.
    parsed: Vec<Parsed>,
}

/// A file as it was parsed by some settings.
#[derive(Clone)]
struct Parsed {
    options: Options,
    dataset: Arc<Dataset>,
    schema: Arc<Schema>,
}

/// What can be told of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().filter(|_| metadata.is_file());
        Self { len: metadata.len(), modified }
    }

    /// This stamp, read at this moment, if any later change of the file will show in another one.
    fn settled(self) -> Option<Self> {
        let age = SystemTime::now().duration_since(self.modified?).ok()?;
        (age >= SETTLED).then_some(self)
    }
}

impl Cache {
    fn load(&mut self, path: &Path, options: &Options) -> Result<Parsed, Problem> {
        let name = name(path);
        let (contents, bytes) = self.current(path).map_err(unreadable)?;
        // Links to one file give it several names.
        let same = |it: &&Parsed| it.options == *options && it.dataset.name == name;
        if let Some(parsed) = contents.parsed.iter().find(same) {
            return Ok(parsed.clone());
        }
        let (bytes, known) = contents.bytes(path, bytes).map_err(unreadable)?;
        let parsed = Parsed::new(options, parse(&name, &bytes, options)?);
        if known {
            contents.keep(parsed.clone());
        }
        Ok(parsed)
    }

    fn inspect(
        &mut self,
        path: &Path,
        options: &Options,
    ) -> Result<(Overview, Result<Arc<Dataset>, Problem>), Problem> {
        let (contents, bytes) = self.current(path).map_err(unreadable)?;
        let (bytes, known) = contents.bytes(path, bytes).map_err(unreadable)?;
        let Inspected { overview, parsed } = inspect(&name(path), &bytes, options)?;
        let target = overview.target.clone().unwrap_or_default();
        let options = Options { target, ..options.clone() };
        let parsed = parsed.map(|parsed| Parsed::new(&options, parsed));
        if known && let Ok(parsed) = &parsed {
            contents.keep(parsed.clone());
        }
        Ok((overview, parsed.map(|parsed| parsed.dataset)))
    }

    fn hash(&mut self, path: &Path) -> io::Result<u64> {
        let (contents, bytes) = self.current(path)?;
        if let Some(hash) = contents.hash {
            return Ok(hash);
        }
        let (bytes, known) = contents.bytes(path, bytes)?;
        let hash = fnv1a(&bytes);
        contents.hash = Some(hash).filter(|_| known);
        Ok(hash)
    }

    /// The contents of the file at `path` at present, and its bytes if it had to be read.
    fn current(&mut self, path: &Path) -> io::Result<(&mut Contents, Option<Vec<u8>>)> {
        let stamp = Stamp::of(&fs::metadata(path)?);
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let known = self.files.iter().position(|it| it.path == path);
        let known = known.map(|index| self.files.remove(index));
        let (contents, bytes) = match known {
            Some(known) if known.stamp == Some(stamp) => (known, None),
            known => {
                let (stamp, bytes) = read(&path)?;
                let before = known.as_ref().and_then(|it| it.hash);
                // It takes a while: the next reading may do without.
                let compared = stamp.is_none() || before.is_some();
                let hash = compared.then(|| fnv1a(&bytes));
                let parsed = known.filter(|_| before.is_some() && before == hash);
                let parsed = parsed.map(|it| it.parsed).unwrap_or_default();
                (Contents { path, stamp, hash, parsed }, Some(bytes))
            }
        };
        self.files.insert(0, contents);
        self.files.truncate(KEPT);
        Ok((&mut self.files[0], bytes))
    }
}

impl Contents {
    /// The bytes of the file at `path`, which are `read` if it was read just now; and true if they are
    /// those that this tells of.
    fn bytes(&self, path: &Path, read: Option<Vec<u8>>) -> io::Result<(Vec<u8>, bool)> {
        if let Some(bytes) = read {
            return Ok((bytes, true));
        }
        let (stamp, bytes) = self::read(path)?;
        Ok((bytes, stamp.is_some() && stamp == self.stamp))
    }

    fn keep(&mut self, parsed: Parsed) {
        self.parsed.insert(0, parsed);
        self.parsed.truncate(KEPT);
    }
}

impl Parsed {
    fn new(options: &Options, (dataset, schema): (Dataset, Schema)) -> Self {
        let (dataset, schema) = (Arc::new(dataset), Arc::new(schema));
        Self { options: options.clone(), dataset, schema }
    }
}

fn unreadable(source: io::Error) -> Problem {
    Problem::Unreadable { source }
}

/// The name of the data in a file.
fn name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy()
}

/// The bytes of a file, and the stamp that it will have as long as it holds them.
fn read(path: &Path) -> io::Result<(Option<Stamp>, Vec<u8>)> {
    let mut file = crate::file::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    let limit = machine::limit();
    if stamp.len > limit {
        let [size, limit] = [stamp.len, limit].map(|bytes| Bytes(bytes as f64));
        let enough = machine::enough(2.0 * stamp.len as f64);
        let message = format!(
            "it is {size} long, and the limit on memory is {limit}; use fewer rows, or allow it with \
             --max-memory {enough}"
        );
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(stamp.len as usize)?;
    file.read_to_end(&mut bytes)?;
    Ok((stamp.settled(), bytes))
}

/// The bytes of a CSV file, if the limit on memory lets them be read.
///
/// # Errors
/// If it cannot be read, is no regular file or is too long.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read(path).map(|(_, bytes)| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "a,b,y\n1,2.5,cat\n2,3.5,dog\n3,4.5,cat\n4,5.5,dog\n";

    fn write(path: &Path, text: &str, age: Duration) {
        fs::write(path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }

    fn first(cache: &mut Cache, path: &Path) -> (Arc<Dataset>, f64) {
        let dataset = cache.load(path, &Options::new("y")).unwrap().dataset;
        let first = dataset.x[[0, 0]];
        (dataset, first)
    }

    #[test]
    fn a_file_is_read_again_only_after_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.csv");
        let mut cache = Cache { files: Vec::new() };
        let hour = Duration::from_secs(3600);
        write(&path, ROWS, hour);
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let (read, value) = first(&mut cache, &path);
        assert_eq!(value, 1.0);
        // Other bytes behind the same stamp go unseen: proof that nothing is read.
        fs::write(&path, ROWS.replace("1,2.5", "9,2.5")).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
        let (again, value) = first(&mut cache, &path);
        assert!(Arc::ptr_eq(&read, &again));
        assert_eq!(value, 1.0);
        // Another time, another length.
        write(&path, &ROWS.replace("1,2.5", "9,2.5"), hour / 2);
        assert_eq!(first(&mut cache, &path).1, 9.0);
        write(&path, &ROWS.replace("1,2.5", "77,2.5"), hour / 2);
        assert_eq!(first(&mut cache, &path).1, 77.0);
        fs::remove_file(&path).unwrap();
        assert!(matches!(cache.load(&path, &Options::new("y")), Err(Problem::Unreadable { .. })));
    }

    #[test]
    fn a_file_just_written_is_compared_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.csv");
        let mut cache = Cache { files: Vec::new() };
        fs::write(&path, ROWS).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        let (read, _) = first(&mut cache, &path);
        assert!(Arc::ptr_eq(&read, &first(&mut cache, &path).0), "parsed once");
        fs::write(&path, ROWS.replace("1,2.5", "9,2.5")).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_eq!(first(&mut cache, &path).1, 9.0);
    }

    #[test]
    fn targets_and_names_are_told_apart_and_only_a_few_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache { files: Vec::new() };
        let path = |number: usize| folder.path().join(format!("{number}.csv"));
        for number in 0..3 * KEPT {
            write(&path(number), ROWS, Duration::from_secs(60));
            let load = |cache: &mut Cache, target| {
                cache.load(&path(number), &Options::new(target)).unwrap().dataset
            };
            assert_eq!(load(&mut cache, "y").name, number.to_string());
            let values = load(&mut cache, "b");
            assert_eq!(values.task(), crate::data::Task::Values(1));
        }
        assert_eq!(cache.files.len(), KEPT);
        assert!(cache.files.iter().all(|file| file.parsed.len() == 2));
    }
}
