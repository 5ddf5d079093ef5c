//! The curvature of the loss: products with the Hessian held against differences of gradients and
//! against PyTorch's, eigenvalues against PyTorch's, and the edge of stability as runs come to it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::sync::Arc;

use gradlab::catalog::{self, Kind};
use gradlab::experiment::load;
use gradlab::nn::build::Float;
use gradlab::nn::loss::Targets;
use gradlab::nn::network::Batch;
use gradlab::nn::tensor::Role;
use gradlab::nn::{Dual, Layer, Network, activation, loss, norm};
use gradlab::rng::{Purpose, Stream, stream};
use gradlab::spec::Pick;
use gradlab::train::curvature::{Critical, Objective, Present, critical_factor, measure};
use gradlab::train::{Problem, Session};
use ndarray::Array2;
use rand::RngExt;

const SIZES: [usize; 4] = [3, 6, 6, 3];
const SAMPLES: usize = 5;
/// The distance between points of a difference: sine's slope turns within a tenth.
const STEP: f64 = 5e-6;

/// Two hidden layers of `activation`, normalised by `norm`, and a linear one, under `loss`. Running
/// statistics are drawn too.
fn network<F: Float>(activation: &Pick, norm: Option<&Pick>, loss: &Pick) -> Network<F> {
    let mut stream = stream(2, Purpose::Data);
    let identity = Pick::new(activation::TABLE[0].card);
    let mut inputs = SIZES[0];
    let layers = (0..3).map(|index| {
        let (pick, norm) = if index < 2 { (activation, norm) } else { (&identity, None) };
        let weight = Array2::from_elem((SIZES[index + 1], inputs), F::ZERO);
        let bias = vec![F::ZERO; SIZES[index + 1]];
        let mut layer = Layer::new(weight, bias, catalog::activation(pick).build::<F>(pick));
        layer.set_norm(norm.map(|pick| catalog::norm(pick).build::<F>(pick)));
        for tensor in layer.tensors_mut() {
            let positive = tensor.name == "running_var";
            for number in &mut tensor.value {
                let drawn = stream.random_range(-1.0..1.0);
                *number = F::of(if positive { 1.0 + 0.5 * drawn } else { drawn });
            }
        }
        inputs = layer.outputs();
        layer
    });
    Network::new(layers.collect(), catalog::loss(loss).build::<F>(loss))
}

fn batch(targets: Targets, stream: &mut Stream) -> Batch<f64> {
    let mut batch = Batch { len: SAMPLES, ..Batch::default() };
    let columns = batch.columns();
    let rows = |count: usize, draw: &mut dyn FnMut(usize, usize) -> f64| {
        let row = |feature| -> Vec<f64> {
            let row: Vec<f64> = (0..SAMPLES).map(|sample| draw(feature, sample)).collect();
            (0..columns).map(|column| row[column.min(SAMPLES - 1)]).collect()
        };
        (0..count).flat_map(row).collect::<Vec<f64>>()
    };
    batch.x = rows(SIZES[0], &mut |_, _| stream.random_range(-2.0..2.0));
    batch.target = rows(SIZES[3], &mut |output, sample| match targets {
        Targets::Real => stream.random_range(-1.0..1.0),
        Targets::NonNegative => stream.random_range(0.0..3.0),
        Targets::Probabilities => stream.random_range(0.0..1.0),
        Targets::Classes => f64::from(u8::from(sample % SIZES[3] == output)),
    });
    batch
}

/// Holds the product with a random direction against differences of the gradient, in evaluation, at
/// random parameters.
fn check(activation: &Pick, norm: Option<&Pick>, loss: &Pick) {
    check_at(1.0, activation, norm, loss);
}

/// As [`check`], at so many times those parameters.
fn check_at(scale: f64, activation: &Pick, norm: Option<&Pick>, loss: &Pick) {
    let mut stream = stream(3, Purpose::Data);
    let batch = batch(catalog::loss(loss).targets, &mut stream);
    let (plain, dual) = (network(activation, norm, loss), network::<Dual>(activation, norm, loss));
    let mut objective = Objective::on_batch((plain, dual), batch);
    let at: Vec<f64> = objective.start().iter().map(|x| scale * x).collect();
    let direction: Vec<f64> = at.iter().map(|_| stream.random_range(-1.0..1.0)).collect();
    let product = objective.hessian_product(&at, &direction);
    let mut gradient = |steps: f64| {
        let there: Vec<f64> =
            at.iter().zip(&direction).map(|(x, along)| x + steps * STEP * along).collect();
        let mut gradient = Vec::new();
        objective.gradient(&there, &mut gradient);
        gradient
    };
    let [far_below, below, above, far_above] = [-2.0, -1.0, 1.0, 2.0].map(&mut gradient);
    let place = format!("{activation}, {norm:?}, {loss}");
    assert!(product.iter().any(|x| x.abs() > 1e-3), "{place}: no curvature");
    for (index, product) in product.iter().enumerate() {
        let (near, far) = (above[index] - below[index], far_above[index] - far_below[index]);
        let difference = (8.0 * near - far) / (12.0 * STEP);
        let error = (product - difference).abs() / product.abs().max(difference.abs()).max(1e-2);
        assert!(error <= 5e-6, "{place}[{index}]: {product}, not {difference}");
    }
}

