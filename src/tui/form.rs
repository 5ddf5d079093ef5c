//! The fields of an experiment as they are edited: where each stands, what it shows, and what the
//! arrow keys make of it.

use crate::catalog::Kind;
use crate::experiment::{DataSource, Experiment};
use crate::spec::{DefaultValue, Param, Pick, Plain, Value};

/// Something that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Neurons of a layer.
    Units(usize),
    /// Activation of a layer.
    Activation(usize),
    /// Optimizer of a layer.
    Optimizer(usize),
    /// Learning rate of a layer.
    Rate(usize),
    /// What normalises a layer.
    Norm(usize),
    /// The share of a layer's outputs dropped in training.
    Dropout(usize),
    /// What is lowered.
    Loss,
    /// The data set.
    Data,
    /// A parameter of the data set, by its place in the card.
    DataParam(usize),
    /// Samples a step.
    Batch,
    /// The seed of all randomness.
    Seed,
    /// The optimizer of all layers that have none of their own.
    DefaultOptimizer,
    /// Its learning rate.
    DefaultRate,
    /// How the rates change in the course of the run.
    Schedule,
    /// The budget.
    Steps,
    /// The share of rows held out.
    TestFraction,
}

/// A row of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its heading or name.
    pub label: String,
    /// What can be edited in it, left to right.
    pub fields: Vec<Field>,
    /// Which part of the form it belongs to.
    pub section: Section,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The inputs, which are given.
    Input,
    /// A layer.
    Layer(usize),
    /// The rest of the network.
    Network,
    /// Everything else.
    Training,
}

/// The rows for `experiment`, top to bottom.
#[must_use]
pub fn rows(experiment: &Experiment) -> Vec<Row> {
    let row = |label: &str, section, fields: &[Field]| Row {
        label: label.to_owned(),
        fields: fields.to_vec(),
        section,
    };
    let mut rows = vec![row("input", Section::Input, &[])];
    for (i, layer) in experiment.layers.iter().enumerate() {
        let fields = [Field::Units(i), Field::Activation(i), Field::Optimizer(i), Field::Rate(i)];
        rows.push(row(&(i + 1).to_string(), Section::Layer(i), &fields));
        if layer.norm.is_some() || layer.dropout > 0.0 {
            rows.push(row("", Section::Layer(i), &[Field::Norm(i), Field::Dropout(i)]));
        }
    }
    rows.push(row("loss", Section::Network, &[Field::Loss]));
    rows.push(row("data", Section::Training, &[Field::Data]));
    let params: Vec<Field> = (0..data_params(experiment).len()).map(Field::DataParam).collect();
    for pair in params.chunks(2) {
        rows.push(row("", Section::Training, pair));
    }
    rows.push(row("held out", Section::Training, &[Field::TestFraction]));
    rows.push(row("batch", Section::Training, &[Field::Batch, Field::Seed]));
    rows.push(row("default", Section::Training, &[Field::DefaultOptimizer, Field::DefaultRate]));
    rows.push(row("schedule", Section::Training, &[Field::Schedule]));
    rows.push(row("budget", Section::Training, &[Field::Steps]));
    rows
}

fn data_params(experiment: &Experiment) -> &'static [Param] {
    match &experiment.data.source {
        DataSource::Named(pick) => pick.card().params,
        DataSource::Csv { .. } => &[],
    }
}

/// The name of a field that is not the first in its row.
#[must_use]
pub fn caption(field: Field, experiment: &Experiment) -> &'static str {
    match field {
        Field::DataParam(index) => data_params(experiment).get(index).map_or("", |p| p.key),
        Field::Dropout(_) => "dropout",
        Field::Seed => "seed",
        Field::Steps => "steps",
        _ => "",
    }
}

/// A learning rate in three significant digits at most: `0.01`, `1e-4`.
fn rate(pick: &Pick) -> String {
    pick.number_if_any("lr").map_or_else(String::new, |lr| {
        let rounded: f64 = format!("{lr:.2e}").parse().unwrap_or(lr);
        Plain(rounded).to_string()
    })
}

