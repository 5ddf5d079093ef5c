//! An experiment with edits in the middle of its run.

use std::sync::Arc;

use super::Experiment;
use super::diff::{Change, assignments, changes};

pub(super) mod write;

/// What the state of a run at a step follows from, bit for bit: the experiment at its start, and
/// what was edited later. Each segment is a whole experiment, valid by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    start: Experiment,
    edits: Vec<Edit>,
}

/// The experiment that is in force from a step on.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Steps done before it; at least 1.
    pub step: u64,
    /// What is run from there on; shared, since branches have edits in common.
    pub experiment: Arc<Experiment>,
}

/// A change that cannot be made in the middle of a run: it begins another one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot change in the middle of a run: it would begin again")]
pub struct NotLive(
    /// The change in words.
    pub String,
);

impl From<Experiment> for Script {
    fn from(start: Experiment) -> Self {
        Self { start, edits: Vec::new() }
    }
}

impl From<&Experiment> for Script {
    fn from(start: &Experiment) -> Self {
        start.clone().into()
    }
}

impl From<&Self> for Script {
    fn from(script: &Self) -> Self {
        script.clone()
    }
}

impl Script {
    /// The experiment at the start.
    #[must_use]
    pub const fn start(&self) -> &Experiment {
        &self.start
    }

    /// The edits, at ascending steps.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The experiment in force after the last edit.
    #[must_use]
    pub fn end(&self) -> &Experiment {
        self.edits.last().map_or(&self.start, |edit| &edit.experiment)
    }

    /// The experiment in force at `step`, an edit there included.
    #[must_use]
    pub fn at(&self, step: u64) -> &Experiment {
        let reached = self.edits.partition_point(|edit| edit.step <= step);
        reached.checked_sub(1).map_or(&self.start, |last| &self.edits[last].experiment)
    }

    /// Every experiment with the step from which on it is in force.
    #[must_use]
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = (u64, &Experiment)> {
        let edits = self.edits.iter().map(|edit| (edit.step, &*edit.experiment));
        std::iter::once((0, &self.start)).chain(edits)
    }

    /// Goes on under `experiment` from `step` on. Later edits go. Edits at one step are one: if the
    /// last of them leaves things as they were before, there is none. At step 0 it is the start.
    ///
    /// # Errors
    /// If something differs that cannot change in the middle of a run.
    pub fn edit(
        &mut self,
        step: u64,
        experiment: impl Into<Arc<Experiment>>,
    ) -> Result<(), NotLive> {
        let experiment = experiment.into();
        let kept = self.edits.partition_point(|edit| edit.step < step);
        let before = kept.checked_sub(1).map_or(&self.start, |last| &self.edits[last].experiment);
        let changes = changes(before, &experiment);
        if let Some(change) = changes.iter().find(|change| !change.live()) {
            return Err(NotLive(change.text.clone()));
        }
        self.edits.truncate(kept);
        if step == 0 {
            self.start = Arc::unwrap_or_clone(experiment);
        } else if !changes.is_empty() {
            self.edits.push(Edit { step, experiment });
        }
        Ok(())
    }