fn picks(kind: Kind) -> impl Iterator<Item = Pick> {
    kind.cards().into_iter().map(Pick::new)
}

/// At a kink a difference says nothing; the seed is one for which nothing comes that near to one.
#[test]
fn products_of_every_activation() {
    let mse = Kind::Loss.parse("mse").unwrap();
    // Of pieces without curvature there is that of the layers' product alone, which is enough.
    for activation in picks(Kind::Activation) {
        check(&activation, None, &mse);
    }
}

/// Which of equal numbers is the largest is chosen once, and all that goes by it by that one.
#[test]
fn products_at_equal_logits() {
    let [mse, cross_entropy] = ["mse", "cross_entropy"].map(|name| Kind::Loss.parse(name).unwrap());
    for name in ["tanh", "softmax", "softmin", "log_softmax"] {
        let activation = Kind::Activation.parse(name).unwrap();
        check_at(0.0, &activation, None, &mse);
        check_at(0.0, &activation, None, &cross_entropy);
    }
}

#[test]
fn products_of_every_loss() {
    let tanh = Kind::Activation.parse("tanh").unwrap();
    for loss in loss::TABLE {
        check(&tanh, None, &Pick::new(loss.card));
    }
}

#[test]
fn products_of_every_norm() {
    let mse = Kind::Loss.parse("mse").unwrap();
    for activation in ["tanh", "gelu"].map(|name| Kind::Activation.parse(name).unwrap()) {
        for norm in norm::TABLE {
            check(&activation, Some(&Pick::new(norm.card)), &mse);
        }
    }
}

/// Where comparisons take one piece at 0, and the function is smooth across it.
#[test]
fn slopes_of_smooth_activations_at_0() {
    for entry in activation::TABLE.iter().filter(|entry| entry.smooth && !entry.rowwise) {
        let pick = Pick::new(entry.card);
        let (dual, plain) = (entry.build::<Dual>(&pick), entry.build::<f64>(&pick));
        let (y, slope) = activation::curve(&*dual, &[Dual::new(0.0, 1.0)], 0);
        let step = 1e-6;
        let (y_near, slope_near) = activation::curve(&*plain, &[-step, step], 0);
        let difference = |of: &[f64]| (of[1] - of[0]) / (2.0 * step);
        assert!((y[0].slope - difference(&y_near)).abs() < 1e-6, "{pick}: {}", y[0].slope);
        let second = difference(&slope_near);
        assert!(
            (slope[0].slope - second).abs() < 1e-6 * second.abs().max(1.0),
            "{pick}: {slope:?}"
        );
    }
}

/// A run of a preset after so many steps.
fn present(preset: &str, steps: u64) -> Present {
    let experiment = load(preset).unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, Arc::clone(&problem));
    session.until = u64::MAX;
    session.advance(steps, |_| ()).unwrap();
    Present::of(&session.snapshot(), &problem, usize::MAX).unwrap()
}

/// The sharpness of a run as a share of its thresholds.
fn share(present: &mut Present) -> f64 {
    let Present { objective, at, preconditioner, .. } = present;
    preconditioner.as_ref().unwrap().largest(objective, at, 1).unwrap().0
}

#[test]
fn gradient_descent_settles_at_two_over_its_rate() {
    let mut early = present("edge-of-stability", 20);
    assert!(share(&mut early) < 0.9, "it climbs: {}", share(&mut early));
    for steps in [2000, 2500] {
        let mut settled = present("edge-of-stability", steps);
        assert!(settled.scope.settles && settled.scope.smooth);
        let share = share(&mut settled);
        assert!((0.95..=1.05).contains(&share), "after {steps} steps: {share}");
        let Present { objective, at, .. } = &mut settled;
        let curvature = measure(objective, at, 1);
        assert!(curvature.converged, "{curvature:?}");
        let threshold = 2.0 / 0.05;
        assert!((curvature.largest[0] / threshold / share - 1.0).abs() < 1e-3, "{curvature:?}");
    }
}

#[test]
fn adam_settles_at_38_over_its_rate() {
    for steps in [2000, 3000] {
        let mut settled = present("edge-of-stability-adam", steps);
        let threshold = settled.layers[0].threshold().unwrap();
        assert!((threshold * settled.layers[0].lr / 38.0 - 1.0).abs() < 1e-9, "{threshold}");
        let share = share(&mut settled);
        assert!((0.75..=1.25).contains(&share), "after {steps} steps: {share}");
    }
}