/// What the field shows.
#[must_use]
pub fn text(field: Field, experiment: &Experiment) -> String {
    match field {
        Field::Units(i) => experiment.layers[i].units.to_string(),
        Field::Activation(i) => experiment.layers[i].activation.key().to_owned(),
        Field::Optimizer(i) => experiment.optimizer_of(i).key().to_owned(),
        Field::Rate(i) => rate(experiment.optimizer_of(i)),
        Field::Norm(i) => {
            experiment.layers[i].norm.as_ref().map_or("no norm", Pick::key).to_owned()
        }
        Field::Dropout(i) => Plain(experiment.layers[i].dropout).to_string(),
        Field::Loss => experiment.train.loss.key().replace('_', "-"),
        Field::Data => match &experiment.data.source {
            DataSource::Named(pick) => pick.key().to_owned(),
            DataSource::Csv { path, .. } => {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            }
        },
        Field::DataParam(index) => match &experiment.data.source {
            DataSource::Named(pick) => {
                pick.params().nth(index).map_or_else(String::new, |(_, value)| value.to_string())
            }
            DataSource::Csv { .. } => String::new(),
        },
        Field::Batch => experiment.train.batch_size.to_string(),
        Field::Seed => experiment.seed.to_string(),
        Field::DefaultOptimizer => experiment.optimizer.key().to_owned(),
        Field::DefaultRate => rate(&experiment.optimizer),
        Field::Schedule => experiment.schedule.key().to_owned(),
        Field::Steps => experiment.train.steps.to_string(),
        Field::TestFraction => format!("{}%", (experiment.data.test_fraction * 100.0).round()),
    }
}

/// The kind of thing that a field picks from the catalog, with the present choice.
#[must_use]
pub fn picked(field: Field, experiment: &Experiment) -> Option<(Kind, Pick)> {
    Some(match field {
        Field::Activation(i) => (Kind::Activation, experiment.layers[i].activation.clone()),
        Field::Optimizer(i) | Field::Rate(i) => {
            (Kind::Optimizer, experiment.optimizer_of(i).clone())
        }
        Field::DefaultOptimizer | Field::DefaultRate => {
            (Kind::Optimizer, experiment.optimizer.clone())
        }
        Field::Norm(i) => {
            let first = || Pick::new(Kind::Norm.cards()[0]);
            (Kind::Norm, experiment.layers[i].norm.clone().unwrap_or_else(first))
        }
        Field::Schedule => (Kind::Schedule, experiment.schedule.clone()),
        Field::Loss => (Kind::Loss, experiment.train.loss.clone()),
        Field::Data => match &experiment.data.source {
            DataSource::Named(pick) => (Kind::Dataset, pick.clone()),
            DataSource::Csv { .. } => return None,
        },
        _ => return None,
    })
}

/// `experiment` with `pick` in `field`.
///
/// # Errors
/// Why that is not possible.
pub fn with_pick(field: Field, pick: Pick, experiment: &Experiment) -> Result<Experiment, String> {
    match field {
        Field::Activation(i) => experiment.with_activation(i, pick),
        Field::Optimizer(i) | Field::Rate(i) => {
            experiment.with_layer_optimizer(i, own_optimizer(pick, experiment))
        }
        Field::DefaultOptimizer | Field::DefaultRate => experiment.with_optimizer(pick),
        Field::Norm(i) => experiment.with_norm(i, Some(pick)),
        Field::Schedule => experiment.with_schedule(pick),
        Field::Loss => experiment.with_loss(pick),
        Field::Data => experiment.with_data(DataSource::Named(pick)),
        _ => Err("this field takes a value".to_owned()),
    }
}

/// A layer's own optimizer: none if it is the default one, so that the layer follows it.
fn own_optimizer(pick: Pick, experiment: &Experiment) -> Option<Pick> {
    (pick != experiment.optimizer).then_some(pick)
}

/// `experiment` with the value that was typed into `field`.
///
/// # Errors
/// What is wrong with the value.
pub fn with_text(field: Field, text: &str, experiment: &Experiment) -> Result<Experiment, String> {
    let text = text.trim();
    let whole = || {
        text.replace(['_', ','], "")
            .parse::<u64>()
            .map_err(|_| format!("`{text}` is not a whole number"))
    };
    match field {
        Field::Units(i) => experiment.with_units(i, whole()? as usize),
        Field::Dropout(i) => {
            let share = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
            experiment.with_dropout(i, share)
        }
        Field::Batch => experiment.with_batch_size(whole()? as usize),
        Field::Seed => Ok(experiment.with_seed(whole()?)),
        Field::Steps => experiment.with_steps(whole()?),
        Field::TestFraction => {
            let percent: f64 = text
                .trim_end_matches('%')
                .trim()
                .parse()
                .map_err(|_| format!("`{text}` is not a percentage"))?;
            experiment.with_test_fraction(percent / 100.0)
        }
        Field::Rate(_) | Field::DefaultRate => {
            let Some((_, mut pick)) = picked(field, experiment) else {
                return Err("there is no rate".to_owned());
            };
            pick.set_text("lr", text).map_err(|error| error.to_string())?;
            with_pick(field, pick, experiment)
        }
        Field::DataParam(index) => {
            let Some((_, mut pick)) = picked(Field::Data, experiment) else {
                return Err("the file's data has no parameters".to_owned());
            };
            let key = pick.card().params.get(index).map_or("", |param| param.key);
            pick.set_text(key, text).map_err(|error| error.to_string())?;
            experiment.with_data(DataSource::Named(pick))
        }
        _ => {
            let Some((kind, _)) = picked(field, experiment) else {
                return Err("this field takes no value".to_owned());
            };
            let pick = kind.parse(text).map_err(|error| error.to_string())?;
            with_pick(field, pick, experiment)
        }
    }
}

