//! How far the lessons have been taken, what was predicted of claims, and the file in which that is kept.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::compare::claims::{Claim, Evidence, Figures, Judged, Judgement};
use crate::file;

/// How far every lesson has been taken, and what was predicted of claims.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// By the names of the lessons.
    lessons: BTreeMap<String, Reached>,
    /// By the names of the claims.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    claims: BTreeMap<String, Tested>,
}

/// A prediction of the verdict on a claim, and the figures of its test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tested {
    predicted: Judgement,
    /// Those of each comparison, once all are known.
    #[serde(default)]
    figures: Vec<Figures>,
}

/// How far a lesson has been taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// The index of the page it was left on.
    pub page: usize,
    /// The index of the last page it was seen on.
    pub farthest: usize,
    /// Whether it was taken to its end.
    pub done: bool,
    /// What was measured on named pages.
    pub measured: BTreeMap<String, f64>,
}

impl Progress {
    /// Reads it from the file at `path`; there may be none yet.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        match file::read_text(path, file::LONGEST_TEXT) {
            Ok(text) => serde_json::from_str(&text).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it into the file at `path`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        file::write(path, serde_json::to_string_pretty(self)? + "\n")
    }

    /// How far the lesson called `name` has been taken; none if it was never begun.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Reached> {
        self.lessons.get(name)
    }

    /// Whether the lesson called `name` was taken to its end.
    #[must_use]
    pub fn is_done(&self, name: &str) -> bool {
        self.of(name).is_some_and(|reached| reached.done)
    }

    /// All lessons that were begun, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Reached)> {
        self.lessons.iter().map(|(name, reached)| (name.as_str(), reached))
    }

    /// The verdict that was predicted of `claim`; none before that.
    #[must_use]
    pub fn predicted(&self, claim: &Claim) -> Option<Judgement> {
        Some(self.claims.get(claim.name)?.predicted)
    }

    /// The verdict on `claim` that follows from the figures of its test; none before that.
    #[must_use]
    pub fn judged(&self, claim: &'static Claim) -> Option<Judged> {
        let figures = &self.claims.get(claim.name)?.figures;
        let evidence = claim.duels.iter().zip(figures).map(|(duel, it)| it.evidence(duel));
        let evidence = evidence.collect::<Option<Vec<_>>>()?;
        (evidence.len() == claim.duels.len()).then(|| Judged::of(claim, evidence))
    }

    /// Takes in a prediction of the verdict on `claim`.
    pub fn predict(&mut self, claim: &Claim, predicted: Judgement) {
        self.claims.insert(claim.name.to_owned(), Tested { predicted, figures: Vec::new() });
    }

    /// Takes in the evidence for and against `claim`, if anything was predicted of it.
    pub fn test(&mut self, claim: &Claim, evidence: &[Evidence]) {
        if let Some(tested) = self.claims.get_mut(claim.name) {
            tested.figures = evidence.iter().map(Figures::of).collect();
        }
    }

    /// Forgets what was predicted of `claim`, and its test.
    pub fn forget(&mut self, claim: &Claim) {
        self.claims.remove(claim.name);
    }

    /// Takes in how far the lesson called `name` has been taken.
    pub fn set(&mut self, name: &str, reached: Reached) {
        self.lessons.insert(name.to_owned(), reached);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::claims::CLAIMS;

    #[test]
    fn it_reads_back_and_is_never_half_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/lessons.json");
        assert_eq!(Progress::read(&path).unwrap(), Progress::default());
        let mut progress = Progress::default();
        let measured = BTreeMap::from([("linear.step".to_owned(), 1000.0)]);
        progress.set("one", Reached { page: 3, farthest: 4, done: false, measured });
        progress.write(&path).unwrap();
        assert_eq!(Progress::read(&path).unwrap(), progress);
        std::fs::write(&path, "{\"lessons\": {\"one\": {\"page\": 1}}}").unwrap();
        assert!(Progress::read(&path).is_err());
    }
    #[test]
    fn predictions_and_figures_are_kept_and_the_verdict_follows_from_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lessons.json");
        // A file of before there were claims.
        std::fs::write(&path, "{\"lessons\": {}}").unwrap();
        let mut progress = Progress::read(&path).unwrap();
        let claim = &CLAIMS[0];
        assert_eq!(progress.predicted(claim), None);
        progress.predict(claim, Judgement::Undecided);
        let low = [1.0, 1.1, 0.9, 1.2, 0.8, 1.0, 1.1, 0.9];
        let high = low.map(|x| 2.0 * x + 0.1);
        let evidence = |duel| Evidence::of(duel, &low, &high).unwrap();
        let evidence: Vec<_> = claim.duels.iter().map(evidence).collect();
        progress.test(claim, &evidence[1..]);
        assert!(progress.judged(claim).is_none(), "a comparison is missing");
        progress.test(claim, &evidence);
        progress.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("undecided") && !text.contains("holds"), "{text}");
        let mut progress = Progress::read(&path).unwrap();
        assert_eq!(progress.predicted(claim), Some(Judgement::Undecided));
        assert_eq!(progress.judged(claim).unwrap().judgement, Judgement::Holds);
        progress.forget(claim);
        assert!(progress.predicted(claim).is_none() && progress.judged(claim).is_none());
    }
}
