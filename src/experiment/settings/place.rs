//! Settings of one experiment, by path.

use std::fmt;

use super::{Effect, Experiment, ROWS, Row, Section};
use crate::spec::{Card, Param, Value, nearest};

/// What stands in a path for the numbers of all hidden layers: `layers.hidden.activation`.
pub(in crate::experiment) const HIDDEN: &str = "hidden";

/// A setting in an experiment: a row, the layer if it is a layer's, and the parameter if it is one
/// of what the row picks. Its display is its path.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The row.
    pub row: &'static Row,
    /// The index of the layer; 0 outside of layers.
    pub layer: usize,
    /// Whether it is that of all hidden layers at once, of which `layer` is the first.
    pub all_hidden: bool,
    /// The parameter, if it is one of the entry picked there.
    pub param: Option<&'static Param>,
}

impl Place {
    /// The setting together with the experiment whose it is.
    #[must_use]
    pub const fn within(self, experiment: &Experiment) -> Setting<'_> {
        Setting { place: self, experiment }
    }

    /// The indices of the layers that a change concerns; a single 0 outside of layers.
    pub(in crate::experiment) fn layers(self, experiment: &Experiment) -> std::ops::Range<usize> {
        let hidden = experiment.layers.len().saturating_sub(1);
        if self.all_hidden { 0..hidden } else { self.layer..self.layer + 1 }
    }

    /// The value that a parameter has in `experiment`; none where it follows another, or lacks it.
    #[must_use]
    pub fn value(self, experiment: &Experiment) -> Option<&Value> {
        let param = self.param?;
        let pick = self.row.own_pick(experiment, self.layer)?;
        pick.params().find(|(own, _)| own.key == param.key).map(|(_, value)| value)
    }

    /// Sets a parameter in the layers that it is of, wherever the pick there has it. What goes together
    /// is not checked.
    pub(crate) fn set(self, experiment: &mut Experiment, value: &Value) {
        for layer in self.layers(experiment) {
            let own = Self { layer, ..self };
            let Some(param) = self.param.filter(|_| own.value(experiment).is_some()) else {
                continue;
            };
            let Some(mut pick) = self.row.own_pick(experiment, layer).cloned() else { continue };
            // A value that is out of its range is left out.
            if pick.set(param.key, value.clone()).is_ok() {
                self.row.set_pick(experiment, layer, Some(pick));
            }
        }
    }

    /// True if it is of all hidden layers and they differ in it.
    #[must_use]
    pub fn is_mixed(self, experiment: &Experiment) -> bool {
        let unlike = |at| !self.row.equal(experiment, experiment, (self.layer, at));
        self.all_hidden && self.layers(experiment).any(unlike)
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        let key = |place: &Self| (place.row.section, place.row.key, place.layer, place.all_hidden);
        key(self) == key(other) && self.param.map(|p| p.key) == other.param.map(|p| p.key)
    }
}

impl Eq for Place {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all_hidden {
            write!(f, "layers.{HIDDEN}.{}", self.row.key)?;
        } else {
            write!(f, "{}", self.row.path_at(self.layer))?;
        }
        self.param.map_or(Ok(()), |param| write!(f, ".{}", param.key))
    }
}

/// A setting together with the experiment whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The setting.
    pub place: Place,
    experiment: &'a Experiment,
}

impl Setting<'_> {
    /// Its path: `layers.2.activation`, `optimizer.lr`.
    #[must_use]
    pub fn path(&self) -> String {
        self.place.to_string()
    }

    /// Its name in prose; a parameter's is its key.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.place.param.map_or(self.place.row.label, |param| param.key)
    }

    /// Its meaning, in one line.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.place.param.map_or(self.place.row.help, |param| param.meaning)
    }

    /// Its value as it is typed. A layer that follows the default optimizer has that one's
    /// parameters.
    #[must_use]
    pub fn text(&self) -> String {
        let Place { row, layer, param, .. } = self.place;
        match param {
            Some(param) => row
                .pick(self.experiment, layer)
                .map_or_else(String::new, |pick| pick.get(param.key).to_string()),
            None => row.text(self.experiment, layer),
        }
    }

    /// True if its value is the default; never of what has to be given. A parameter of the default
    /// optimizer is at its default in a layer that follows it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default_beside(&super::defaults(self.experiment))
    }

    /// As [`Setting::is_default`], given the [`defaults`](super::defaults) of its experiment.
    fn is_default_beside(&self, defaults: &Experiment) -> bool {
        let Place { row, layer, param, .. } = self.place;
        match param {
            Some(param) => row
                .own_pick(self.experiment, layer)
                .is_none_or(|pick| *pick.get(param.key) == Value::from(param.default)),
            None => row.is_default(self.experiment, defaults, layer),
        }
    }

    /// The effect of a change; that of `seed`, units and activations may depend on the values
    /// ([`super::Row::effect_of`]).
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.place.row.effect
    }
}

