//! Normalisations, dropout and randomized slopes: against PyTorch where it has the same numbers,
//! against differences of the loss, and as parts of whole runs.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use gradlab::catalog::{self, Kind};
use gradlab::experiment::{self, Experiment};
use gradlab::nn::activation::{Backward as Down, Forward as Up, Shape};
use gradlab::nn::chance::Chance;
use gradlab::nn::network::Batch;
use gradlab::nn::norm::{self, Backward, Forward, Norm};
use gradlab::nn::simd::padded;
use gradlab::nn::{Layer, Network, Real, Tensor};
use gradlab::optim::{Dim, Update};
use gradlab::rng::{Purpose, stream};
use gradlab::spec::{Pick, Value};
use gradlab::train::engine::{Engine, Reading, evaluate, network_with};
use gradlab::train::{Problem, gradients, workload};
use ndarray::Array2;
use rand::RngExt;
use serde::Deserialize;

type Matrix = Vec<Vec<f64>>;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
    networks: Vec<Training>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    params: serde_json::Map<String, serde_json::Value>,
    /// γ, then β.
    learnt: Matrix,
    z: Matrix,
    upstream: Matrix,
    n: Matrix,
    dz: Matrix,
    dlearnt: Matrix,
    running_mean: Vec<f64>,
    running_var: Vec<f64>,
    evaluated: Matrix,
}

#[derive(Deserialize)]
struct Training {
    name: String,
    params: serde_json::Map<String, serde_json::Value>,
    init: Vec<Linear>,
    x: Matrix,
    y: Vec<usize>,
    batches: Vec<Vec<usize>>,
    loss_per_step: Vec<f64>,
    evaluated: f64,
    #[serde(rename = "final")]
    last: Vec<Last>,
}

#[derive(Deserialize)]
struct Linear {
    weight: Matrix,
    bias: Vec<f64>,
}

#[derive(Deserialize)]
struct Last {
    weight: Matrix,
    learnt: Matrix,
    running_mean: Vec<f64>,
    running_var: Vec<f64>,
}

fn file() -> File {
    serde_json::from_str(include_str!("../reference/norms.json")).unwrap()
}

fn pick(name: &str, params: &serde_json::Map<String, serde_json::Value>) -> Pick {
    let mut pick = Kind::Norm.pick(name).unwrap();
    for (key, value) in params {
        let value = value.as_f64().map(Value::Number).or(value.as_bool().map(Value::Flag));
        pick.set(key, value.unwrap()).unwrap();
    }
    pick
}

/// Rows of samples as `features × columns`, padded with copies of the last sample.
fn columns<F: Real>(samples: &Matrix) -> Vec<F> {
    let index = |column: usize| column.min(samples.len() - 1);
    let row = |k: usize| (0..padded(samples.len())).map(move |c| F::of(samples[index(c)][k]));
    (0..samples[0].len()).flat_map(row).collect()
}

/// The other way round: the first `samples` columns, one sample after another.
fn rows<F: Real>(matrix: &[F], samples: usize) -> Vec<F> {
    let sample = |s: usize| matrix.iter().skip(s).step_by(padded(samples)).copied();
    (0..samples).flat_map(sample).collect()
}

fn near<F: Real>(what: &str, ours: &[F], reference: &[f64], [absolute, relative]: [f64; 2]) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    for (i, (ours, reference)) in ours.iter().zip(reference).enumerate() {
        let error = (ours.f64() - reference).abs();
        let ours = ours.f64();
        assert!(error <= absolute + relative * reference.abs(), "{what}[{i}]: {ours} {reference}");
    }
}

