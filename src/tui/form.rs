//! The form: the settings that it shows, where each stands, and how its value is shortened.
//!
//! Those that everyone looks for have a place of their own. Any other setting has a row below the one
//! that it belongs to while it is not at its default, so that nothing that acts is hidden; or at any
//! time, if all are to be shown.

use crate::catalog::Kind;
use crate::data::Painted;
use crate::experiment::settings::{self, Place, Section as Table, ValueKind};
use crate::experiment::{Experiment, Refused};
use crate::spec::{Pick, Plain};
use crate::tui::widgets::format;

/// A setting in the form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// The setting.
    pub place: Place,
    /// The name before its value; empty where the row's label says enough.
    pub caption: &'static str,
}

/// A row of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its heading or name.
    pub label: String,
    /// The settings in it, left to right.
    pub fields: Vec<Field>,
    /// The part of the form that it belongs to.
    pub section: Section,
}

impl Row {
    /// Whether a setting stands in it.
    #[must_use]
    pub fn holds(&self, place: Place) -> bool {
        self.fields.iter().any(|field| field.place == place)
    }
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The inputs: those of a plane can be chosen.
    Input,
    /// A layer.
    Layer(usize),
    /// The rest of the network.
    Network,
    /// Everything else.
    Training,
}

/// A setting by section, key and parameter, with its caption.
type Key = (Table, &'static str, Option<&'static str>, &'static str);

/// What the inputs can be given.
const INPUT: Key = (Table::Data, "features", None, "");

/// The columns of a layer.
const LAYER: [Key; 4] = [
    (Table::Layers, "units", None, ""),
    (Table::Layers, "activation", None, ""),
    (Table::Layers, "optimizer", None, ""),
    (Table::Layers, "optimizer", Some("lr"), ""),
];

/// What all hidden layers can be given at once: the first always, the others where all settings are
/// shown.
const HIDDEN: [Key; 2] =
    [(Table::Layers, "activation", None, ""), (Table::Layers, "init", None, "init")];

/// What may follow a layer, in a row of its own.
const BEHIND: [Key; 2] =
    [(Table::Layers, "norm", None, ""), (Table::Layers, "dropout", None, "dropout")];

/// The rows below the layers. A setting of `[data]` or `[train]` that has no place here follows the
/// last row with one of its section.
const BELOW: [(&str, Section, &[Key]); 8] = [
    ("loss", Section::Network, &[(Table::Train, "loss", None, "")]),
    ("data", Section::Training, &[(Table::Root, "data", None, "")]),
    ("data", Section::Training, &[(Table::Data, "csv", None, "")]),
    ("held out", Section::Training, &[(Table::Data, "test_fraction", None, "")]),
    (
        "batch",
        Section::Training,
        &[(Table::Train, "batch_size", None, ""), (Table::Root, "seed", None, "seed")],
    ),
    (
        "default",
        Section::Training,
        &[(Table::Root, "optimizer", None, ""), (Table::Root, "optimizer", Some("lr"), "")],
    ),
    ("schedule", Section::Training, &[(Table::Root, "schedule", None, "")]),
    ("budget", Section::Training, &[(Table::Train, "steps", None, "steps")]),
];

/// Columns that two settings in one row have at least, caption included.
const HALF: usize = 11;

/// The rows for `experiment`, top to bottom, with `all` settings or with those at their defaults
/// left out, but for the one under the cursor.
#[must_use]
pub fn rows(experiment: &Experiment, all: bool, focus: Place) -> Vec<Row> {
    let form = Form::of(experiment, all, focus);
    let fields = form.field(&INPUT, 0).into_iter().collect();
    let input = Row { label: "input".to_owned(), fields, section: Section::Input };
    let mut rows = vec![input];
    for layer in 0..experiment.layers.len() {
        rows.extend(form.layer(layer));
    }
    rows.extend(form.hidden(focus));
    for (index, (label, section, keys)) in BELOW.iter().enumerate() {
        let fields: Vec<_> = keys.iter().filter_map(|key| form.field(key, 0)).collect();
        if fields.is_empty() {
            continue;
        }
        rows.push(Row { label: (*label).to_owned(), fields, section: *section });
        let below = |place: &&Place| home(**place) == Some(index);
        let extras: Vec<Place> = form.extras.iter().filter(below).copied().collect();
        rows.extend(form.pairs(&extras, *section));
    }
    rows
}

/// All settings of the form, row by row.
#[must_use]
pub fn places(rows: &[Row]) -> Vec<Place> {
    rows.iter().flat_map(|row| &row.fields).map(|field| field.place).collect()
}

/// The settings of an experiment on their way into rows.
struct Form<'a> {
    experiment: &'a Experiment,
    all: bool,
    places: Vec<Place>,
    /// Those that are to be seen and have no place of their own.
    extras: Vec<Place>,
}

