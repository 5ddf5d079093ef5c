//! Edits: each gives another valid experiment, or says why there is none.

use std::fmt;

use super::check::{self, standard, suitable_loss};
use super::settings::{self, Ladder, Place, ValueKind, Way, ladder};
use super::{DataSource, Experiment, LayerSpec, wording};
use crate::catalog;
use crate::data::{FEATURE_SETS, Features, Task};
use crate::spec::{Param, Pick, PickError, Value};

/// The largest seed that TOML can hold, of 63 bits set.
const MOST_SEED: u64 = i64::MAX as u64;

/// The edited experiment, or why there is none.
type Edited = Result<Experiment, Refused>;

/// An edit that is not possible.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The mistake, and what would be right.
    pub reason: String,
    /// The experiment that was wanted, if each of its settings by itself is right: others can make it
    /// valid ([`Experiment::offers`]).
    pub wanted: Option<Box<Experiment>>,
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self { reason, wanted: None }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Experiment {
    /// With a copy of the hidden layer `at` after it. At the output layer, a copy of the layer
    /// before goes in before: the output stays last.
    ///
    /// # Errors
    /// If there would be too many layers or weights.
    pub fn with_layer_after(&self, at: usize) -> Edited {
        let output = self.layers.len().saturating_sub(1);
        let copy = match self.layers.get(at.min(output.saturating_sub(1))) {
            Some(layer) if output > 0 => layer.clone(),
            _ => LayerSpec::new(8, standard(catalog::Kind::Activation, "relu")),
        };
        self.edited(|it| it.layers.insert((at + 1).min(output), copy))
    }

    /// Without layer `at`.
    ///
    /// # Errors
    /// At the output layer.
    pub fn without_layer(&self, at: usize) -> Edited {
        if at + 1 >= self.layers.len() {
            return Err("the output layer cannot be removed".to_owned().into());
        }
        self.edited(|it| {
            it.layers.remove(at);
        })
    }

    /// With another activation in layer `at`.
    ///
    /// # Errors
    /// If it does not give as many outputs as the data needs.
    pub fn with_activation(&self, at: usize, activation: Pick) -> Edited {
        self.with_layer(at, |layer| layer.activation = activation)
    }

    /// With one optimizer for all layers.
    ///
    /// # Errors
    /// If it does not suit the experiment.
    pub fn with_one_optimizer(&self, optimizer: Pick) -> Edited {
        self.edited(|it| {
            it.optimizer = optimizer;
            it.layers.iter_mut().for_each(|layer| layer.optimizer = None);
        })
    }

    /// With every learning rate multiplied by `factor`, those that the schedule names included.
    ///
    /// # Errors
    /// If a rate would be out of range.
    pub fn with_rates_scaled(&self, factor: f64) -> Edited {
        let mut it = self.clone();
        let own = it.layers.iter_mut().filter_map(|layer| layer.optimizer.as_mut());
        for pick in own.chain([&mut it.optimizer]) {
            let rate = super::rounded(pick.number("lr") * factor);
            pick.set("lr", Value::Number(rate)).map_err(|error| error.to_string())?;
        }
        for key in catalog::schedule(&it.schedule).rates {
            let rate = Value::Number(super::rounded(it.schedule.number(key) * factor));
            it.schedule.set(key, rate).map_err(|error| error.to_string())?;
        }
        wording::reword(self, &mut it);
        Ok(it)
    }

    /// With other data. Where the output layer or the loss does not suit it, they are replaced by
    /// ones that do: softmax and cross_entropy for classes, identity and mse for values; recurrent
    /// layers by dense ones of tanh where there is no sequence; and features by the plain ones where
    /// there is no plane.
    ///
    /// # Errors
    /// If its parameters do not go together.
    pub fn with_data(&self, source: DataSource) -> Edited {
        let mut suited = self.clone();
        suited.data.source = source;
        if !suited.data.columns().is_plane() {
            suited.data.features = Features::default();
        }
        if let Err(issue) = check::check(&suited)
            && (issue.place == "train.loss" || issue.place.starts_with("layers."))
        {
            suited.suit_data();
        }
        self.edited(|it| *it = suited)
    }

    /// With another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// With new weights and batches on the same data: the seed of the data is kept apart, and the next
    /// one is the seed of all else.
    #[must_use]
    pub fn with_new_weights(&self) -> Self {
        let mut it = self.with_seed(self.seed.wrapping_add(1) & MOST_SEED);
        it.data.seed = Some(self.data_seed());
        for own in [&mut it.train.init_seed, &mut it.train.batch_seed].into_iter().flatten() {
            *own = own.wrapping_add(1) & MOST_SEED;
        }
        it
    }

    /// With new data, or another split of given ones, under the same weights and batches.
    #[must_use]
    pub fn with_new_data(&self) -> Self {
        let mut it = self.clone();
        it.data.seed = Some(self.data_seed().wrapping_add(1) & MOST_SEED);
        it
    }

    /// With the setting at `path` as typed: `layers.2.activation`, `relu`. The output layer and the
    /// loss follow the data as in [`Experiment::with_data`], and a layer whose optimizer is assigned a
    /// parameter gets an optimizer of its own.
    ///
    /// # Errors
    /// There is no such setting, or the value is not possible.
    pub fn assign(&self, path: &str, text: &str) -> Edited {
        let place = settings::find(self, path)?;
        let Place { row, param, .. } = place;
        let text = text.trim();
        if let Some(param) = param {
            return self.with_param(place, param, |pick| pick.set_text(param.key, text));
        }
        match (&row.kind, row.picks()) {
            (_, Some(_)) if row.absent().is_some_and(|absent| absent.word == text) => {
                self.with_pick(place, None)
            }
            (_, Some(kind)) => {
                self.with_pick(place, Some(kind.parse(text).map_err(|error| error.to_string())?))
            }
            (kind, None) if kind.is_of_csv() => self.with_csv(row, text),
            (ValueKind::Whole { .. }, None) => {
                // As people write large numbers.
                self.overridden(place, &text.replace(['_', ','], ""))
            }
            _ => self.overridden(place, text),
        }
    }

    /// With the next or previous value on the ladder of the setting at `path`.
    ///
    /// # Errors
    /// There is no such setting, it has no ladder, or no value along it is possible.
    pub fn nudge(&self, path: &str, way: Way) -> Edited {
        let place = settings::find(self, path)?;
        let Place { row, layer, param, .. } = place;
        if let Some(param) = param {
            return self.with_param(place, param, |pick| {
                let next = match (param.key, pick.get(param.key)) {
                    ("lr", Value::Number(lr)) => Value::Number(ladder::one_two_five(*lr, way)),
                    (_, value) => ladder::next_value(param, value, way),
                };
                pick.set(param.key, next)
            });
        }
        match (row.ladder, &row.kind) {
            (Ladder::Entries, _) => self.next_entry(place, way),
            (Ladder::EntriesAndNone, _) => self.next_entry_or_none(place, way),
            (Ladder::Words, ValueKind::CsvChoice { words, .. }) => {
                let (words, word) = (words(), row.text(self, layer));
                let here = words.iter().position(|it| *it == word).unwrap_or(0);
                self.with_csv(row, words[ladder::around(here, words.len(), way)])
            }
            (_, ValueKind::Features(of)) => {
                let now = (of.get)(self, layer).to_string();
                let here = FEATURE_SETS.iter().position(|set| *set == now).unwrap_or(0);
                self.overridden(place, FEATURE_SETS[ladder::around(here, FEATURE_SETS.len(), way)])
            }
            (ladder, ValueKind::Whole { absent, get, set, .. }) => {
                let next = ladder::next_whole(ladder, get(self, layer), absent.is_some(), way);
                self.edited_in(place, |it, at| set(it, at, next))
            }
            (ladder, ValueKind::Real { of, .. }) => {
                let next = ladder::next_real(ladder, *(of.get)(self, layer), way);
                self.edited_in(place, |it, at| *(of.get_mut)(it, at) = next)
            }
            _ => Err("this field takes a value: ⏎".to_owned().into()),
        }
    }

    /// With another setting of its CSV file, which is read again; the output layer and the loss follow
    /// the data as in [`Experiment::with_data`].
    fn with_csv(&self, row: &settings::Row, text: &str) -> Edited {
        let DataSource::Csv { path, options, .. } = &self.data.source else {
            return Err(format!("`{}` is for a CSV file", row.key).into());
        };
        let (mut path, mut options) = (path.clone(), options.clone());
        match row.kind {
            ValueKind::CsvFile => path = text.into(),
            _ => row
                .set_csv(&mut options, text)
                .map_err(|(message, help)| format!("{message}: {help}"))?,
        }
        self.with_data(DataSource::csv(path, options).map_err(|error| error.to_string())?)
    }

    /// With one setting as `--set` takes it.
    fn overridden(&self, place: Place, text: &str) -> Edited {
        let assignment = format!("{place}={text}");
        self.changed_by(&assignment).map_err(|error| Refused {
            reason: match error.advice() {
                Some(advice) => format!("{}: {advice}", error.message()),
                None => error.message().to_owned(),
            },
            wanted: error.refused().cloned().map(Box::new),
        })
    }

    /// With another pick at `place`, or none. A layer's optimizer that equals the default one is
    /// none, so that the layer follows it.
    ///
    /// # Errors
    /// If it does not suit the experiment.
    pub fn with_pick(&self, place: Place, pick: Option<Pick>) -> Edited {
        let row = place.row;
        match (&row.kind, pick) {
            (ValueKind::Dataset, Some(pick)) => self.with_data(DataSource::Named(pick)),
            (ValueKind::OptionalPick { kind: catalog::Kind::Optimizer, .. }, pick) => {
                let own = pick.filter(|pick| *pick != self.optimizer);
                self.edited_in(place, |it, at| row.set_pick(it, at, own.clone()))
            }
            (_, pick) => self.edited_in(place, |it, at| row.set_pick(it, at, pick.clone())),
        }
    }

    /// With another parameter of the pick in force at `place`.
    fn with_param(
        &self,
        place: Place,
        param: &Param,
        set: impl FnOnce(&mut Pick) -> Result<(), PickError>,
    ) -> Edited {
        let Some(mut pick) = place.row.pick(self, place.layer).cloned() else {
            return Err(format!("there is no `{}`", param.key).into());
        };
        set(&mut pick).map_err(|error| error.to_string())?;
        self.with_pick(place, Some(pick))
    }

    /// With the next entry of the catalog that suits the experiment.
    fn next_entry(&self, place: Place, way: Way) -> Edited {
        let (Some(kind), Some(pick)) = (place.row.picks(), place.row.pick(self, place.layer))
        else {
            return Err("this field takes a value: ⏎".to_owned().into());
        };
        let mut last = Err(format!("there is no other {}", kind.noun()).into());
        // Where none of the usual ones suits, any other may.
        for cards in [kind.cards_to_cycle(pick.key()), kind.cards_by_use()] {
            let mut index = cards.iter().position(|card| card.key == pick.key()).unwrap_or(0);
            for _ in 1..cards.len() {
                index = ladder::around(index, cards.len(), way);
                last = self.with_pick(place, Some(Pick::new(cards[index])));
                if last.is_ok() {
                    return last;
                }
            }
        }
        last
    }

    /// With the next in the circle of all entries of the catalog and none.
    fn next_entry_or_none(&self, place: Place, way: Way) -> Edited {
        let own = place.row.own_pick(self, place.layer);
        let present = own.map_or("", Pick::key);
        let cards = place.row.picks().map(|kind| kind.cards_to_cycle(present)).unwrap_or_default();
        let here = own.and_then(|own| cards.iter().position(|card| card.key == own.key()));
        // None comes after the last.
        let next = ladder::around(here.unwrap_or(cards.len()), cards.len() + 1, way);
        self.with_pick(place, cards.get(next).map(|card| Pick::new(card)))
    }

    fn with_layer(&self, at: usize, edit: impl FnOnce(&mut LayerSpec)) -> Edited {
        if at >= self.layers.len() {
            return Err(format!("there is no layer {}", at + 1).into());
        }
        self.edited(|it| edit(&mut it.layers[at]))
    }

    /// With an edit in each layer that `place` concerns.
    fn edited_in(&self, place: Place, edit: impl Fn(&mut Self, usize)) -> Edited {
        self.edited(|it| place.layers(self).for_each(|at| edit(it, at)))
    }

    fn edited(&self, edit: impl FnOnce(&mut Self)) -> Edited {
        let mut it = self.clone();
        edit(&mut it);
        settings::check_values(&it)?;
        wording::reword(self, &mut it);
        match check::check(&it) {
            Ok(_) => Ok(it),
            Err(issue) => Err(Refused {
                reason: format!("{}: {}", issue.message, issue.help),
                wanted: Some(Box::new(it)),
            }),
        }
    }

    fn suit_data(&mut self) {
        let (units, activation) = match self.data.task() {
            Task::Classes(classes) => (classes, "softmax"),
            Task::Values(values) => (values, "identity"),
        };
        if !self.data.extent().is_sequence() {
            for layer in self.layers.iter_mut().filter(|layer| layer.is_recurrent()) {
                let tanh = standard(catalog::Kind::Activation, "tanh");
                let dense = LayerSpec::new(layer.units, tanh);
                (layer.kind, layer.activation) = (dense.kind, dense.activation);
            }
        }
        if let Some(output) = self.layers.last_mut() {
            output.units = units;
            output.activation = standard(catalog::Kind::Activation, activation);
        }
        self.train.loss = suitable_loss(self.data.task(), units);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Kind;
    use crate::experiment::{parse_recipe, short_recipe};

    const BASE: &str = "spirals/16-tanh+normal@sgd:lr=0.07/2-softmax/optimizer=adam,lr=0.01";

    fn base() -> Experiment {
        recipe(BASE)
    }

    fn recipe(text: &str) -> Experiment {
        parse_recipe(text).unwrap_or_else(|error| panic!("{error}")).experiment
    }

    fn pick(kind: Kind, text: &str) -> Pick {
        kind.parse(text).unwrap()
    }

    #[test]
    fn edits_change_what_they_name() {
        let relu = || pick(Kind::Activation, "relu");
        for (edited, from, to) in [
            (base().assign("layers.1.units", "8"), "16-tanh", "8-tanh"),
            (base().with_activation(0, relu()), "16-tanh", "16-relu"),
            (base().assign("layers.1.init", "auto"), "+normal", ""),
            (base().assign("layers.1.init", "constant"), "normal", "constant"),
            (base().assign("layers.1.norm", "rms_norm"), "tanh+", "tanh+rms_norm+"),
            (base().assign("layers.1.dropout", "0.25"), "normal@", "normal+dropout=0.25@"),
            (base().assign("layers.1.optimizer", "default"), "@sgd:lr=0.07", ""),
            (base().assign("layers.2.optimizer", "adagrad"), "2-softmax", "2-softmax@adagrad"),
            (base().assign("optimizer", "adagrad"), "adam,lr=0.01", "adagrad"),
            (
                base().assign("schedule", "step:gamma=0.5"),
                "adam,lr=0.01",
                "adam,lr=0.01,schedule=step,gamma=0.5",
            ),
            (base().assign("train.loss", "mse"), "optimizer=", "loss=mse,optimizer="),
            (base().assign("train.batch_size", "1"), "optimizer=", "batch_size=1,optimizer="),
            (base().assign("train.steps", "9"), "optimizer=", "steps=9,optimizer="),
            (Ok(base().with_seed(9)), "optimizer=", "seed=9,optimizer="),
            (base().assign("data.noise", "0.2"), "spirals", "spirals:noise=0.2"),
        ] {
            let expected = BASE.replacen(from, to, 1);
            assert_ne!(expected, BASE);
            assert_eq!(short_recipe(&edited.unwrap()), expected);
        }
    }

    #[test]
    fn rates_scale_to_numbers_as_a_person_writes_them() {
        let scaled = base().with_rates_scaled(0.1).unwrap();
        let rates = [scaled.optimizer_of(0), scaled.optimizer_of(1)].map(|p| p.number("lr"));
        assert_eq!(rates, [0.007, 0.001]);
        let cycle = "xor/2/optimizer=sgd,lr=0.5,schedule=one_cycle,max_lr=0.7,pct_start=0.2";
        let scaled = recipe(cycle).with_rates_scaled(0.1).unwrap();
        let expected = cycle.replace("lr=0.5", "lr=0.05").replace("0.7", "0.07");
        assert_eq!(short_recipe(&scaled), expected);
        assert!(base().with_rates_scaled(f64::MAX).unwrap().with_rates_scaled(1e3).is_err());
    }

    #[test]
    fn layers_come_and_go_before_the_output() {
        let units = |it: &Experiment| it.layers.iter().map(|l| l.units).collect::<Vec<_>>();
        let three = recipe("xor/16-tanh/8-relu/2");
        assert_eq!(units(&three.with_layer_after(0).unwrap()), [16, 16, 8, 2]);
        assert_eq!(units(&three.with_layer_after(1).unwrap()), [16, 8, 8, 2]);
        assert_eq!(units(&three.with_layer_after(2).unwrap()), [16, 8, 8, 2]);
        assert_eq!(units(&recipe("xor/2").with_layer_after(0).unwrap()), [8, 2]);
        assert_eq!(units(&three.without_layer(0).unwrap()), [8, 2]);
        assert!(three.without_layer(2).is_err());
    }

    #[test]
    fn the_output_follows_the_data() {
        for (from, data, output) in [
            (BASE, "moons", "2-softmax cross_entropy"),
            (BASE, "digits", "10-softmax cross_entropy"),
            (BASE, "blobs:classes=5", "5-softmax cross_entropy"),
            (BASE, "sine", "1-identity mse"),
            ("sine/8-relu/1", "iris", "3-softmax cross_entropy"),
            ("xor/1-sigmoid", "moons", "1-sigmoid bce"),
            ("xor/2/loss=mse", "moons", "2-identity mse"),
        ] {
            let source = DataSource::Named(pick(Kind::Dataset, data));
            let it = recipe(from).with_data(source).unwrap();
            let last = it.layers.last().unwrap();
            let shown = format!("{}-{} {}", last.units, last.activation, it.train.loss);
            assert_eq!(shown, output, "{from} on {data}");
        }
        let five = recipe("blobs:classes=3/3").assign("data.classes", "5");
        assert_eq!(five.unwrap().outputs(), 5);
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_reason() {
        for (edited, reason) in [
            (base().assign("layers.2.units", "3"), "gives 3 outputs, but `spirals` has 2 classes"),
            (base().assign("layers.1.units", "0"), "`units` must be 1 to 65536"),
            (base().assign("layers.8.units", "1"), "there is no layer 8"),
            (
                base().assign("layers.1.dropout", "1.0"),
                "`dropout` must be 0 up to but not including 1",
            ),
            (base().assign("layers.2.dropout", "0.5"), "the output layer cannot drop out"),
            (base().assign("train.batch_size", "0"), "`batch_size` must be 1 to 1000000"),
            (base().assign("train.steps", "0"), "`steps` must be 1"),
            (base().assign("optimizer", "sgd:nesterov=true"), "sgd"),
            (base().assign("layers.1.optimizer", "sgd:nesterov=true"), "sgd"),
            (base().assign("data.noise", "-1.0"), "`noise` of `spirals`"),
            (
                base().assign("data.nois", "1.0"),
                "there is no setting `data.nois`; did you mean `data.noise`?",
            ),
            (recipe("sine/1").assign("train.loss", "bce"), "`bce` takes targets from 0 to 1"),
        ] {
            let error = edited.unwrap_err();
            assert!(error.reason.contains(reason), "{error}");
        }
    }
}
