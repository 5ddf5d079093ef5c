//! A layer of an experiment.

use crate::catalog;
use crate::spec::Pick;

/// A layer of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSpec {
    /// Neurons; at least 1.
    pub units: usize,
    /// The activation function.
    pub activation: Pick,
    /// The normalisation before the activation.
    pub norm: Option<Pick>,
    /// The share of outputs that is set to 0 in training: 0 or more, less than 1.
    pub dropout: f64,
    /// The initializer of the weights; the one that suits the activation if none.
    pub init: Option<Pick>,
    /// Its own optimizer, if not the experiment's default.
    pub optimizer: Option<Pick>,
}

impl LayerSpec {
    /// A layer with nothing but these.
    #[must_use]
    pub const fn new(units: usize, activation: Pick) -> Self {
        Self { units, activation, norm: None, dropout: 0.0, init: None, optimizer: None }
    }

    /// Trained numbers beside the weights: a bias for each unit, and what its normalisation learns.
    #[must_use]
    pub fn vectors(&self) -> usize {
        let learnt = self.norm.as_ref().map_or(0, |pick| {
            let tensors = catalog::norm(pick).build::<f32>(pick).tensors(self.units);
            tensors.iter().filter(|it| it.is_trained()).map(|it| it.value.len()).sum()
        });
        self.units + learnt
    }

    /// The initializer in force.
    #[must_use]
    pub fn initializer(&self) -> Pick {
        self.init.clone().unwrap_or_else(|| catalog::suitable_initializer(&self.activation))
    }

    /// Numbers that the next layer sees: as many as units, but fewer after a gated activation.
    #[must_use]
    pub fn outputs(&self) -> usize {
        catalog::activation(&self.activation).build::<f32>(&self.activation).outputs(self.units)
    }
}
