//! What a user interface and a training thread say to each other.

use std::sync::Arc;

use super::engine::Divergence;
use super::problem::Problem;
use super::telemetry::History;
use super::timeline::{BranchId, Mark, TimelineView};
use crate::experiment::Experiment;
use crate::experiment::lesson::Until;

/// To the worker; taken between two steps.
#[derive(Clone, Debug)]
pub enum Command {
    /// Go on to the end of the schedule; from there on, for as many steps again.
    Run,
    /// Rest after the present step.
    Pause,
    /// So many steps, then rest.
    Steps(u64),
    /// To the end of the present epoch, then rest.
    Epoch,
    /// As far as a lesson asks for, then rest.
    Until(Until),
    /// A new branch from step 0 on, under the present experiment.
    Reset(Mark),
    /// Take up this experiment: from the present weights if only such things differ as can change
    /// in the middle of a run, else from its start. Of several of one mark between two steps only the
    /// last counts. In the past it begins a branch there.
    Apply(Box<Experiment>, Mark),
    /// To the branch and the step at which the change of this mark was made.
    Undo(Mark),
    /// To where the change of this mark was undone.
    Redo(Mark),
    /// Rest, and show this earlier step of the present branch.
    Visit(u64),
    /// From the past to the present, which goes on if it went on before.
    Return,
    /// Make the step that is shown the present one, on a branch of its own.
    Branch(Mark),
    /// To the end of another branch.
    Go(BranchId, Mark),
    /// Forget a branch other than the present one.
    Delete(BranchId),
    /// Let keyframes take so many bytes.
    KeyframeMemory(usize),
    /// At most so many steps a second; as fast as possible if none.
    Pace(Option<f64>),
    /// Show the present state to the observer.
    Observe,
    /// Let the observer look at the layers at these steps on the way to the present again, the first
    /// ones first; no longer at those that it was to look at before.
    Recall(Vec<u64>),
    /// End the thread.
    Stop,
}

impl Command {
    /// Whether it says which experiment is run from then on.
    #[must_use]
    pub const fn sets_experiment(&self) -> bool {
        matches!(
            self,
            Self::Reset(_)
                | Self::Apply(..)
                | Self::Undo(_)
                | Self::Redo(_)
                | Self::Branch(_)
                | Self::Go(..)
        )
    }
}

/// From the worker; none is ever lost.
#[derive(Clone, Debug)]
pub enum Event {
    /// A run stands at its start.
    Started {
        /// Which run of this worker, from 1; telemetry of older ones is stale.
        run: u64,
        /// What is run.
        experiment: Box<Experiment>,
        /// Its data.
        problem: Arc<Problem>,
        /// What changed and made it start again, in words.
        changes: Vec<String>,
        /// Commands that set the experiment and were carried out: what a later one set is still to come.
        obeyed: u64,
    },
    /// The worker goes on or rests.
    Running(bool),
    /// The run goes on under a changed experiment.
    Edited {
        /// Steps done before the change.
        step: u64,
        /// What changed, in words.
        changes: Vec<String>,
        /// What is run now.
        experiment: Box<Experiment>,
        /// As in [`Event::Started`].
        obeyed: u64,
    },
    /// The run goes on from another branch or step.
    Moved {
        /// As in [`Event::Started`].
        run: u64,
        /// Steps done.
        step: u64,
        /// What is run now.
        experiment: Box<Experiment>,
        /// Its data.
        problem: Arc<Problem>,
        /// Its numbers up to here.
        history: Box<History>,
        /// Whether it has gone as far as it was to.
        over: bool,
        /// As in [`Event::Started`].
        obeyed: u64,
    },
    /// An earlier step is shown.
    Visiting {
        /// That step.
        step: u64,
        /// What was run there.
        experiment: Box<Experiment>,
    },
    /// The present is shown again.
    Returned,
    /// There are other branches, or other keyframes.
    Timeline(Box<TimelineView>),
    /// The run has gone as far as it was to, and rests.
    Finished {
        /// Steps done.
        step: u64,
    },
    /// The loss is no longer finite; the run rests at its last finite state.
    Diverged(Box<Divergence>),
    /// The run could not start, or the worker broke down.
    Failed(String),
}
