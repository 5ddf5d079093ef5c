//! One state of a run in the file of a checkpoint.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::error::FormatError;
use super::super::tensors::{Reader, Writer};
use super::super::{TrainingState, inputs, inputs_of};
use crate::data::batch::{Batcher, BatcherState};
use crate::experiment::{Experiment, parse_script, to_portable_toml};
use crate::nn::tensor::Role;
use crate::nn::{Layer, Network};
use crate::optim::State;
use crate::optim::schedule::{PlateauState, SchedulerState, Seen};
use crate::train::build::zero_network;
use crate::train::engine::average::Average;
use crate::train::engine::param_group::ParamGroup;
use crate::train::parameters::{Parameter, Parameters};

/// What of a [`TrainingState`] does not stand in tensors.
#[derive(Serialize, Deserialize)]
pub(super) struct Section {
    /// As TOML.
    experiment: String,
    step: u64,
    epoch: u64,
    /// Rows of the epoch already given.
    position: usize,
    /// 32-bit words taken from the stream that shuffles, in decimal.
    shuffle_words: String,
    /// The steps of the latest evaluation that the schedule saw and of the one before.
    evaluations: [u64; 2],
}

impl TrainingState {
    /// Adds its tensors, their names after `prefix`; returns the rest.
    pub(super) fn put(&self, writer: &mut Writer, prefix: &str) -> Section {
        let network = zero_network(&self.experiment, inputs(&self.experiment, &self.parameters));
        for (number, params) in (1..).zip(&self.parameters) {
            put_layer(writer, &format!("{prefix}layer{number}"), params);
        }
        let groups = ParamGroup::all(&self.experiment, &network);
        for (group, states) in groups.iter().zip(&self.optimizers) {
            for (&(layer, tensor), state) in group.tensors.iter().zip(states) {
                let name = format!("{prefix}layer{}.{tensor}.{}", layer + 1, group.key);
                put_state(writer, &name, state);
            }
        }
        let averages = self.average.as_ref().and_then(Average::tensors).unwrap_or_default();
        for (name, values) in average_names(prefix, &network).zip(averages) {
            writer.put(name, &[values.len()], values);
        }
        let SchedulerState { latest, previous, reduced } = &self.scheduler;
        let plateau = [latest, previous].map(|Seen { plateau, .. }| {
            let PlateauState { best, bad, cooldown } = *plateau;
            [best, bad, cooldown]
        });
        writer.put(format!("{prefix}schedule.plateau"), &[2, 3], plateau.as_flattened());
        let reduced: Vec<i64> = reduced.iter().map(|step| step.cast_signed()).collect();
        writer.put(format!("{prefix}schedule.reduced"), &[reduced.len()], &reduced);
        let BatcherState { order, position, epoch, words } = self.batcher.state();
        let order: Vec<i64> = order.into_iter().map(|row| row as i64).collect();
        writer.put(format!("{prefix}batcher.order"), &[order.len()], &order);
        Section {
            experiment: to_portable_toml(&self.experiment),
            step: self.step,
            epoch,
            position,
            shuffle_words: words.to_string(),
            evaluations: [latest.step, previous.step],
        }
    }

    /// Reads the tensors whose names come after `prefix`.
    pub(super) fn get(
        reader: &Reader<'_>,
        prefix: &str,
        section: &Section,
    ) -> Result<Self, FormatError> {
        let experiment = parse_script("the checkpoint", &section.experiment, Path::new(""))
            .map_err(|diagnostic| FormatError::Experiment(diagnostic.to_string()))?
            .script
            .start()
            .clone();
        let layout = experiment.layers.first().map(|it| it.layout(experiment.data.extent()));
        let first = layout.iter().flatten().next().map_or("weight", |(name, ..)| name);
        let shape = reader.shape(&format!("{prefix}layer1.{first}"));
        let Some(&[_, columns]) = shape.as_deref() else {
            return Err(malformed(&format!("there is no matrix `layer1.{first}`")));
        };
        let network = zero_network(&experiment, inputs_of(&experiment, columns));
        let layers = (1..).zip(network.layers());
        let parameters = layers
            .map(|(number, layer)| get_layer(reader, &format!("{prefix}layer{number}"), layer))
            .collect::<Result<_, _>>()?;
        let optimizers = ParamGroup::all(&experiment, &network)
            .into_iter()
            .map(|group| get_states(reader, prefix, group))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            step: section.step,
            parameters,
            optimizers,
            scheduler: get_schedule(reader, prefix, section.evaluations)?,
            average: get_average(reader, prefix, &network, experiment.train.ema)?,
            batcher: get_batcher(reader, prefix, section, &experiment)?,
            experiment: Arc::new(experiment),
        })
    }
}

fn malformed(message: &str) -> FormatError {
    FormatError::Malformed(message.to_owned())
}

fn put_layer(writer: &mut Writer, layer: &str, params: &Parameters) {
    for Parameter { name, role, value } in params {
        let values: Vec<f32> = value.iter().copied().collect();
        // All but weights are rows.
        let shape = [value.nrows(), value.ncols()];
        let shape = if *role == Role::Weight { &shape[..] } else { &shape[1..] };
        writer.put(format!("{layer}.{name}"), shape, &values);
    }
}

