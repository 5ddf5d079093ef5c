//! What can be undone. The settings are kept here; the state of the run is found by the worker, which
//! goes by the mark of a change.

use std::time::{Duration, Instant};

use crate::experiment::{Experiment, assignments, changes};
use crate::train::Mark;

/// Presses on one field within this time are undone together.
const TOGETHER: Duration = Duration::from_secs(1);
/// The setting that painting changes.
const POINTS: &str = "data.points";
/// The most changes that are remembered.
const MOST: usize = 500;

/// What is undone by one key.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name for the worker; none if that worker is gone, with the states of its run.
    pub mark: Option<Mark>,
    /// The settings to go back to.
    pub before: Experiment,
    /// The settings that were edited: those of the moment shown.
    from: Experiment,
    /// The settings after.
    pub after: Experiment,
    /// What was done.
    pub what: String,
    /// The paths of the settings that it changed; none if it is never joined with another.
    paths: Option<Vec<String>>,
    /// When it was last added to.
    since: Instant,
}

/// What was done and undone, the latest last.
#[derive(Debug, Default)]
pub struct Changes {
    done: Vec<Unit>,
    undone: Vec<Unit>,
    last: Mark,
}

impl Changes {
    /// Adds an edit of the first settings into the others that was made at `now`, to the one before it
    /// if that was of the same fields a moment ago. It is undone to `before`. Returns its mark.
    pub fn edit(
        &mut self,
        before: &Experiment,
        (from, after): (&Experiment, &Experiment),
        now: Instant,
    ) -> Mark {
        let paths = paths(from, after);
        let joins = |last: &&mut Unit| {
            last.paths.is_some()
                && last.paths == paths
                && last.after == *from
                && now.saturating_duration_since(last.since) <= TOGETHER
        };
        let last = self.done.last_mut().filter(|_| self.undone.is_empty()).filter(joins);
        if let Some((mark, unit)) = last.and_then(|unit| Some((unit.mark?, unit))) {
            unit.after = after.clone();
            unit.what = wording(&unit.from, after);
            unit.since = now;
            return mark;
        }
        self.push(before, (from, after), wording(from, after), paths, now)
    }

    /// Adds something else that the run can be brought back from. Returns its mark.
    pub fn step_aside(
        &mut self,
        before: &Experiment,
        after: &Experiment,
        what: String,
        now: Instant,
    ) -> Mark {
        self.push(before, (before, after), what, None, now)
    }

    fn push(
        &mut self,
        before: &Experiment,
        (from, after): (&Experiment, &Experiment),
        what: String,
        paths: Option<Vec<String>>,
        since: Instant,
    ) -> Mark {
        self.undone.clear();
        self.last += 1;
        let [before, from, after] = [before, from, after].map(Clone::clone);
        self.done.push(Unit { mark: Some(self.last), before, from, after, what, paths, since });
        if self.done.len() > MOST {
            self.done.remove(0);
        }
        self.last
    }

    /// Takes back the latest change.
    pub fn undo(&mut self) -> Option<&Unit> {
        self.undone.push(self.done.pop()?);
        self.undone.last()
    }

    /// Makes the change again that was undone last.
    pub fn redo(&mut self) -> Option<&Unit> {
        self.done.push(self.undone.pop()?);
        self.done.last()
    }

    /// Forgets the states of the run, as those of a worker that is gone. The settings stay.
    pub fn forget_marks(&mut self) {
        self.done.iter_mut().chain(&mut self.undone).for_each(|unit| unit.mark = None);
    }
}

/// The paths of the settings that differ; none if another number of layers, another file or a stroke
/// of a brush is among the differences.
fn paths(before: &Experiment, after: &Experiment) -> Option<Vec<String>> {
    let path = |it: &String| it.split('=').next().unwrap_or_default().to_owned();
    let paths: Vec<_> = assignments(before, after)?.iter().map(path).collect();
    // Each stroke is undone by itself.
    if paths.iter().any(|path| path == POINTS) {
        return None;
    }
    Some(paths.into_iter().filter(|path| path != "title" && path != "about").collect())
}

/// What an edit changes, in words.
fn wording(before: &Experiment, after: &Experiment) -> String {
    let texts: Vec<_> = changes(before, after).into_iter().map(|change| change.text).collect();
    if texts.is_empty() { "an edit without effect on the run".to_owned() } else { texts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load;

    fn with(set: &[&str]) -> Experiment {
        load("xor/4-tanh/2").unwrap().experiment.with_overrides(set).unwrap()
    }

    #[test]
    fn presses_on_one_field_within_a_second_are_one_unit() {
        let now = Instant::now();
        let at = |ms| now + Duration::from_millis(ms);
        let [a, b, c] =
            ["tanh", "relu", "gelu"].map(|name| with(&[&format!("layers.1.activation={name}")]));
        let mut changes = Changes::default();
        assert_eq!(changes.edit(&a, (&a, &b), at(0)), 1);
        assert_eq!(changes.edit(&b, (&b, &c), at(900)), 1);
        let other = c.with_overrides(&["train.clip_norm=1"]).unwrap();
        assert_eq!(changes.edit(&c, (&c, &other), at(950)), 2, "another field");
        let later = other.with_overrides(&["train.clip_norm=2"]).unwrap();
        assert_eq!(changes.edit(&other, (&other, &later), at(2000)), 3, "more than a second later");

        for before in [&other, &c, &a] {
            assert_eq!(&changes.undo().unwrap().before, before);
        }
        assert!(changes.undo().is_none());
        let unit = changes.redo().unwrap();
        assert_eq!((unit.what.as_str(), unit.mark), ("layer 1 tanh → gelu", Some(1)));
        assert_eq!(unit.after, c);
    }

    #[test]
    fn a_new_edit_clears_what_could_be_made_again() {
        let now = Instant::now();
        let (a, b) = (with(&["seed=1"]), with(&["seed=2"]));
        let mut changes = Changes::default();
        changes.edit(&a, (&a, &b), now);
        changes.edit(&b, (&b, &with(&["seed=2", "train.batch_size=3"])), now);
        assert!(changes.undo().unwrap().what.ends_with("→ 3"));
        // Of the same field as the one before, and a moment after it; but there was an undo between.
        assert_eq!(changes.edit(&b, (&b, &a), now), 3);
        assert!(changes.redo().is_none());
        changes.forget_marks();
        assert_eq!(changes.undo().unwrap().mark, None);
    }
}
