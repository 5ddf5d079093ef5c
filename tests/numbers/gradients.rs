//! Backward of every activation and loss held against differences of the loss, in `f64`.
//!
//! Slopes may jump at a kink, where a difference says nothing; the seed is one for which no
//! pre-activation comes that near to one.

use gradlab::catalog::{self, Kind};
use gradlab::nn::Layer;
use gradlab::nn::loss::Targets;
use gradlab::nn::network::Batch;
use gradlab::nn::{Network, activation, loss};
use gradlab::rng::{Purpose, Stream, stream};
use gradlab::spec::Pick;
use ndarray::Array2;
use rand::RngExt;

/// The distance between points of a difference, which is good to about STEP⁴ + 1e-16/STEP.
const STEP: f64 = 1e-5;
/// The largest relative error; gradients below `FLOOR` are compared to that instead.
const TOLERANCE: f64 = 1e-6;
const FLOOR: f64 = 1e-3;

const INPUTS: usize = 3;
const UNITS: usize = 6;
const OUTPUTS: usize = 3;
const SAMPLES: usize = 5;

fn layer(inputs: usize, units: usize, activation: &Pick, stream: &mut Stream) -> Layer<f64> {
    let mut draw = || stream.random_range(-1.0..1.0);
    let weight = Array2::from_shape_simple_fn((units, inputs), &mut draw);
    let bias = (0..units).map(|_| draw()).collect();
    Layer::new(weight, bias, catalog::activation(activation).build::<f64>(activation))
}

/// Two hidden layers of `activation` and a linear one, under `loss`.
fn network(activation: &Pick, loss: &Pick, stream: &mut Stream) -> Network<f64> {
    let identity = Pick::new(activation::TABLE[0].card);
    let first = layer(INPUTS, UNITS, activation, stream);
    let second = layer(first.outputs(), UNITS, activation, stream);
    let third = layer(second.outputs(), OUTPUTS, &identity, stream);
    Network::new(vec![first, second, third], catalog::loss(loss).build::<f64>(loss))
}

fn batch(targets: Targets, stream: &mut Stream) -> Batch<f64> {
    let mut batch = Batch { len: SAMPLES, ..Batch::default() };
    let columns = batch.columns();
    let sample = |column: usize| column.min(SAMPLES - 1);
    for _ in 0..INPUTS {
        let row: Vec<f64> = (0..SAMPLES).map(|_| stream.random_range(-2.0..2.0)).collect();
        batch.x.extend((0..columns).map(|c| row[sample(c)]));
    }
    for output in 0..OUTPUTS {
        let row: Vec<f64> = (0..SAMPLES)
            .map(|s| match targets {
                Targets::Real => stream.random_range(-1.0..1.0),
                Targets::NonNegative => stream.random_range(0.0..3.0),
                Targets::Probabilities => stream.random_range(0.0..1.0),
                Targets::Classes => f64::from(u8::from(s % OUTPUTS == output)),
            })
            .collect();
        batch.target.extend((0..columns).map(|c| row[sample(c)]));
    }
    batch
}

/// Moves one element, named by layer, tensor and index.
fn nudge(network: &mut Network<f64>, [layer, tensor, index]: [usize; 3], by: f64) {
    for tensor in network.layers_mut()[layer].trained_mut().skip(tensor).take(1) {
        tensor.parts_mut().0[index] += by;
    }
}

/// Compares every element of every tensor; all of a tensor's gradient being 0 is an error too,
/// since then nothing was tested.
fn check(activation: &Pick, loss: &Pick) {
    let mut stream = stream(2, Purpose::Data);
    let mut network = network(activation, loss, &mut stream);
    let batch = batch(catalog::loss(loss).targets, &mut stream);
    network.loss_and_gradients(&batch);
    for layer in 0..network.layers().len() {
        let gradients: Vec<(&str, Vec<f64>)> =
            network.layers()[layer].trained().map(|t| (t.name, t.grads().to_vec())).collect();
        for (tensor, (name, gradient)) in gradients.into_iter().enumerate() {
            let place = format!("{activation} under {loss}: {name} of layer {layer}");
            assert!(gradient.iter().any(|g| g.abs() > FLOOR), "{place} has no gradient");
            for (index, &backward) in gradient.iter().enumerate() {
                let at = [layer, tensor, index];
                let mut loss_at = |steps: f64| {
                    nudge(&mut network, at, steps * STEP);
                    let loss = network.training_loss(&batch);
                    nudge(&mut network, at, -steps * STEP);
                    loss
                };
                let (near, far) = (loss_at(1.0) - loss_at(-1.0), loss_at(2.0) - loss_at(-2.0));
                let difference = (8.0 * near - far) / (12.0 * STEP);
                let size = backward.abs().max(difference.abs()).max(FLOOR);
                let error = (backward - difference).abs() / size;
                assert!(error <= TOLERANCE, "{place}[{index}]: {backward}, not {difference}");
            }
        }
    }
}

#[test]
fn of_every_activation() {
    let mse = Kind::Loss.parse("mse").unwrap();
    let per_unit = Kind::Activation.parse("prelu:per_unit=true").unwrap();
    for pick in activation::TABLE.iter().map(|entry| Pick::new(entry.card)).chain([per_unit]) {
        check(&pick, &mse);
    }
}

#[test]
fn of_every_loss() {
    let tanh = Kind::Activation.parse("tanh").unwrap();
    for entry in loss::TABLE {
        check(&tanh, &Pick::new(entry.card));
    }
}
