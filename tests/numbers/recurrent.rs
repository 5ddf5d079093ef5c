//! Recurrent layers: backward held against differences of the loss in `f64`, truncation, and what a
//! sequence is to the layers around.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use gradlab::catalog::{self, Kind};
use gradlab::nn::network::Batch;
use gradlab::nn::{Layer, Network};
use gradlab::rng::{Purpose, Stream, stream};
use rand::RngExt;

const STEPS: usize = 5;
const FEATURES: usize = 2;
const SAMPLES: usize = 3;

/// A layer of `kind` with random weights, on so many steps of so many features.
fn layer(
    kind: &str,
    units: usize,
    (steps, features): (usize, usize),
    stream: &mut Stream,
) -> Layer<f64> {
    let pick = Kind::Layer.parse(kind).unwrap();
    let identity = Kind::Activation.parse("identity").unwrap();
    let mut layer = Layer::zeros(
        catalog::layer(&pick).build::<f64>(&pick, steps),
        (units, steps * features),
        catalog::activation(&identity).build::<f64>(&identity),
    );
    for tensor in layer.trained_mut() {
        tensor.parts_mut().0.fill_with(|| stream.random_range(-0.5..0.9));
    }
    layer
}

fn mse() -> Box<dyn gradlab::nn::Loss<f64>> {
    let mse = Kind::Loss.parse("mse").unwrap();
    catalog::loss(&mse).build::<f64>(&mse)
}

fn rows(count: usize, columns: usize, stream: &mut Stream) -> Vec<f64> {
    let row = |_| -> Vec<f64> {
        let row: Vec<f64> = (0..SAMPLES).map(|_| stream.random_range(-1.5..1.5)).collect();
        (0..columns).map(|column| row[column.min(SAMPLES - 1)]).collect()
    };
    (0..count).flat_map(row).collect()
}

fn batch(outputs: usize, stream: &mut Stream) -> Batch<f64> {
    let mut batch = Batch { len: SAMPLES, ..Batch::default() };
    let columns = batch.columns();
    batch.x = rows(STEPS * FEATURES, columns, stream);
    batch.target = rows(outputs, columns, stream);
    batch
}

/// The layer's trained tensors: name and gradient.
fn gradients(layer: &Layer<f64>) -> Vec<(&'static str, Vec<f64>)> {
    layer.trained().map(|tensor| (tensor.name, tensor.grads().to_vec())).collect()
}

fn nudge(network: &mut Network<f64>, (layer, tensor, index): (usize, &str, usize), by: f64) {
    let found = network.layers_mut()[layer].trained_mut().find(|it| it.name == tensor);
    found.unwrap().parts_mut().0[index] += by;
}

#[test]
fn backward_is_the_slope_of_the_loss_for_every_kind_and_stack() {
    let sequence = |kind: &str| {
        let mark = if kind.contains(':') { "," } else { ":" };
        format!("{kind}{mark}return_sequences=true")
    };
    let kinds = ["rnn", "rnn:nonlinearity=relu", "gru", "lstm"];
    for first in kinds {
        for second in kinds {
            let stream = &mut stream(5, Purpose::Data);
            let layers = vec![
                layer(&sequence(first), 3, (STEPS, FEATURES), stream),
                layer(&sequence(second), 2, (STEPS, 3), stream),
                layer(first, 3, (STEPS, 2), stream),
                layer("dense", 2, (1, 3), stream),
            ];
            held_to_differences(&format!("{first}, {second}"), layers, stream);
        }
        // A dense layer sees the whole sequence.
        let stream = &mut stream(6, Purpose::Data);
        let layers = vec![
            layer(&sequence(first), 3, (STEPS, FEATURES), stream),
            layer("dense", 2, (1, 3 * STEPS), stream),
        ];
        held_to_differences(first, layers, stream);
    }
}

/// Products with few inputs are summed in another way than those with many.
#[test]
fn backward_is_the_slope_of_the_loss_for_many_inputs_as_for_few() {
    for kind in ["rnn", "gru", "lstm"] {
        let stream = &mut stream(8, Purpose::Data);
        let layers = vec![
            layer(&format!("{kind}:return_sequences=true"), 11, (STEPS, FEATURES), stream),
            layer(kind, 9, (STEPS, 11), stream),
            layer("dense", 2, (1, 9), stream),
        ];
        held_to_differences(kind, layers, stream);
    }
}