/// Which way the arrow keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the next value.
    Up,
    /// To the value before.
    Down,
}

/// `experiment` with the next or previous value in `field`.
///
/// # Errors
/// Why there is none.
pub fn nudge(field: Field, way: Way, experiment: &Experiment) -> Result<Experiment, String> {
    if let Field::Rate(_) | Field::DefaultRate = field {
        let Some((_, mut pick)) = picked(field, experiment) else {
            return Err("there is no rate".to_owned());
        };
        let lr = one_two_five(pick.number("lr"), way);
        pick.set("lr", Value::Number(lr)).map_err(|error| error.to_string())?;
        return with_pick(field, pick, experiment);
    }
    if let Field::Norm(i) = field {
        return experiment.with_norm(i, next_norm(experiment.layers[i].norm.as_ref(), way));
    }
    if let Some((kind, pick)) = picked(field, experiment) {
        // Some entries of a kind may not suit the experiment: go on to the next that does.
        let cards = kind.cards();
        let here = cards.iter().position(|card| card.key == pick.key()).unwrap_or(0);
        let n = cards.len();
        let mut last = Err(format!("there is no other {}", kind.noun()));
        for distance in 1..n {
            let index = match way {
                Way::Up => (here + distance) % n,
                Way::Down => (here + n - distance) % n,
            };
            last = with_pick(field, Pick::new(cards[index]), experiment);
            if last.is_ok() {
                break;
            }
        }
        return last;
    }
    match field {
        Field::Units(i) => {
            let units = step(&UNITS, experiment.layers[i].units, way);
            experiment.with_units(i, units)
        }
        Field::Dropout(i) => {
            let percent = (experiment.layers[i].dropout * 100.0).round() as usize;
            experiment.with_dropout(i, step(&DROPOUTS, percent, way) as f64 / 100.0)
        }
        Field::Batch => {
            experiment.with_batch_size(step(&BATCHES, experiment.train.batch_size, way))
        }
        Field::Seed => Ok(experiment.with_seed(match way {
            Way::Up => experiment.seed.saturating_add(1),
            Way::Down => experiment.seed.saturating_sub(1),
        })),
        Field::Steps => {
            experiment.with_steps(one_two_five(experiment.train.steps as f64, way).max(1.0) as u64)
        }
        Field::TestFraction => {
            let percent = (experiment.data.test_fraction * 100.0).round() as usize;
            experiment.with_test_fraction(step(&PERCENTS, percent, way) as f64 / 100.0)
        }
        Field::DataParam(index) => {
            let DataSource::Named(pick) = &experiment.data.source else {
                return Err("the file's data has no parameters".to_owned());
            };
            let Some((param, value)) = pick.params().nth(index) else {
                return Err("there is no such parameter".to_owned());
            };
            experiment.with_data_param(param.key, next_value(param, value, way))
        }
        _ => Err("this field takes a value: ⏎".to_owned()),
    }
}

const UNITS: [usize; 18] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024];
const BATCHES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const PERCENTS: [usize; 9] = [10, 20, 25, 30, 40, 50, 60, 75, 90];
const DROPOUTS: [usize; 11] = [0, 5, 10, 20, 25, 30, 40, 50, 60, 75, 90];

/// The next in the circle of all norms and none.
fn next_norm(norm: Option<&Pick>, way: Way) -> Option<Pick> {
    let cards = Kind::Norm.cards();
    let here = norm.and_then(|norm| cards.iter().position(|card| card.key == norm.key()));
    let next = match (here, way) {
        (None, Way::Up) => Some(0),
        (None, Way::Down) => cards.len().checked_sub(1),
        (Some(here), Way::Up) => Some(here + 1),
        (Some(here), Way::Down) => here.checked_sub(1),
    };
    next.and_then(|index| cards.get(index)).map(|card| Pick::new(card))
}

