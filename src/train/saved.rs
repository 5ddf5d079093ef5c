//! A trained network on disk: what predicting needs beside the weights.

use std::io::Cursor;

use ndarray::{Array1, Array2, Axis};
use ndarray_npy::NpzReader;
use serde::{Deserialize, Serialize};

use super::build::zero_network;
use super::engine::{Engine, Reading};
use super::predictor::Predictor;
use super::problem::Head;
use crate::catalog::{self, Kind};
use crate::data::csv::Schema;
use crate::data::{self, Extent, Features, Scaling, Target};
use crate::experiment::{DataSource, Experiment, LayerSpec};
use crate::hash::fnv1a;
use crate::nn::Layer;
use crate::nn::tensor::Role;
use crate::spec::Pick;
use crate::text::json;

/// The version of the format; others are refused.
const VERSION: u64 = 1;

/// A trained network but for its weights: how rows of a file become its inputs, its layers, and how
/// its outputs are read. It is kept as JSON beside the weights, and needs neither the data nor the
/// experiment that it was trained by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedModel {
    version: u64,
    /// A hash of the bytes of the file of weights, in hexadecimal.
    weights: String,
    /// The way from the cells of a file to features.
    pub schema: Schema,
    /// How each column is scaled.
    features: Vec<Scaling>,
    /// The inputs that are made of the two columns of a plane.
    #[serde(default, skip_serializing_if = "Features::are_plain")]
    inputs: Features,
    /// Steps that they are, where a sample is a sequence.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    steps: usize,
    /// What is predicted.
    pub predicts: Predicts,
    layers: Vec<SavedLayer>,
    loss: String,
}

/// What a network predicts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicts {
    /// One of these classes.
    Classes(Vec<String>),
    /// Values of these names, scaled in this way.
    Values(Vec<(String, Scaling)>),
}

/// A layer: what goes by a name is as it is typed, as `batch_norm:momentum=0.1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SavedLayer {
    /// Dense if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    units: usize,
    activation: String,
    norm: Option<String>,
}

/// Why a saved model cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It is no model, or a part of one.
    #[error("it is no saved model: {0}")]
    Malformed(String),
    /// It is of another version of the format.
    #[error("it is of version {0} of its format, but only version {VERSION} can be read")]
    Version(u64),
    /// The weights are those of another run, or have changed.
    #[error("the weights do not belong to it: they are of another run, or were changed since")]
    OtherWeights,
    /// The weights do not fit the layers.
    #[error("the weights do not fit it: {0}")]
    Weights(String),
}

