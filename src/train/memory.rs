//! The memory that a run will take, worked out from its experiment before any of it is taken.

use std::collections::BTreeMap;
use std::fmt;

use super::engine::ROLLBACK_EVERY;
use super::probe::{Requests, Stability};
use super::strips;
use super::timeline::FEWEST;
use crate::catalog;
use crate::data::batch::{CHUNK, FEW};
use crate::data::{Extent, Task};
use crate::experiment::{Experiment, LayerSpec, Script};
use crate::machine::Bytes;
use crate::nn::simd::padded;
use crate::nn::tensor::Role;
use crate::optim::Dim;

/// Bytes of an `f32`.
const FLOAT: f64 = 4.0;
/// Bytes of a number of the data as they were made.
const DOUBLE: f64 = 8.0;
/// Bytes of a row number or a label.
const INDEX: f64 = 8.0;
/// Copies of what is trained that a run keeps to be replayed from, should it diverge.
const ROLLBACKS: f64 = 2.0;
/// The program itself, with its threads and its data sets.
pub const PROGRAM: f64 = 12e6;

/// Who else has copies of the weights of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// Nobody.
    No,
    /// Files are made of them at the end.
    Saved,
    /// An observer looks at them, and edits can be taken back.
    Live,
}

/// Bytes by what they are for.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    parts: Vec<(String, f64)>,
}

/// Parts that are there once, however many runs there are.
const DATA: &str = "the data";
const PROGRAM_ITSELF: &str = "the program";

impl Estimate {
    /// The memory of one run of `experiment`, its data included. Data from a file has been read by
    /// then.
    #[must_use]
    pub fn of(experiment: &Experiment, watched: Watched) -> Self {
        Self::on_rows(experiment, rows(experiment), watched)
    }

    /// The memory of one run of `script`: that of the largest experiment in it.
    #[must_use]
    pub fn of_script(script: &Script, watched: Watched) -> Self {
        let parts = script.segments().map(|(_, experiment)| Self::of(experiment, watched));
        Self::largest(parts)
    }

    /// This, with so many bytes for what is called `name`.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: f64) -> Self {
        self.parts.push((name.to_owned(), bytes));
        self
    }

    fn largest(runs: impl Iterator<Item = Self>) -> Self {
        let largest = runs.max_by(|a, b| a.total().total_cmp(&b.total()));
        largest.unwrap_or(Self { parts: Vec::new() })
    }

    /// As [`Estimate::of`], on so many rows of data.
    #[must_use]
    pub fn on_rows(experiment: &Experiment, rows: usize, watched: Watched) -> Self {
        let rows = rows as f64;
        let mut parts = vec![data(experiment, rows)];
        parts.extend(state(experiment, rows, watched));
        parts.push((PROGRAM_ITSELF.to_owned(), PROGRAM));
        Self { parts }
    }

    /// The memory of `jobs` runs at a time of the largest of `scripts`, with so many sets of data.
    #[must_use]
    pub fn of_several<'a>(
        scripts: impl IntoIterator<Item = &'a Script>,
        (jobs, sets): (usize, usize),
    ) -> Self {
        let runs = scripts.into_iter().map(|script| Self::of_script(script, Watched::No));
        Self::largest(runs).times(jobs, sets)
    }

    /// That of so many runs at a time, on so many sets of data.
    #[must_use]
    pub fn times(self, runs: usize, sets: usize) -> Self {
        let times = |(name, bytes): (String, f64)| {
            let count = match name.as_str() {
                PROGRAM_ITSELF => 1,
                DATA => sets,
                _ => runs,
            };
            let label = if count > 1 { format!("{count} × {name}") } else { name };
            (label, bytes * count as f64)
        };
        Self { parts: self.parts.into_iter().map(times).collect() }
    }

    /// Bytes in all.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.parts.iter().map(|(_, bytes)| bytes).sum()
    }

    /// The parts, each with its bytes, the largest first; what is nothing beside them is left out.
    pub fn parts(&self) -> impl Iterator<Item = (&str, f64)> {
        let least = self.total() / 100.0;
        let mut parts: Vec<_> = self.parts.iter().filter(|(_, bytes)| *bytes >= least).collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        parts.into_iter().map(|(name, bytes)| (name.as_str(), *bytes))
    }

    /// Checks that it is within `limit` bytes.
    ///
    /// # Errors
    /// If it is not.
    pub fn check(&self, limit: u64) -> Result<(), OverLimit> {
        let fits = self.total() <= limit as f64;
        if fits { Ok(()) } else { Err(OverLimit { estimate: self.clone(), limit }) }
    }
}

impl fmt::Display for Estimate {
    /// The parts, as in `2.0 GB for the state of `shampoo`, 1.2 GB for the data`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, bytes)) in self.parts().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}{} for {name}", Bytes(bytes))?;
        }
        Ok(())
    }
}

