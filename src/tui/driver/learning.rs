//! What is learned: the files of progress and answers, and the thread that judges claims.

use std::path::PathBuf;
use std::time::SystemTime;

use super::Driver;
use crate::compare::claims::{Claim, Judge, Told};
use crate::tui::answers::{self, Given};
use crate::tui::progress::Progress;

impl Driver {
    /// Keeps in the file `progress` how far the lessons are taken, and appends the answers that are given to
    /// the file `answers`.
    pub fn keep_lessons(&mut self, progress: Option<PathBuf>, answers: Option<PathBuf>) {
        self.answers = answers;
        let Some(path) = progress else { return };
        match Progress::read(&path) {
            Ok(kept) => {
                self.app.workspace.progress = kept;
                self.progress = Some(path);
            }
            Err(error) => {
                let text = format!("lessons begin anew, and {} stays: {error}", path.display());
                self.app.workspace.complain(&text);
            }
        }
    }

    /// Writes how far the lessons have been taken.
    pub(super) fn keep_progress(&mut self) {
        let Some(path) = &self.progress else { return };
        if let Err(error) = self.app.workspace.progress.write(path) {
            let text = format!("progress in lessons is not kept: {error}");
            self.app.workspace.complain(&text);
        }
    }

    /// Appends an answer to the file of answers, if there is one.
    pub(super) fn keep_answer(&mut self, given: &Given) {
        let Some(path) = &self.answers else { return };
        if let Err(error) = answers::append(path, given, SystemTime::now()) {
            let text = format!("could not write {}: {error}", path.display());
            self.app.workspace.complain(&text);
        }
    }

    /// Begins to judge `claim` on a thread of its own.
    pub(super) fn judge(&mut self, claim: &'static Claim) {
        match Judge::start(claim, &self.wake) {
            Ok(judge) => self.judge = Some(judge),
            Err(error) => {
                let effects = self.app.on_told(Told::Failed(error.to_string()));
                self.apply_all(effects);
            }
        }
    }

    /// Takes in what is told of the claim that is being judged. Returns whether there was anything.
    pub(super) fn news_of_judge(&mut self) -> bool {
        let Some(told) = self.judge.as_ref().and_then(Judge::take) else { return false };
        let effects = self.app.on_told(told);
        self.apply_all(effects);
        true
    }
}
