//! The folders of sessions: which there are, which are open, and how one is locked.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::session_file::SessionFile;
use crate::file;
use crate::text::Untrusted;

/// The most sessions kept; of more, those are removed that were used longest ago.
pub const MOST: usize = 20;

/// The file of the script.
const SESSION: &str = "session.toml";
/// The file of a state.
const STATE: &str = "state.safetensors";
/// The file that is locked as long as the session is open.
const LOCK: &str = "lock";

/// The largest state that is kept, in bytes: more would keep a disk busy.
pub const LARGEST_STATE: u64 = 1 << 30;

/// Characters of a name: none that is taken for another.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// The length of a name.
const LENGTH: usize = 6;

/// Where a journal writes.
#[derive(Debug)]
pub enum Home {
    /// A new session in this folder of sessions.
    New(PathBuf),
    /// A session that is open.
    Open(Folder),
}

/// The folder of one session, locked.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Locked as long as it is open.
    lock: File,
}

/// Why a folder could not be locked.
#[derive(Debug)]
pub enum Locked {
    /// Someone else has it.
    Elsewhere,
    /// It could not be tried.
    Failed(io::Error),
}

impl Home {
    /// Where it is, or where it is to be made.
    pub fn path(&self) -> &Path {
        match self {
            Self::New(path) | Self::Open(Folder { path, .. }) => path,
        }
    }

    /// The folder, made if it is not there yet. Of a new one the oldest others make room.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn folder(&mut self) -> io::Result<&Folder> {
        if let Self::New(sessions) = self {
            let folder = Folder::create(sessions)?;
            prune(sessions);
            *self = Self::Open(folder);
        }
        match self {
            Self::Open(folder) => Ok(folder),
            Self::New(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Folder {
    fn create(sessions: &Path) -> io::Result<Self> {
        fs::create_dir_all(sessions)?;
        let mut builder = DirBuilder::new();
        builder.recursive(false);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        loop {
            let path = sessions.join(random_name());
            match builder.create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => {
                    made?;
                    return Self::lock(path).map_err(|locked| match locked {
                        Locked::Failed(error) => error,
                        Locked::Elsewhere => io::ErrorKind::ResourceBusy.into(),
                    });
                }
            }
        }
    }

    /// Locks the session in the folder `path`.
    ///
    /// # Errors
    /// If it is open elsewhere, or cannot be locked.
    pub fn lock(path: PathBuf) -> Result<Self, Locked> {
        let place = path.join(LOCK);
        let open = || {
            file::refuse_link(&path)?;
            file::refuse_link(&place)?;
            if let Ok(found) = place.metadata() {
                file::require_file(&found)?;
            }
            File::options().write(true).create(true).truncate(false).open(&place)
        };
        let lock = open().map_err(Locked::Failed)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Locked::Elsewhere),
            // A file system without locks is no reason not to work.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { path, lock }),
        }
    }

    /// Writes where the session is.
    ///
    /// # Errors
    /// If it cannot be written; the one before is then still there.
    pub fn write_session(&self, session: &SessionFile) -> io::Result<()> {
        file::write_durably(&self.path.join(SESSION), session.to_text())
    }

    /// Writes a state.
    ///
    /// # Errors
    /// As [`Folder::write_session`].
    pub fn write_state(&self, bytes: &[u8]) -> io::Result<()> {
        file::write_durably(&self.path.join(STATE), bytes)
    }

    /// Reads where the session is.
    ///
    /// # Errors
    /// If it cannot be read, or is no session.
    pub fn session(&self) -> Result<SessionFile, String> {
        session(&self.path)
    }

    /// The bytes of its state, if there is one that can be read.
    pub fn state(&self) -> Option<Vec<u8>> {
        let path = self.path.join(STATE);
        file::refuse_link(&path).ok()?;
        file::read(&path, LARGEST_STATE).ok()
    }

    /// Removes the session. What else the user has put into its folder stays.
    fn remove(self) {
        // What cannot be removed is only a little in the way.
        for name in [SESSION, STATE] {
            let path = self.path.join(name);
            let _ = fs::remove_file(file::part(&path));
            let _ = fs::remove_file(path);
        }
        let _ = fs::remove_file(self.path.join(LOCK));
        let Self { path, lock } = self;
        drop(lock);
        let _ = fs::remove_dir(path);
    }
}

fn session(folder: &Path) -> Result<SessionFile, String> {
    let path = folder.join(SESSION);
    let text = file::refuse_link(&path)
        .and_then(|()| file::read_text(&path, file::LONGEST_TEXT))
        .map_err(|error| format!("`{SESSION}` cannot be read: {error}"))?;
    SessionFile::parse(&text).map_err(|error| format!("`{SESSION}` cannot be used: {error}"))
}

/// A session that is kept.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name.
    pub id: String,
    /// When it was used last.
    pub used: SystemTime,
    /// Whether it is open.
    pub open: bool,
    /// Where it is, or why it cannot be read.
    pub place: Result<Place, String>,
}

/// Where a session is.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the experiment is called.
    pub name: Untrusted,
    /// The step that was reached.
    pub step: u64,
    /// How many edits were made on the way.
    pub edits: u64,
}

/// The sessions in the folder `sessions`, those used last first.
#[must_use]
pub fn list(sessions: &Path) -> Vec<Found> {
    let mut all = all(sessions);
    // One that is just being made has nothing to tell yet.
    all.retain(|found| sessions.join(&found.id).join(SESSION).symlink_metadata().is_ok());
    all
}

fn all(sessions: &Path) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(sessions) else { return Vec::new() };
    let mut all: Vec<_> = entries
        .flatten()
        // Links are none.
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| found(&entry.path()))
        .collect();
    all.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.id.cmp(&b.id)));
    all
}

/// The session in `folder`; none if it is no folder of a session.
fn found(folder: &Path) -> Option<Found> {
    let id = folder.file_name()?.to_str().filter(|name| is_name(name))?.to_owned();
    let session = session(folder);
    let modified = || {
        let own = folder.join(SESSION).symlink_metadata().or_else(|_| folder.symlink_metadata());
        own.and_then(|found| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    Some(Found {
        id,
        used: session.as_ref().map_or_else(|_| modified(), |session| session.saved),
        open: matches!(Folder::lock(folder.to_owned()), Err(Locked::Elsewhere)),
        place: session.map(|SessionFile { name, step, edits, .. }| Place { name, step, edits }),
    })
}

/// Removes the sessions that were used longest ago, if there are too many. Those that are open stay.
fn prune(sessions: &Path) {
    for old in all(sessions).into_iter().skip(MOST) {
        if let Ok(folder) = Folder::lock(sessions.join(&old.id)) {
            folder.remove();
        }
    }
}

/// Returns true if a session may have this name.
pub fn is_name(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| LETTERS.contains(&byte))
}

/// A name that is hardly taken.
fn random_name() -> String {
    // The standard library draws its keys at random.
    let mut bits = RandomState::new().hash_one(std::process::id());
    let mut letter = || {
        let letter = LETTERS[(bits % LETTERS.len() as u64) as usize];
        bits /= LETTERS.len() as u64;
        char::from(letter)
    };
    (0..LENGTH).map(|_| letter()).collect()
}
