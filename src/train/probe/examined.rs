//! The signs that a diagnosis goes by.

use std::sync::Arc;

use super::{Model, Probe, Snapshot, View};
use crate::train::diagnosis::{LARGEST, Signs};
use crate::train::engine::Checkpoint;

/// What was measured of a run for its diagnosis; nothing where its state was not at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined(pub Option<Box<Signs>>);

impl Probe for Examined {
    const STATE_UP_TO: usize = LARGEST;

    fn of(_: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let of = |state: &Arc<Checkpoint>| Signs::of(state, &snapshot.problem, &mut None);
        Self(snapshot.state.as_ref().and_then(of).map(Box::new))
    }
}