/// More memory is needed than there is leave to take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "about {} of memory would be needed, and the limit is {}: {estimate}",
    Bytes(.estimate.total()), Bytes(*.limit as f64)
)]
pub struct OverLimit {
    /// What is needed.
    pub estimate: Estimate,
    /// Bytes that may be taken.
    pub limit: u64,
}

/// Rows of the data, without generating it.
fn rows(experiment: &Experiment) -> usize {
    let data = &experiment.data;
    if let crate::experiment::DataSource::Named(pick) = &data.source
        && let Some(samples) = pick.number_if_any("samples")
    {
        return samples as usize;
    }
    data.load(0).map_or(0, |dataset| dataset.len())
}

/// The data as it was made, its two parts, and both of these ready for batches.
fn data(experiment: &Experiment, rows: f64) -> (String, f64) {
    let columns = experiment.data.columns().numbers() as f64;
    let inputs = experiment.data.extent().numbers() as f64;
    let target = match experiment.data.task() {
        Task::Classes(_) => INDEX,
        Task::Values(count) => FLOAT * count as f64,
    };
    let made = DOUBLE * columns + 2.0 * target;
    let set = FLOAT * columns + target;
    let samples = inputs + experiment.outputs() as f64;
    // A small set is kept in chunks as well.
    let chunks = (rows * samples).min((2 * FEW) as f64);
    (DATA.to_owned(), rows * (made + set + FLOAT * samples) + FLOAT * chunks)
}

/// What one run holds beside its data.
fn state(experiment: &Experiment, rows: f64, watched: Watched) -> Vec<(String, f64)> {
    let (mut trained, mut scratch) = (0.0, 0.0_f64);
    let mut optimizers: BTreeMap<&str, f64> = BTreeMap::new();
    let mut averages = experiment.train.ema > 0.0;
    for_each_layer(experiment, |index, layer, inputs| {
        let pick = experiment.optimizer_of(index);
        let entry = catalog::optimizer(pick);
        averages |= entry.averages(pick);
        let rule = entry.build::<f32>(pick);
        for dim in tensors(layer, inputs) {
            let footprint = rule.footprint(dim);
            trained += FLOAT * dim.elements() as f64;
            *optimizers.entry(pick.key()).or_default() += footprint.state as f64;
            scratch = scratch.max(footprint.scratch as f64);
        }
    });
    let ema = if experiment.train.ema > 0.0 { trained } else { 0.0 };
    let order = INDEX * rows * (1.0 - experiment.data.test_fraction);
    let copies = match watched {
        Watched::No => 0.0,
        Watched::Saved => 2.0,
        // Two snapshots, the weights before a step, and the observer's network with its gradients.
        Watched::Live => 5.0,
    } + if averages { 2.0 } else { 0.0 };
    let remembered: f64 = optimizers.values().sum();
    // The second is made with the first one after the start.
    let long = watched == Watched::Live || experiment.train.steps > ROLLBACK_EVERY;
    let kept = if long { ROLLBACKS } else { 1.0 } + f64::from(watched == Watched::Live);
    let state = trained + remembered + ema + order;
    let keyframes = match watched {
        // There may be more, as long as there is room ([`crate::train::timeline::bound`]).
        Watched::Live => FEWEST as f64 * state,
        Watched::No | Watched::Saved => 0.0,
    };
    let mut parts = vec![
        ("weights and gradients".to_owned(), 2.0 * trained),
        ("batches and activations".to_owned(), flows(experiment, rows)),
        ("the average of the weights".to_owned(), ema),
        ("the order of the rows".to_owned(), order),
        ("copies of the weights".to_owned(), copies * trained),
        ("states to go back to".to_owned(), kept * state),
        ("keyframes".to_owned(), keyframes),
        ("updates of matrices".to_owned(), scratch),
    ];
    if watched == Watched::Live {
        parts.push(("what is looked at".to_owned(), looked_at(experiment.parameters(), state)));
    }
    parts.extend(
        optimizers.into_iter().map(|(key, bytes)| (format!("the state of `{key}`"), bytes)),
    );
    parts
}

/// What the probes hold of a run of so many trained numbers and so many bytes of state.
fn looked_at(parameters: usize, state: f64) -> f64 {
    // Two snapshots, and a run that makes the next steps, with what that can be replayed from.
    let states = if Requests::ALL.need_state(parameters) { 4.0 * state } else { 0.0 };
    let strips = strips::BOUND + strips::DETAIL;
    states + (strips + Stability::bytes(parameters)) as f64
}

fn for_each_layer(experiment: &Experiment, mut visit: impl FnMut(usize, &LayerSpec, Extent)) {
    let mut inputs = experiment.data.extent();
    for (index, layer) in experiment.layers.iter().enumerate() {
        visit(index, layer, inputs);
        inputs = layer.outputs(inputs);
    }
}

/// The dimensions of the tensors of a layer.
fn tensors(layer: &LayerSpec, inputs: Extent) -> impl Iterator<Item = Dim> {
    layer.layout(inputs).into_iter().map(|(_, role, (rows, columns))| match role {
        Role::Weight => Dim::Matrix(rows, columns),
        Role::Vector | Role::Buffer => Dim::Vector(rows * columns),
    })
}

