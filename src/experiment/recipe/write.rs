//! Writes an experiment in one line.

use super::{Mark, Section, mark, marked, named_settings};
use crate::catalog;
use crate::experiment::compare::keys::KEYS;
use crate::experiment::settings;
use crate::experiment::toml::write::said;
use crate::experiment::{CompareSpec, DataSource, Experiment};
use crate::spec::Pick;
use crate::text::Untrusted;

/// The experiment as a recipe, words included. Reading it gives an equal experiment; what is at its
/// default is left out, but for the optimizer, since everyone asks for its rate.
#[must_use]
pub fn to_recipe(experiment: &Experiment) -> String {
    write(experiment, Length::Full)
}

/// The experiment as the shortest recipe of the same numbers and the same comparison: without title
/// and description, and without anything that is at its default.
#[must_use]
pub fn brief_recipe(experiment: &Experiment) -> String {
    let (title, about) = (Untrusted::default(), Untrusted::default());
    write(&Experiment { title, about, ..experiment.clone() }, Length::Brief)
}

/// As [`brief_recipe`], without the comparison: all that decides the numbers, and short enough to
/// type.
#[must_use]
pub fn short_recipe(experiment: &Experiment) -> String {
    brief_recipe(&Experiment { compare: None, ..experiment.clone() })
}

/// How much of what is at its default is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// The optimizer and its rate.
    Full,
    /// Nothing.
    Brief,
}

fn write(experiment: &Experiment, length: Length) -> String {
    let segments = [data(experiment)];
    let layers = (0..experiment.layers.len()).map(|index| layer(experiment, index, length));
    let mut settings = settings(experiment, length);
    settings.extend(experiment.compare.iter().flat_map(compare));
    let settings = Some(settings.join(",")).filter(|text| !text.is_empty());
    segments.into_iter().chain(layers).chain(settings).collect::<Vec<_>>().join("/")
}

/// The segment of the data, with those of its settings that have no key elsewhere in the recipe.
fn data(experiment: &Experiment) -> String {
    let elsewhere = named_settings();
    let here = |row: &&settings::Row| {
        elsewhere.iter().all(|other| other.section != row.section || other.key != row.key)
    };
    let given =
        |row: &&settings::Row| row.layers(experiment).contains(&0) && !row.is_absent(experiment, 0);
    let rows = Section::Data.rows().filter(here).filter(given);
    let value = |row: &settings::Row| {
        let plain = match row.kind {
            settings::ValueKind::CsvFile => "/",
            settings::ValueKind::CsvNames { .. } => ":",
            settings::ValueKind::Features(_) => "+^",
            _ => "",
        };
        encoded_but(&row.text(experiment, 0), plain)
    };
    let pairs = rows.map(|row| format!("{}={}", row.key, value(row)));
    match &experiment.data.source {
        DataSource::Named(pick) => {
            let params = pick.changed().map(|(key, value)| format!("{key}={value}"));
            let pairs: Vec<_> = params.chain(pairs).collect();
            let mark = if pairs.is_empty() { "" } else { ":" };
            format!("{}{mark}{}", pick.key(), pairs.join(","))
        }
        DataSource::Csv { .. } => pairs.collect::<Vec<_>>().join(","),
    }
}

fn layer(experiment: &Experiment, index: usize, length: Length) -> String {
    let last = index + 1 == experiment.layers.len();
    // An output layer or a recurrent one without an activation has the identity.
    let recurrent = experiment.layers[index].is_recurrent();
    let implied = |row: &settings::Row| {
        let unsaid = recurrent || length == Length::Brief && last;
        unsaid && mark(row) == Mark::Minus && row.text(experiment, index) == "identity"
    };
    let mut text = units(experiment, index);
    for (sign_of, sign) in
        [(Mark::Minus, "-"), (Mark::Plus, "+"), (Mark::PlusKey, "+"), (Mark::At, "@")]
    {
        let given = |row: &&settings::Row| !row.is_absent(experiment, index) && !implied(row);
        for row in marked(sign_of).filter(given) {
            let key =
                if sign_of == Mark::PlusKey { format!("{}=", row.key) } else { String::new() };
            text += &format!("{sign}{key}{}", row.text(experiment, index));
        }
    }
    text
}

/// `16`, or `lstm:16,return_sequences=true`.
fn units(experiment: &Experiment, index: usize) -> String {
    let own = |of: Mark| marked(of).filter(|row| !row.is_absent(experiment, index));
    let mut text = String::new();
    let mut params = String::new();
    for pick in own(Mark::Kind).filter_map(|row| row.pick(experiment, index)) {
        text += &format!("{}:", pick.key());
        for (key, value) in pick.changed() {
            params += &format!(",{key}={value}");
        }
    }
    own(Mark::First).for_each(|row| text += &row.text(experiment, index));
    text + &params
}

/// The settings that are not at their defaults, and in full the optimizer.
fn settings(experiment: &Experiment, length: Length) -> Vec<String> {
    let defaults = settings::defaults(experiment);
    let given = |row: &&settings::Row| {
        let optimizer = length == Length::Full && row.picks() == Some(catalog::Kind::Optimizer);
        optimizer || !row.is_default(experiment, &defaults, 0)
    };
    let value = |row: &settings::Row| match &row.kind {
        settings::ValueKind::Pick { of, .. } => inline((of.get)(experiment, 0), length),
        settings::ValueKind::Text { .. } => encoded(&row.text(experiment, 0)),
        _ => row.text(experiment, 0),
    };
    let rows = named_settings().into_iter().filter(given);
    rows.map(|row| format!("{}={}", row.key, value(row))).collect()
}

/// The keys of `[compare]` that are not at their defaults; the number of seeds always, so that an
/// empty table remains one.
fn compare(spec: &CompareSpec) -> Vec<String> {
    let given = KEYS.iter().filter(|key| key.key == "seeds" || !key.is_default(spec));
    let pairs = given.filter_map(|key| Some((key, key.text(spec)?)));
    pairs.map(|(key, text)| format!("compare.{}={}", key.key, encoded(&text))).collect()
}

/// `adam,lr=0.01`.
fn inline(pick: &Pick, length: Length) -> String {
    let params: Vec<_> = match length {
        Length::Full => said(pick).collect(),
        Length::Brief => pick.changed().collect(),
    };
    let params = params.into_iter().map(|(key, value)| format!("{key}={value}"));
    [pick.key().to_owned()].into_iter().chain(params).collect::<Vec<_>>().join(",")
}

/// The text with all that a shell or a recipe gives a meaning to as percent signs and digits.
fn encoded(text: &str) -> String {
    encoded_but(text, "")
}

/// As [`encoded`], but characters of `plain` are left as they are.
pub(in crate::experiment) fn encoded_but(text: &str, plain: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || "_-.".contains(c) || plain.contains(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}
