//! The things that can be listed, as JSON and as the head of a page.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::text::Page;
use super::topic::Item;
use crate::catalog::{self, Kind};
use crate::experiment::settings::Row;
use crate::experiment::shelf::{Shelved, Shipped};
use crate::export::pytorch::spelling;
use crate::spec::{self, Card, Param, Pick};

/// One thing that can be listed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Entry {
    /// Of the catalog.
    Card(CardEntry),
    /// An experiment, a walk or a lesson that comes with the program.
    Preset(PresetEntry),
    /// A setting of an experiment.
    Setting(SettingEntry),
    /// A word of the field.
    Concept(ConceptEntry),
    /// A rule by which a run is diagnosed.
    Diagnosis(DiagnosisEntry),
}

impl Entry {
    /// The description of `item`.
    pub fn new(item: Item) -> Self {
        match item {
            Item::Card(kind, card) => Self::Card(CardEntry::new(kind, card)),
            Item::Preset(it) => Self::of_shipped(it),
            Item::Walk(it) => Self::of_shipped(it),
            Item::Course(it) => Self::of_shipped(it),
            Item::Lesson(it) => Self::of_shipped(it),
            Item::Claim(claim) => Self::Preset(PresetEntry {
                name: claim.name,
                kind: "claim",
                title: claim.statement,
                about: claim.supports,
            }),
            Item::Setting(row, path) => Self::Setting(SettingEntry {
                name: path.to_owned(),
                kind: "setting",
                title: row.label,
                default: row.default_words(),
                range: row.values(),
                effect: row.effect.to_string(),
                meaning: row.help,
            }),
            Item::Concept(concept) => Self::Concept(ConceptEntry {
                name: concept.key,
                kind: "concept",
                title: concept.title,
                synonyms: concept.synonyms,
                meaning: concept.text,
                formula: concept.formula,
                pitfall: concept.pitfall,
                entries: concept.list.entries().map_or_else(Vec::new, |(_, entries)| entries),
                see: concept.see,
                related: concept.related,
            }),
            Item::Diagnosis(rule) => Self::Diagnosis(DiagnosisEntry {
                name: rule.key,
                kind: "diagnosis",
                title: rule.title,
                threshold: rule.threshold,
                why: rule.why,
                remedy: rule.remedy,
                source: rule.source,
            }),
        }
    }

    fn of_shipped<T: Shelved>(it: &'static Shipped<T>) -> Self {
        Self::Preset(PresetEntry {
            name: it.name,
            kind: T::NOUN,
            title: it.title(),
            about: it.about(),
        })
    }
}

/// A preset, walk, course or lesson that comes with the program, or a claim.
#[derive(Debug, Serialize)]
pub struct PresetEntry {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    about: &'static str,
}

/// A setting of an experiment.
#[derive(Debug, Serialize)]
pub struct SettingEntry {
    name: String,
    kind: &'static str,
    title: &'static str,
    default: String,
    range: String,
    effect: String,
    meaning: &'static str,
}

/// A word of the field.
#[derive(Debug, Serialize)]
pub struct ConceptEntry {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    synonyms: &'static [&'static str],
    meaning: &'static str,
    formula: &'static str,
    pitfall: &'static str,
    entries: Vec<&'static str>,
    see: &'static [&'static str],
    related: &'static [&'static str],
}

/// A rule by which a run is diagnosed.
#[derive(Debug, Serialize)]
pub struct DiagnosisEntry {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    threshold: &'static str,
    why: &'static str,
    remedy: &'static str,
    source: &'static str,
}

/// A parameter of what a setting picks.
#[derive(Debug, Serialize)]
pub struct ParamEntry {
    name: String,
    kind: &'static str,
    effect: String,
    of: Vec<EntryParam>,
}

/// A parameter in an entry that has it.
#[derive(Debug, Serialize)]
struct EntryParam {
    entry: &'static str,
    #[serde(flatten)]
    param: Parameter,
}

