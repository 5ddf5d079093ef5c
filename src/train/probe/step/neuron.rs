//! What a neuron computes for the samples of a batch.

use super::Selection;
use crate::nn::Network;
use crate::nn::network::Batch;

/// The inputs over which an activation is drawn in any case.
const SHOWN: (f32, f32) = (-3.0, 3.0);
/// Points of that drawing.
const POINTS: usize = 97;

/// What a neuron computes for the samples of a batch, in training.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    /// The training row of the sample.
    pub row: usize,
    /// The sample's inputs of the layer.
    pub inputs: Vec<f32>,
    /// The weight of each input.
    pub weights: Vec<f32>,
    /// Its bias.
    pub bias: f32,
    /// Σ w·x + b for the sample.
    pub z: f32,
    /// What its norm makes of that, if it has one.
    pub normalised: Option<f32>,
    /// What its activation makes of that.
    pub a: f32,
    /// What dropout passes on of that, if there is any.
    pub passed_on: Option<f32>,
    /// The inputs of the activation, sample by sample.
    pub batch_inputs: Vec<f32>,
    /// Its outputs, sample by sample.
    pub batch_outputs: Vec<f32>,
    /// The output over the input of the activation, the other neurons being as in the sample.
    pub response: Vec<(f32, f32)>,
    /// Whether another neuron gates this one, or is gated by it: which.
    pub partner: Option<usize>,
    /// The weights that the next layer gives its output; empty at the last layer.
    pub outgoing: Vec<f32>,
}

impl Neuron {
    /// What the neuron that is looked at computes in the last pass of `network`, over `batch`.
    pub(super) fn of(
        network: &Network<f32>,
        batch: &Batch<f32>,
        selection: Selection,
        row: usize,
    ) -> Self {
        let Selection { layer: index, unit, sample, .. } = selection;
        let (layer, columns) = (&network.layers()[index], batch.columns());
        let x = index.checked_sub(1).map_or(&batch.x[..], |before| network.passed_on(before));
        let (z, a) = network.flow(index);
        let activated = network.activated(index);
        let output = layer.output_of(unit);
        let of_unit = |values: &[f32], unit: usize| values[unit * columns..][..batch.len].to_vec();
        let at = |values: &[f32], unit: usize| values[unit * columns + sample];
        let weights = layer.weights().next().map(|it| it.value.row(unit).to_vec());
        let batch_inputs = of_unit(activated, unit);
        let of_sample: Vec<f32> = (0..layer.units()).map(|unit| at(activated, unit)).collect();
        let xs = shown(&batch_inputs);
        let response = layer.response(unit, &of_sample, &xs);
        let next = network.layers().get(index + 1);
        Self {
            row,
            inputs: x.iter().skip(sample).step_by(columns).copied().collect(),
            weights: weights.unwrap_or_default(),
            bias: layer.get("bias").map_or(0.0, |it| it.values()[unit]),
            z: at(z, unit),
            normalised: (z.as_ptr() != activated.as_ptr()).then(|| at(activated, unit)),
            a: at(a, output),
            passed_on: (layer.dropout > 0.0 && next.is_some())
                .then(|| at(network.passed_on(index), output)),
            batch_outputs: of_unit(a, output),
            batch_inputs,
            response: xs.into_iter().zip(response).collect(),
            partner: (layer.outputs() < layer.units())
                .then(|| (unit + layer.outputs()) % layer.units()),
            outgoing: next
                .and_then(|next| next.weights().next())
                .map_or_else(Vec::new, |it| it.value.column(output).to_vec()),
        }
    }
}

/// Where the activation is drawn: over all of the batch, and so far that its form is known by it.
fn shown(batch: &[f32]) -> Vec<f32> {
    let finite = batch.iter().filter(|it| it.is_finite());
    let (low, high) = finite.fold(SHOWN, |(low, high), &it| (low.min(it), high.max(it)));
    let step = f64::from(high) - f64::from(low);
    let share = |i: usize| i as f64 / (POINTS - 1) as f64;
    (0..POINTS).map(|i| step.mul_add(share(i), f64::from(low)) as f32).collect()
}
