//! Networks made to an experiment: as it starts, or with given parameters.

mod recurrent;

use super::parameters::Parameters;
use super::problem::Problem;
use crate::catalog;
use crate::data::Extent;
use crate::data::batch::Samples;
use crate::experiment::{Experiment, LayerSpec};
use crate::nn::build::Float;
use crate::nn::init::Site;
use crate::nn::network::Batch;
use crate::nn::norm::Norm;
use crate::nn::transform::Transform;
use crate::nn::{Activation, Layer, Loss, Network, activation};
use crate::rng::{Purpose, stream};
use crate::spec::{Pick, Value};

/// The network that `experiment` starts from on the data of `problem`.
#[must_use]
pub fn initial_network(experiment: &Experiment, problem: &Problem) -> Network<f32> {
    let mut network = zero_network(experiment, experiment.data.extent());
    for (index, layer) in network.layers_mut().iter_mut().enumerate() {
        let spec = &experiment.layers[index];
        let mut stream = stream(experiment.init_seed(), Purpose::Init(index));
        let pick = spec.initializer();
        let init = catalog::initializer(&pick).build(&pick);
        let gain = (catalog::activation(&spec.activation).traits.gain)(&spec.activation);
        let site = Site { gain, first: index == 0 };
        if spec.is_recurrent() {
            recurrent::initialize(layer.own_mut(), spec, (init.as_ref(), site), &mut stream);
            continue;
        }
        let inputs = layer.inputs();
        if let [weight, bias, ..] = layer.tensors_mut() {
            init.weight(&mut weight.value, site, &mut stream);
            init.bias(bias.parts_mut().0, inputs, &mut stream);
        }
    }
    scale_to_unit_variance(&mut network, experiment, &problem.train);
    network
}

/// The network of `experiment` with the given parameters.
#[must_use]
pub fn network_with(experiment: &Experiment, params: &[Parameters]) -> Network<f32> {
    with_parameters(experiment, params)
}

/// The network of `experiment` in `f64` with the given parameters, for gradient checks.
#[must_use]
pub fn network_f64(experiment: &Experiment, params: &[Parameters]) -> Network<f64> {
    with_parameters(experiment, params)
}

/// The network of `experiment` for these inputs, its weights and biases 0.
pub(super) fn zero_network(experiment: &Experiment, inputs: Extent) -> Network<f32> {
    zeros(experiment, inputs)
}

/// Sets the loss of a network to that of `experiment`.
pub(super) fn set_loss(network: &mut Network<f32>, experiment: &Experiment) {
    network.set_loss(loss(experiment));
}

/// Sets the activation of a layer of a network, counted from 0, to that of `experiment`.
pub(super) fn set_activation(layer: &mut Layer<f32>, experiment: &Experiment, index: usize) {
    layer.set_activation(activation(experiment, index));
}

/// Sets the normalisation of a layer of a network, counted from 0, to that of `experiment`.
pub(super) fn set_norm(layer: &mut Layer<f32>, experiment: &Experiment, index: usize) {
    layer.set_norm(norm(experiment, index));
}

/// Whether the loss fuses the activation at layer `index` into itself.
pub(super) fn is_fused(experiment: &Experiment, index: usize) -> bool {
    let output = index + 1 == experiment.layers.len();
    let key = experiment.layers[index].activation.key();
    output && catalog::loss(&experiment.train.loss).fuses() == Some(key)
}

/// The transform of the layer of `spec` for these inputs.
fn transform<F: Float>(spec: &LayerSpec, inputs: Extent) -> Box<dyn Transform<F>> {
    catalog::layer(&spec.kind).build(&spec.kind, inputs.steps)
}

/// The activation at layer `index`, without the part that the loss fuses into itself.
fn activation<F: Float>(experiment: &Experiment, index: usize) -> Box<dyn Activation<F>> {
    let pick = &experiment.layers[index].activation;
    if is_fused(experiment, index) {
        let identity = Pick::new(activation::TABLE[0].card);
        return catalog::activation(&identity).build(&identity);
    }
    catalog::activation(pick).build(pick)
}

/// The normalisation at layer `index`, if it has one.
fn norm<F: Float>(experiment: &Experiment, index: usize) -> Option<Box<dyn Norm<F>>> {
    experiment.layers[index].norm.as_ref().map(|pick| catalog::norm(pick).build(pick))
}