/// The buffers that batches go through, forward and back.
fn flows(experiment: &Experiment, rows: f64) -> f64 {
    let training = rows * (1.0 - experiment.data.test_fraction);
    let columns = |samples: f64| padded(samples.min(1e15) as usize) as f64;
    let batch = columns((experiment.train.batch_size as f64).min(training.ceil()));
    let chunk = columns((CHUNK as f64).min(training.ceil()));
    // What is too small for a batch at least doubles.
    let room = if batch > chunk { batch.max(2.0 * chunk) } else { chunk };
    let mut cells =
        (experiment.data.extent().numbers() + experiment.outputs()) as f64 * (batch + chunk);
    for_each_layer(experiment, |_, layer, inputs| {
        let (units, outputs) = (layer.rows(inputs) as f64, layer.outputs(inputs).numbers() as f64);
        cells += 2.0 * (units + outputs) * room;
        if let Some(recurrence) = catalog::layer(&layer.kind).recurrence {
            // What is kept of each step with its state, and inputs and states of one transposed.
            let kept = recurrence.kept + 1;
            cells += (kept * inputs.steps * layer.units) as f64 * room;
            cells += (padded(inputs.features) + padded(layer.units)) as f64 * batch;
        } else {
            cells += padded(inputs.numbers()) as f64 * batch;
        }
        if layer.norm.is_some() {
            cells += 2.0 * units * room;
        }
        if layer.dropout > 0.0 {
            cells += 2.0 * outputs * batch;
        }
    });
    cells * FLOAT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse_recipe;

    fn estimate(recipe: &str) -> Estimate {
        Estimate::of(&parse_recipe(recipe).unwrap().experiment, Watched::No)
    }

    #[test]
    fn matrices_of_the_optimizer_are_counted() {
        let shampoo = estimate("moons/65536-tanh/2-softmax/optimizer=shampoo");
        // Four matrices of 65536² for the two layers, and two copies to go back to.
        assert!(shampoo.total() > 200e9, "{shampoo}");
        let (name, _) = shampoo.parts().next().unwrap();
        assert!(["states to go back to", "updates of matrices"].contains(&name), "{name}");
        assert!(estimate("moons/65536-tanh/2-softmax/optimizer=sgd").total() < 2e9);
    }

    #[test]
    fn every_setting_that_takes_memory_is_counted() {
        let base = estimate("moons/64-tanh/2-softmax/optimizer=sgd").total();
        for larger in [
            "moons/64-tanh/2-softmax/optimizer=lbfgs,history_size=1000",
            "moons/64-tanh/2-softmax/optimizer=adam",
            "moons/64-tanh/2-softmax/optimizer=sgd/batch=512",
            "moons/64-tanh/2-softmax/optimizer=sgd/ema=0.9",
            "moons:samples=100000/64-tanh/2-softmax/optimizer=sgd",
            "moons/64-tanh/64-tanh/2-softmax/optimizer=sgd",
            "moons/64-tanh-batch_norm/2-softmax/optimizer=sgd",
        ] {
            let Ok(loaded) = parse_recipe(larger) else { continue };
            let total = Estimate::of(&loaded.experiment, Watched::No).total();
            assert!(total > base, "{larger}: {total} and {base}");
        }
    }

    #[test]
    fn what_is_over_the_limit_says_how_much_of_what() {
        let error = estimate("moons/65536-tanh/2-softmax/optimizer=shampoo").check(4_000_000_000);
        let text = error.unwrap_err().to_string();
        assert!(text.contains("the limit is 4.0 GB") && text.contains("`shampoo`"), "{text}");
    }

    #[test]
    fn what_is_looked_at_is_counted_as_far_as_it_is_looked_at() {
        let watched = |recipe: &str| {
            let experiment = parse_recipe(recipe).unwrap().experiment;
            let estimate = Estimate::of(&experiment, Watched::Live);
            let part = estimate.parts.iter().find(|(name, _)| name == "what is looked at");
            (part.unwrap().1, experiment.parameters() as f64)
        };
        let (small, numbers) = watched("moons/300-tanh/300-tanh/2-softmax/optimizer=adam");
        // The basis of a look at the stability, in f64, and states of Adam.
        assert!(small > numbers * (40.0 * 8.0 + 4.0 * 12.0), "{small}");
        let (large, numbers) = watched("moons/3000-tanh/3000-tanh/2-softmax/optimizer=adam");
        // States for the screens that show one step, and no basis.
        assert!(large < numbers * (4.0 * 12.0 + 4.0), "{large}");
    }

    #[test]
    fn bytes_are_short() {
        let text = |bytes| Bytes(bytes).to_string();
        assert_eq!([text(3.25e9), text(12e6), text(999.0)], ["3.2 GB", "12 MB", "999 bytes"]);
    }
}