fn check_case<F: Real>(case: &Case, norm: &dyn Norm<F>, tolerance: [f64; 2]) {
    let Case { name, z, .. } = case;
    let shape = Shape { units: z[0].len(), columns: padded(z.len()), batch: z.len() };
    let mut tensors = norm.tensors(shape.units);
    assert_eq!(tensors.iter().filter(|it| it.is_trained()).count(), case.learnt.len(), "{name}");
    for (tensor, values) in tensors.iter_mut().zip(&case.learnt) {
        let values: Vec<F> = values.iter().map(|&x| F::of(x)).collect();
        tensor.parts_mut().0.copy_from_slice(&values);
    }
    let z = columns::<F>(z);
    let mut n = vec![F::ZERO; z.len()];
    let mut statistics = vec![F::ZERO; norm.statistics(shape)];
    norm.forward(Forward {
        z: &z,
        n: &mut n,
        tensors: &tensors,
        training: true,
        statistics: &mut statistics,
        shape,
    });
    near(&format!("{name}: n"), &rows(&n, shape.batch), &case.n.concat(), tolerance);
    // What is padding gets no gradient.
    let mut dn = columns::<F>(&case.upstream);
    for row in dn.chunks_exact_mut(shape.columns) {
        row[shape.batch..].fill(F::ZERO);
    }
    let mut dz = vec![F::ONE; z.len()];
    for tensor in &mut tensors {
        tensor.parts_mut().1.fill(F::ONE);
    }
    norm.backward(Backward {
        z: &z,
        dn: &dn,
        dz: &mut dz,
        training: true,
        tensors: &mut tensors,
        statistics: &statistics,
        shape,
    });
    near(&format!("{name}: dz"), &rows(&dz, shape.batch), &case.dz.concat(), tolerance);
    for row in dz.chunks_exact(shape.columns) {
        assert!(row[shape.batch..].iter().all(|&x| x == F::ZERO), "{name}: padding");
    }
    let dlearnt: Vec<F> = tensors.iter().flat_map(Tensor::grads).copied().collect();
    near(&format!("{name}: dγ, dβ"), &dlearnt, &case.dlearnt.concat(), tolerance);
    norm.settle(&statistics, shape.batch, &mut tensors);
    let buffer =
        |name: &str| tensors.iter().find(|it| it.name == name).map_or(&[][..], Tensor::values);
    near(&format!("{name}: running mean"), buffer("running_mean"), &case.running_mean, tolerance);
    near(&format!("{name}: running variance"), buffer("running_var"), &case.running_var, tolerance);
    norm.forward(Forward {
        z: &z,
        n: &mut n,
        tensors: &tensors,
        training: false,
        statistics: &mut statistics,
        shape,
    });
    near(&format!("{name}: n"), &rows(&n, shape.batch), &case.evaluated.concat(), tolerance);
}

#[test]
fn norms_are_those_of_pytorch() {
    let file = file();
    for entry in norm::TABLE {
        assert!(file.cases.iter().any(|case| case.name == entry.card.key), "{}", entry.card.key);
    }
    for case in &file.cases {
        let pick = pick(&case.name, &case.params);
        check_case(case, catalog::norm(&pick).build::<f32>(&pick).as_ref(), [4e-6, 2e-5]);
        check_case(case, catalog::norm(&pick).build::<f64>(&pick).as_ref(), [1e-12, 1e-12]);
    }
}

/// The network of a case: tanh and relu layers with the norm, and a linear one.
fn network(case: &Training) -> Network<f64> {
    let norm = pick(&case.name, &case.params);
    let layer = |(index, linear): (usize, &Linear)| {
        let dim = (linear.weight.len(), linear.weight[0].len());
        let weight = Array2::from_shape_vec(dim, linear.weight.concat()).unwrap();
        let activation = Kind::Activation.pick(["tanh", "relu", "identity"][index]).unwrap();
        let activation = catalog::activation(&activation).build::<f64>(&activation);
        let mut layer = Layer::new(weight, linear.bias.clone(), activation);
        layer.set_norm((index < 2).then(|| catalog::norm(&norm).build::<f64>(&norm)));
        layer
    };
    let loss = Kind::Loss.pick("cross_entropy").unwrap();
    let layers = case.init.iter().enumerate().map(layer).collect();
    Network::new(layers, catalog::loss(&loss).build::<f64>(&loss))
}

