//! Writes an experiment in one line.

use super::SETTINGS;
use crate::experiment::check::suitable_loss;
use crate::experiment::dial::DIALS;
use crate::experiment::toml::write::said;
use crate::experiment::{
    ArmSpec, CompareSpec, DataSource, DataSpec, Experiment, LayerSpec, TrainSpec,
};
use crate::spec::{Pick, Plain};

/// The experiment as a recipe. Reading it gives an equal experiment; what is at its default is left
/// out.
#[must_use]
pub fn to_recipe(experiment: &Experiment) -> String {
    let segments = [data(&experiment.data)];
    let layers = experiment.layers.iter().map(layer);
    let mut settings = settings(experiment);
    settings.extend(experiment.compare.iter().flat_map(compare));
    let settings = Some(settings.join(",")).filter(|text| !text.is_empty());
    segments.into_iter().chain(layers).chain(settings).collect::<Vec<_>>().join("/")
}

/// The experiment as a recipe without its title, its description and what it is compared over: all that decides the numbers,
/// and short enough to type.
#[must_use]
pub fn short_recipe(experiment: &Experiment) -> String {
    to_recipe(&Experiment {
        title: String::new(),
        about: String::new(),
        compare: None,
        ..experiment.clone()
    })
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
    let LayerSpec { units, activation, norm, dropout, init, optimizer } = layer;
    let (norm, init, optimizer) = (part('+', norm), part('+', init), part('@', optimizer));
    let dropout =
        if *dropout == 0.0 { String::new() } else { format!("+dropout={}", Plain(*dropout)) };
    format!("{units}-{activation}{norm}{init}{dropout}{optimizer}")
}

fn settings(experiment: &Experiment) -> Vec<String> {
    let Experiment { title, about, seed, data, train, optimizer, schedule, .. } = experiment;
    let plain = TrainSpec::new(train.loss.clone());
    let unless = |default: bool, value: String| (!default).then_some(value);
    let value = |key| match key {
        "title" => unless(title.is_empty(), encoded(title)),
        "about" => unless(about.is_empty(), encoded(about)),
        "seed" => unless(*seed == 0, seed.to_string()),
        "steps" => unless(train.steps == plain.steps, train.steps.to_string()),
        "batch_size" => unless(train.batch_size == plain.batch_size, train.batch_size.to_string()),
        "eval_every" => unless(train.eval_every == 0, train.eval_every.to_string()),
        "test_fraction" => {
            let default = data.test_fraction == DataSpec::TEST_FRACTION;
            unless(default, Plain(data.test_fraction).to_string())
        }
        "loss" => {
            let default = suitable_loss(data.task(), experiment.outputs());
            unless(train.loss == default, inline(&train.loss))
        }
        "optimizer" => Some(inline(optimizer)),
        "schedule" => unless(schedule.key() == "none", inline(schedule)),
        _ => {
            let value = DIALS.iter().find(|dial| dial.limit.key == key)?.get(train);
            unless(value == 0.0, Plain(value).to_string())
        }
    };
    SETTINGS.iter().filter_map(|(key, _)| Some(format!("{key}={}", value(key)?))).collect()
}

/// The keys of `[compare]` that are not at their defaults; the number of seeds always, so that an
/// empty table remains one.
fn compare(spec: &CompareSpec) -> Vec<String> {
    let plain = CompareSpec::default();
    let picks = |picks: &[Pick]| {
        let texts: Vec<_> = picks.iter().map(Pick::to_string).collect();
        Some(texts.join(",")).filter(|text| !text.is_empty())
    };
    let lines = |arm: &ArmSpec| [std::slice::from_ref(&arm.name), &*arm.set].concat().join("\n");
    let arms: Vec<_> = spec.arms.iter().map(lines).collect();
    let pairs = [
        ("optimizers", picks(&spec.optimizers)),
        ("activations", picks(&spec.activations)),
        ("arms", Some(arms.join("\n\n")).filter(|text| !text.is_empty())),
        ("rates", (spec.rates != plain.rates).then(|| spec.rates.to_string())),
        ("seeds", Some(spec.seeds.to_string())),
        (
            "tuning_seeds",
            (spec.tuning_seeds != plain.tuning_seeds).then(|| spec.tuning_seeds.to_string()),
        ),
        ("steps", spec.steps.map(|steps| steps.to_string())),
        ("target", spec.target.map(|target| target.to_string())),
    ];
    let written = pairs.into_iter().filter_map(|(key, text)| Some((key, text?)));
    written.map(|(key, text)| format!("compare.{key}={}", encoded(&text))).collect()
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
