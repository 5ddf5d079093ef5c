//! Why a run diverged: which layer's which quantity stopped being a finite number first.

use std::fmt;

use super::Engine;
use crate::nn::Layer;

/// The end of a diverged run.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The step whose loss was not finite any more.
    pub step: u64,
    /// The layer where it began, counted from 0; none if only the loss itself broke.
    pub layer: Option<usize>,
    /// What broke first.
    pub quantity: Quantity,
    /// The last step whose loss was still finite: the run stands there now.
    pub last_finite_step: u64,
}

/// Something that a layer computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// W·x + b.
    PreActivation,
    /// f(W·x + b).
    Activation,
    /// ∂L/∂W or ∂L/∂b.
    Gradient,
    /// W or b after an update.
    Weight,
    /// The loss, all outputs being finite.
    Loss,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PreActivation => "pre-activation",
            Self::Activation => "activation",
            Self::Gradient => "gradient",
            Self::Weight => "weight",
            Self::Loss => "loss",
        })
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, quantity, last_finite_step, .. } = self;
        match self.layer {
            Some(layer) => write!(f, "step {step}: layer {}'s {quantity}", layer + 1)?,
            None => write!(f, "step {step}: the {quantity}")?,
        }
        write!(f, " is no longer finite")?;
        if last_finite_step < step {
            write!(f, " (last finite at step {last_finite_step})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Divergence {}

/// Explains the non-finite loss that `engine` has just met, and takes it back to its last finite
/// state: the one before the last step whose loss was finite.
pub(super) fn explain(engine: &mut Engine) -> Divergence {
    let step = engine.step_count();
    let (layer, quantity) = if engine.rewind() {
        engine.excursion(|engine| {
            engine.gradients();
            broken_gradient(engine).or_else(|| {
                engine.update();
                broken_weight(engine).or_else(|| {
                    engine.gradients();
                    broken_flow(engine)
                })
            })
        })
    } else {
        // The very first step after the start or an edit: nothing to go back to.
        broken_weight(engine).or_else(|| broken_flow(engine))
    }
    .unwrap_or((None, Quantity::Loss));
    Divergence { step, layer, quantity, last_finite_step: engine.step_count() }
}

type Place = (Option<usize>, Quantity);

/// The first layer from the output down whose gradient is broken: gradients flow that way.
fn broken_gradient(engine: &Engine) -> Option<Place> {
    let broken = |layer: &Layer<f32>| layer.trained().any(|t| !finite(t.grads()));
    let index = engine.network().layers().iter().rposition(broken)?;
    Some((Some(index), Quantity::Gradient))
}

fn broken_weight(engine: &Engine) -> Option<Place> {
    let broken = |layer: &Layer<f32>| layer.trained().any(|t| !finite(t.values()));
    let index = engine.network().layers().iter().position(broken)?;
    Some((Some(index), Quantity::Weight))
}

fn broken_flow(engine: &Engine) -> Option<Place> {
    (0..engine.network().layers().len()).find_map(|index| {
        let (z, a) = engine.network().flow(index);
        if !finite(z) {
            Some((Some(index), Quantity::PreActivation))
        } else if !finite(a) {
            Some((Some(index), Quantity::Activation))
        } else {
            None
        }
    })
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|x| x.is_finite())
}