#[test]
fn networks_with_norms_train_as_in_pytorch() {
    let tolerance = [1e-9, 1e-9];
    for case in file().networks {
        let name = &case.name;
        let mut network = network(&case);
        let sgd = Kind::Optimizer.parse("sgd:lr=0.1,momentum=0.9").unwrap();
        let rule = catalog::optimizer(&sgd).build::<f64>(&sgd);
        let state = |layer: &Layer<f64>| -> Vec<_> {
            layer.trained().map(|tensor| rule.state(Dim::of(tensor))).collect()
        };
        let mut states: Vec<Vec<_>> = network.layers().iter().map(state).collect();
        let batch = |samples: &[usize]| {
            let x: Matrix = samples.iter().map(|&s| case.x[s].clone()).collect();
            let class = |s: usize, k: usize| f64::from(u8::from(case.y[s] == k));
            let target: Matrix =
                samples.iter().map(|&s| (0..2).map(|k| class(s, k)).collect()).collect();
            Batch {
                x: columns(&x),
                target: columns(&target),
                len: samples.len(),
                ..Batch::default()
            }
        };
        for (samples, &reference) in case.batches.iter().zip(&case.loss_per_step) {
            let loss = network.loss_and_gradients(&batch(samples));
            near(&format!("{name}: loss"), &[loss], &[reference], tolerance);
            for (layer, states) in network.layers_mut().iter_mut().zip(&mut states) {
                for (tensor, state) in layer.trained_mut().zip(states) {
                    state.step += 1;
                    let dim = Dim::of(tensor);
                    let (param, grad) = tensor.parts_mut();
                    rule.update(Update { lr: 0.1, dim, param, grad, state });
                }
            }
            network.settle();
        }
        let everything: Vec<usize> = (0..case.x.len()).collect();
        let evaluated = network.loss(&batch(&everything));
        near(&format!("{name}: evaluated"), &[evaluated], &[case.evaluated], tolerance);
        for (index, (layer, last)) in network.layers().iter().zip(&case.last).enumerate() {
            let what = |part: &str| format!("{name}: {part} of layer {index}");
            let values = |name: &str| layer.get(name).map_or(&[][..], Tensor::values);
            near(&what("weight"), values("weight"), &last.weight.concat(), tolerance);
            let learnt = [values("gamma"), values("beta")].concat();
            near(&what("γ and β"), &learnt, &last.learnt.concat(), tolerance);
            near(&what("mean"), values("running_mean"), &last.running_mean, tolerance);
            near(&what("variance"), values("running_var"), &last.running_var, tolerance);
        }
    }
}

fn recipe(text: &str) -> Experiment {
    experiment::load(text).unwrap_or_else(|error| panic!("{error}")).experiment
}

#[test]
fn gradients_hold_with_every_norm_with_dropout_and_with_random_slopes() {
    let mut parts: Vec<String> =
        norm::TABLE.iter().map(|entry| entry.card.key.to_owned()).collect();
    parts.extend(
        ["batch_norm:affine=false", "layer_norm:affine=false", "dropout=0.4"].map(Into::into),
    );
    parts.push("rms_norm:affine=false+dropout=0.3".to_owned());
    for part in parts {
        for layers in ["12-tanh+PART/9-gelu+PART/2", "8-swiglu+PART/7-rrelu+PART/6-prelu+PART/2"] {
            let text = format!("moons/{}/batch_size=21,seed=4", layers.replace("PART", &part));
            let experiment = recipe(&text);
            let problem = Problem::load(&experiment).unwrap();
            let compared = gradients::check(&experiment, &problem);
            for comparison in &compared {
                assert!(comparison.passes(), "{text}: {comparison:?}");
            }
            let names: Vec<_> = compared.iter().map(|c| c.tensor).collect();
            let learns = part.contains("norm") && !part.contains("affine");
            assert_eq!(names.contains(&"gamma"), learns, "{text}");
        }
    }
}

