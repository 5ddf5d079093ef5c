//! Edits: each gives another valid experiment, or says why there is none.

use super::fit::{self, standard, suitable_loss};
use super::limit;
use super::{DataSource, Experiment, LayerSpec};
use crate::catalog::{self, Kind};
use crate::data::Task;
use crate::spec::{Pick, Value};

/// The edited experiment, or what would be wrong with it and what would be right.
type Edited = Result<Experiment, String>;

impl Experiment {
    /// With another number of units in layer `at`.
    ///
    /// # Errors
    /// At the output layer, whose units follow from the data; or if out of range.
    pub fn with_units(&self, at: usize, units: usize) -> Edited {
        limit::UNITS.check(units as f64)?;
        self.with_layer(at, |layer| layer.units = units)
    }

    /// With a copy of the hidden layer `at` after it. At the output layer, a copy of the layer
    /// before goes in before: the output stays last.
    ///
    /// # Errors
    /// If there would be too many layers or weights.
    pub fn with_layer_after(&self, at: usize) -> Edited {
        let output = self.layers.len().saturating_sub(1);
        let copy = match self.layers.get(at.min(output.saturating_sub(1))) {
            Some(layer) if output > 0 => layer.clone(),
            _ => LayerSpec {
                units: 8,
                activation: standard(Kind::Activation, "relu"),
                init: None,
                optimizer: None,
            },
        };
        self.edited(|it| it.layers.insert((at + 1).min(output), copy))
    }

    /// Without layer `at`.
    ///
    /// # Errors
    /// At the output layer.
    pub fn without_layer(&self, at: usize) -> Edited {
        if at + 1 >= self.layers.len() {
            return Err("the output layer cannot be removed".to_owned());
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

    /// With another initializer in layer `at`, or the one that suits its activation.
    ///
    /// # Errors
    /// If there is no such layer.
    pub fn with_init(&self, at: usize, init: Option<Pick>) -> Edited {
        self.with_layer(at, |layer| layer.init = init)
    }

    /// With another optimizer in layer `at`, or the default one.
    ///
    /// # Errors
    /// If its parameters do not go together.
    pub fn with_layer_optimizer(&self, at: usize, optimizer: Option<Pick>) -> Edited {
        optimizer.as_ref().map_or(Ok(()), sound)?;
        self.with_layer(at, |layer| layer.optimizer = optimizer)
    }

    /// With another default optimizer.
    ///
    /// # Errors
    /// If its parameters do not go together.
    pub fn with_optimizer(&self, optimizer: Pick) -> Edited {
        sound(&optimizer)?;
        self.edited(|it| it.optimizer = optimizer)
    }

    /// With every learning rate multiplied by `factor`.
    ///
    /// # Errors
    /// If a rate would be out of range.
    pub fn with_rates_scaled(&self, factor: f64) -> Edited {
        let mut it = self.clone();
        let own = it.layers.iter_mut().filter_map(|layer| layer.optimizer.as_mut());
        for pick in own.chain([&mut it.optimizer]) {
            let rate = rounded(pick.number("lr") * factor);
            pick.set("lr", Value::Number(rate)).map_err(|error| error.to_string())?;
        }
        Ok(it)
    }

    /// With other data. Where the output layer or the loss does not suit it, they are replaced by
    /// ones that do: softmax and cross_entropy for classes, identity and mse for values.
    ///
    /// # Errors
    /// If its parameters do not go together.
    pub fn with_data(&self, source: DataSource) -> Edited {
        let mut it = self.clone();
        it.data.source = source;
        if let Err(issue) = fit::check(&it)
            && (issue.place == "train.loss" || issue.place.starts_with("layers."))
        {
            it.suit_data();
        }
        it.edited(|_| ())
    }

    /// With another value of one parameter of a named data set, such as `noise`.
    ///
    /// # Errors
    /// If the data has no such parameter, or it is out of range.
    pub fn with_data_param(&self, key: &str, value: Value) -> Edited {
        let DataSource::Named(pick) = &self.data.source else {
            return Err(format!("`{}` has no parameters", self.data.label()));
        };
        let mut pick = pick.clone();
        pick.set(key, value).map_err(|error| error.to_string())?;
        self.with_data(DataSource::Named(pick))
    }

    /// With another loss.
    ///
    /// # Errors
    /// If it does not suit the data.
    pub fn with_loss(&self, loss: Pick) -> Edited {
        self.edited(|it| it.train.loss = loss)
    }

    /// With another number of samples a step.
    ///
    /// # Errors
    /// If out of range.
    pub fn with_batch_size(&self, batch_size: usize) -> Edited {
        limit::BATCH_SIZE.check(batch_size as f64)?;
        self.edited(|it| it.train.batch_size = batch_size)
    }

    /// With another budget.
    ///
    /// # Errors
    /// If out of range.
    pub fn with_steps(&self, steps: u64) -> Edited {
        limit::STEPS.check(steps as f64)?;
        self.edited(|it| it.train.steps = steps)
    }

    /// With another share of rows held out.
    ///
    /// # Errors
    /// If out of range.
    pub fn with_test_fraction(&self, test_fraction: f64) -> Edited {
        limit::TEST_FRACTION.check(test_fraction)?;
        self.edited(|it| it.data.test_fraction = test_fraction)
    }

    /// With another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    fn with_layer(&self, at: usize, edit: impl FnOnce(&mut LayerSpec)) -> Edited {
        if at >= self.layers.len() {
            return Err(format!("there is no layer {}", at + 1));
        }
        self.edited(|it| edit(&mut it.layers[at]))
    }

    fn edited(&self, edit: impl FnOnce(&mut Self)) -> Edited {
        let mut it = self.clone();
        edit(&mut it);
        match fit::check(&it) {
            Ok(_) => Ok(it),
            Err(issue) => Err(format!("{}: {}", issue.message, issue.help)),
        }
    }

    fn suit_data(&mut self) {
        let (units, activation) = match self.data.task() {
            Task::Classes(classes) => (classes, "softmax"),
            Task::Values(values) => (values, "identity"),
        };
        if let Some(output) = self.layers.last_mut() {
            output.units = units;
            output.activation = standard(Kind::Activation, activation);
        }
        self.train.loss = suitable_loss(self.data.task(), units);
    }
}

fn sound(pick: &Pick) -> Result<(), String> {
    catalog::check(pick).map_err(|error| error.to_string())
}

/// The number to 12 digits: 0.07 × 0.1 is shown as 0.007, as a person would write it.
pub(super) fn rounded(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}
