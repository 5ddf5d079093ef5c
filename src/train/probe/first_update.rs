//! What an optimizer would do with the present gradient.

use std::sync::Arc;

use super::{Model, Probe, Snapshot, View};
use crate::catalog::Kind;
use crate::experiment::Experiment;
use crate::spec::Pick;
use crate::train::engine::{Engine, FirstMove};

/// The layers of a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layers {
    /// One, from 0.
    One(usize),
    /// All hidden ones.
    #[default]
    Hidden,
    /// All that have no optimizer of their own.
    Default,
}

impl Layers {
    /// Their indices.
    #[must_use]
    pub fn of(self, experiment: &Experiment) -> Vec<usize> {
        let last = experiment.layers.len().saturating_sub(1);
        match self {
            Self::One(layer) => (layer..=layer.min(last)).collect(),
            Self::Hidden => (0..last).collect(),
            Self::Default => {
                (0..=last).filter(|&it| experiment.layers[it].optimizer.is_none()).collect()
            }
        }
    }
}

/// What lists look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The layers whose setting is picked.
    pub layers: Layers,
    /// The place of the optimizer among those of the catalog.
    pub optimizer: usize,
}

/// The first update of layers by an optimizer that remembers nothing yet, from the gradient of the
/// next batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstUpdate {
    /// What was looked at.
    pub subject: Subject,
    /// The update; none for a rule that takes many gradients for one, or that is too
    /// large to try.
    pub first: Option<FirstMove>,
}

impl Probe for FirstUpdate {
    const STATE_UP_TO: usize = usize::MAX;

    fn of(_: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let subject = view.subject;
        let layers = subject.layers.of(&snapshot.experiment);
        let engine = snapshot.state.as_ref().and_then(|state| {
            let problem = Arc::clone(&snapshot.problem);
            Engine::resume(state, problem).ok().filter(|_| !layers.is_empty())
        });
        let first = engine.and_then(|mut engine| {
            engine.set_single_threaded(true);
            let pick = pick(&snapshot.experiment, subject)?;
            engine.first_move(&layers, &pick)
        });
        Self { subject, first }
    }
}

/// The optimizer with the parameters that it has where it is in force, else with its defaults.
fn pick(experiment: &Experiment, subject: Subject) -> Option<Pick> {
    let card = *Kind::Optimizer.cards().get(subject.optimizer)?;
    let layer = subject.layers.of(experiment).first().copied()?;
    let present = experiment.optimizer_of(layer);
    Some(if present.key() == card.key { present.clone() } else { Pick::new(card) })
}
