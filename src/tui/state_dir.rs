//! The folder in which the workbench keeps what it may need again.

use std::env;
use std::path::{Path, PathBuf};

/// The variable that names the folder, if it is not where the system has such things.
pub const VARIABLE: &str = "GRADLAB_STATE_DIR";

/// The folder of kept races; none if there is no home directory.
#[must_use]
pub fn races() -> Option<PathBuf> {
    Some(own()?.join("races"))
}

/// The folder of sessions; none if there is no home directory.
#[must_use]
pub fn sessions() -> Option<PathBuf> {
    Some(own()?.join("sessions"))
}

/// The file that tells how far the lessons have been taken; none if there is no home directory.
#[must_use]
pub fn lessons() -> Option<PathBuf> {
    Some(own()?.join("lessons.json"))
}

/// The file of the hints that were given; none if there is no home directory.
#[must_use]
pub fn hints() -> Option<PathBuf> {
    Some(own()?.join("hints"))
}

fn own() -> Option<PathBuf> {
    state_dir(|name| env::var_os(name).map(PathBuf::from), env::home_dir())
}

/// Where the system has state that is neither settings nor cache: the XDG base directories, on
/// macOS `~/Library/Application Support`, on Windows the local application data.
fn state_dir(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(own) = variable(VARIABLE).filter(|path| path != Path::new("")) {
        return Some(own);
    }
    let named = if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_STATE_HOME" };
    // A relative path is to be ignored, says the specification.
    let named = variable(named).filter(|path| path.is_absolute());
    let usual = if cfg!(windows) {
        "AppData/Local"
    } else if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        ".local/state"
    };
    let base = named.or_else(|| Some(home?.join(usual)))?;
    Some(base.join("gradlab"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &[(&str, &str)], home: Option<&str>) -> Option<PathBuf> {
        let value = |name: &str| set.iter().find(|(key, _)| *key == name);
        state_dir(|name| value(name).map(|(_, value)| value.into()), home.map(PathBuf::from))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_variable_then_xdg_then_home() {
        let home = Some("/home/me");
        let xdg = ("XDG_STATE_HOME", "/state");
        for (set, home, expected) in [
            (&[(VARIABLE, "own"), xdg][..], home, Some("own")),
            (&[(VARIABLE, ""), xdg], home, Some("/state/gradlab")),
            (&[("XDG_STATE_HOME", "relative")], home, Some("/home/me/.local/state/gradlab")),
            (&[], home, Some("/home/me/.local/state/gradlab")),
            (&[], None, None),
        ] {
            assert_eq!(with(set, home), expected.map(PathBuf::from), "{set:?}");
        }
    }
}
