//! The catalogue against numbers computed in float64 by other libraries; `reference/README.md`
//! names them and states the tolerances.
//!
//! A case whose name is not in the catalogue must stand in its test's list of missing names, so
//! that none is skipped unseen.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use gradlab::catalog::{self, Kind};
use gradlab::nn::activation::{Activation, Backward, Forward, Shape};
use gradlab::nn::loss::Pass;
use gradlab::nn::network::Batch;
use gradlab::nn::simd::padded;
use gradlab::nn::{Layer, Network, Real, Tensor};
use gradlab::optim::{Dim, Rule, State, Update, clip};
use gradlab::spec::{Pick, Value};
use ndarray::Array2;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ACTIVATIONS: &str = include_str!("../reference/activations.json");
const ANALYTIC_ACTIVATIONS: &str = include_str!("../reference/analytic_activations.json");
const LOSSES: &str = include_str!("../reference/losses.json");
const ANALYTIC_LOSSES: &str = include_str!("../reference/analytic_losses.json");
const OPTIMIZERS: &str = include_str!("../reference/optimizers.json");
const OPTIMIZERS_EXTRA: &str = include_str!("../reference/optimizers_extra.json");
const SCHEDULED: &str = include_str!("../reference/scheduled.json");
const OPTIMIZERS_MORE: &str = include_str!("../reference/optimizers_more.json");
/// Descents that `surfaces.rs` follows.
const SURFACES_MORE: &str = include_str!("../reference/surfaces_more.json");

/// No name is missing.
const NONE: [&str; 0] = [];

/// How far a number may be from its reference: `absolute + relative · |reference|`.
#[derive(Clone, Copy)]
struct Tolerance {
    absolute: f64,
    relative: f64,
}

const FUNCTION: Tolerance = Tolerance { absolute: 2e-6, relative: 1e-5 };
const TRAJECTORY: Tolerance = Tolerance { absolute: 1e-5, relative: 1e-4 };
const TRAJECTORY_F64: Tolerance = Tolerance { absolute: 1e-9, relative: 1e-9 };
/// For references that were themselves computed in `f32` in part: scalars of one, the
/// decomposition of a matrix of another.
const PARTLY_IN_F32: Tolerance = Tolerance { absolute: 1e-7, relative: 1e-7 };
/// PyTorch orthogonalises in bfloat16.
const MUON: Tolerance = Tolerance { absolute: 2e-2, relative: 2e-2 };
const NETWORK_LOSS: Tolerance = Tolerance { absolute: 0.0, relative: 1e-4 };
const NETWORK_WEIGHT: Tolerance = Tolerance { absolute: 1e-5, relative: 1e-3 };

impl Tolerance {
    fn check<F: Real>(self, what: &str, ours: &[F], reference: &[f64]) -> Result<()> {
        ensure!(ours.len() == reference.len(), "{what}: {} numbers", ours.len());
        for (i, (ours, reference)) in ours.iter().zip(reference).enumerate() {
            let ours = ours.f64();
            ensure!(
                (ours - reference).abs() <= self.absolute + self.relative * reference.abs(),
                "{what}[{i}] is {ours}, the reference {reference}"
            );
        }
        Ok(())
    }
}

type Matrix = Vec<Vec<f64>>;

/// What picks an entry: in every file a case has at least these.
#[derive(Deserialize)]
struct Chosen {
    name: String,
    #[serde(default)]
    params: serde_json::Map<String, serde_json::Value>,
}

impl Chosen {
    /// The name as the catalogue spells it.
    fn key(&self) -> &str {
        match self.name.as_str() {
            "bce_with_logits" => "bce",
            "hinge" => "multi_margin",
            name => name,
        }
    }

    /// The entry with its parameters; none if the catalogue lacks the name.
    fn pick(&self, kind: Kind) -> Result<Option<Pick>> {
        let Ok(mut pick) = kind.pick(self.key()) else { return Ok(None) };
        for (key, value) in &self.params {
            pick.set(key, read(value).with_context(|| format!("{key} = {value}"))?)?;
        }
        catalog::check(&pick)?;
        Ok(Some(pick))
    }
}

