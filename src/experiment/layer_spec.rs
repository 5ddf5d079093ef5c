//! A layer of an experiment.

use crate::catalog::{self, Kind};
use crate::data::Extent;
use crate::nn::tensor::Role;
use crate::nn::transform::{self, Layout};
use crate::spec::{Pick, Value};

/// A layer of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSpec {
    /// What it computes before norm and activation: dense, or one that goes through a sequence.
    pub kind: Pick,
    /// Neurons, of a recurrent layer those of one step; at least 1.
    pub units: usize,
    /// The activation function.
    pub activation: Pick,
    /// The normalisation before the activation.
    pub norm: Option<Pick>,
    /// The share of outputs that is set to 0 in training: 0 or more, less than 1.
    pub dropout: f64,
    /// The initializer of the weights; the one that suits the layer if none.
    pub init: Option<Pick>,
    /// Its own optimizer, if not the experiment's default.
    pub optimizer: Option<Pick>,
}

impl LayerSpec {
    /// A dense layer with nothing but these.
    #[must_use]
    pub fn new(units: usize, activation: Pick) -> Self {
        let kind = Pick::new(transform::TABLE[0].card);
        Self { kind, units, activation, norm: None, dropout: 0.0, init: None, optimizer: None }
    }

    /// Whether it goes through a sequence.
    #[must_use]
    pub fn is_recurrent(&self) -> bool {
        catalog::layer(&self.kind).recurrence.is_some()
    }

    /// Whether it hands on a sequence, given one.
    #[must_use]
    pub fn returns_sequences(&self) -> bool {
        catalog::layer(&self.kind).returns_sequences(&self.kind)
    }

    /// Whether its recurrence is by a function that has kinks.
    #[must_use]
    pub fn has_kinks(&self) -> bool {
        let nonlinearity = self.kind.params().find(|(param, _)| param.key == "nonlinearity");
        nonlinearity.is_some_and(|(_, value)| *value == Value::Word("relu".to_owned()))
    }

    /// A short name: that of its activation, or of its kind with that of an activation behind it.
    #[must_use]
    pub fn name(&self) -> String {
        let (kind, activation) = (self.kind.key(), self.activation.key());
        match (self.is_recurrent(), activation) {
            (false, _) => activation.to_owned(),
            (true, "identity") => kind.to_owned(),
            (true, _) => format!("{kind} {activation}"),
        }
    }

    /// The names, parts and shapes of what is trained in it on these inputs, but for what the
    /// activation learns: weights and biases first, then what its normalisation learns.
    #[must_use]
    pub fn layout(&self, inputs: Extent) -> Vec<Layout> {
        let transform = catalog::layer(&self.kind).build::<f32>(&self.kind, inputs.steps);
        let mut layout = transform.layout(self.units, inputs.numbers());
        if let Some(pick) = &self.norm {
            let tensors = catalog::norm(pick).build::<f32>(pick).tensors(self.rows(inputs));
            let trained = tensors.iter().filter(|it| it.role != Role::Buffer);
            layout.extend(trained.map(|it| (it.name, it.role, it.value.dim())));
        }
        layout
    }

    /// The initializer in force.
    #[must_use]
    pub fn initializer(&self) -> Pick {
        match &self.init {
            Some(init) => init.clone(),
            None if self.is_recurrent() => self.uniform(),
            None => catalog::suitable_initializer(&self.activation),
        }
    }

    /// That of PyTorch for all tensors of a recurrent layer: evenly between ±1/√units.
    fn uniform(&self) -> Pick {
        let width = 1.0 / (self.units as f64).sqrt();
        let mut pick = match Kind::Initializer.pick("uniform") {
            Ok(pick) => pick,
            Err(error) => unreachable!("{error}"),
        };
        for (key, end) in [("a", -width), ("b", width)] {
            // Any finite number will do.
            let _ = pick.set(key, Value::Number(end));
        }
        pick
    }

    /// Numbers before the activation: units, once for each step that is handed on.
    #[must_use]
    pub fn rows(&self, inputs: Extent) -> usize {
        self.units * if self.returns_sequences() { inputs.steps } else { 1 }
    }

    /// What it hands on of inputs of this extent; a gated activation hands on fewer than units.
    #[must_use]
    pub fn outputs(&self, inputs: Extent) -> Extent {
        let activation = catalog::activation(&self.activation).build::<f32>(&self.activation);
        let steps = if self.returns_sequences() { inputs.steps } else { 1 };
        Extent { steps, features: activation.outputs(self.units) }
    }

    /// What the last of `layers` hands on of these inputs.
    #[must_use]
    pub fn outputs_of(layers: &[Self], inputs: Extent) -> Extent {
        layers.iter().fold(inputs, |inputs, layer| layer.outputs(inputs))
    }
}
