//! The value of a row in an experiment: as text, beside its default, and checked.

use std::path::Path;

use super::{Absent, Row, Section, ValueKind};
use crate::catalog;
use crate::data::Features;
use crate::data::csv::{Options, join_names, split_names};
use crate::experiment::{DataSource, Experiment};
use crate::spec::{Pick, Plain, Range, nearest};

impl Row {
    /// Its path, with `*` for the number of a layer: `train.ema`, `layers.*.units`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.section {
            Section::Layers => format!("layers.*.{}", self.key),
            _ => self.path_at(0),
        }
    }

    /// Its path in the layer of this index.
    pub(in crate::experiment) fn path_at(&self, layer: usize) -> String {
        match (self.section, self.section.key()) {
            (Section::Layers, Some(section)) => format!("{section}.{}.{}", layer + 1, self.key),
            (_, Some(section)) => format!("{section}.{}", self.key),
            (_, None) => self.key.to_owned(),
        }
    }

    /// The indices of the layers in which `experiment` has it: a single 0 outside of layers, and
    /// none if it does not apply.
    pub(in crate::experiment) fn layers(&self, experiment: &Experiment) -> std::ops::Range<usize> {
        let from_file = matches!(experiment.data.source, DataSource::Csv { .. });
        match (self.section, &self.kind) {
            (Section::Layers, _) => 0..experiment.layers.len(),
            (_, ValueKind::Dataset) => 0..usize::from(!from_file),
            (_, kind) if kind.is_of_csv() => 0..usize::from(from_file),
            (_, ValueKind::Features(_)) => 0..usize::from(experiment.data.columns().is_plane()),
            _ => 0..1,
        }
    }

    /// True of the seeds, the length of the run and how often it is looked at: with others it is the
    /// same experiment again.
    pub(in crate::experiment) fn is_of_repetition(&self) -> bool {
        self.key == "seed"
            || self.key.ends_with("_seed")
            || ["steps", "eval_every"].contains(&self.key)
    }

    /// The kind of catalog entry that it picks, if it does.
    #[must_use]
    pub const fn picks(&self) -> Option<catalog::Kind> {
        match self.kind {
            ValueKind::Pick { kind, .. } | ValueKind::OptionalPick { kind, .. } => Some(kind),
            ValueKind::Dataset => Some(catalog::Kind::Dataset),
            _ => None,
        }
    }

    /// The words for its absence, if it may be absent.
    #[must_use]
    pub const fn absent(&self) -> Option<Absent> {
        match self.kind {
            ValueKind::Whole { absent, .. } | ValueKind::Real { absent, .. } => absent,
            ValueKind::OptionalPick { absent, .. } => Some(absent),
            _ => None,
        }
    }

    /// The values that it may take, in words.
    #[must_use]
    pub fn values(&self) -> String {
        let or_absent = |values: String| match self.absent() {
            Some(Absent { word, .. }) if word != "0" => format!("{values}; or {word}"),
            _ => values,
        };
        match &self.kind {
            ValueKind::Text { .. } => "text".to_owned(),
            ValueKind::Whole { range, .. } => or_absent(format!("whole, {range}")),
            ValueKind::Real { range, .. } => or_absent(range.to_string()),
            ValueKind::Pick { kind, .. } | ValueKind::OptionalPick { kind, .. } => {
                or_absent(format!("{} {}", article(kind.noun()), kind.noun()))
            }
            ValueKind::Features(_) => format!("of {}", Features::all_names().join(", ")),
            ValueKind::Dataset => "a dataset".to_owned(),
            ValueKind::CsvFile => "a file".to_owned(),
            ValueKind::CsvTarget => "a column".to_owned(),
            ValueKind::CsvChoice { words, .. } => words().join(", "),
            ValueKind::CsvNames { .. } => "columns, joined by colons".to_owned(),
        }
    }

    /// The default in words.
    #[must_use]
    pub fn default_words(&self) -> String {
        if !self.default.is_empty() {
            return self.default.to_owned();
        }
        let plain = super::plain();
        let text = self.layers(&plain).next().map(|layer| self.text(&plain, layer));
        text.filter(|text| !text.is_empty()).unwrap_or_else(|| "none".to_owned())
    }

    /// The picked entry in force, the default optimizer in a layer that has none of its own.
    #[must_use]
    pub fn pick<'a>(&self, experiment: &'a Experiment, layer: usize) -> Option<&'a Pick> {
        match &self.kind {
            ValueKind::Pick { of, .. } => Some((of.get)(experiment, layer)),
            ValueKind::OptionalPick { in_force, .. } => in_force(experiment, layer),
            ValueKind::Dataset => match &experiment.data.source {
                DataSource::Named(pick) => Some(pick),
                DataSource::Csv { .. } => None,
            },
            _ => None,
        }
    }

    /// The picked entry, if it has one of its own.
    pub(in crate::experiment) fn own_pick<'a>(
        &self,
        experiment: &'a Experiment,
        layer: usize,
    ) -> Option<&'a Pick> {
        match &self.kind {
            ValueKind::OptionalPick { of, .. } => (of.get)(experiment, layer).as_ref(),
            _ => self.pick(experiment, layer),
        }
    }

    /// Its value as it is typed.
    #[must_use]
    pub fn text(&self, experiment: &Experiment, layer: usize) -> String {
        let word = || self.absent().map_or("", |absent| absent.word).to_owned();
        match &self.kind {
            ValueKind::Text { of, .. } => (of.get)(experiment, layer).raw().to_owned(),
            ValueKind::Whole { get, .. } => {
                get(experiment, layer).map_or_else(word, |whole| whole.to_string())
            }
            ValueKind::Real { of, .. } => match *(of.get)(experiment, layer) {
                0.0 if self.absent().is_some() => word(),
                real => Plain(real).to_string(),
            },
            ValueKind::Pick { .. } | ValueKind::OptionalPick { .. } | ValueKind::Dataset => {
                self.own_pick(experiment, layer).map_or_else(word, Pick::to_string)
            }
            ValueKind::Features(of) => (of.get)(experiment, layer).to_string(),
            ValueKind::CsvFile
            | ValueKind::CsvTarget
            | ValueKind::CsvChoice { .. }
            | ValueKind::CsvNames { .. } => match &experiment.data.source {
                DataSource::Csv { path, options, .. } => self.csv_text(path, options),
                DataSource::Named(_) => String::new(),
            },
        }
    }

    /// The value of a setting of a CSV file as it is typed.
    fn csv_text(&self, path: &Path, options: &Options) -> String {
        match &self.kind {
            ValueKind::CsvFile => path.to_string_lossy().into_owned(),
            ValueKind::CsvTarget => options.target.clone(),
            ValueKind::CsvChoice { get, .. } => get(options),
            ValueKind::CsvNames { get, .. } => match get(options).as_slice() {
                [] => "none".to_owned(),
                // Beside an empty name, so that it is no list of nothing.
                [only] if only == "none" => "none:".to_owned(),
                names => join_names(names),
            },
            _ => String::new(),
        }
    }

    /// Sets how a CSV file is read to what is typed.
    ///
    /// # Errors
    /// What is wrong, and what would be right.
    pub(in crate::experiment) fn set_csv(
        &self,
        options: &mut Options,
        text: &str,
    ) -> Result<(), (String, String)> {
        match &self.kind {
            ValueKind::CsvTarget => text.clone_into(&mut options.target),
            ValueKind::CsvNames { get_mut, .. } => {
                *get_mut(options) = if text == "none" { Vec::new() } else { split_names(text) };
            }
            ValueKind::CsvChoice { words, set, .. } if !set(options, text) => {
                let words = words();
                let near = nearest(text, words.iter().copied());
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                let help = format!("{near}it may be {}", words.join(", "));
                return Err((format!("`{}` cannot be `{text}`", self.key), help));
            }
            _ => {}
        }
        Ok(())
    }

    /// Its value for a reader: as it is typed, but the absent in words.
    pub(in crate::experiment) fn shown(&self, experiment: &Experiment, layer: usize) -> String {
        match self.absent() {
            Some(absent) if self.is_absent(experiment, layer) => absent.shown.to_owned(),
            _ => self.text(experiment, layer),
        }
    }

    /// True if it has no value, so that a file leaves it out.
    pub(in crate::experiment) fn is_absent(&self, experiment: &Experiment, layer: usize) -> bool {
        match &self.kind {
            ValueKind::Text { of, .. } => (of.get)(experiment, layer).is_empty(),
            ValueKind::Whole { get, .. } => get(experiment, layer).is_none(),
            ValueKind::Real { of, absent, .. } => {
                absent.is_some() && *(of.get)(experiment, layer) == 0.0
            }
            // A schedule that is none, and the plain kind of layer.
            ValueKind::Pick { of, .. } => {
                ["none", "dense"].contains(&(of.get)(experiment, layer).key())
            }
            ValueKind::OptionalPick { of, .. } => (of.get)(experiment, layer).is_none(),
            ValueKind::Features(of) => (of.get)(experiment, layer).are_plain(),
            ValueKind::CsvChoice { .. } | ValueKind::CsvNames { .. } => {
                let text = self.text(experiment, layer);
                text.is_empty() || text == self.csv_text(Path::new(""), &Options::default())
            }
            ValueKind::Dataset | ValueKind::CsvFile | ValueKind::CsvTarget => false,
        }
    }

    /// True if it has to be given, so that no value is its default.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.starts_with("required")
            || matches!(self.kind, ValueKind::CsvFile | ValueKind::CsvTarget)
    }

    /// True if its value is that of `defaults`, which are [`super::defaults`] of `experiment`.
    pub(in crate::experiment) fn is_default(
        &self,
        experiment: &Experiment,
        defaults: &Experiment,
        layer: usize,
    ) -> bool {
        !self.is_required() && self.equal(experiment, defaults, (layer, layer))
    }

    /// True if two experiments have it alike, in these layers.
    pub(in crate::experiment) fn equal(
        &self,
        old: &Experiment,
        new: &Experiment,
        (i, j): (usize, usize),
    ) -> bool {
        match &self.kind {
            ValueKind::Text { of, .. } => (of.get)(old, i) == (of.get)(new, j),
            ValueKind::Whole { get, .. } => get(old, i) == get(new, j),
            ValueKind::Real { of, .. } => (of.get)(old, i) == (of.get)(new, j),
            ValueKind::Pick { of, .. } => (of.get)(old, i) == (of.get)(new, j),
            ValueKind::OptionalPick { of, .. } => (of.get)(old, i) == (of.get)(new, j),
            ValueKind::Features(of) => (of.get)(old, i) == (of.get)(new, j),
            ValueKind::Dataset
            | ValueKind::CsvFile
            | ValueKind::CsvTarget
            | ValueKind::CsvChoice { .. }
            | ValueKind::CsvNames { .. } => self.text(old, i) == self.text(new, j),
        }
    }

    /// The effect of its change between two experiments, in these layers.
    pub(in crate::experiment) fn effect_in(
        &self,
        old: &Experiment,
        new: &Experiment,
        pair: (usize, usize),
    ) -> super::Effect {
        self.effect_of.map_or(self.effect, |effect| effect(old, new, pair))
    }

    /// Sets what it picks, where that is a field of the experiment.
    pub(in crate::experiment) fn set_pick(
        &self,
        experiment: &mut Experiment,
        layer: usize,
        pick: Option<Pick>,
    ) {
        match (&self.kind, pick) {
            (ValueKind::Pick { of, .. }, Some(pick)) => *(of.get_mut)(experiment, layer) = pick,
            (ValueKind::OptionalPick { of, .. }, pick) => *(of.get_mut)(experiment, layer) = pick,
            (ValueKind::Dataset, Some(pick)) => experiment.data.source = DataSource::Named(pick),
            _ => {}
        }
    }

    /// Checks the range of a number and the parameters of a pick.
    ///
    /// # Errors
    /// The values that would be right.
    pub(super) fn check_value(&self, experiment: &Experiment, layer: usize) -> Result<(), String> {
        let within = |range: Range, x: f64| {
            let wrong = || format!("`{}` must be {range}", self.key);
            if range.contains(x) { Ok(()) } else { Err(wrong()) }
        };
        match &self.kind {
            ValueKind::Whole { range, get, .. } => {
                get(experiment, layer).map_or(Ok(()), |whole| within(*range, whole as f64))
            }
            ValueKind::Real { range, of, .. } => within(*range, *(of.get)(experiment, layer)),
            _ => self
                .own_pick(experiment, layer)
                .map_or(Ok(()), |pick| catalog::check(pick).map_err(|error| error.to_string())),
        }
    }
}

/// The article before a word.
fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