/// The next of `ladder` above or below `value`.
pub(super) fn step(ladder: &[usize], value: usize, way: Way) -> usize {
    match way {
        Way::Up => ladder.iter().copied().find(|&rung| rung > value),
        Way::Down => ladder.iter().rev().copied().find(|&rung| rung < value),
    }
    .unwrap_or(value)
}

/// The next of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … above or below `value`.
#[must_use]
pub fn one_two_five(value: f64, way: Way) -> f64 {
    if value <= 0.0 {
        return if way == Way::Up { 1e-6 } else { 0.0 };
    }
    let decade = value.log10().floor() as i32;
    let mut rungs = (decade - 1..=decade + 1)
        .flat_map(|exponent| [1, 2, 5].map(|digit| format!("{digit}e{exponent}")))
        .filter_map(|text| text.parse::<f64>().ok());
    // A value that is a rung but for rounding must not be found again.
    let (above, below) = (value * (1.0 + 1e-9), value * (1.0 - 1e-9));
    match way {
        Way::Up => rungs.find(|&rung| rung > above),
        Way::Down => rungs.rfind(|&rung| rung < below),
    }
    .unwrap_or(value)
}

/// The next value of a parameter: along the words, through the switch, or a sensible step along
/// its numbers, kept within its range.
#[must_use]
pub fn next_value(param: &Param, value: &Value, way: Way) -> Value {
    let up = way == Way::Up;
    let candidate = match value {
        Value::Flag(flag) => Value::Flag(!flag),
        Value::Integer(n) => Value::Integer(match param.default {
            DefaultValue::Integer(default) if default >= 50 => {
                one_two_five(*n as f64, way).round() as i64
            }
            _ => n.saturating_add(if up { 1 } else { -1 }),
        }),
        Value::Number(x) => Value::Number(next_number(*x, way)),
        Value::List(xs) => Value::List(xs.iter().map(|&x| next_number(x, way)).collect()),
        Value::Word(word) => {
            let Some(words) = param.range.words() else { return value.clone() };
            let name = word.split(':').next();
            let here = words.iter().position(|w| Some(*w) == name).unwrap_or(0);
            let n = words.len();
            let next = if up { here + 1 } else { here + n - 1 } % n;
            Value::Word(words[next].to_owned())
        }
    };
    let fits = match &candidate {
        Value::Number(x) => param.range.contains(*x),
        Value::Integer(n) => param.range.contains(*n as f64),
        Value::List(xs) => xs.iter().all(|x| param.range.contains(*x)),
        Value::Flag(_) | Value::Word(_) => true,
    };
    if fits { candidate } else { value.clone() }
}

/// Decay factors such as 0.9 and 0.999 step through their distance from 1; small numbers along
/// 1-2-5; all else by 0.05.
fn next_number(x: f64, way: Way) -> f64 {
    let round = |x: f64| (x * 1e9).round() / 1e9;
    if (0.9..1.0).contains(&x) {
        let opposite = if way == Way::Up { Way::Down } else { Way::Up };
        return round(1.0 - one_two_five(1.0 - x, opposite));
    }
    if x > 0.0 && x < 0.045 {
        return one_two_five(x, way);
    }
    round(if way == Way::Up { x + 0.05 } else { x - 0.05 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_two_five_climbs_and_descends() {
        let mut x = 0.001;
        let mut seen = Vec::new();
        for _ in 0..7 {
            x = one_two_five(x, Way::Up);
            seen.push(x);
        }
        assert_eq!(seen, [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]);
        assert_eq!(one_two_five(0.03, Way::Down), 0.02);
        assert_eq!(one_two_five(1.0, Way::Down), 0.5);
        assert_eq!(one_two_five(0.0, Way::Down), 0.0);
    }

    #[test]
    fn decay_factors_step_through_their_distance_from_one() {
        assert_eq!(next_number(0.9, Way::Up), 0.95);
        assert_eq!(next_number(0.99, Way::Up), 0.995);
        assert_eq!(next_number(0.999, Way::Down), 0.998);
        assert_eq!(next_number(0.05, Way::Up), 0.1);
        assert_eq!(next_number(0.05, Way::Down), 0.0);
    }
}
