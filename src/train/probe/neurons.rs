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

#[cfg(test)]
mod tests {
    use super::super::{Predictions, Requests, observe};
    use super::*;
    use crate::experiment::load;
    use crate::train::{Problem, Session};

    fn seen(recipe: &str, alone: Option<(usize, usize)>) -> (Neurons, Predictions, Snapshot) {
        let experiment = load(recipe).unwrap().experiment;
        let mut session = Session::new(&experiment, Problem::load(&experiment).unwrap());
        session.advance(20, |_| {}).unwrap();
        let snapshot = Snapshot::of(session.engine(), 1, Vec::new());
        let view = View {
            grid: (9, 7),
            bins: 4,
            neurons: NeuronsView { picture: (9, 7), units: 3, alone },
            ..View::of(Requests { predictions: true, neurons: true, ..Requests::NONE })
        };
        let seen = observe(&snapshot, view);
        (seen.neurons.unwrap(), seen.predictions.unwrap(), snapshot)
    }

    #[test]
    fn an_output_alone_is_the_probability_that_the_boundary_shows() {
        for recipe in ["moons/8-tanh/2-softmax/steps=50", "moons/8-tanh/1-sigmoid/steps=50"] {
            let outputs = load(recipe).unwrap().experiment.outputs();
            let (neurons, predictions, _) = seen(recipe, Some((1, outputs - 1)));
            let alone = neurons.alone.unwrap();
            let (Picture::Field(alone), Predictions::Field(field)) = (&alone.picture, &predictions)
            else {
                panic!("{alone:?}")
            };
            let (FieldValues::Values(ps), FieldValues::Classes(points)) =
                (&alone.values, &field.values)
            else {
                panic!("{alone:?}")
            };
            assert_eq!((alone.grid, alone.x, alone.y), (field.grid, field.x, field.y));
            for (p, (class, confidence)) in ps.iter().zip(points) {
                let expected = if *class == 1 { *confidence } else { 1.0 - confidence };
                assert!((p - expected).abs() < 1e-6, "{recipe} {p} {expected}");
            }
            // The small picture of it has as many points here.
            let small = neurons.layers[1].shown.last().unwrap();
            assert_eq!(small.response, Response::Plane { columns: 9, values: ps.clone() });
        }
    }

    #[test]
    fn weights_are_those_between_what_is_shown() {
        let (neurons, _, snapshot) = seen("moons/8-tanh/6-glu/2-softmax/steps=50", None);
        assert_eq!(neurons.inputs, [0, 1]);
        let shown = |layer: usize| -> Vec<usize> {
            neurons.layers[layer].shown.iter().map(|neuron| neuron.unit).collect()
        };
        // Of six gated units there are three outputs.
        assert_eq!(neurons.layers.iter().map(|it| it.order.len()).collect::<Vec<_>>(), [8, 3, 2]);
        assert_eq!((shown(0).len(), shown(1), shown(2)), (3, vec![0, 1, 2], vec![0, 1]));
        for layer in 1..3 {
            let weight = snapshot.params[layer].get("weight").unwrap();
            for neuron in &neurons.layers[layer].shown {
                let of: Vec<f64> = shown(layer - 1)
                    .into_iter()
                    .map(|input| f64::from(weight[(neuron.unit, input)]))
                    .collect();
                assert_eq!(neuron.weights, of);
                assert!(of.iter().all(|w| w.abs() <= neurons.layers[layer].largest));
            }
        }
    }

    #[test]
    fn every_kind_of_data_has_its_picture() {
        use Response::{Classes, Curve, Histogram, Pixels, Plane};
        let kind = |recipe: &str, layer: usize| {
            let (neurons, _, _) = seen(recipe, Some((layer, 1)));
            let alone = neurons.alone.as_ref().unwrap();
            assert_eq!((alone.layer, alone.unit), (layer, 1));
            assert!(neurons.layers[layer].shown.iter().any(|it| it.unit == 1));
            neurons.layers[layer].shown[0].response.clone()
        };
        assert!(matches!(kind("sine/4-tanh/1/steps=50", 0), Curve(ys) if ys.len() == 9));
        assert!(matches!(kind("plane/4-tanh/1/steps=50", 0), Plane { columns: 9, .. }));
        assert!(matches!(kind("iris/4-tanh/3/steps=50", 0), Classes(means) if means.len() == 3));
        let digits = "digits/4-relu/4-relu/10/steps=50";
        assert!(matches!(kind(digits, 0), Pixels { columns: 8, weights } if weights.len() == 64));
        assert!(matches!(kind(digits, 1), Classes(means) if means.len() == 10));
        assert!(matches!(kind("valley/4-tanh/1/steps=50", 0), Plane { .. } | Histogram(_)));
        // One that is not there is not shown.
        assert!(seen("iris/4-tanh/3/steps=50", Some((0, 4))).0.alone.is_none());
        assert!(seen("iris/4-tanh/3/steps=50", Some((9, 0))).0.alone.is_none());
    }

    #[test]
    fn a_cursor_passes_every_neuron_once() {
        let layer = LayerNeurons { order: vec![3, 0, 4, 1, 2], shown: Vec::new(), largest: 1.0 };
        assert_eq!(layer.sequence(2), [0, 3, 1, 4, 2]);
        assert_eq!(layer.sequence(0), [0, 1, 2, 3, 4]);
        assert_eq!(layer.sequence(9), [0, 1, 2, 3, 4]);
    }
}
