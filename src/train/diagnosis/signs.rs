//! The signs of a run at one step: all that the rules go by, but for the course of the loss.
//!
//! They are measured on a copy of the run: its network on a few hundred training rows, and the very
//! next steps that it will take.

use std::cmp::Ordering;
use std::sync::Arc;

use super::data::DataSigns;
use super::units::DeadOrSaturated;
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};
use crate::train::engine::{Checkpoint, Engine, Parameters, UpdateStats, initial_network};
use crate::train::evaluate::Reading;
use crate::train::problem::{Head, Problem};

/// Training rows that are looked at, in a network of up to [`SMALL`] trained numbers and in a larger one.
const ROWS: [usize; 2] = [256, 64];
const SMALL: usize = 100_000;
/// The most trained numbers of a network that is looked at: copies of it would be in the way.
pub const LARGEST: usize = 2_000_000;
/// Steps that are tried, and the products of a weight with a row of a batch up to which more than one
/// are.
const STEPS: usize = 4;
const PRODUCTS: usize = 1 << 28;
/// The share of dead units from which on it is asked how many were dead at the start.
const MANY: f64 = 0.25;
/// Places of a schedule that are looked at.
const PLACES: u64 = 64;
/// Units whose weights differ by less than this share of the largest of both are the same unit.
const SAME: f64 = 1e-4;

/// The signs of a run at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Signs {
    /// Steps done.
    pub step: u64,
    /// What is run.
    pub experiment: Arc<Experiment>,
    /// Those of each layer.
    pub layers: Vec<LayerSigns>,
    /// The norm of the gradient of each step's pre-activations in each layer; nothing for one that knows
    /// no steps.
    pub by_step: Vec<Vec<f64>>,
    /// Those of the schedule.
    pub rate: RateSigns,
    /// Those of the data.
    pub data: DataSigns,
    /// The class that is answered most often, and the share of rows for which it is; none for values.
    pub answer: Option<(usize, f64)>,
}

/// The signs of one layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSigns {
    /// Neurons before the activation.
    pub units: usize,
    /// How it moves, as the median over the steps tried; none if they led nowhere.
    pub motion: Option<UpdateStats>,
    /// ‖∂L/∂z‖ over units and samples, L being the mean loss of the samples.
    pub delta: f64,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
    /// The share of its units that were dead before the first step, if many are now.
    pub dead_at_start: Option<f64>,
    /// Units that have the very weights of another one.
    pub twins: usize,
    /// Root of the mean square of its weights, times √fan-in: about 1 where signals keep their size.
    pub gain: f64,
}

/// The learning rate by the schedule, as shares of the rate that was set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateSigns {
    /// At the present step.
    pub now: f64,
    /// The largest up to now.
    pub before: f64,
    /// The largest from now on.
    pub after: f64,
}

impl Signs {
    /// The signs at `checkpoint`, on the data that it was trained on; none if it is of other data, or the
    /// network is very large. They are measured on `replica`, which serves for the next look as well.
    #[must_use]
    pub fn of(
        checkpoint: &Checkpoint,
        problem: &Arc<Problem>,
        replica: &mut Option<Engine>,
    ) -> Option<Self> {
        if checkpoint.experiment().parameters() > LARGEST {
            return None;
        }
        let (experiment, params) = (checkpoint.shared_experiment(), checkpoint.parameters());
        let engine = Engine::replica((experiment, problem), params, replica);
        engine.restore(checkpoint).ok()?;
        Some(measure(engine, params))
    }
}

