//! Probes: what is worked out from a copy of the weights, on a thread of its own.
//!
//! A screen asks for the probes that it shows; the others cost nothing. To add one: write its answer
//! in a file beside these, with a `Probe` that works it out, and give it a line in `probes!`.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::engine::{Checkpoint, Engine, Parameters};
use super::problem::Problem;
use crate::experiment::Experiment;
use crate::parallel;
use model::Model;

mod confusion;
mod curve;
mod examined;
mod field;
mod health;
mod histogram;
mod model;
mod predictions;
mod scatter;
mod scores;

pub use super::engine::UpdateStats;
pub use confusion::{Confusion, Sample};
pub use curve::Curve;
pub use examined::Examined;
pub use field::{Field, FieldValues};
pub use super::diagnosis::DeadOrSaturated;
pub use health::Health;
pub use histogram::Histogram;
pub use predictions::Predictions;
pub use scatter::Scatter;
pub use scores::Scores;

/// An answer that can be worked out from a snapshot.
trait Probe {
    /// Whether it needs the whole state of training, [`Snapshot::state`].
    const NEEDS_STATE: bool = false;
    /// Works it out, as far as `view` has room for it.
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self;
}

macro_rules! probes {
    ($($(#[$doc:meta])* $name:ident: $Answer:ty,)*) => {
        /// The probes that are asked for.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Requests {
            $($(#[$doc])* pub $name: bool,)*
        }

        impl Requests {
            /// All there are.
            pub const ALL: Self = Self { $($name: true,)* };
            /// None.
            pub const NONE: Self = Self { $($name: false,)* };

            /// Whether one of them needs [`Snapshot::state`].
            #[must_use]
            pub fn need_state(self) -> bool {
                [$(self.$name && <$Answer as Probe>::NEEDS_STATE),*].contains(&true)
            }
        }

        /// The answers of the probes that were asked for.
        #[derive(Clone, Debug)]
        pub struct Observation {
            /// The run of its worker that was seen.
            pub run: u64,
            /// Steps done.
            pub step: u64,
            $($(#[$doc])* pub $name: Option<$Answer>,)*
        }

        impl Observation {
            /// This observation, with the answers of an earlier one of the same run where nothing
            /// was asked for.
            #[must_use]
            pub fn or_earlier(self, earlier: Self) -> Self {
                Self { $($name: self.$name.or(earlier.$name),)* ..self }
            }
        }

        /// The answers to what `view` asks of a snapshot.
        #[must_use]
        pub fn observe(snapshot: &Snapshot, view: View) -> Observation {
            let model = &mut Model::of(snapshot);
            let asked = view.requests;
            Observation {
                run: snapshot.run,
                step: snapshot.step,
                $($name: asked.$name.then(|| <$Answer>::of(model, snapshot, view)),)*
            }
        }
    };
}

probes! {
    /// The picture that fits the data.
    predictions: Predictions,
    /// The health of each layer.
    health: Vec<Health>,
    /// Loss and accuracy on the training rows and on the held-out ones.
    scores: Scores,
    /// The distribution of the weights of each layer.
    weights: Vec<Histogram>,
    /// The signs that a diagnosis goes by.
    examined: Examined,
}

/// The state of a run at one step, on its way to the observer.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The number of the run among those of its worker.
    pub run: u64,
    /// Steps done.
    pub step: u64,
    /// The experiment that is run.
    pub experiment: Experiment,
    /// Its data.
    pub problem: Arc<Problem>,
    /// The weights.
    pub params: Vec<Parameters>,
    /// How each layer moved in the last measured step; empty before the first.
    pub motion: Vec<UpdateStats>,
    /// All that the next steps follow from, if a probe that needs it was asked for.
    pub state: Option<Arc<Checkpoint>>,
}

impl Snapshot {
    /// The present state of a run, as far as its predictions go.
    #[must_use]
    pub fn of(engine: &Engine, run: u64, motion: Vec<UpdateStats>) -> Self {
        Self {
            run,
            step: engine.step_count(),
            experiment: engine.experiment().clone(),
            problem: Arc::clone(engine.problem()),
            params: engine.predicting_parameters(),
            motion,
            state: None,
        }
    }
}

/// The probes that are shown, and the room that there is for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Points of the decision boundary, across and down.
    pub grid: (usize, usize),
    /// Sample predictions.
    pub samples: usize,
    /// Bins of a weight histogram.
    pub bins: usize,
    /// The probes that are shown.
    pub requests: Requests,
}

/// The observer's thread, seen from outside.
#[derive(Debug)]
pub struct Observer {
    view: Arc<Mutex<View>>,
    seen: Arc<Mutex<Option<Box<Observation>>>>,
    snapshots: Sender<Box<Snapshot>>,
}

impl Observer {
    /// Starts the thread, or tells why it could not. It ends when the last sender of snapshots is gone.
    pub(super) fn spawn(wake: Sender<()>) -> (Self, io::Result<()>) {
        // One may wait while another is looked at.
        let (snapshots, inlet) = bounded(1);
        let view = View { grid: (40, 40), samples: 8, bins: 12, requests: Requests::ALL };
        let view = Arc::new(Mutex::new(view));
        let seen = Arc::new(Mutex::new(None));
        let started = {
            let (view, seen) = (Arc::clone(&view), Arc::clone(&seen));
            parallel::spawn(move || observe_all(&inlet, &view, &seen, &wake)).map(drop)
        };
        (Self { view, seen, snapshots }, started)
    }

    pub(super) fn inlet(&self) -> Sender<Box<Snapshot>> {
        self.snapshots.clone()
    }

    pub(super) fn view(&self) -> Arc<Mutex<View>> {
        Arc::clone(&self.view)
    }

    /// Says what is shown and how much room there is, from the next observation on.
    pub fn set_view(&self, view: View) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// Takes the latest observation, if there is one that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Box<Observation>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn observe_all(
    inlet: &Receiver<Box<Snapshot>>,
    view: &Mutex<View>,
    seen: &Mutex<Option<Box<Observation>>>,
    wake: &Sender<()>,
) {
    for snapshot in inlet {
        let view = *view.lock().unwrap_or_else(PoisonError::into_inner);
        let observation = observe(&snapshot, view);
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(observation));
        let _ = wake.try_send(());
    }
}
