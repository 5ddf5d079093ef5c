//! Probes: what is worked out from a copy of the weights, on a thread of its own.
//!
//! A screen asks for the probes that it shows; the others cost nothing. To add one: write its answer
//! in a file beside these, with a `Probe` that works it out, and give it a line in `probes!`.

use std::sync::Arc;

use super::engine::{Checkpoint, Engine, LayerStep, Parameters};
use super::landscape::PlaneKind;
use super::problem::Problem;
use super::timeline::{BranchId, BranchPath};
use crate::experiment::Experiment;
use model::Model;
use step::{OneStep, Selection};

mod confusion;
mod curve;
mod examined;
mod field;
mod first_update;
mod health;
mod histogram;
mod landscape;
mod layers;
mod model;
mod neurons;
mod observer;
mod pre_activations;
mod predictions;
mod recall;
mod scatter;
mod scores;
mod sequence;
mod slices;
mod stability;
pub mod step;

pub use super::diagnosis::{DeadOrSaturated, FLAT_SLOPE};
pub use super::engine::{FirstMove, UpdateStats};
pub use confusion::{Confusion, Sample};
pub use curve::Curve;
pub use examined::Examined;
pub use field::{Field, FieldValues};
pub use first_update::{FirstUpdate, Layers, Subject};
pub use health::Health;
pub use histogram::Histogram;
pub use landscape::{Landscape, LandscapeView, Trail, Whose};
pub use layers::{LayerState, Quantity};
pub use neurons::{Alone, LayerNeurons, Neuron, Neurons, NeuronsView, Picture, Response};
pub use observer::Observer;
pub use pre_activations::PreActivations;
pub use predictions::Predictions;
pub use recall::Recall;
pub use scatter::Scatter;
pub use scores::Scores;
pub use sequence::{Answer, Sequence};
pub use stability::Stability;

/// An answer that can be worked out from a snapshot.
trait Probe {
    /// The trained numbers of the largest network of which it needs the whole state of training,
    /// [`Snapshot::state`].
    const STATE_UP_TO: usize = 0;
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

            /// Whether one of them needs [`Snapshot::state`] of a network of so many trained numbers.
            #[must_use]
            pub fn need_state(self, parameters: usize) -> bool {
                let asked = [$((self.$name, <$Answer as Probe>::STATE_UP_TO)),*];
                asked.iter().any(|&(asked, largest)| asked && parameters <= largest)
            }
        }

        /// The answers of the probes that were asked for.
        #[derive(Clone, Debug)]
        pub struct Observation {
            /// The run of its worker that was seen.
            pub run: u64,
            /// Its branch.
            pub branch: BranchId,
            /// Steps done.
            pub step: u64,
            $($(#[$doc])* pub $name: Option<$Answer>,)*
        }

        impl Observation {
            /// That of nothing, at a step of a run.
            const fn nothing(run: u64, branch: BranchId, step: u64) -> Self {
                Self { run, branch, step, $($name: None,)* }
            }

            /// This observation, with the answers of an earlier one of the same run where nothing
            /// was asked for.
            #[must_use]
            pub fn or_earlier(self, earlier: Self) -> Self {
                Self { $($name: self.$name.or(earlier.$name),)* ..self }
            }
        }

        /// The answers to what `view` asks of a model of a snapshot.
        fn answers(model: &mut Model, snapshot: &Snapshot, view: View) -> Observation {
            let asked = view.requests;
            Observation {
                run: snapshot.run,
                branch: snapshot.branch,
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
    /// The next step, at one neuron and one of its weights; none where none can be made.
    one_step: Option<Arc<OneStep>>,
    /// The response of single neurons.
    neurons: Neurons,
    /// How all that goes on inside of each layer is spread.
    layers: Vec<LayerState>,
    /// How near the optimizers are to what they can take.
    stability: Stability,
    /// The loss on a plane through the weights.
    landscape: Landscape,
    /// The numbers that the activations of the subject are given.
    pre_activations: PreActivations,
    /// What an optimizer would do with the present gradient of the subject.
    first_update: FirstUpdate,
}

/// The answers to what `view` asks of a snapshot, whatever time they take.
#[must_use]
pub fn observe(snapshot: &Snapshot, view: View) -> Observation {
    answers(&mut Model::of(snapshot), snapshot, view)
}

/// The state of a run at one step, on its way to the observer.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The number of the run among those of its worker.
    pub run: u64,
    /// Its branch.
    pub branch: BranchId,
    /// Steps done.
    pub step: u64,
    /// The experiment that is run.
    pub experiment: Experiment,
    /// Its data.
    pub problem: Arc<Problem>,
    /// The weights.
    pub params: Vec<Parameters>,
    /// How each layer moved in the last measured step; empty before the first.
    pub motion: Vec<LayerStep>,
    /// All that the next steps follow from, if a probe that needs it was asked for.
    pub state: Option<Arc<Checkpoint>>,
    /// The paths of the run's branches, if the landscape was asked for.
    pub paths: Vec<BranchPath>,
    /// Whether the run is under way, so that another snapshot will follow.
    pub under_way: bool,
}

impl Snapshot {
    /// The present state of a run, as far as its predictions go.
    #[must_use]
    pub fn of(engine: &Engine, run: u64, motion: Vec<LayerStep>) -> Self {
        Self {
            run,
            branch: BranchId(0),
            step: engine.step_count(),
            experiment: engine.experiment().clone(),
            problem: Arc::clone(engine.problem()),
            params: engine.predicting_parameters(),
            motion,
            state: None,
            paths: Vec::new(),
            under_way: false,
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
    /// The held-out sequence that is shown, counted on from the first one after the last.
    pub sequence: usize,
    /// Bins of a weight histogram.
    pub bins: usize,
    /// The room for the network drawn.
    pub neurons: NeuronsView,
    /// The plane of the landscape.
    pub plane: PlaneKind,
    /// Points of the landscape, across and up.
    pub map: (usize, usize),
    /// What a list looks at that is open.
    pub subject: Subject,
    /// The probes that are shown.
    pub requests: Requests,
    /// What is looked at in a step.
    pub selection: Selection,
}

impl View {
    /// Room for the numbers of these probes alone.
    #[must_use]
    pub fn of(requests: Requests) -> Self {
        Self { requests, ..Self::default() }
    }
}

impl Default for View {
    /// Room for nothing, and nothing asked for.
    fn default() -> Self {
        Self {
            grid: (1, 1),
            samples: 0,
            sequence: 0,
            bins: 1,
            neurons: NeuronsView::default(),
            plane: PlaneKind::default(),
            map: (0, 0),
            subject: Subject::default(),
            requests: Requests::NONE,
            selection: Selection::default(),
        }
    }
}