/// The signs of a run at its present step, from which `engine` then goes on a little.
fn measure(engine: &mut Engine, params: &[Parameters]) -> Signs {
    let (problem, step) = (Arc::clone(engine.problem()), engine.step_count());
    let experiment = Arc::clone(engine.shared_experiment());
    let rate = rate(engine);
    let rows = ROWS[usize::from(experiment.parameters() > SMALL)];
    let mut memory = Batch::default();
    let batch = problem.train.rows(0, rows, &mut memory);
    let extent = (batch.len, batch.columns());
    let network = engine.network_mut();
    network.forward(batch);
    let answer = answer(network.output(), Reading::new(&experiment, problem.head), extent);
    let wear: Vec<_> = (0..params.len())
        .map(|index| DeadOrSaturated::of(network, &experiment, index, extent))
        .collect();
    network.set_chance(experiment.batch_seed(), step);
    network.loss_and_gradients(batch);
    let deltas: Vec<_> = (0..params.len()).map(|index| delta(network, index)).collect();
    let by_step = (0..params.len()).map(|index| network.gradient_by_step(index)).collect();
    let at_start = at_start(&experiment, &problem, &wear, batch);
    let motion = tried(engine);
    let layers = params.iter().enumerate().map(|(index, params)| LayerSigns {
        units: experiment.layers[index].units,
        motion: motion.get(index).copied(),
        delta: deltas[index],
        wear: wear[index],
        dead_at_start: at_start.get(index).copied(),
        twins: twins(params),
        gain: gain(params),
    });
    let (layers, data) = (layers.collect(), DataSigns::of(&experiment, &problem));
    Signs { step, experiment, layers, by_step, rate, data, answer }
}

/// The share of dead units of each layer before the first step; nothing if few of `now` are.
fn at_start(
    experiment: &Experiment,
    problem: &Problem,
    now: &[DeadOrSaturated],
    batch: &Batch<f32>,
) -> Vec<f64> {
    if now.iter().all(|wear| wear.dead() < MANY) {
        return Vec::new();
    }
    let mut network = initial_network(experiment, problem);
    network.forward(batch);
    let extent = (batch.len, batch.columns());
    (0..now.len())
        .map(|index| DeadOrSaturated::of(&network, experiment, index, extent).dead())
        .collect()
}

fn rate(engine: &Engine) -> RateSigns {
    let (now, until) = (engine.step_count(), engine.experiment().train.steps);
    let largest = |from: u64, to: u64| {
        // A budget may be as long as there are numbers.
        let part = |i: u64| u128::from(to - from) * u128::from(i) / u128::from(PLACES);
        let places = (0..=PLACES).map(|i| from + part(i) as u64);
        places.map(|step| engine.rate_factor(step)).fold(0.0, f64::max)
    };
    RateSigns {
        now: engine.rate_factor(now),
        before: largest(0, now),
        after: largest(now, until.max(now)),
    }
}

/// ‖∂L/∂z‖ at a layer.
fn delta(network: &Network<f32>, index: usize) -> f64 {
    let squares = network.pre_activation_gradient(index).iter().map(|&x| f64::from(x).powi(2));
    squares.sum::<f64>().sqrt()
}

/// The class that is answered most often.
fn answer(
    output: &[f32],
    reading: Reading,
    (rows, columns): (usize, usize),
) -> Option<(usize, f64)> {
    let classes = match reading.head {
        Head::Binary => 2,
        Head::Classes(classes) => classes,
        Head::Values(_) => return None,
    };
    let mut counts = vec![0_usize; classes];
    for i in 0..rows {
        counts[reading.class(|k| output[k * columns + i])] += 1;
    }
    let (class, count) = counts.into_iter().enumerate().max_by_key(|it| it.1)?;
    Some((class, count as f64 / rows.max(1) as f64))
}

