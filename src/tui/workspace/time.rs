//! Going through the time of a run: back and forth in it, to another branch, and taking changes back.

use std::time::Instant;

use super::Workspace;
use crate::experiment::{Experiment, Script, changes};
use crate::train::Command;
use crate::train::timeline::BranchId;
use crate::tui::branch;
use crate::tui::effect::Effect;
use crate::tui::keymap::run;
use crate::tui::pace::Pace;
use crate::tui::past::{Past, Towards, evaluations, neighbour};
use crate::tui::run_view::{RunView, Status};
use crate::tui::widgets::format;

impl Workspace {
    /// The step that is shown, or will be as soon as it has been replayed.
    #[must_use]
    pub fn moment(&self) -> u64 {
        self.past.as_ref().map_or(self.run.step, |past| past.target)
    }

    /// What was run up to the moment shown; at the present, with the edits that are to come.
    #[must_use]
    pub fn script(&self) -> Script {
        let known = self.run.timeline.present().map(|branch| match &self.past {
            Some(past) => branch.script.until(past.target),
            None => (*branch.script).clone(),
        });
        // An edit may be on its way to the run, or one that cannot be run.
        let current = |script: &Script| {
            let same = |step| changes(script.at(step), &self.experiment).is_empty();
            // One that is due is made before the next step.
            same(self.moment()) || same(self.moment().saturating_sub(1))
        };
        known.filter(current).unwrap_or_else(|| self.experiment.clone().into())
    }

    /// Whether the picture is still that of another moment.
    #[must_use]
    pub fn replays(&self) -> bool {
        let seen = self.run.seen.as_ref().map(|seen| seen.step);
        self.past.as_ref().is_some_and(|past| {
            past.shown != Some(past.target) || seen.is_some_and(|seen| seen != past.target)
        })
    }

    /// Goes to an earlier evaluation or a later one; `now` tells whether the key is held down.
    pub fn scrub(&mut self, towards: Towards, now: Instant) -> Vec<Effect> {
        let steps = evaluations(&self.run.history);
        let stride = self.past.as_mut().map_or(1, |past| past.stride(towards, now, steps.len()));
        self.go_along(&steps, towards, stride)
    }

    /// Goes to the edit before or after.
    pub fn scrub_to_edit(&mut self, towards: Towards) -> Vec<Effect> {
        let edits = self.run.marks().map(|entry| entry.step);
        let mut steps: Vec<_> = std::iter::once(0).chain(edits).collect();
        steps.sort_unstable();
        self.go_along(&steps, towards, 1)
    }

    /// Goes to where the loss over the held-out rows was lowest.
    pub fn scrub_to_best(&mut self) -> Vec<Effect> {
        let Some((step, loss)) = self.run.best() else {
            self.complain("there is no evaluation to go to yet");
            return Vec::new();
        };
        self.say(format!(
            "the lowest test loss: {} at step {}",
            format::measure(loss).trim(),
            format::thousands(step as f64)
        ));
        self.look_at(step)
    }

    fn go_along(&mut self, steps: &[u64], towards: Towards, stride: usize) -> Vec<Effect> {
        let here = self.moment();
        match neighbour(steps, here, towards, stride) {
            Some(step) => self.look_at(step),
            None if towards == Towards::Present && self.past.is_some() => self.to_present(),
            None => {
                self.say(match towards {
                    Towards::Start => "this is the start of the run".to_owned(),
                    Towards::Present => {
                        format!("this is the present: {} goes back in time", run::EARLIER.name())
                    }
                });
                Vec::new()
            }
        }
    }

    fn look_at(&mut self, step: u64) -> Vec<Effect> {
        if matches!(self.run.status, Status::Loading | Status::Failed(_)) {
            self.complain("there is no run to go back in");
            return Vec::new();
        }
        if step >= self.run.step {
            return self.to_present();
        }
        let mut past = self.past.take().unwrap_or_else(|| Past::new(self.experiment.clone()));
        let command = past.turn(step, Instant::now());
        self.past = Some(past);
        self.window.show(step, self.run.step);
        // At once, so that an edit made before the picture is there is one of that moment's settings.
        let then = self.run.timeline.present().map(|branch| branch.script.at(step).clone());
        if let Some(then) = then {
            self.replace(then);
        }
        command.map(Effect::Send).into_iter().collect()
    }

    /// Takes in that the worker shows a step of the past. Returns what to tell it next.
    pub fn on_visiting(&mut self, step: u64, experiment: Experiment) -> Option<Effect> {
        let past = self.past.as_mut()?;
        if !past.arrive(step, Instant::now()) {
            return None;
        }
        let next = past.ask(Instant::now());
        if next.is_none() {
            self.replace(experiment);
        }
        next.map(Effect::Send)
    }

    /// Takes in that the worker has come back to its present.
    pub fn on_returned(&mut self) {
        let expected = self.returns > 0;
        self.returns = self.returns.saturating_sub(1);
        // If it was told to, it may have been asked for another step of the past since. If not, it could
        // not reach the step.
        if let Some(past) = self.past.take_if(|past| !expected || !past.waits()) {
            self.replace(past.present);
        }
    }