#[test]
fn random_slopes_stay_within_their_bounds_and_go_back_as_they_came() {
    let rrelu = Kind::Activation.parse("rrelu:lower=0.2,upper=0.6").unwrap();
    let activation = catalog::activation(&rrelu).build::<f64>(&rrelu);
    let shape = Shape { units: 50, columns: 320, batch: 320 };
    let mut stream = stream(1, Purpose::Data);
    let count = shape.units * shape.columns;
    let z: Vec<f64> = (0..count).map(|_| stream.random_range(-2.0..2.0)).collect();
    let da: Vec<f64> = (0..count).map(|_| stream.random_range(-2.0..2.0)).collect();
    let pass = |chance: Option<Chance>| {
        let (mut a, mut dz) = (vec![0.0; count], vec![0.0; count]);
        activation.forward(Up { z: &z, a: &mut a, theta: &[], chance: chance.as_ref(), shape });
        let (a_read, dtheta) = (&a, &mut []);
        activation.backward(Down {
            z: &z,
            a: a_read,
            da: &da,
            dz: &mut dz,
            theta: &[],
            dtheta,
            chance: chance.as_ref(),
            shape,
        });
        (a, dz)
    };
    let mut chance = Chance::default();
    let (a, dz) = pass(Some(chance));
    let mut slopes = Vec::new();
    for i in 0..count {
        let slope = a[i] / z[i];
        assert!((dz[i] / da[i] - slope).abs() < 1e-12, "{slope} on the way up, not down");
        if z[i] > 0.0 {
            assert_eq!(slope, 1.0);
        } else {
            assert!((0.2 - 1e-12..=0.6 + 1e-12).contains(&slope), "{slope}");
            slopes.push(slope);
        }
    }
    // Of U(0.2, 0.6): the mean within five standard errors, the variance within 5%.
    let n = slopes.len() as f64;
    let mean = slopes.iter().sum::<f64>() / n;
    let variance = slopes.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n;
    let expected = 0.16 / 12.0;
    assert!((mean - 0.4).abs() < 5.0 * (expected / n).sqrt(), "{mean}");
    assert!((variance / expected - 1.0).abs() < 0.05, "{variance}");
    assert_eq!(pass(Some(chance)).0, a, "the same step draws the same");
    chance.moment.step = 1;
    assert_ne!(pass(Some(chance)).0, a, "another step draws others");
    let fixed = pass(None).0;
    assert!(z.iter().zip(&fixed).all(|(&z, &a)| a == if z > 0.0 { z } else { 0.4 * z }));
}

/// All of it at once, on batches whose last of an epoch is smaller.
const NOISY: &str = "moons/16-rrelu+batch_norm+dropout=0.2/16-tanh+layer_norm@sgd:lr=0.05,momentum=0.9\
                     /12-prelu+rms_norm+dropout=0.5/2-softmax/steps=600,seed=3";

fn engine(text: &str) -> Engine {
    let experiment = recipe(text);
    let problem = Problem::load(&experiment).unwrap();
    Engine::new(&experiment, problem)
}

fn steps(engine: &mut Engine, count: usize) {
    for _ in 0..count {
        engine.step().unwrap();
    }
}

#[test]
fn evaluation_is_free_of_chance_and_leaves_no_trace() {
    let (mut watched, mut alone) = (engine(NOISY), engine(NOISY));
    for _ in 0..150 {
        watched.step_measured().unwrap();
        assert_eq!(watched.evaluate(), watched.evaluate());
        alone.step().unwrap();
    }
    assert_eq!(watched.parameters(), alone.parameters());
    let problem = watched.problem().clone();
    let mut copy = network_with(watched.experiment(), &watched.parameters());
    let reading = Reading::new(watched.experiment(), problem.head);
    let units = problem.target_scaling();
    let score = evaluate(&mut copy, &problem.test, reading, units, &mut Batch::default());
    assert_eq!(score, watched.evaluate().1, "a copy of the parameters predicts the same");
    let parameters = watched.parameters();
    let mean = parameters[0].get("running_mean").unwrap();
    assert!(mean.iter().any(|&m| m != 0.0), "the running statistics never moved");
}

