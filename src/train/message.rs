//! What a user interface and a training thread say to each other.

use std::sync::Arc;

use super::engine::Divergence;
use super::problem::Problem;
use crate::experiment::Experiment;

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
    /// Back to exactly the same start.
    Reset,
    /// Take up this experiment: from the present weights if only such things differ as can change
    /// in the middle of a run, else from its start. Of several between two steps only the last
    /// counts.
    Apply(Box<Experiment>),
    /// At most so many steps a second; as fast as possible if none.
    Pace(Option<f64>),
    /// Show the present state to the observer.
    Observe,
    /// End the thread.
    Stop,
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
    },
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
