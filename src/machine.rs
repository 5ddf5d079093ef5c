//! The memory of the machine, as far as this process may have it, and the limit that it keeps to.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The limit where the system does not tell how much memory there is.
const UNKNOWN: u64 = 4_000_000_000;

/// Bytes; 0 until it is set.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// Bytes of memory that this process may take: what was set, or half of what there is.
#[must_use]
pub fn limit() -> u64 {
    static HALF: OnceLock<u64> = OnceLock::new();
    match LIMIT.load(Ordering::Relaxed) {
        0 => *HALF.get_or_init(|| memory().map_or(UNKNOWN, |bytes| bytes / 2)),
        set => set,
    }
}

/// Sets what [`limit`] returns from now on.
pub fn set_limit(bytes: u64) {
    LIMIT.store(bytes, Ordering::Relaxed);
}

/// Bytes of memory that this process can have at most: what the machine has, or less where a control
/// group or a resource limit allows less; none if the system does not tell.
#[must_use]
pub fn memory() -> Option<u64> {
    let root = Path::new("/");
    [total(root), control_group(root), address_space()].into_iter().flatten().min()
}

/// Returns true if the system gives so many bytes, which are given back at once. It may promise more
/// than there is, but where the address space is limited this tells.
#[must_use]
pub fn gives(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// A number of bytes, as in `3.2 GB`.
#[derive(Clone, Copy, Debug)]
pub struct Bytes(pub f64);

/// Units of memory with their bytes, the largest first.
const UNITS: [(&str, f64); 5] = [("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((unit, size)) = UNITS.iter().find(|(_, size)| self.0 >= *size) else {
            return write!(f, "{:.0} bytes", self.0);
        };
        let count = self.0 / size;
        if count < 10.0 { write!(f, "{count:.1} {unit}") } else { write!(f, "{count:.0} {unit}") }
    }
}

/// A limit that lets `bytes` through, in a round number with its unit.
#[must_use]
pub fn enough(bytes: f64) -> String {
    let (unit, size) = UNITS.iter().find(|(_, size)| bytes >= *size).unwrap_or(&UNITS[4]);
    format!("{}{unit}", (bytes / size * 1.05).ceil())
}

/// The memory of the machine.
fn total(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// The least limit of the control groups that the process is in, of either version.
fn control_group(root: &Path) -> Option<u64> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let limits = groups.lines().filter_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, group) = (fields.next()?, fields.next()?);
        let (hierarchy, file) = if controllers.is_empty() {
            ("sys/fs/cgroup", "memory.max")
        } else if controllers.split(',').any(|controller| controller == "memory") {
            ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
        } else {
            return None;
        };
        // A group is bound by all that it lies in. In a container its path may not be that within.
        let group = PathBuf::from(group.trim_start_matches('/'));
        let folders = group.ancestors().map(|group| root.join(hierarchy).join(group).join(file));
        folders.filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok()).min()
    });
    limits.min()
}

/// What is left of the address space under `ulimit -v`, or of the data segment under `ulimit -d`.
#[cfg(unix)]
fn address_space() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};
    [Resource::As, Resource::Data].into_iter().filter_map(|limit| getrlimit(limit).current).min()
}

#[cfg(not(unix))]
const fn address_space() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file system that holds these files.
    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_machine_says_how_much_it_has() {
        let root = system(&[("proc/meminfo", "MemTotal:       24689764 kB\nMemFree: 1 kB\n")]);
        assert_eq!(total(root.path()), Some(24_689_764 * 1024));
        assert_eq!(total(Path::new("/nowhere")), None);
    }

    #[test]
    fn the_second_version_of_groups_is_bound_by_those_around() {
        let root = system(&[
            ("proc/self/cgroup", "0::/user.slice/run.scope\n"),
            ("sys/fs/cgroup/user.slice/run.scope/memory.max", "max\n"),
            ("sys/fs/cgroup/user.slice/memory.max", "2147483648\n"),
        ]);
        assert_eq!(control_group(root.path()), Some(2_147_483_648));
    }

    #[test]
    fn the_first_version_of_groups_is_known_as_well() {
        let root = system(&[
            ("proc/self/cgroup", "8:cpu,cpuacct:/\n4:memory:/job:7/a\n0::/\n"),
            ("sys/fs/cgroup/memory/job:7/a/memory.limit_in_bytes", "9223372036854771712\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"),
        ]);
        assert_eq!(control_group(root.path()), Some(1_073_741_824));
    }

    #[test]
    fn no_limit_is_none() {
        let root = system(&[("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/memory.max", "max")]);
        assert_eq!(control_group(root.path()), None);
    }
}