impl ParamEntry {
    /// The parameter at `path`, which stands in `found`.
    pub fn new(path: String, row: &Row, found: &[(&'static Card, &'static Param)]) -> Self {
        let of = found
            .iter()
            .map(|(card, param)| EntryParam { entry: card.key, param: parameter(param) });
        Self { name: path, kind: "setting", effect: row.effect.to_string(), of: of.collect() }
    }
}

/// An entry of the catalog.
#[derive(Debug, Serialize)]
pub struct CardEntry {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    /// The family of an activation or an optimizer.
    #[serde(skip_serializing_if = "str::is_empty")]
    family: &'static str,
    formula: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    derivative: Option<&'static str>,
    params: Vec<Parameter>,
    usage: &'static str,
    /// The targets that a loss takes, and how they are scaled.
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<&'static str>,
    caution: Option<&'static str>,
    differs: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pytorch: Option<String>,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct Parameter {
    name: &'static str,
    default: Value,
    range: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<&'static str>>,
    meaning: &'static str,
}

/// How PyTorch spells `card` with its defaults, `x` being what goes in; none if it lacks it.
pub fn pytorch(card: &'static Card) -> Option<String> {
    let spelled = spelling::expression(&Pick::new(card), "").ok()?;
    Some(spelled.replace(['{', '}'], ""))
}

impl CardEntry {
    fn new(kind: Kind, card: &'static Card) -> Self {
        Self {
            name: card.key,
            kind: kind.noun(),
            title: card.title,
            family: catalog::family(kind, card.key),
            formula: card.formula,
            derivative: derivative(kind, card),
            params: card.params.iter().map(parameter).collect(),
            usage: card.usage,
            targets: targets(kind, card),
            caution: card.caution,
            differs: card.differs,
            pytorch: pytorch(card),
            source: card.source,
        }
    }
}

/// The derivative, of an activation.
#[must_use]
pub fn derivative(kind: Kind, card: &'static Card) -> Option<&'static str> {
    (kind == Kind::Activation).then(|| catalog::activation(&Pick::new(card)).traits.derivative)
}

/// The targets that a loss takes, and how they are scaled.
#[must_use]
pub fn targets(kind: Kind, card: &'static Card) -> Option<&'static str> {
    (kind == Kind::Loss).then(|| catalog::loss(&Pick::new(card)).targets.sentence())
}

fn parameter(param: &Param) -> Parameter {
    Parameter {
        name: param.key,
        default: json_value(&param.default.into()),
        range: range(param),
        choices: param.range.words(),
        meaning: param.meaning,
    }
}

/// The range of a parameter in words.
#[must_use]
pub fn range(param: &Param) -> String {
    match param.default {
        spec::DefaultValue::Flag(_) => "true or false".to_owned(),
        spec::DefaultValue::Integer(_) => format!("whole, {}", param.range),
        spec::DefaultValue::List(model) => format!("{} numbers, each {}", model.len(), param.range),
        spec::DefaultValue::Series(_) => format!("a list of numbers, each {}", param.range),
        spec::DefaultValue::Number(_) | spec::DefaultValue::Word(_) => param.range.to_string(),
    }
}

/// The name, rule and parameters of `pick`.
///
/// # Errors
/// If they cannot be written.
pub fn write_rule(out: &mut impl Write, page: Page, pick: &Pick) -> io::Result<()> {
    writeln!(out, "{}", page.heading(pick.card().title))?;
    for line in pick.card().formula.lines() {
        writeln!(out, "  {line}")?;
    }
    let params: Vec<_> = pick.params().map(|(p, value)| format!("{}={value}", p.key)).collect();
    if params.is_empty() {
        return Ok(());
    }
    for line in page.beside("  with", 8, &params.join(", ")) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// All parameters of `pick`, by name.
#[must_use]
pub fn params(pick: &Pick) -> Map<String, Value> {
    pick.params().map(|(param, value)| (param.key.to_owned(), json_value(value))).collect()
}

fn json_value(value: &spec::Value) -> Value {
    match value {
        spec::Value::Number(x) => json!(x),
        spec::Value::Integer(n) => json!(n),
        spec::Value::Flag(flag) => json!(flag),
        spec::Value::List(xs) => json!(xs),
        spec::Value::Word(word) => json!(word),
    }
}
