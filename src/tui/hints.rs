//! Hints for the first hour: each is given once, where it applies, and never again.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::app::App;
use super::keymap::{PALETTE, run};
use super::run_view::Status;
use super::screen::train::INSIDE;
use crate::file;

/// The shortest time between two hints, and before the first.
const BETWEEN: Duration = Duration::from_secs(15);

/// A hint.
#[derive(Debug)]
struct Hint {
    /// Its name in the file of those that were given.
    name: &'static str,
    text: fn() -> String,
    applies: fn(&App) -> bool,
}

/// All hints, those that apply soonest first.
const HINTS: [Hint; 5] = [
    Hint {
        name: "change",
        text: || {
            "hint: ← → change what is under the cursor, while it trains; ⏎ lists all there is"
                .to_owned()
        },
        applies: |app| is_training(app) && !app.workspace.run.edited(),
    },
    Hint {
        name: "undo",
        text: || {
            let [undo, earlier] = [run::UNDO, run::EARLIER].map(|row| row.name());
            format!(
                "hint: {undo} takes the change back, the run with it; {earlier} goes back in time"
            )
        },
        applies: |app| is_training(app) && app.workspace.run.edited(),
    },
    Hint {
        name: "palette",
        text: || {
            let palette = PALETTE.name();
            format!("hint: {palette} finds anything by typing, an action, a setting or a word")
        },
        applies: |app| app.tab().key != '1',
    },
    Hint {
        name: "inside",
        text: || {
            let inside = INSIDE.name();
            format!("hint: {inside} shows one step in numbers: a neuron, and how its weights move")
        },
        applies: |app| app.tab().key == '1' && app.workspace.run.status == Status::Paused,
    },
    Hint {
        name: "lessons",
        text: || {
            "hint: 5 has lessons of a few minutes; c races optimizers against each other".to_owned()
        },
        applies: |app| app.workspace.run.status == Status::Finished,
    },
];

fn is_training(app: &App) -> bool {
    app.tab().key == '1' && app.workspace.run.running() && app.workspace.past.is_none()
}

/// Which hints were given, and when the last one was.
#[derive(Debug)]
pub struct Hints {
    /// Where that is kept.
    path: PathBuf,
    given: BTreeSet<String>,
    last: Instant,
}

impl Hints {
    /// Those that are left by the file at `path`; none if all were given or it cannot be read.
    #[must_use]
    pub fn read(path: &Path, now: Instant) -> Option<Self> {
        let given: BTreeSet<String> = match file::read_text(path, file::LONGEST_TEXT) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
            Err(_) => return None,
        };
        let left = HINTS.iter().any(|hint| !given.contains(hint.name));
        left.then(|| Self { path: path.to_owned(), given, last: now })
    }

    /// The hint that applies now, if it is time for one; it is not given again.
    pub fn next(&mut self, app: &App, now: Instant) -> Option<String> {
        if now < self.last + BETWEEN || !app.is_quiet() {
            return None;
        }
        let left = |hint: &&Hint| !self.given.contains(hint.name) && (hint.applies)(app);
        let hint = HINTS.iter().find(left)?;
        self.given.insert(hint.name.to_owned());
        self.last = now;
        // One that cannot be kept is given again another time.
        let _ = self.write();
        Some((hint.text)())
    }

    fn write(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let lines: Vec<&str> = self.given.iter().map(String::as_str).collect();
        file::write(&self.path, lines.join("\n") + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment;
    use crate::train::Event;

    #[test]
    fn each_is_given_once_where_it_applies_and_never_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("hints");
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        let mut app = App::new(experiment::load("moons").unwrap().experiment);
        app.workspace.run.on_event(Event::Running(true));
        let mut hints = Hints::read(&path, start).unwrap();
        assert_eq!(hints.next(&app, later(1)), None);
        assert!(hints.next(&app, later(16)).unwrap().contains("under the cursor"));
        assert_eq!(hints.next(&app, later(60)), None);
        app.workspace.run.on_event(Event::Running(false));
        let mut again = Hints::read(&path, start).unwrap();
        app.workspace.say("something".to_owned());
        assert_eq!(again.next(&app, later(60)), None);
        app.workspace.notice = None;
        assert!(again.next(&app, later(60)).unwrap().contains("one step"));
        let all: Vec<&str> = HINTS.iter().map(|hint| hint.name).collect();
        std::fs::write(&path, all.join("\n")).unwrap();
        assert!(Hints::read(&path, start).is_none());
    }
}