    /// The script with every experiment changed by `change`, which is to change all of them alike:
    /// another seed, other words. An edit goes if it makes no difference any more.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Experiment) -> Experiment) -> Self {
        let mut script = Self::from(change(&self.start));
        for edit in &self.edits {
            let experiment = change(&edit.experiment);
            if !changes(script.end(), &experiment).is_empty() {
                script.edits.push(Edit { step: edit.step, experiment: experiment.into() });
            }
        }
        script
    }

    /// The script with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        self.map(|experiment| experiment.with_seed(seed))
    }

    /// The experiment, if there is no edit.
    #[must_use]
    pub const fn without_edits(&self) -> Option<&Experiment> {
        if self.edits.is_empty() { Some(&self.start) } else { None }
    }

    /// The script without what comes after `step`.
    #[must_use]
    pub fn until(&self, step: u64) -> Self {
        let edits = self.edits.iter().filter(|edit| edit.step <= step).cloned().collect();
        Self { start: self.start.clone(), edits }
    }

    /// The same edits of another start. Those that it does not allow are left out; their steps
    /// and the reasons are the second part.
    #[must_use]
    pub fn rebased(&self, start: Experiment) -> (Self, Vec<(u64, String)>) {
        let mut script = Self::from(start);
        let mut left_out = Vec::new();
        for (old, edit) in self.pairs() {
            let edited = assignments(old, &edit.experiment)
                .ok_or_else(|| "other layers".to_owned())
                .and_then(|set| script.end().with_overrides(&set).map_err(|it| it.to_string()))
                .and_then(|new| script.edit(edit.step, new).map_err(|it| it.to_string()));
            if let Err(reason) = edited {
                left_out.push((edit.step, reason));
            }
        }
        (script, left_out)
    }

    /// Each edit with the experiment before it.
    pub fn pairs(&self) -> impl Iterator<Item = (&Experiment, &Edit)> {
        let before = self.segments().map(|(_, experiment)| experiment);
        before.zip(&self.edits)
    }

    /// Each edit as assignments, as `--set` takes them: its step and what it lays over the
    /// experiment before it.
    pub fn assignments(&self) -> impl Iterator<Item = (u64, Vec<String>)> {
        // Assignments can say all that is live.
        let said = |old, new| assignments(old, new).unwrap_or_default();
        self.pairs().map(move |(before, edit)| (edit.step, said(before, &edit.experiment)))
    }

    /// What each edit changes: its step and the changes.
    pub fn changes(&self) -> impl Iterator<Item = (u64, Vec<Change>)> {
        self.pairs().map(|(before, edit)| (edit.step, changes(before, &edit.experiment)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse_recipe;

    fn experiment(recipe: &str) -> Experiment {
        parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment
    }

    fn with(set: &str) -> Experiment {
        experiment("xor/4-tanh/2").with_overrides(&[set]).unwrap()
    }

    #[test]
    fn edits_at_one_step_are_one() {
        let mut script = Script::from(with("seed=0"));
        script.edit(5, with("layers.1.activation=relu")).unwrap();
        script.edit(5, with("optimizer=sgd")).unwrap();
        assert_eq!(script.edits(), [Edit { step: 5, experiment: with("optimizer=sgd").into() }]);
        script.edit(9, with("layers.1.activation=relu")).unwrap();
        assert_eq!(script.at(4), script.start());
        assert_eq!(script.at(5), &with("optimizer=sgd"));
        assert_eq!(script.at(9), script.end());
        script.edit(5, with("seed=0")).unwrap();
        assert_eq!(
            script,
            Script::from(with("seed=0")),
            "nothing differs, and what came later is gone"
        );
        script.edit(0, with("optimizer=sgd")).unwrap();
        assert_eq!(script, Script::from(with("optimizer=sgd")));
    }

    #[test]
    fn what_begins_another_run_is_no_edit() {
        let mut script = Script::from(with("seed=0"));
        let error = script.edit(5, with("layers.1.units=8")).unwrap_err().to_string();
        assert!(error.starts_with("layer 1 units 4 → 8 cannot change"), "{error}");
        assert!(script.edit(0, with("seed=1")).is_err());
        assert_eq!(script.edits(), []);
    }

    #[test]
    fn another_start_keeps_the_edits() {
        let mut script = Script::from(with("seed=0"));
        script.edit(5, with("optimizer=sgd:lr=0.5")).unwrap();
        let (other, left_out) = script.rebased(with("seed=3"));
        let both = with("seed=3").with_overrides(&["optimizer=sgd:lr=0.5"]).unwrap();
        assert_eq!(other.end(), &both);
        assert_eq!((other.edits().len(), left_out), (1, vec![]));
    }
}
