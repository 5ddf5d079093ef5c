//! Single neurons: how each responds to the inputs, and the weights between them.

use super::field::{Plane, range};
use super::{Curve, Field, FieldValues, Model, Probe, Snapshot, View};
use choice::Choice;

mod alone;
mod choice;
mod response;

pub use response::Response;

/// The room for the network drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NeuronsView {
    /// Points of the picture of a neuron, across and down.
    pub picture: (usize, usize),
    /// Neurons of a layer that there is room for.
    pub units: usize,
    /// The neuron that is shown alone in the room of the predictions, by its layer and its place
    /// among the outputs of that, from 0.
    pub alone: Option<(usize, usize)>,
}

/// The neurons of a network, as many of each layer as there is room for.
#[derive(Clone, Debug)]
pub struct Neurons {
    /// The inputs that are shown, ascending: those with the largest weights.
    pub inputs: Vec<usize>,
    /// Layer by layer.
    pub layers: Vec<LayerNeurons>,
    /// The neuron that is shown alone, if one was asked for and is there.
    pub alone: Option<Alone>,
}

/// The neurons of a layer: its outputs, of which a gated layer has half as many as units.
#[derive(Clone, Debug)]
pub struct LayerNeurons {
    /// All of them, those first whose outputs the next layer weighs most.
    pub order: Vec<usize>,
    /// Those that are shown, ascending.
    pub shown: Vec<Neuron>,
    /// The largest absolute weight of the layer.
    pub largest: f64,
}

/// A neuron.
#[derive(Clone, Debug)]
pub struct Neuron {
    /// Its place among the outputs of its layer, from 0.
    pub unit: usize,
    /// What it makes of the inputs.
    pub response: Response,
    /// Its weights for the neurons that are shown of the layer before, or for the inputs; of a gated
    /// neuron those of its value.
    pub weights: Vec<f64>,
}

/// A neuron that is shown alone.
#[derive(Clone, Debug)]
pub struct Alone {
    /// Its layer, from 0.
    pub layer: usize,
    /// Its place among the outputs of that, from 0.
    pub unit: usize,
    /// Its response.
    pub picture: Picture,
    /// Its weights with their inputs, the largest first, as many as can be read.
    pub weights: Vec<(usize, f64)>,
    /// Its bias.
    pub bias: f64,
}

/// A large picture of the response of one neuron.
#[derive(Clone, Debug)]
pub enum Picture {
    /// Two inputs: the plane.
    Field(Field),
    /// One input: the curve.
    Curve(Curve),
    /// As it is drawn small.
    Other(Response),
}

impl LayerNeurons {
    /// All its neurons in the order in which a cursor passes them where there is room for so many at a
    /// time.
    #[must_use]
    pub fn sequence(&self, room: usize) -> Vec<usize> {
        let pages = self.order.chunks(if room == 0 { usize::MAX } else { room });
        let ascending = |page: &[usize]| {
            let mut page = page.to_vec();
            page.sort_unstable();
            page
        };
        pages.flat_map(ascending).collect()
    }
}

impl Probe for Neurons {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let choice = Choice::of(snapshot, view.neurons);
        let responses = response::all(model, snapshot, &choice, view.neurons.picture);
        let layers = choice.layers.iter().zip(responses).enumerate();
        let layers = layers.map(|(index, (chosen, responses))| {
            let before = index.checked_sub(1).map_or(&choice.inputs, |i| &choice.layers[i].shown);
            let weight = choice::weight(snapshot, index);
            let neuron = |(&unit, response): (&usize, Response)| Neuron {
                unit,
                response,
                weights: before.iter().map(|&input| f64::from(weight[(unit, input)])).collect(),
            };
            LayerNeurons {
                order: chosen.order.clone(),
                shown: chosen.shown.iter().zip(responses).map(neuron).collect(),
                largest: weight.iter().fold(0.0, |most: f64, &w| most.max(f64::from(w).abs())),
            }
        });
        let layers = layers.collect();
        let alone = choice.alone.map(|neuron| alone::of(model, snapshot, view, neuron));
        Self { inputs: choice.inputs, layers, alone }
    }
}