fn held_to_differences(what: &str, layers: Vec<Layer<f64>>, stream: &mut Stream) {
    let mut network = Network::new(layers, mse());
    let batch = batch(2, stream);
    network.loss_and_gradients(&batch);
    for layer in 0..network.layers().len() {
        for (name, gradient) in gradients(&network.layers()[layer]) {
            assert!(
                gradient.iter().any(|g| g.abs() > 1e-5),
                "{what}: {name} of layer {layer} is 0"
            );
            for (index, &backward) in gradient.iter().enumerate() {
                let mut loss_at = |by: f64| {
                    nudge(&mut network, (layer, name, index), by);
                    let loss = network.training_loss(&batch);
                    nudge(&mut network, (layer, name, index), -by);
                    loss
                };
                let step = 1e-5;
                let (near, far) =
                    (loss_at(step) - loss_at(-step), loss_at(2.0 * step) - loss_at(-2.0 * step));
                let difference = (8.0 * near - far) / (12.0 * step);
                let size = backward.abs().max(difference.abs()).max(1e-4);
                let place = format!("{what}: {name}[{index}] of layer {layer}");
                assert!(
                    (backward - difference).abs() <= 3e-6 * size,
                    "{place}: {backward}, not {difference}"
                );
            }
        }
    }
}

/// The gradients of a network of a dense layer by itself at every step, then of `kind`.
fn with_window(kind: &str, window: usize, sequences: bool) -> Vec<(&'static str, Vec<f64>)> {
    let stream = &mut stream(7, Purpose::Data);
    let spelled = format!("{kind}:bptt={window},return_sequences={sequences}");
    let recurrent = layer(&spelled, 3, (STEPS, FEATURES), stream);
    let outputs = if sequences { 3 * STEPS } else { 3 };
    let mut network = Network::new(vec![recurrent], mse());
    let batch = batch(outputs, stream);
    network.loss_and_gradients(&batch);
    gradients(&network.layers()[0])
}

#[test]
fn a_window_of_all_steps_truncates_nothing() {
    for kind in ["rnn", "gru", "lstm"] {
        for sequences in [false, true] {
            let full = with_window(kind, 0, sequences);
            assert_eq!(with_window(kind, STEPS, sequences), full, "{kind}");
            assert_ne!(with_window(kind, STEPS - 1, sequences), full, "{kind}");
        }
    }
}

/// A window of the last steps is the same network on those alone, begun at the state before them, and
/// that state does not depend on the weights: so is what a difference of the rest says.
#[test]
fn gradients_of_a_window_are_those_with_the_state_before_it_held() {
    // Of a plain layer of one unit the gradient can be worked out step by step.
    let (w, u, b) = (0.4, 0.7, 0.1);
    let xs: [f64; 4] = [0.5, -0.3, 0.8, -0.6];
    let pick = Kind::Layer.parse("rnn:bptt=2").unwrap();
    let identity = Kind::Activation.parse("identity").unwrap();
    let mut layer = Layer::zeros(
        catalog::layer(&pick).build::<f64>(&pick, 4),
        (1, 4),
        catalog::activation(&identity).build::<f64>(&identity),
    );
    for (tensor, value) in layer.trained_mut().zip([w, u, b, 0.0]) {
        tensor.parts_mut().0[0] = value;
    }
    let mut network = Network::new(vec![layer], mse());
    let mut batch = Batch { len: 1, ..Batch::default() };
    let columns = batch.columns();
    batch.x = xs.iter().flat_map(|&x| vec![x; columns]).collect();
    batch.target = vec![0.0; columns];
    network.loss_and_gradients(&batch);
    let mut states = vec![0.0_f64];
    for x in xs {
        states.push((w * x + u * states[states.len() - 1] + b).tanh());
    }
    let slope = |step: usize| 1.0 - states[step] * states[step];
    let last = 2.0 * states[4] * slope(4);
    let before = last * u * slope(3);
    let expected = [
        last * xs[3] + before * xs[2],
        last * states[3] + before * states[2],
        last + before,
        last + before,
    ];
    for ((name, gradient), expected) in gradients(&network.layers()[0]).into_iter().zip(expected) {
        assert!((gradient[0] - expected).abs() < 1e-12, "{name}: {gradient:?}, not {expected}");
    }
}
