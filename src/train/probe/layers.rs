//! What goes on inside of each layer, and how it is spread.

use super::{DeadOrSaturated, Health, Model, Probe, Snapshot, UpdateStats, View};
use crate::nn::network::Batch;
use crate::train::distribution::Distribution;

/// A quantity of a layer that has many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Its weights.
    Weights,
    /// The gradient of the loss by its parameters in the last step, as the optimizer was given it.
    Gradients,
    /// Its outputs for training rows.
    Activations,
    /// What goes into its activation for training rows.
    PreActivations,
    /// What the last step added to its weights.
    Updates,
}

impl Quantity {
    /// All there are.
    pub const ALL: [Self; 5] =
        [Self::Weights, Self::Gradients, Self::Activations, Self::PreActivations, Self::Updates];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Gradients => "gradients",
            Self::Activations => "activations",
            Self::PreActivations => "pre-activations",
            Self::Updates => "updates",
        }
    }
}

/// A layer at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerState {
    /// How each quantity is spread, in the order of [`Quantity::ALL`].
    spread: [Distribution; Quantity::ALL.len()],
    /// How it moved in the last measured step, if one was.
    pub motion: Option<UpdateStats>,
    /// How much of it has gone flat.
    pub wear: DeadOrSaturated,
}

impl LayerState {
    /// How a quantity is spread. It is empty where no step was measured.
    #[must_use]
    pub const fn spread(&self, quantity: Quantity) -> &Distribution {
        &self.spread[quantity as usize]
    }
}

#[cfg(test)]
impl LayerState {
    /// A layer of which no more is known than these weights.
    #[must_use]
    pub fn of_weights(weights: &[f32]) -> Self {
        let mut spread = Quantity::ALL.map(|_| Distribution::default());
        spread[Quantity::Weights as usize] = Distribution::of(weights.iter());
        Self { spread, motion: None, wear: DeadOrSaturated::None }
    }
}

impl Probe for Vec<LayerState> {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        // It leaves its pass over training rows in the network.
        let health = Vec::<Health>::of(model, snapshot, view);
        let network = &model.network;
        let state = |(index, Health { motion, wear }): (usize, Health)| {
            let weights = Distribution::of(snapshot.params[index].weights());
            let step = snapshot.motion.get(index);
            let of_step = |values: Option<&[f32]>| {
                values.map_or_else(Distribution::default, |values| Distribution::of(values.iter()))
            };
            let spread = [
                weights,
                of_step(step.map(|step| &*step.gradient)),
                of_rows(network.flow(index).1, &model.batch),
                of_rows(network.activated(index), &model.batch),
                of_step(step.map(|step| &*step.update)),
            ];
            LayerState { spread, motion, wear }
        };
        health.into_iter().enumerate().map(state).collect()
    }
}

/// The distribution of what every unit has for every row of `batch`, its padding left out.
fn of_rows(values: &[f32], batch: &Batch<f32>) -> Distribution {
    let units = values.chunks_exact(batch.columns());
    Distribution::of(units.flat_map(|unit| &unit[..batch.len]))
}