/// All settings of `experiment` in the order of a form: the layers from the input on, then data,
/// training, optimizer and schedule, seed and texts. The parameters of a pick follow it.
pub fn of(experiment: &Experiment) -> impl Iterator<Item = Setting<'_>> {
    let layers = (0..experiment.layers.len())
        .flat_map(|layer| Section::Layers.rows().map(move |row| (row, layer)));
    let in_section = |section: Section| section.rows().map(|row| (row, 0));
    let applies = |row: &Row, layer: usize| row.layers(experiment).contains(&layer);
    let root = |pick: bool| {
        in_section(Section::Root).filter(move |(row, _)| row.picks().is_some() == pick)
    };
    let (data, rest): (Vec<_>, Vec<_>) =
        root(true).partition(|(row, _)| matches!(row.kind, super::ValueKind::Dataset));
    layers
        .chain(data)
        .chain(in_section(Section::Data))
        .chain(in_section(Section::Train))
        .chain(rest)
        .chain(root(false))
        .filter(move |(row, layer)| applies(row, *layer))
        .flat_map(move |(row, layer)| places(experiment, row, layer))
        .map(move |place| Setting { place, experiment })
}

/// The settings of all hidden layers at once, if there are any: those of the first, of which a change
/// is one of all.
#[must_use]
pub fn of_hidden(experiment: &Experiment) -> Vec<Place> {
    if experiment.layers.len() < 2 {
        return Vec::new();
    }
    let places = Section::Layers.rows().flat_map(|row| places(experiment, row, 0));
    places.map(|place| Place { all_hidden: true, ..place }).collect()
}

/// The settings of `experiment` that are not at their defaults, and those that have none, in the
/// order of [`of`].
#[must_use]
pub fn changed(experiment: &Experiment) -> Vec<Place> {
    let defaults = super::defaults(experiment);
    let changed = of(experiment).filter(|setting| !setting.is_default_beside(&defaults));
    changed.map(|setting| setting.place).collect()
}

/// A row in a layer, and the parameters of what it picks.
fn places(experiment: &Experiment, row: &'static Row, layer: usize) -> Vec<Place> {
    let params: &[Param] = row.pick(experiment, layer).map_or(&[], |pick| pick.card().params);
    let place = |param| Place { row, layer, param, all_hidden: false };
    [place(None)].into_iter().chain(params.iter().map(|param| place(Some(param)))).collect()
}

/// The setting at `path` in `experiment`, layers counted from 1.
///
/// # Errors
/// There is none, with the nearest path.
pub fn find(experiment: &Experiment, path: &str) -> Result<Place, String> {
    if let Some(setting) = of(experiment).find(|setting| setting.path() == path) {
        return Ok(setting.place);
    }
    if let Some(place) = of_hidden(experiment).into_iter().find(|place| place.to_string() == path) {
        return Ok(place);
    }
    let number = path.strip_prefix("layers.").and_then(|rest| rest.split('.').next());
    if let Some(number) = number.and_then(|number| number.parse::<usize>().ok())
        && !(1..=experiment.layers.len()).contains(&number)
    {
        return Err(format!("there is no layer {number}"));
    }
    let paths: Vec<_> = of(experiment).map(|setting| setting.path()).collect();
    let hint = nearest(path, paths.iter().map(String::as_str))
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(format!("there is no setting `{path}`{hint}"))
}

/// A setting of experiments in general.
#[derive(Clone, Debug)]
pub enum Named {
    /// A row of the table.
    Row(&'static Row),
    /// A parameter of what a row picks, in each entry that has it.
    Param(&'static Row, Vec<(&'static Card, &'static Param)>),
}

/// The setting at `path`, where a layer's number may be `*` or left out: `layers.1.units`,
/// `layers.*.units`, `layers.units`, `optimizer.lr`.
#[must_use]
pub fn look_up(path: &str) -> Option<Named> {
    let parts: Vec<_> = path.split('.').collect();
    let number = |part: &&str| *part == "*" || part.parse::<usize>().is_ok();
    let parts = match parts.as_slice() {
        ["layers", layer, rest @ ..] if number(layer) => [&["layers"], rest].concat(),
        _ => parts,
    };
    let joined = parts.join(".");
    let general = |row: &Row| row.path().replace("layers.*", "layers");
    if let Some(row) = ROWS.iter().find(|row| general(row) == joined) {
        return Some(Named::Row(row));
    }
    let (parent, key) = joined.rsplit_once('.')?;
    let row = ROWS.iter().find(|row| general(row) == parent)?;
    let cards = row.picks()?.cards().into_iter();
    let params = cards.flat_map(|card| card.params.iter().map(move |param| (card, param)));
    let found: Vec<_> = params.filter(|(_, param)| param.key == key).collect();
    (!found.is_empty()).then_some(Named::Param(row, found))
}