impl<'a> Form<'a> {
    fn of(experiment: &'a Experiment, all: bool, focus: Place) -> Self {
        let places: Vec<Place> = settings::of(experiment).map(|it| it.place).collect();
        let shown = if all { places.clone() } else { settings::changed(experiment) };
        let of_data = |place: &Place| is_of(*place, Table::Root, "data") && place.param.is_some();
        let follows = |place: &Place| {
            let own = experiment.layers.get(place.layer).is_some_and(|it| it.optimizer.is_some());
            is_of(*place, Table::Layers, "optimizer") && !own
        };
        let of_sequence = |place: &Place| {
            let sequence = || experiment.inputs_of(place.layer).is_sequence();
            is_of(*place, Table::Layers, "kind") && place.param.is_none() && sequence()
        };
        // What data is made of is always shown, and the kind of a layer where there is a choice; a layer that follows the default optimizer has no
        // parameters of its own.
        let seen = |place: &&Place| {
            let shown = **place == focus || shown.contains(place);
            of_data(place) || of_sequence(place) || shown && !follows(place)
        };
        let extras =
            places.iter().filter(seen).filter(|place| !has_own_place(**place)).copied().collect();
        Self { experiment, all, places, extras }
    }

    fn field(&self, key: &Key, layer: usize) -> Option<Field> {
        let place = self.places.iter().find(|place| place.layer == layer && is(**place, key))?;
        Some(Field { place: *place, caption: key.3 })
    }

    fn layer(&self, layer: usize) -> Vec<Row> {
        let section = Section::Layer(layer);
        let fields = |keys: &[Key]| keys.iter().filter_map(|key| self.field(key, layer)).collect();
        let mut rows =
            vec![Row { label: (layer + 1).to_string(), fields: fields(&LAYER), section }];
        let extras: Vec<Place> = self
            .extras
            .iter()
            .filter(|place| place.row.section == Table::Layers && place.layer == layer)
            .copied()
            .collect();
        let (of_activation, others): (Vec<_>, Vec<_>) = extras
            .iter()
            .copied()
            .partition(|place: &Place| is_of(*place, Table::Layers, "activation"));
        rows.extend(self.pairs(&of_activation, section));
        let spec = &self.experiment.layers[layer];
        if spec.norm.is_some() || spec.dropout > 0.0 || self.all {
            rows.push(Row { label: String::new(), fields: fields(&BEHIND), section });
        }
        rows.extend(self.pairs(&others, section));
        rows
    }

    /// The row of what all hidden layers are given at once, if there are several.
    fn hidden(&self, focus: Place) -> Option<Row> {
        let keys: &[Key] = if self.all { &HIDDEN } else { &HIDDEN[..1] };
        let all = settings::of_hidden(self.experiment);
        let of_key = |key: &Key| {
            let place = all.iter().find(|place| is(**place, key))?;
            Some(Field { place: *place, caption: key.3 })
        };
        let mut fields: Vec<Field> = keys.iter().filter_map(of_key).collect();
        if focus.all_hidden && !fields.iter().any(|field| field.place == focus) {
            let place = all.iter().find(|place| **place == focus)?;
            fields.push(Field { place: *place, caption: caption(*place) });
        }
        (self.experiment.layers.len() > 2).then(|| Row {
            label: "hidden".to_owned(),
            fields,
            section: Section::Network,
        })
    }

    /// Rows for settings that have no place of their own: two in one where both are short.
    fn pairs(&self, extras: &[Place], section: Section) -> Vec<Row> {
        let wide = |place: &Place| {
            let value = format::width(&text(*place, self.experiment));
            format::width(caption(*place)) + 1 + value > HALF && !is_of(*place, Table::Root, "data")
        };
        let mut rows: Vec<Row> = Vec::new();
        let mut open = false;
        for place in extras {
            let field = Field { place: *place, caption: caption(*place) };
            match rows.last_mut() {
                Some(row) if open && !wide(place) => {
                    row.fields.push(field);
                    open = false;
                }
                _ => {
                    rows.push(Row { label: String::new(), fields: vec![field], section });
                    open = !wide(place);
                }
            }
        }
        rows
    }
}

/// Whether the caption of a setting may be that of another one as well.
#[must_use]
pub fn needs_path(place: Place) -> bool {
    !has_own_place(place) && !is_of(place, Table::Root, "data")
}

/// Whether a setting has a place of its own in the form.
fn has_own_place(place: Place) -> bool {
    let rest = BELOW.iter().flat_map(|(_, _, keys)| *keys);
    LAYER.iter().chain(&BEHIND).chain([&INPUT]).chain(rest).any(|key| is(place, key))
}

fn is_of(place: Place, section: Table, key: &str) -> bool {
    (place.row.section, place.row.key) == (section, key)
}

fn is(place: Place, &(section, key, param, _): &Key) -> bool {
    is_of(place, section, key) && place.param.map(|param| param.key) == param
}