#[test]
fn a_diverged_run_is_replayed_to_the_same_bits() {
    let text = "circles/16-rrelu+batch_norm+dropout=0.2/16-star_relu+dropout=0.1/1\
                /loss=mse,optimizer=sgd,lr=0.001,seed=2";
    let mut diverging = engine(text);
    steps(&mut diverging, 530);
    let hot = diverging.experiment().with_rates_scaled(1e9).unwrap();
    diverging.apply(&hot);
    let divergence = (0..600).find_map(|_| diverging.step().err()).expect("it should diverge");
    let mut again = engine(text);
    steps(&mut again, 530);
    again.apply(&hot);
    steps(&mut again, divergence.last_finite_step as usize - 530);
    assert_eq!(diverging.parameters(), again.parameters());
    for layer in diverging.parameters() {
        assert!(layer.iter().all(|tensor| tensor.value.iter().all(|x| x.is_finite())));
    }
}

#[test]
fn edits_in_mid_run_keep_what_still_means_the_same() {
    let mut engine = engine(NOISY);
    steps(&mut engine, 100);
    let before = engine.parameters();
    let experiment = engine.experiment().clone();
    engine.apply(&experiment.assign("layers.1.norm", "batch_norm:momentum=0.3").unwrap());
    assert_eq!(engine.parameters(), before, "another momentum keeps γ, β and running statistics");
    engine.apply(&experiment.assign("layers.1.norm", "layer_norm").unwrap());
    let now = &engine.parameters()[0];
    let gamma = now.get("gamma").unwrap();
    assert!(gamma.iter().all(|&g| g == 1.0), "another norm starts afresh");
    assert!(now.get("running_mean").is_none());
    assert_eq!(now.get("weight"), before[0].get("weight"));
    steps(&mut engine, 20);
    engine.apply(
        &experiment
            .assign("layers.1.norm", "none")
            .unwrap()
            .assign("layers.3.dropout", "0.0")
            .unwrap(),
    );
    steps(&mut engine, 20);
    assert!(engine.parameters()[0].get("gamma").is_none());

    // Back and forth without a step between leaves optimizers' memories as they were.
    let (mut edited, mut left) = (self::engine(NOISY), self::engine(NOISY));
    steps(&mut edited, 50);
    edited.apply(&experiment.assign("layers.1.dropout", "0.9").unwrap());
    edited.apply(&experiment.assign("layers.1.norm", "batch_norm:eps=0.1").unwrap());
    edited.apply(&experiment);
    steps(&mut edited, 50);
    steps(&mut left, 100);
    assert_eq!(edited.parameters(), left.parameters());
}

#[test]
fn noise_is_the_same_on_one_thread_and_on_all() {
    let mnist = workload::ALL.iter().find(|workload| workload.name == "mnist").unwrap();
    let mut experiment = mnist.experiment(1).unwrap();
    experiment.layers[0].norm = Some(Kind::Norm.pick("batch_norm").unwrap());
    experiment.layers[0].dropout = 0.3;
    experiment.layers[1].activation = Kind::Activation.pick("rrelu").unwrap();
    experiment.layers[1].norm = Some(Kind::Norm.pick("rms_norm").unwrap());
    let trained = |alone| {
        let mut engine = Engine::new(&experiment, mnist.problem());
        engine.set_single_threaded(alone);
        steps(&mut engine, 4);
        engine.parameters()
    };
    assert!(trained(true) == trained(false));
}