/// On a quadratic a rate is stable just up to its threshold, whatever the rule.
#[test]
fn thresholds_are_where_runs_begin_to_flee() {
    for rule in [
        "sgd",
        "sgd:momentum=0.9",
        "sgd:momentum=0.9:nesterov=true",
        "sgd:momentum=0.8:dampening=0.5",
        "sgd:weight_decay=0.5",
        "sgd:momentum=0.5:weight_decay=0.5",
    ] {
        let named = rule.replace(':', ",");
        let recipe = |lr: f64, decay: f64| {
            format!(
                "plane/1-identity/loss=mse,batch_size=350,optimizer={named},lr={lr},seed=1,decoupled_decay={decay}"
            )
        };
        for decay in [0.0, 0.3] {
            // The threshold follows from the rate where decay is decoupled: narrow it down.
            let mut rate = 0.5;
            for _ in 0..20 {
                let text = recipe(rate, decay);
                let experiment = load(&text).unwrap().experiment;
                let problem = Problem::load(&experiment).unwrap();
                let mut session = Session::new(&experiment, Arc::clone(&problem));
                let mut here = Present::of(&session.snapshot(), &problem, usize::MAX).unwrap();
                rate /= share(&mut here).sqrt();
            }
            for (factor, flees) in [(0.99, false), (1.01, true)] {
                let text = recipe(rate * factor, decay);
                let experiment = load(&text).unwrap().experiment;
                let problem = Problem::load(&experiment).unwrap();
                let mut session = Session::new(&experiment, problem);
                session.until = u64::MAX;
                let start = session.evaluate().train_loss;
                let fled = session.advance(2000, |_| ()).is_err()
                    || session.evaluate().train_loss > 10.0 * start;
                assert_eq!(fled, flees, "{text} at {factor} of {rate}");
            }
        }
    }
}

#[test]
fn forward_passes_find_where_the_loss_rises() {
    // Along the gradient of a quadratic the loss is back at its start at twice the way to the bottom.
    let text = "plane/1-identity/loss=mse,batch_size=350,optimizer=sgd,lr=0.01,seed=1";
    let experiment = load(text).unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, Arc::clone(&problem));
    let mut present = Present::of(&session.snapshot(), &problem, usize::MAX).unwrap();
    let update = present.update().unwrap();
    let Present { mut objective, at, .. } = present;
    let product = objective.hessian_product(&at, &update);
    let mut gradient = Vec::new();
    objective.gradient(&at, &mut gradient);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let expected = -2.0 * dot(&gradient, &update) / dot(&product, &update);
    let Critical::At(factor) = critical_factor(&mut objective, &at, &update) else { panic!() };
    assert!((factor / expected - 1.0).abs() < 2e-3, "{factor}, not {expected}");
    let uphill: Vec<f64> = update.iter().map(|x| -x).collect();
    assert_eq!(critical_factor(&mut objective, &at, &uphill), Critical::Rises);
    let still = vec![0.0; at.len()];
    assert_eq!(critical_factor(&mut objective, &at, &still), Critical::Unknown);
}

/// What penalties, dropout and running statistics have to do with it.
#[test]
fn penalties_count_and_chance_does_not() {
    let here = |settings: &str| {
        let text = format!(
            "moons/6-tanh+batch_norm+dropout=0.5/1-identity/loss=mse,seed=1,steps=30,optimizer=sgd,lr=0.1{settings}"
        );
        let experiment = load(&text).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, Arc::clone(&problem));
        session.advance(30, |_| ()).unwrap();
        let row = session.evaluate();
        (Present::of(&session.snapshot(), &problem, usize::MAX).unwrap(), row.train_loss)
    };
    let (mut plain, loss) = here("");
    assert!(!plain.scope.settles);
    let at = plain.at.clone();
    assert!((plain.objective.value(&at) - loss).abs() < 1e-6, "{loss}");
    let (mut with, _) = here(",l2=0.01");
    let at = with.at.clone();
    let direction: Vec<f64> = (0..at.len()).map(|i| f64::from(u8::from(i == 0))).collect();
    let (value, product) =
        (with.objective.value(&at), with.objective.hessian_product(&at, &direction));
    let step = 1e-4;
    let moved = |by: f64| {
        let mut there = at.clone();
        there[0] += by;
        there
    };
    let (above, below) = (with.objective.value(&moved(step)), with.objective.value(&moved(-step)));
    let second = (above - 2.0 * value + below) / step.powi(2);
    assert!((product[0] / second - 1.0).abs() < 1e-5, "{} {second}", product[0]);
}

/// Nothing but the vectors of a basis grows with the network: weights of a buffer are no parameters.
#[test]
fn running_statistics_are_no_parameters() {
    let norm = Kind::Norm.parse("batch_norm").unwrap();
    let (tanh, mse) = (Kind::Activation.parse("tanh").unwrap(), Kind::Loss.parse("mse").unwrap());
    let plain = network::<f64>(&tanh, Some(&norm), &mse);
    let trained: usize = plain
        .layers()
        .iter()
        .flat_map(Layer::tensors)
        .filter(|tensor| tensor.role != Role::Buffer)
        .map(|tensor| tensor.value.len())
        .sum();
    let mut stream = stream(3, Purpose::Data);
    let batch = batch(Targets::Real, &mut stream);
    let dual = network::<Dual>(&tanh, Some(&norm), &mse);
    assert_eq!(Objective::on_batch((plain, dual), batch).len(), trained);
}