fn read(value: &serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map_or_else(|| number.as_f64().map(Value::Number), |n| Some(Value::Integer(n)))?,
        serde_json::Value::String(word) => Value::Word(word.clone()),
        serde_json::Value::Array(list) => {
            Value::List(list.iter().map(serde_json::Value::as_f64).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[derive(Deserialize)]
struct File<T> {
    cases: Vec<T>,
}

fn cases<T: DeserializeOwned>(json: &str) -> Result<Vec<T>> {
    Ok(serde_json::from_str::<File<T>>(json)?.cases)
}

/// Rows of samples as `features × columns`, padded with copies of the last sample.
fn columns<F: Real>(samples: &[&[f64]]) -> Vec<F> {
    let width = samples.first().map_or(0, |sample| sample.len());
    let index = |column: usize| column.min(samples.len() - 1);
    let row = |k: usize| (0..padded(samples.len())).map(move |c| F::of(samples[index(c)][k]));
    (0..width).flat_map(row).collect()
}

/// The other way round: the first `samples` columns as rows, one after another.
fn rows<F: Real>(matrix: &[F], samples: usize) -> Vec<F> {
    let columns = padded(samples);
    let sample = |s: usize| matrix.iter().skip(s).step_by(columns).copied();
    (0..samples).flat_map(sample).collect()
}

fn slices(matrix: &Matrix) -> Vec<&[f64]> {
    matrix.iter().map(Vec::as_slice).collect()
}

#[derive(Deserialize)]
struct ActivationCase {
    #[serde(flatten)]
    chosen: Chosen,
    #[serde(flatten)]
    numbers: ActivationNumbers,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ActivationNumbers {
    Elementwise { x: Vec<f64>, y: Vec<f64>, dy_dx: Vec<f64> },
    Rowwise { x: Matrix, y: Matrix, upstream: Matrix, dx: Matrix },
}

/// y and dx for samples and upstream gradients that are one a row.
fn activate(activation: &dyn Activation<f32>, x: &Matrix, upstream: &Matrix) -> [Vec<f32>; 2] {
    let (units, batch) = (x[0].len(), x.len());
    let shape = Shape { units, columns: padded(batch), batch };
    let theta = activation.learnable(units);
    let z = columns(&slices(x));
    let mut a = vec![0.0; activation.outputs(units) * shape.columns];
    activation.forward(Forward { z: &z, a: &mut a, theta: &theta, chance: None, shape });
    let mut dz = vec![0.0; z.len()];
    activation.backward(Backward {
        z: &z,
        a: &a,
        da: &columns(&slices(upstream)),
        dz: &mut dz,
        theta: &theta,
        dtheta: &mut theta.clone(),
        chance: None,
        shape,
    });
    [rows(&a, batch), rows(&dz, batch)]
}

fn check_activations(json: &str) -> Result<Vec<String>> {
    run(json, |case: &ActivationCase| {
        let Some(pick) = case.chosen.pick(Kind::Activation)? else {
            return Ok(Some(case.chosen.name.clone()));
        };
        let activation = catalog::activation(&pick).build::<f32>(&pick);
        let name = pick.to_string();
        let ([y, dx], y_reference, dx_reference) = match &case.numbers {
            ActivationNumbers::Elementwise { x, y, dy_dx } => {
                let samples = x.iter().map(|&x| vec![x]).collect();
                let ones = vec![vec![1.0]; x.len()];
                (activate(activation.as_ref(), &samples, &ones), y.clone(), dy_dx.clone())
            }
            ActivationNumbers::Rowwise { x, y, upstream, dx } => {
                (activate(activation.as_ref(), x, upstream), y.concat(), dx.concat())
            }
        };
        FUNCTION.check(&format!("{name}: y"), &y, &y_reference)?;
        FUNCTION.check(&format!("{name}: dx"), &dx, &dx_reference)?;
        Ok(None)
    })
}

#[test]
fn activations() -> Result<()> {
    assert_eq!(check_activations(ACTIVATIONS)?, NONE);
    assert_eq!(check_activations(ANALYTIC_ACTIVATIONS)?, NONE);
    Ok(())
}

#[derive(Deserialize)]
struct LossCase {
    #[serde(flatten)]
    chosen: Chosen,
    input: Matrix,
    target: Targets,
    loss: f64,
    dinput: Matrix,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Targets {
    Classes(Vec<usize>),
    Values(Matrix),
}

impl Targets {
    /// The target of sample `index`, one-hot over `outputs` if it is a class.
    fn dense(&self, index: usize, outputs: usize) -> Vec<f64> {
        match self {
            Self::Classes(classes) => {
                (0..outputs).map(|k| f64::from(u8::from(k == classes[index]))).collect()
            }
            Self::Values(values) => values[index].clone(),
        }
    }
}

fn check_losses(json: &str) -> Result<Vec<String>> {
    run(json, |case: &LossCase| {
        let Some(pick) = case.chosen.pick(Kind::Loss)? else {
            return Ok(Some(case.chosen.name.clone()));
        };
        let loss = catalog::loss(&pick).build::<f32>(&pick);
        let (batch, outputs) = (case.input.len(), case.input[0].len());
        let shape = Shape { units: outputs, columns: padded(batch), batch };
        let target: Matrix = (0..batch).map(|s| case.target.dense(s, outputs)).collect();
        let mut grad = vec![0.0_f32; outputs * shape.columns];
        let value = loss.evaluate(Pass {
            output: &columns(&slices(&case.input)),
            target: &columns(&slices(&target)),
            grad: &mut grad,
            shape,
        });
        FUNCTION.check(&format!("{pick}: loss"), &[value], &[case.loss])?;
        FUNCTION.check(&format!("{pick}: dinput"), &rows(&grad, batch), &case.dinput.concat())?;
        Ok(None)
    })
}

#[test]
fn losses() -> Result<()> {
    assert_eq!(check_losses(LOSSES)?, NONE);
    assert_eq!(check_losses(ANALYTIC_LOSSES)?, NONE);
    Ok(())
}

#[derive(Deserialize)]
struct OptimizerCase {
    #[serde(flatten)]
    chosen: Chosen,
    start: Matrix,
    grads: Vec<Matrix>,
    trajectory: Vec<Matrix>,
    /// The rate of each step, if it changes.
    rates: Option<Vec<f64>>,
    /// Where to evaluate after each step, if elsewhere.
    eval: Option<Vec<Matrix>>,
}

/// The parameter after each step, one after another, and where it is to be evaluated.
fn trajectory<F: Real>(optimizer: &Rule<F>, lr: f64, case: &OptimizerCase) -> [Vec<F>; 2] {
    let flat = |matrix: &Matrix| matrix.iter().flatten().map(|&x| F::of(x)).collect::<Vec<F>>();
    let dim = Dim::Matrix(case.start.len(), case.start[0].len());
    let mut param = flat(&case.start);
    let mut state = optimizer.state(dim);
    let (mut path, mut evaluated) = (Vec::new(), Vec::new());
    for (step, grad) in case.grads.iter().enumerate() {
        state.step += 1;
        optimizer.update(Update {
            lr: case.rates.as_ref().map_or(lr, |rates| rates[step]),
            dim,
            param: &mut param,
            grad: &flat(grad),
            state: &mut state,
        });
        path.extend_from_slice(&param);
        evaluated.extend_from_slice(optimizer.evaluated(&state).unwrap_or(&param));
    }
    [path, evaluated]
}

fn check_trajectories(json: &str) -> Result<Vec<String>> {
    run(json, |case: &OptimizerCase| {
        let Some(pick) = case.chosen.pick(Kind::Optimizer)? else {
            return Ok(Some(case.chosen.name.clone()));
        };
        let entry = catalog::optimizer(&pick);
        let lr = pick.number("lr");
        let reference = case.trajectory.concat().concat();
        let (single, double) = match pick.key() {
            "muon" => (MUON, MUON),
            "qhadam" | "soap" => (TRAJECTORY, PARTLY_IN_F32),
            _ => (TRAJECTORY, TRAJECTORY_F64),
        };
        let eval = case.eval.as_ref().map_or_else(|| reference.clone(), |e| e.concat().concat());
        let [path, evaluated] = trajectory(&entry.build::<f32>(&pick), lr, case);
        single.check(&format!("{pick} in f32"), &path, &reference)?;
        single.check(&format!("{pick} in f32, evaluated"), &evaluated, &eval)?;
        let [path, evaluated] = trajectory(&entry.build::<f64>(&pick), lr, case);
        double.check(&format!("{pick} in f64"), &path, &reference)?;
        double.check(&format!("{pick} in f64, evaluated"), &evaluated, &eval)?;
        Ok(None)
    })
}

#[test]
fn optimizers() -> Result<()> {
    assert_eq!(check_trajectories(OPTIMIZERS)?, NONE);
    Ok(())
}

#[test]
fn optimizers_under_a_schedule() -> Result<()> {
    assert_eq!(check_trajectories(SCHEDULED)?, NONE);
    Ok(())
}

#[test]
fn optimizers_of_other_libraries() -> Result<()> {
    assert_eq!(check_trajectories(OPTIMIZERS_EXTRA)?, NONE);
    assert_eq!(check_trajectories(OPTIMIZERS_MORE)?, NONE);
    Ok(())
}

#[derive(Deserialize)]
struct NetworkCase {
    name: String,
    activations: Vec<String>,
    loss: String,
    optimizers: Vec<Chosen>,
    clip_norm: Option<f64>,
    init: Vec<Parameters>,
    x: Matrix,
    y: Targets,
    batches: Vec<Vec<usize>>,
    loss_per_step: Vec<f64>,
    #[serde(rename = "final")]
    last: Vec<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    weight: Matrix,
    bias: Vec<f64>,
}

fn chosen(name: &str) -> Chosen {
    Chosen { name: name.to_owned(), params: serde_json::Map::new() }
}

/// The network of a case; none if an activation or the loss is not in the catalogue.
fn network(case: &NetworkCase) -> Result<Option<Network<f32>>> {
    let mut layers = Vec::new();
    for (name, Parameters { weight, bias }) in case.activations.iter().zip(&case.init) {
        let Some(pick) = chosen(name).pick(Kind::Activation)? else { return Ok(None) };
        let dim = (weight.len(), weight[0].len());
        let weight = weight.iter().flatten().map(|&w| w as f32).collect();
        let bias = bias.iter().map(|&b| b as f32).collect();
        let activation = catalog::activation(&pick).build::<f32>(&pick);
        layers.push(Layer::new(Array2::from_shape_vec(dim, weight)?, bias, activation));
    }
    let Some(pick) = chosen(&case.loss).pick(Kind::Loss)? else { return Ok(None) };
    Ok(Some(Network::new(layers, catalog::loss(&pick).build::<f32>(&pick))))
}

/// A layer's optimizer: rule, learning rate and a state for each tensor.
struct Trainer {
    rule: Rule<f32>,
    lr: f64,
    states: Vec<State<f32>>,
}

fn trainers(case: &NetworkCase, network: &Network<f32>) -> Result<Option<Vec<Trainer>>> {
    let mut trainers = Vec::new();
    for (chosen, layer) in case.optimizers.iter().zip(network.layers()) {
        let Some(pick) = chosen.pick(Kind::Optimizer)? else { return Ok(None) };
        let rule = catalog::optimizer(&pick).build::<f32>(&pick);
        let states = layer.trained().map(|tensor| rule.state(Dim::of(tensor))).collect();
        trainers.push(Trainer { rule, lr: pick.number("lr"), states });
    }
    Ok(Some(trainers))
}

fn clip_gradients(network: &mut Network<f32>, max: f64) {
    let tensors = network.layers().iter().flat_map(Layer::trained);
    let squares = tensors.flat_map(Tensor::grads).map(|g| g.f64() * g.f64());
    let factor = clip::norm_factor(squares.sum::<f64>().sqrt(), max) as f32;
    for tensor in network.layers_mut().iter_mut().flat_map(Layer::trained_mut) {
        tensor.grad.mapv_inplace(|g| g * factor);
    }
}

#[test]
fn networks() -> Result<()> {
    let missing = run(include_str!("../reference/networks.json"), |case: &NetworkCase| {
        let missing = Ok(Some(case.name.clone()));
        let Some(mut network) = network(case)? else { return missing };
        let Some(mut trainers) = trainers(case, &network)? else { return missing };
        let outputs = case.init[case.init.len() - 1].bias.len();
        for (t, (batch, &reference)) in case.batches.iter().zip(&case.loss_per_step).enumerate() {
            let x: Vec<&[f64]> = batch.iter().map(|&s| case.x[s].as_slice()).collect();
            let target: Matrix = batch.iter().map(|&s| case.y.dense(s, outputs)).collect();
            let (x, target) = (columns(&x), columns(&slices(&target)));
            let batch = Batch { x, target, len: batch.len(), ..Batch::default() };
            let loss = network.loss_and_gradients(&batch);
            NETWORK_LOSS.check(&format!("{}: loss at {t}", case.name), &[loss], &[reference])?;
            if let Some(max) = case.clip_norm {
                clip_gradients(&mut network, max);
            }
            for (layer, trainer) in network.layers_mut().iter_mut().zip(&mut trainers) {
                for (tensor, state) in layer.trained_mut().zip(&mut trainer.states) {
                    state.step += 1;
                    let dim = Dim::of(tensor);
                    let (param, grad) = tensor.parts_mut();
                    trainer.rule.update(Update { lr: trainer.lr, dim, param, grad, state });
                }
            }
        }
        for (index, (layer, last)) in network.layers().iter().zip(&case.last).enumerate() {
            let what = |tensor| format!("{}: final {tensor} of layer {index}", case.name);
            let weight = last.weight.concat();
            for (name, reference) in [("weight", &weight), ("bias", &last.bias)] {
                let values = layer.get(name).map_or(&[][..], Tensor::values);
                NETWORK_WEIGHT.check(&what(name), values, reference)?;
            }
        }
        Ok(None)
    })?;
    assert_eq!(missing, NONE);
    Ok(())
}

/// Runs every case; returns the names that the catalogue lacks, each once, in order.
fn run<T: DeserializeOwned>(
    json: &str,
    check: impl Fn(&T) -> Result<Option<String>>,
) -> Result<Vec<String>> {
    let mut missing = BTreeSet::new();
    for case in cases(json)? {
        missing.extend(check(&case)?);
    }
    Ok(missing.into_iter().collect())
}

/// The names in a file, as the catalogue spells them.
fn names(json: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Named {
        #[serde(flatten)]
        chosen: Chosen,
        /// Of a descent, whose name is the surface's.
        optimizer: Option<String>,
    }
    let name = |case: Named| case.optimizer.unwrap_or_else(|| case.chosen.key().to_owned());
    Ok(cases::<Named>(json)?.into_iter().map(name).collect())
}

#[test]
fn every_activation_loss_and_optimizer_has_a_case() -> Result<()> {
    for (kind, files) in [
        (Kind::Activation, [ACTIVATIONS, ANALYTIC_ACTIVATIONS].as_slice()),
        (Kind::Loss, &[LOSSES, ANALYTIC_LOSSES]),
        (Kind::Optimizer, &[OPTIMIZERS, OPTIMIZERS_EXTRA, OPTIMIZERS_MORE, SURFACES_MORE]),
    ] {
        let covered = files.iter().map(|json| names(json)).collect::<Result<Vec<_>>>()?.concat();
        let covered: BTreeSet<String> = covered.into_iter().collect();
        for card in kind.cards() {
            ensure!(covered.contains(card.key), "{} has no reference case", card.key);
        }
    }
    Ok(())
}
