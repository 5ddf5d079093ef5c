//! The step that a run takes next, at one neuron and one of its weights, in numbers.
//!
//! An engine is resumed from the state of the run and makes that very step, on the observer's thread:
//! nothing here is worked out in another way than in training.

mod along;
mod neuron;

use std::sync::Arc;

use super::{Model, Probe, Snapshot, View};
use crate::catalog;
use crate::nn::Layer;
use crate::nn::tensor::Role;
use crate::optim::Reach;
use crate::spec::Pick;
use crate::train::build;
use crate::train::engine::trace::Element;
use crate::train::engine::{Checkpoint, Engine};
use crate::train::problem::Problem;

pub use crate::train::engine::trace::{Memory, Stage, Trace};
pub use along::Along;
pub use neuron::Neuron;

/// What is looked at in a step. What is beyond the last of its kind stands for the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The layer, from 0.
    pub layer: usize,
    /// The neuron of the layer.
    pub unit: usize,
    /// The parameter of the neuron: its weights in the order of its inputs, then its bias, then what
    /// norm and activation have learnt for it.
    pub weight: usize,
    /// The sample of the batch.
    pub sample: usize,
    /// Whether the loss is drawn over little more than the step.
    pub close: bool,
}

/// A parameter of a neuron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it multiplies the input of this number by, from 0.
    Weight(usize),
    /// Its bias.
    Bias,
    /// Something that its norm or its activation has learnt, by its name.
    Learnt(&'static str),
}

/// Which other weights bear on the move of one by their gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// None.
    None,
    /// All of its tensor.
    OfTensor,
    /// All that its optimizer moves.
    OfOptimizer,
}

/// How much there is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Layers of the network.
    pub layers: usize,
    /// Neurons of the layer.
    pub units: usize,
    /// Parameters of the neuron.
    pub weights: usize,
    /// Samples of the batch.
    pub samples: usize,
}

/// One step, in numbers.
#[derive(Clone, Debug)]
pub struct OneStep {
    /// Steps done before it.
    pub step: u64,
    /// What is looked at, within what there is.
    pub selection: Selection,
    /// How much there is.
    pub extent: Extent,
    /// The activation of the layer.
    pub activation: Pick,
    /// Whether an output of it depends on all neurons of the layer, or on two of them.
    pub rowwise: bool,
    /// Whether it is part of the loss, so that the neuron gives what it goes by.
    pub fused: bool,
    /// The normalisation of the layer.
    pub norm: Option<Pick>,
    /// The optimizer of the layer.
    pub optimizer: Pick,
    /// The other weights whose gradients bear on the move.
    pub others: Others,
    /// The share of itself, times the rate, that a weight loses before the optimizer moves it.
    pub decay: f64,
    /// What the neuron computes.
    pub neuron: Neuron,
    /// Those of its parameters that are no weights, and their values before the step.
    pub vectors: Vec<(Part, f32)>,
    /// The parameter that is looked at.
    pub part: Part,
    /// What the step does to it.
    pub trace: Trace,
    /// The loss along it.
    pub along: Along,
}

impl OneStep {
    /// The step that follows `checkpoint`; none if that is of a run on other data or of a network
    /// without parameters, or if the layer is recurrent: there a neuron is no plain sum.
    #[must_use]
    pub fn after(
        checkpoint: &Checkpoint,
        problem: &Arc<Problem>,
        selection: Selection,
    ) -> Option<Self> {
        let mut engine = Engine::resume(checkpoint, Arc::clone(problem)).ok()?;
        engine.set_single_threaded(true);
        let before = engine.parameters();
        let rows = engine.next_rows();
        let layers = engine.network().layers();
        let last = |index: usize, count: usize| index.min(count.saturating_sub(1));
        let layer = last(selection.layer, layers.len());
        let spec = checkpoint.experiment().layers.get(layer).filter(|it| !it.is_recurrent())?;
        let unit = last(selection.unit, layers.get(layer)?.units());
        let parts = parts(&layers[layer], layer, unit);
        let weight = last(selection.weight, parts.len());
        let sample = last(selection.sample, rows.len());
        let extent = Extent {
            layers: layers.len(),
            units: layers[layer].units(),
            weights: parts.len(),
            samples: rows.len(),
        };
        let (part, element) = *parts.get(weight)?;
        let vectors = parts.iter().filter(|it| !matches!(it.0, Part::Weight(_)));
        let value = |element: Element| {
            let tensor = before.get(element.layer)?.get(element.tensor)?;
            tensor.iter().nth(element.index).copied()
        };
        let vectors = vectors.filter_map(|(part, it)| Some((*part, value(*it)?))).collect();
        let selection = Selection { layer, unit, weight, sample, ..selection };
        let experiment = checkpoint.experiment();
        let (trace, neuron) = engine.trace(element, |network, batch| {
            Neuron::of(network, batch, selection, rows.get(sample).copied().unwrap_or(0))
        })?;
        let optimizer = experiment.optimizer_of(layer).clone();
        let weights = matches!(part, Part::Weight(_));
        Some(Self {
            step: checkpoint.step(),
            selection,
            extent,
            fused: build::is_fused(experiment, layer),
            rowwise: catalog::activation(&spec.activation).rowwise,
            activation: spec.activation.clone(),
            norm: spec.norm.clone(),
            others: match catalog::optimizer(&optimizer).reach(&optimizer) {
                Reach::Element => Others::None,
                Reach::Tensor => Others::OfTensor,
                Reach::Group => Others::OfOptimizer,
            },
            optimizer,
            decay: if weights { experiment.train.decoupled_decay } else { 0.0 },
            along: Along::new(&mut engine, element, &before, &trace, selection.close),
            neuron,
            vectors,
            part,
            trace,
        })
    }

    /// Where plain gradient descent by the same gradient would have taken the parameter.
    #[must_use]
    pub fn plain(&self) -> f64 {
        along::plain(&self.trace)
    }
}

impl Probe for Option<Arc<OneStep>> {
    const STATE_UP_TO: usize = usize::MAX;

    fn of(_: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let state = snapshot.state.as_ref()?;
        OneStep::after(state, &snapshot.problem, view.selection).map(Arc::new)
    }
}

/// The parameters of a neuron.
fn parts(layer: &Layer<f32>, index: usize, unit: usize) -> Vec<(Part, Element)> {
    let mut parts = Vec::new();
    for tensor in layer.trained() {
        let element = |place| Element { layer: index, tensor: tensor.name, index: place };
        let (rows, columns) = tensor.value.dim();
        match tensor.role {
            Role::Weight => {
                let of_input = |input| (Part::Weight(input), element(unit * columns + input));
                parts.extend((0..columns).map(of_input));
            }
            _ if tensor.name == "bias" => parts.push((Part::Bias, element(unit))),
            _ if rows * columns == layer.units() => {
                parts.push((Part::Learnt(tensor.name), element(unit)));
            }
            // One for all neurons.
            _ if rows * columns == 1 => parts.push((Part::Learnt(tensor.name), element(0))),
            _ => {}
        }
    }
    parts
}