/// Makes the next steps. Returns how each layer moves.
fn tried(engine: &mut Engine) -> Vec<UpdateStats> {
    let mut steps: Vec<Vec<UpdateStats>> = Vec::new();
    let experiment = engine.experiment();
    let products = experiment.parameters().saturating_mul(experiment.train.batch_size);
    for _ in 0..(PRODUCTS / products.max(1)).clamp(1, STEPS) {
        let Some(motion) = engine.try_step() else { break };
        steps.push(motion);
    }
    let layers = steps.first().map_or(0, Vec::len);
    let middle = |of: &dyn Fn(&UpdateStats) -> Option<f64>, layer: usize| {
        median(steps.iter().filter_map(|motion| of(&motion[layer])).collect())
    };
    let motion = |layer| UpdateStats {
        gradient_norm: middle(&|it| Some(it.gradient_norm), layer).unwrap_or(f64::NAN),
        update_ratio: middle(&|it| it.update_ratio, layer),
    };
    (0..layers).map(motion).collect()
}

/// The median, the upper one of two; NaN counts as large.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The number of units that have the weights of another one.
fn twins(params: &Parameters) -> usize {
    let (Some(weight), Some(bias)) = (params.get("weight"), params.get("bias")) else { return 0 };
    let weights = weight.as_slice().unwrap_or_default();
    let mut units: Vec<_> = weights.chunks_exact(weight.ncols().max(1)).zip(bias).collect();
    units.sort_by(|a, b| {
        let mut orders = numbers(*a).zip(numbers(*b)).map(|(a, b)| a.total_cmp(&b));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    let near = |a: usize, b: usize| {
        let (Some(&a), Some(&b)) = (units.get(a), units.get(b)) else { return false };
        let largest = numbers(a).chain(numbers(b)).fold(0.0_f32, |most, w| most.max(w.abs()));
        let least = f64::from(largest) * SAME;
        numbers(a).zip(numbers(b)).all(|(a, b)| (f64::from(a) - f64::from(b)).abs() <= least)
    };
    (0..units.len()).filter(|&at| near(at, at + 1) || at > 0 && near(at, at - 1)).count()
}

/// The weights of a unit and its bias.
fn numbers<'a>((weights, bias): (&'a [f32], &'a f32)) -> impl Iterator<Item = f32> {
    weights.iter().chain([bias]).copied()
}

/// Root of the mean square of the weights, times √fan-in.
fn gain(params: &Parameters) -> f64 {
    let Some(weight) = params.get("weight") else { return 0.0 };
    let squares: f64 = weight.iter().map(|&w| f64::from(w).powi(2)).sum();
    libm::sqrt(squares / weight.nrows().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load_script;
    use crate::train::Session;

    #[test]
    fn a_copy_that_has_been_looked_at_before_shows_the_signs_of_a_fresh_one() {
        for (recipe, set) in [
            ("moons/8-relu/8-relu/2-softmax/optimizer=adam,lr=0.3", &[][..]),
            ("moons/8-tanh/2-softmax/@70:layers.1.activation=relu", &["train.ema=0.9"]),
            ("moons/8-relu/2-softmax", &["layers.1.norm=batch_norm", "layers.1.dropout=0.2"]),
            ("sine/8-tanh/1/optimizer=schedule_free_adamw", &[]),
            ("iris/8-tanh/3-softmax/schedule=reduce_on_plateau", &["train.loss=mse"]),
            ("moons/8-relu/2-softmax/optimizer=sgd,lr=1e30", &[]),
        ] {
            let set = [set, &["train.steps=200", "train.eval_every=7"]].concat();
            let script = load_script(recipe, &set, &[] as &[&str]).unwrap().script;
            let problem = Problem::load(script.start()).unwrap();
            let mut session = Session::of_script(&script, Arc::clone(&problem));
            let mut replica = None;
            for step in 0..100 {
                if step % 20 == 0 {
                    let state = session.keyframe();
                    let fresh = Signs::of(&state, &problem, &mut None).unwrap();
                    let again = Signs::of(&state, &problem, &mut replica).unwrap();
                    // As text, in which NaN is NaN.
                    assert_eq!(format!("{again:?}"), format!("{fresh:?}"), "{recipe} at {step}");
                    assert_eq!(fresh.step, session.engine().step_count());
                }
                if session.step().is_err() {
                    break;
                }
            }
        }
    }
}
