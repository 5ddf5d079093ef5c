//! The signs that a diagnosis goes by.

use super::{Model, Probe, Snapshot, View};
use crate::train::diagnosis::{LARGEST, Signs};

/// What was measured of a run for its diagnosis; nothing where its state was not at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined(pub Option<Box<Signs>>);

impl Probe for Examined {
    const STATE_UP_TO: usize = LARGEST;

    fn of(_: &mut Model, snapshot: &Snapshot, _: View) -> Self {
        let state = snapshot.state.as_ref();
        Self(state.and_then(|state| Signs::of(state, &snapshot.problem)).map(Box::new))
    }
}
