//! Writes an experiment in one line.

use super::SETTINGS;
use crate::experiment::fit::suitable_loss;
use crate::experiment::toml::write::said;
use crate::experiment::{DataSource, DataSpec, Experiment, LayerSpec, TrainSpec};
use crate::spec::{Pick, Plain};

/// The experiment as a recipe. Reading it gives an equal experiment; what is at its default is left
/// out.
#[must_use]
pub fn to_recipe(experiment: &Experiment) -> String {
    let segments = [data(&experiment.data)];
    let layers = experiment.layers.iter().map(layer);
    let settings = settings(experiment);
    let settings = Some(settings.join(",")).filter(|text| !text.is_empty());
    segments.into_iter().chain(layers).chain(settings).collect::<Vec<_>>().join("/")
}

/// The experiment as a recipe without its title and its description: all that decides the numbers,
/// and short enough to type.
#[must_use]
pub fn short_recipe(experiment: &Experiment) -> String {
    to_recipe(&Experiment { title: String::new(), about: String::new(), ..experiment.clone() })
}

fn data(data: &DataSpec) -> String {
    let seed = data.seed.map(|seed| format!("seed={seed}"));
    match &data.source {
        DataSource::Named(pick) => {
            let params = pick.changed().map(|(key, value)| format!("{key}={value}"));
            let pairs: Vec<_> = params.chain(seed).collect();
            let mark = if pairs.is_empty() { "" } else { ":" };
            format!("{}{mark}{}", pick.key(), pairs.join(","))
        }
        DataSource::Csv { path, target, .. } => {
            let file = encoded(&path.to_string_lossy());
            let own = [format!("csv={file}"), format!("target={}", encoded(target))];
            own.into_iter().chain(seed).collect::<Vec<_>>().join(",")
        }
    }
}

fn layer(layer: &LayerSpec) -> String {
    let part = |mark, pick: &Option<Pick>| {
        pick.as_ref().map_or_else(String::new, |pick| format!("{mark}{pick}"))
    };
    let LayerSpec { units, activation, init, optimizer } = layer;
    format!("{units}-{activation}{}{}", part('+', init), part('@', optimizer))
}

fn settings(experiment: &Experiment) -> Vec<String> {
    let Experiment { title, about, seed, data, train, optimizer, .. } = experiment;
    let plain = TrainSpec::new(train.loss.clone());
    let unless = |default: bool, value: String| (!default).then_some(value);
    let value = |key| match key {
        "title" => unless(title.is_empty(), encoded(title)),
        "about" => unless(about.is_empty(), encoded(about)),
        "seed" => unless(*seed == 0, seed.to_string()),
        "steps" => unless(train.steps == plain.steps, train.steps.to_string()),
        "batch_size" => unless(train.batch_size == plain.batch_size, train.batch_size.to_string()),
        "eval_every" => unless(train.eval_every == 0, train.eval_every.to_string()),
        "clip_norm" => unless(train.clip_norm == 0.0, Plain(train.clip_norm).to_string()),
        "test_fraction" => {
            let default = data.test_fraction == DataSpec::TEST_FRACTION;
            unless(default, Plain(data.test_fraction).to_string())
        }
        "loss" => {
            let default = suitable_loss(data.task(), experiment.outputs());
            unless(train.loss == default, inline(&train.loss))
        }
        "optimizer" => Some(inline(optimizer)),
        _ => None,
    };
    SETTINGS.iter().filter_map(|(key, _)| Some(format!("{key}={}", value(key)?))).collect()
}

/// `adam,lr=0.01`.
fn inline(pick: &Pick) -> String {
    let params = said(pick).map(|(key, value)| format!("{key}={value}"));
    [pick.key().to_owned()].into_iter().chain(params).collect::<Vec<_>>().join(",")
}

/// The text with all that a shell or a recipe gives a meaning to as percent signs and digits.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || "_-.".contains(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}
