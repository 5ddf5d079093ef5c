//! Files that are either there as a whole or not at all.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

/// The longest text that is read as a whole: far more than anyone writes by hand.
pub const LONGEST_TEXT: u64 = 16 << 20;

/// Reads a regular file of at most `limit` bytes. What is none is refused without waiting for it: a
/// pipe may have no writer, and a device no end.
///
/// # Errors
/// If it cannot be read, is no regular file or is longer.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("it is longer than {limit} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// As [`read`], of a text in UTF-8.
///
/// # Errors
/// As [`read`], or if it is no such text.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not a text in UTF-8"))
}

/// Opens a regular file for reading.
///
/// # Errors
/// If it cannot be opened or is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    require_file(&path.metadata()?)?;
    let file = File::open(path)?;
    // Another thing may have come in its place.
    require_file(&file.metadata()?)?;
    Ok(file)
}

/// Checks that `found` is of a regular file.
///
/// # Errors
/// If not; says what it is of.
pub fn require_file(found: &Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    let message = match other(found) {
        pipe @ "a pipe" => format!("it is {pipe}, not a file; write its contents to a file first"),
        other => format!("it is {other}, not a file"),
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// The name of something that is no regular file.
fn other(found: &Metadata) -> &'static str {
    if found.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = found.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    "a device"
}

/// Writes a file so that a reader, or a crash on the way, never meets half of it: into a
/// neighbour that then takes its place. A link keeps pointing to the file; what is no file
/// (`/dev/stdout`, a pipe) is written to directly.
///
/// # Errors
/// If the folder does not exist or cannot be written to; an existing file is then as it was. If it is
/// a pipe that nobody reads from.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> io::Result<()> {
    write_from(path, &mut contents.as_ref())
}

/// As [`write()`], of all that is left to read in `contents`.
///
/// # Errors
/// As [`write()`], or if it cannot be read.
pub fn write_from(path: &Path, contents: &mut impl Read) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|found| !found.is_file()) {
        return io::copy(contents, &mut open_stream(&target)?).map(drop);
    }
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".gradlab-");
    #[cfg(unix)]
    builder.permissions(permissions(&target));
    let mut file = builder.tempfile_in(folder)?;
    io::copy(contents, &mut file)?;
    file.persist(target)?;
    Ok(())
}

/// Writes a file of this program's own, for its user only, so that not even a loss of power leaves half
/// of it or takes the one before: it is on the disk before it takes its place. Nobody else may write
/// it at the same time. A link is replaced.
///
/// # Errors
/// If the folder does not exist or cannot be written to; an existing file is then as it was.
pub fn write_durably(path: &Path, contents: impl AsRef<[u8]>) -> io::Result<()> {
    let part = part(path);
    // One that a killed program left.
    let _ = fs::remove_file(&part);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(contents.as_ref())?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    if let Err(error) = written {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    // The name itself. Not every system can do this, and the file is whole without it.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// The end of the name of a file that is not whole yet.
pub const PART: &str = ".part";

/// The name under which [`write_durably`] writes what is to be at `path`.
#[must_use]
pub fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PART);
    name.into()
}

/// Checks that there is no link at `path`, as someone else might have left in the place of a file of
/// this program's own.
///
/// # Errors
/// If there is one.
pub fn refuse_link(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(found) if found.is_symlink() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link, not a file"))
        }
        _ => Ok(()),
    }
}

/// Opens what is no file for writing. For a reader of a pipe one could wait for ever.
#[cfg(unix)]
fn open_stream(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::{OFlags, fcntl_setfl};
    use rustix::io::Errno;

    let at_once = OFlags::NONBLOCK.bits() as i32;
    let opened = File::options().write(true).custom_flags(at_once).open(path);
    let file = opened.map_err(|error| match Errno::from_io_error(&error) {
        Some(Errno::NXIO) => io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a pipe that nobody reads from; start its reader first, or name a file",
        ),
        _ => error,
    })?;
    fcntl_setfl(&file, OFlags::empty())?;
    Ok(file)
}

#[cfg(not(unix))]
fn open_stream(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// The permissions of the file being replaced, or those of any new file: a temporary file would
/// be for its owner only.
#[cfg(unix)]
fn permissions(target: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    let found = target.metadata().map(|found| found.permissions());
    found.unwrap_or_else(|_| PermissionsExt::from_mode(0o666))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("curve.csv");
        write(&path, "first, and longer").unwrap();
        write(&path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("none/curve.csv"), "").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn what_is_too_long_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        fs::write(&path, [0; 100]).unwrap();
        assert_eq!(read(&path, 100).unwrap().len(), 100);
        assert_eq!(read(&path, 99).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(read_text(folder.path(), 99).unwrap_err().to_string().contains("a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn odd_files_are_refused_by_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let circle = folder.path().join("circle");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        for (path, name) in [
            (pipe.as_path(), "a pipe"),
            (&socket, "a socket"),
            (folder.path(), "a folder"),
            (Path::new("/dev/zero"), "a device"),
        ] {
            let error = read(path, 10).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
        assert!(read(&circle, 10).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn files_of_our_own_are_private_and_replace_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("state"), folder.path().join("other"));
        fs::write(&other, "theirs").unwrap();
        symlink(&other, &path).unwrap();
        assert!(refuse_link(&path).unwrap_err().to_string().contains("a link"));
        write_durably(&path, "ours").unwrap();
        refuse_link(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(fs::read_to_string(&other).unwrap(), "theirs");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no temporary file is left");
        assert!(write_durably(&folder.path().join("none/state"), "").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn keeps_links_and_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real.svg"), folder.path().join("link.svg"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_only_if_somebody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let error = write(&pipe, "lost").unwrap_err();
        assert!(error.to_string().contains("nobody reads"), "{error}");
        let reader = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
        };
        let text = "more than a pipe holds ".repeat(10_000);
        // The reader may not have opened it yet.
        while write(&pipe, &text).is_err() {
            std::thread::yield_now();
        }
        assert_eq!(reader.join().unwrap(), text);
    }
}