/// The part that every version has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl SavedModel {
    /// The network of `engine`, whose weights are kept in a file of these bytes; `schema` leads to
    /// the features of its data.
    #[must_use]
    pub fn of(engine: &Engine, schema: Schema, weights: &[u8]) -> Self {
        let (experiment, train) = (engine.experiment(), &engine.problem().split.train);
        let layer = |layer: &LayerSpec| SavedLayer {
            kind: layer.is_recurrent().then(|| layer.kind.to_string()),
            units: layer.units,
            activation: layer.activation.to_string(),
            norm: layer.norm.as_ref().map(ToString::to_string),
        };
        let predicts = match &train.target {
            Target::Classes { names, .. } => Predicts::Classes(names.clone()),
            Target::Values { names, scaling, .. } => {
                Predicts::Values(names.iter().cloned().zip(scaling.iter().copied()).collect())
            }
        };
        Self {
            version: VERSION,
            weights: hash(weights),
            schema,
            features: train.scaling.clone(),
            inputs: experiment.data.features,
            steps: experiment.data.extent().steps,
            predicts,
            layers: experiment.layers.iter().map(layer).collect(),
            loss: experiment.train.loss.to_string(),
        }
    }

    /// It as text.
    ///
    /// # Errors
    /// If a name cannot be written, which should not happen.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| json::printable(&text).into_owned() + "\n")
    }

    /// Reads what [`SavedModel::to_json`] gave.
    ///
    /// # Errors
    /// If `text` is something else.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let malformed = |error: serde_json::Error| ModelError::Malformed(error.to_string());
        let Version { version } = serde_json::from_str(text).map_err(malformed)?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        serde_json::from_str(text).map_err(malformed)
    }

    /// The network with the weights that a file of these bytes holds, ready to predict.
    ///
    /// # Errors
    /// If they are not the ones that were kept with it, or do not fit.
    pub fn open(&self, weights: &[u8]) -> Result<Predictor, ModelError> {
        if hash(weights) != self.weights {
            return Err(ModelError::OtherWeights);
        }
        let experiment = self.experiment()?;
        let inputs = self.inputs()?;
        self.check_size(&experiment, weights.len())?;
        let outputs = LayerSpec::outputs_of(&experiment.layers, inputs).numbers();
        let head = match &self.predicts {
            Predicts::Classes(names) if outputs == 1 && names.len() == 2 => Head::Binary,
            Predicts::Classes(names) if outputs == names.len() => Head::Classes(outputs),
            Predicts::Values(values) if outputs == values.len() => Head::Values(outputs),
            _ => return Err(ModelError::Malformed("its outputs are not what it predicts".into())),
        };
        let mut network = zero_network(&experiment, inputs);
        let unreadable = |error| ModelError::Weights(format!("{error}"));
        let mut npz = NpzReader::new(Cursor::new(weights)).map_err(unreadable)?;
        for (number, layer) in (1..).zip(network.layers_mut()) {
            fill(layer, number, &mut npz)?;
        }
        let targets = match &self.predicts {
            Predicts::Classes(_) => Vec::new(),
            Predicts::Values(values) => values.iter().map(|(_, scaling)| *scaling).collect(),
        };
        let reading = Reading::new(&experiment, head);
        Ok(Predictor::new(network, reading, (self.features.clone(), self.inputs), targets))
    }

    /// An experiment with its layers and loss; the data is of no account.
    fn experiment(&self) -> Result<Experiment, ModelError> {
        let pick = |kind: Kind, text: &str| {
            kind.parse(text).map_err(|error| ModelError::Malformed(error.to_string()))
        };
        let mut layers = Vec::new();
        for SavedLayer { kind, units, activation, norm } in &self.layers {
            let mut layer = LayerSpec::new(*units, pick(Kind::Activation, activation)?);
            if let Some(kind) = kind {
                layer.kind = pick(Kind::Layer, kind)?;
            }
            layer.norm = norm.as_ref().map(|norm| pick(Kind::Norm, norm)).transpose()?;
            layers.push(layer);
        }
        let source = DataSource::Named(Pick::new(data::TABLE[0].card));
        let mut experiment = Experiment::new(source, layers);
        experiment.train.loss = pick(Kind::Loss, &self.loss)?;
        Ok(experiment)
    }

    /// The inputs of the network, as so many steps.
    fn inputs(&self) -> Result<Extent, ModelError> {
        let columns = self.features.len();
        if columns != self.schema.feature_names().len() {
            return Err(ModelError::Malformed("its features are not those of its columns".into()));
        }
        let plane = Extent { steps: self.steps, features: columns }.is_plane();
        if !plane && !self.inputs.are_plain() {
            let message = format!("`{}` is made of two columns, not of {columns}", self.inputs);
            return Err(ModelError::Malformed(message));
        }
        let numbers = self.inputs.count(columns);
        if self.steps == 0 || !numbers.is_multiple_of(self.steps) {
            let steps = self.steps;
            let message = format!("its {numbers} features are not {steps} steps of as many");
            return Err(ModelError::Malformed(message));
        }
        Ok(Extent { steps: self.steps, features: numbers / self.steps })
    }

    /// A file of `bytes` can hold all weights, so that no more memory is asked for than it has.
    fn check_size(&self, experiment: &Experiment, bytes: usize) -> Result<(), ModelError> {
        let (mut steps, mut numbers) = (self.steps, self.inputs.count(self.features.len()));
        let mut count = 0_usize;
        for layer in &experiment.layers {
            let columns = match catalog::layer(&layer.kind).recurrence {
                Some(_) => (numbers / steps).saturating_add(layer.units),
                None => numbers,
            };
            count = count.saturating_add(columns.saturating_mul(layer.units));
            steps = if layer.returns_sequences() { steps } else { 1 };
            numbers = layer.units.saturating_mul(steps);
        }
        if count.saturating_mul(size_of::<f32>()) > bytes {
            return Err(ModelError::Weights(format!("there are fewer than {count} of them")));
        }
        Ok(())
    }
}

const fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_one(steps: &usize) -> bool {
    *steps == 1
}

fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", fnv1a(bytes))
}

/// Gives the tensors of layer `number` in `npz` to `layer`.
fn fill(
    layer: &mut Layer<f32>,
    number: usize,
    npz: &mut NpzReader<Cursor<&[u8]>>,
) -> Result<(), ModelError> {
    for tensor in layer.tensors_mut() {
        let name = format!("layer{number}.{}", tensor.name);
        let unreadable = |error| ModelError::Weights(format!("{name}: {error}"));
        let value: Array2<f32> = match tensor.role {
            Role::Weight => npz.by_name(&name).map_err(unreadable)?,
            Role::Vector | Role::Buffer => {
                let row: Array1<f32> = npz.by_name(&name).map_err(unreadable)?;
                row.insert_axis(Axis(0))
            }
        };
        if value.dim() != tensor.value.dim() {
            let message = format!("{name} is {:?}, not {:?}", value.dim(), tensor.value.dim());
            return Err(ModelError::Weights(message));
        }
        tensor.value.assign(&value);
    }
    Ok(())
}