/// The row of [`BELOW`] that a setting without a place of its own follows.
fn home(place: Place) -> Option<usize> {
    let (section, key) = (place.row.section, place.row.key);
    let has = |wanted: &dyn Fn(&Key) -> bool| {
        BELOW.iter().rposition(|(_, _, keys)| keys.iter().any(wanted))
    };
    match section {
        Table::Layers => None,
        _ if place.param.is_some() => has(&|it| it.0 == section && it.1 == key),
        _ if key == "target" => has(&|it| it.1 == "csv"),
        Table::Root => None,
        Table::Data | Table::Train => has(&|it| it.0 == section),
    }
}

const fn caption(place: Place) -> &'static str {
    match place.param {
        Some(param) => param.key,
        None => place.row.label,
    }
}

/// A learning rate in three significant digits at most: `0.01`, `1e-4`.
fn rate(pick: &Pick) -> String {
    pick.number_if_any("lr").map_or_else(String::new, |lr| {
        let rounded: f64 = format!("{lr:.2e}").parse().unwrap_or(lr);
        Plain(rounded).to_string()
    })
}

/// The value of a setting, as short as it can be told.
#[must_use]
pub fn text(place: Place, experiment: &Experiment) -> String {
    let Place { row, layer, param, .. } = place;
    if place.is_mixed(experiment) {
        return "mixed".to_owned();
    }
    let pick = row.pick(experiment, layer);
    if let Some(points) = pick.filter(|_| param.is_some()).and_then(Painted::points) {
        return points.len().to_string();
    }
    match (param, pick, &row.kind) {
        (Some(param), Some(pick), _) if param.key == "lr" => rate(pick),
        (None, Some(pick), _) if row.picks() == Some(Kind::Loss) => pick.key().replace('_', "-"),
        (None, Some(pick), _) => pick.key().to_owned(),
        (None, None, _) if row.picks() == Some(Kind::Norm) => "no norm".to_owned(),
        (None, _, ValueKind::CsvFile) => experiment.data.label(),
        _ if row.key == "test_fraction" => {
            format!("{}%", (experiment.data.test_fraction * 100.0).round())
        }
        _ => place.within(experiment).text(),
    }
}

/// The name of a setting over what it is edited in.
#[must_use]
pub fn title(place: Place) -> String {
    let name = match (caption(place), place.row.section) {
        ("lr", _) => "learning rate",
        ("optimizer", Table::Root) => "optimizer of every layer without its own",
        ("schedule", _) => "schedule of the learning rates",
        ("test fraction", _) => "held out, in %",
        (caption, _) => caption,
    };
    let first = name.chars().next().into_iter().flat_map(char::to_uppercase);
    let name: String = first.chain(name.chars().skip(1)).collect();
    match place.row.section {
        Table::Layers if place.all_hidden => format!("{name} of all hidden layers"),
        Table::Layers => format!("{name} of layer {}", place.layer + 1),
        _ => name,
    }
}

/// The value of a setting as it is typed over: in full, unlike [`text`].
#[must_use]
pub fn typed(place: Place, experiment: &Experiment) -> String {
    match place.row.key {
        "test_fraction" => text(place, experiment),
        _ => place.within(experiment).text(),
    }
}

/// The kind of thing that a setting picks from the catalog, with the present choice.
#[must_use]
pub fn picked(place: Place, experiment: &Experiment) -> Option<(Kind, Pick)> {
    let kind = place.row.picks().filter(|_| place.param.is_none())?;
    let present = place.row.pick(experiment, place.layer).cloned();
    Some((kind, present.unwrap_or_else(|| Pick::new(kind.cards()[0]))))
}

/// `experiment` with the value that was typed for a setting.
///
/// # Errors
/// A remark on what is wrong with the value.
pub fn with_text(place: Place, text: &str, experiment: &Experiment) -> Result<Experiment, Refused> {
    if place.row.key != "test_fraction" {
        return experiment.assign(&place.to_string(), text);
    }
    let text = text.trim();
    let percent: f64 = text
        .trim_end_matches('%')
        .trim()
        .parse()
        .map_err(|_| format!("`{text}` is not a percentage"))?;
    experiment.assign(&place.to_string(), &(percent / 100.0).to_string())
}

/// A setting of a layer by its key; that of the first layer if there is no such layer.
///
/// # Panics
/// If no layer has such a setting.
#[must_use]
pub fn of_layer(layer: usize, key: &str, experiment: &Experiment) -> Place {
    let all = || settings::of(experiment).map(|it| it.place);
    let here = |place: &Place| place.param.is_none() && is_of(*place, Table::Layers, key);
    let found =
        all().find(|place| here(place) && place.layer == layer).or_else(|| all().find(here));
    match found {
        Some(place) => place,
        None => unreachable!("layers have no `{key}`"),
    }
}