fn loss<F: Float>(experiment: &Experiment) -> Box<dyn Loss<F>> {
    let pick = &experiment.train.loss;
    catalog::loss(pick).build(pick)
}

/// A network for these inputs, its weights and biases 0.
fn zeros<F: Float>(experiment: &Experiment, mut inputs: Extent) -> Network<F> {
    let layers = experiment.layers.iter().enumerate().map(|(index, spec)| {
        let transform = transform(spec, inputs);
        let size = (spec.units, inputs.numbers());
        let mut layer = Layer::zeros(transform, size, activation(experiment, index));
        layer.set_norm(norm(experiment, index));
        layer.dropout = spec.dropout;
        inputs = spec.outputs(inputs);
        layer
    });
    Network::new(layers.collect(), loss(experiment))
}

/// The network of `experiment` with the given parameters, in floats of any kind.
pub(super) fn with_parameters<F: Float>(
    experiment: &Experiment,
    params: &[Parameters],
) -> Network<F> {
    let mut inputs = experiment.data.extent();
    let layers = params.iter().enumerate().map(|(index, params)| {
        let spec = &experiment.layers[index];
        let layer = layer_with(experiment, index, transform(spec, inputs), params);
        inputs = spec.outputs(inputs);
        layer
    });
    Network::new(layers.collect(), loss(experiment))
}

/// The layer of `experiment` at `index` with the given parameters.
fn layer_with<F: Float>(
    experiment: &Experiment,
    index: usize,
    transform: Box<dyn Transform<F>>,
    params: &Parameters,
) -> Layer<F> {
    let mut layer = params.layer(transform, activation(experiment, index), norm(experiment, index));
    layer.dropout = experiment.layers[index].dropout;
    layer
}

/// The network of `experiment` with the given parameters in two parts: up to its last recurrent layer,
/// which hands on the state after every step, and what makes an answer of a state. None if there is no
/// such layer, or what follows it is not for single states.
pub(super) fn split_over_time(
    experiment: &Experiment,
    params: &[Parameters],
) -> Option<[Network<f32>; 2]> {
    let last = experiment.layers.iter().rposition(LayerSpec::is_recurrent)?;
    let spec = &experiment.layers[last];
    let shape = catalog::activation(&spec.activation);
    if experiment.inputs_of(last + 1).is_sequence()
        || spec.norm.is_some()
        || shape.rowwise
        || shape.pairs
    {
        return None;
    }
    let layers = params.iter().enumerate().map(|(index, params)| {
        let mut spec = experiment.layers[index].clone();
        if index == last {
            spec.kind.set("return_sequences", Value::Flag(true)).ok()?;
        }
        let transform = transform(&spec, experiment.inputs_of(index));
        Some(layer_with(experiment, index, transform, params))
    });
    let mut states: Vec<_> = layers.collect::<Option<_>>()?;
    let answers = states.split_off(last + 1);
    Some([states, answers].map(|layers| Network::new(layers, loss(experiment))))
}

/// Scales the weights of every layer whose initializer asks for it, first layer first, so that its
/// pre-activations have a variance of 1 over units and the first training rows.
fn scale_to_unit_variance(network: &mut Network<f32>, experiment: &Experiment, samples: &Samples) {
    let mut batch = Batch::default();
    for (index, spec) in experiment.layers.iter().enumerate() {
        let pick = spec.initializer();
        let Some(rows) = catalog::initializer(&pick).build(&pick).rows() else { continue };
        samples.chunk(0, rows.min(samples.len()), &mut batch);
        network.forward(&batch);
        let (z, _) = network.flow(index);
        let units = z.chunks_exact(batch.columns()).map(|unit| &unit[..batch.len]);
        let std = variance(units.flatten().map(|&z| f64::from(z))).sqrt();
        if std.is_normal() {
            let factor = 1.0 / std;
            for weight in network.layers_mut()[index].weights_mut() {
                weight.value.mapv_inplace(|w| (f64::from(w) * factor) as f32);
            }
        }
    }
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let (count, sum) = values.clone().fold((0.0, 0.0), |(count, sum), x| (count + 1.0, sum + x));
    let mean = sum / count;
    values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / count
}