    /// Takes in that the run stands at `step` of another branch.
    pub fn on_moved(&mut self, step: u64) {
        // A step that it was asked for since is shown if it has one.
        if let Some(past) = self.past.take_if(|past| !past.waits() || past.target >= step) {
            self.replace(past.present);
        }
    }

    /// Takes in that the worker runs this from now on, which carried out so many of the commands that set
    /// the experiment. It is no news while another one is on its way there.
    pub fn follow(&mut self, experiment: &Experiment, obeyed: u64) {
        if obeyed < self.sent {
            return;
        }
        match &mut self.past {
            Some(past) => past.present = experiment.clone(),
            None => self.replace(experiment.clone()),
        }
    }

    /// Notes that what is sent from now on goes to another worker, which has no run yet.
    pub fn change_worker(&mut self) {
        self.run = RunView::default();
        self.changes.forget_marks();
        self.sent = 0;
    }

    /// A command, counted if it sets the experiment.
    pub(super) fn send(&mut self, command: Command) -> Effect {
        self.sent += u64::from(command.sets_experiment());
        Effect::Send(command)
    }

    /// Returns to the present; nothing to do if that is where it is.
    pub fn to_present(&mut self) -> Vec<Effect> {
        let Some(past) = self.past.take() else { return Vec::new() };
        self.replace(past.present);
        self.window.show(self.run.step, self.run.step);
        self.returns += 1;
        vec![Effect::Send(Command::Return)]
    }

    /// Makes the moment that is shown the present, on a branch of its own; nothing to do if it is.
    pub fn branch(&mut self) -> Vec<Effect> {
        let (mut effects, left) = self.leave_past();
        if let Some(past) = left {
            let step = format::thousands(past.target as f64);
            let mark = self.changes.step_aside(
                &past.present,
                &self.experiment,
                format!("a branch at step {step}"),
                Instant::now(),
            );
            let undo = run::UNDO.name();
            self.say(format!("a branch at step {step}: {undo} goes back to where you were"));
            effects.push(self.send(Command::Branch(mark)));
        }
        effects
    }

    /// What is to be said to the worker before the moment that is shown is worked on, and the past
    /// that was left.
    pub(super) fn leave_past(&mut self) -> (Vec<Effect>, Option<Past>) {
        let mut past = self.past.take();
        let ask = past.as_mut().and_then(|past| past.ask(Instant::now()));
        (ask.map(Effect::Send).into_iter().collect(), past)
    }

    /// Begins a branch at step 0 under the present settings.
    pub fn reset(&mut self) -> Vec<Effect> {
        let mut effects = self.to_present();
        let (here, what) = (self.experiment.clone(), "the start again".to_owned());
        let mark = self.changes.step_aside(&here, &here, what, Instant::now());
        effects.push(self.send(Command::Reset(mark)));
        effects
    }

    /// Goes to another branch.
    pub fn go_to(&mut self, id: BranchId) -> Vec<Effect> {
        let timeline = &self.run.timeline;
        let Some(there) = timeline.branches.iter().find(|branch| branch.id == id) else {
            self.complain("that branch is gone");
            return Vec::new();
        };
        if there.present {
            return self.to_present();
        }
        let (what, after) = (branch::name(there, timeline), there.script.end().clone());
        let mut effects = self.to_present();
        self.say(format!("on the branch: {what}"));
        let what = format!("to the branch: {what}");
        let mark = self.changes.step_aside(&self.experiment, &after, what, Instant::now());
        effects.push(self.send(Command::Go(id, mark)));
        self.replace(after);
        effects
    }

    /// Takes the latest change back, with the state of the run.
    pub fn undo(&mut self) -> Vec<Effect> {
        let Some(unit) = self.changes.undo().cloned() else {
            self.complain("there is nothing to undo");
            return Vec::new();
        };
        self.say(format!("undone: {}; {} makes it again", unit.what, run::REDO.name()));
        self.run.record(format!("undone: {}", unit.what));
        self.restore(unit.mark.map(Command::Undo), unit.before)
    }

    /// Makes the change again that was undone last.
    pub fn redo(&mut self) -> Vec<Effect> {
        let Some(unit) = self.changes.redo().cloned() else {
            self.complain("there is nothing to make again");
            return Vec::new();
        };
        self.say(format!("made again: {}", unit.what));
        self.run.record(format!("made again: {}", unit.what));
        self.restore(unit.mark.map(Command::Redo), unit.after)
    }

    fn restore(&mut self, command: Option<Command>, experiment: Experiment) -> Vec<Effect> {
        let mut effects = self.to_present();
        let before = self.experiment.clone();
        let plain = || Command::Apply(Box::new(experiment.clone()), 0);
        effects.push(self.send(command.unwrap_or_else(plain)));
        self.replace(experiment);
        effects.extend(self.pace_after(&before));
        effects
    }

    /// Sets the pace anew where other data came with another budget.
    pub(super) fn pace_after(&mut self, before: &Experiment) -> Option<Effect> {
        let other = before.train.steps != self.experiment.train.steps
            && before.data != self.experiment.data;
        other.then(|| self.set_pace(Pace::suiting(self.experiment.train.steps)))
    }
}

#[cfg(test)]
mod tests;