/// Reads the parameters of a layer that is like `like`.
fn get_layer(
    reader: &Reader<'_>,
    layer: &str,
    like: &Layer<f32>,
) -> Result<Parameters, FormatError> {
    let mut params = Parameters::of(like);
    for Parameter { name, value, .. } in params.as_mut_slice() {
        let values = reader.exactly::<f32>(&format!("{layer}.{name}"), value.len())?;
        value.iter_mut().zip(values).for_each(|(to, from)| *to = from);
    }
    Ok(params)
}

fn put_state(writer: &mut Writer, tensor: &str, state: &State<f32>) {
    writer.put(format!("{tensor}.updates"), &[1], &[state.step.cast_signed()]);
    for (name, values) in &state.tensors {
        writer.put(format!("{tensor}.{name}"), &[values.len()], values);
    }
    for (name, value) in &state.scalars {
        writer.put(format!("{tensor}.{name}"), &[1], &[*value]);
    }
}

/// Reads what the optimizer of `group` remembers.
fn get_states(
    reader: &Reader<'_>,
    prefix: &str,
    group: ParamGroup,
) -> Result<Vec<State<f32>>, FormatError> {
    let ParamGroup { key, rule, tensors, states, .. } = group;
    let fill = |((layer, tensor), mut state): ((usize, &str), State<f32>)| {
        let tensor = format!("{prefix}layer{}.{tensor}.{key}", layer + 1);
        let one = |name: &str| format!("{tensor}.{name}");
        let updates = reader.exactly::<i64>(&one("updates"), 1)?;
        let step = updates.first().map_or(Some(0), |&step| u64::try_from(step).ok());
        state.step = step.ok_or_else(|| malformed("a count of updates is negative"))?;
        for (name, values) in &mut state.tensors {
            *values = match values.len() {
                // One that has yet to grow is of any length.
                0 => reader.get(&one(name))?,
                len => reader.exactly(&one(name), len)?,
            };
        }
        for (name, value) in &mut state.scalars {
            let values = reader.exactly::<f64>(&one(name), 1)?;
            *value = values.first().copied().unwrap_or(*value);
        }
        Ok(state)
    };
    let states: Vec<_> = tensors.into_iter().zip(states).map(fill).collect::<Result<_, _>>()?;
    if rule.accepts(&states) {
        Ok(states)
    } else {
        Err(malformed(&format!("what `{key}` remembers does not fit together")))
    }
}

/// The names of the averages, in their order.
fn average_names(prefix: &str, network: &Network<f32>) -> impl Iterator<Item = String> {
    let layers = (1..).zip(network.layers());
    layers.flat_map(move |(number, layer)| {
        layer.trained().map(move |it| format!("{prefix}layer{number}.{}.ema", it.name))
    })
}

/// Reads the averages of the parameters: all of them, or none before the first step.
fn get_average(
    reader: &Reader<'_>,
    prefix: &str,
    network: &Network<f32>,
    decay: f64,
) -> Result<Option<Average>, FormatError> {
    let averages = average_names(prefix, network).map(|name| reader.get::<f32>(&name));
    let averages: Vec<Vec<f32>> = averages.collect::<Result<_, _>>()?;
    if averages.iter().all(Vec::is_empty) {
        return Ok(Average::new(decay));
    }
    let tensors = network.layers().iter().flat_map(Layer::trained);
    let fits = tensors.map(|tensor| tensor.value.len()).eq(averages.iter().map(Vec::len));
    if fits { Ok(Average::of(decay, averages)) } else { Err(malformed("averages are missing")) }
}

/// Reads what the schedule has seen, the last evaluations after the given `steps`.
fn get_schedule(
    reader: &Reader<'_>,
    prefix: &str,
    steps: [u64; 2],
) -> Result<SchedulerState, FormatError> {
    let values = reader.exactly::<f64>(&format!("{prefix}schedule.plateau"), 6)?;
    let (plateaus, _) = values.as_chunks::<3>();
    let seen = |index: usize| {
        let [best, bad, cooldown] = plateaus.get(index).copied().unwrap_or_default();
        Seen { step: steps[index], plateau: PlateauState { best, bad, cooldown } }
    };
    let reduced = reader.get::<i64>(&format!("{prefix}schedule.reduced"))?;
    let reduced: Vec<u64> = reduced.into_iter().map(i64::cast_unsigned).collect();
    if !reduced.is_sorted() {
        return Err(malformed("`schedule.reduced` does not rise"));
    }
    Ok(SchedulerState { latest: seen(0), previous: seen(1), reduced })
}

fn get_batcher(
    reader: &Reader<'_>,
    prefix: &str,
    section: &Section,
    experiment: &Experiment,
) -> Result<Batcher, FormatError> {
    let wrong = || malformed("`batcher.order` is no order of the rows");
    let order = reader.get::<i64>(&format!("{prefix}batcher.order"))?;
    let order: Result<Vec<usize>, _> = order.into_iter().map(usize::try_from).collect();
    let state = BatcherState {
        order: order.map_err(|_| wrong())?,
        position: section.position,
        epoch: section.epoch,
        words: section.shuffle_words.parse().map_err(|_| wrong())?,
    };
    Batcher::resume(state, experiment.train.batch_size, experiment.batch_seed()).ok_or_else(wrong)
}
