//! A run at one step, ready for its curvature to be measured.

use std::sync::Arc;

use super::{Objective, Preconditioner};
use crate::catalog;
use crate::experiment::Experiment;
use crate::train::engine::{
    Checkpoint, Engine, LayerStability, Mismatch, Parameters, trained_numbers,
};
use crate::train::objective::Purpose;
use crate::train::problem::Problem;

/// The objective of a run where it is, and what its optimizers are about to do.
#[derive(Debug)]
pub struct Present {
    /// The loss over the training rows.
    pub objective: Objective,
    /// The trained numbers.
    pub at: Vec<f64>,
    /// The rate of each layer, and where it is stable.
    pub layers: Vec<LayerStability>,
    /// The rates over their bounds; none unless every layer's rule has a theory.
    pub preconditioner: Option<Preconditioner>,
    /// How far the theory is about this run.
    pub scope: Scope,
    /// The run itself, before its next step.
    engine: Engine,
}

/// How far the theory of stability is about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Each step goes down the very loss that is measured, and that is a mean square: the case in
    /// which the sharpness was found to settle at its threshold.
    pub settles: bool,
    /// All activations have a second derivative everywhere. Otherwise the Hessian is that of almost
    /// every point, and what happens at kinks is not in it.
    pub smooth: bool,
}

impl Present {
    /// The run that `checkpoint` is of; at most `limit` training rows are gone by.
    ///
    /// # Errors
    /// If it was a run on other data.
    pub fn of(
        checkpoint: &Checkpoint,
        problem: &Arc<Problem>,
        limit: usize,
    ) -> Result<Self, Mismatch> {
        let mut engine = Engine::resume(checkpoint, Arc::clone(problem))?;
        engine.set_single_threaded(true);
        let experiment = engine.experiment().clone();
        let (before, layers) = (engine.parameters(), engine.stability());
        let objective = (Purpose::Sharpness, limit);
        let objective = Objective::new(&experiment, Arc::clone(problem), &before, objective);
        let at = flat(&before);
        let preconditioner = Preconditioner::new(&layers, &elements(&before));
        let scope = Scope::of(&experiment, problem.train.len());
        Ok(Self { objective, at, layers, preconditioner, scope, engine })
    }

    /// How the next step moves the trained numbers; none if its loss is not finite. It is made: a
    /// second time gives the step after.
    pub fn update(&mut self) -> Option<Vec<f64>> {
        let before = flat(&self.engine.parameters());
        self.engine.step().ok()?;
        let after = flat(&self.engine.parameters());
        Some(after.iter().zip(&before).map(|(after, before)| after - before).collect())
    }
}

impl Scope {
    /// That of a run of `experiment` on so many training rows.
    #[must_use]
    pub fn of(experiment: &Experiment, rows: usize) -> Self {
        let train = &experiment.train;
        let layers = || experiment.layers.iter();
        let plain = layers().all(|it| it.dropout == 0.0 && !keeps_statistics(it.norm.as_ref()))
            && (train.clip_norm, train.clip_value, train.gradient_noise) == (0.0, 0.0, 0.0);
        let random = layers().any(|it| it.activation.key() == "rrelu");
        Self {
            settles: train.batch_size >= rows && train.loss.key() == "mse" && plain && !random,
            smooth: layers()
                .all(|it| catalog::activation(&it.activation).smooth && !it.has_kinks()),
        }
    }
}

/// Whether a normalisation is another one in training than in evaluation.
fn keeps_statistics(norm: Option<&crate::spec::Pick>) -> bool {
    norm.is_some_and(|pick| pick.key() == "batch_norm")
}

fn flat(params: &[Parameters]) -> Vec<f64> {
    trained_numbers(params).into_iter().map(f64::from).collect()
}

/// Elements of each trained tensor of each layer.
fn elements(params: &[Parameters]) -> Vec<Vec<usize>> {
    params.iter().map(|layer| layer.trained().map(|it| it.value.len()).collect()).collect()
}
