//! The way to any step: from a keyframe, by training.

use std::sync::Arc;

use super::{Position, Timeline};
use crate::train::engine::LayerStep;
use crate::train::session::Session;

/// Steps between two looks at whether the way is to be broken off.
const STRIDE: u64 = 16;

/// Why a step was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// The caller broke it off.
    Cancelled,
    /// The run diverges before it.
    Diverged,
}

impl Timeline {
    /// Brings `session` to `position`, and returns how each layer moved in the last step; nothing
    /// at step 0. `cancelled` is asked every few steps. The edits to come are those of the branch,
    /// if this is its end.
    ///
    /// # Errors
    /// If the position is not reached; where the session then stands is open.
    pub fn reach(
        &self,
        session: &mut Session,
        position: Position,
        mut cancelled: impl FnMut() -> bool,
    ) -> Result<Vec<LayerStep>, Unreached> {
        let way = self.stretches(position);
        // The last step is made again even to a keyframe, for how each layer moves in it.
        let nearest_first = way.iter().enumerate().rev().flat_map(|(at, (segment, end))| {
            let before = segment.keyframes.range(..*end.min(&position.step));
            before.rev().map(move |(_, keyframe)| (at, keyframe))
        });
        let problem = self.problem(position.branch);
        let restored = nearest_first.into_iter().find_map(|(at, keyframe)| {
            if Arc::ptr_eq(session.engine().problem(), problem) {
                session.restore(keyframe).ok()?;
            } else {
                *session = Session::resume(keyframe, Arc::clone(problem)).ok()?;
            }
            // A divergence right after a keyframe is explained from a state before it.
            session.next_loss_is_finite().then_some(at)
        });
        if restored.is_none() {
            *session = Session::new(&way[0].0.experiment, Arc::clone(problem));
        }
        let first = restored.unwrap_or(0);
        // Those of another branch must not be made on the way.
        session.expect(&[]);
        let mut motion = Vec::new();
        for (index, &(segment, end)) in way.iter().enumerate().skip(first) {
            if index > first {
                session.apply(&segment.experiment);
            }
            while session.engine().step_count() < end {
                if session.engine().step_count().is_multiple_of(STRIDE) && cancelled() {
                    return Err(Unreached::Cancelled);
                }
                if session.engine().step_count() + 1 == position.step {
                    let measured = session.step_measured();
                    motion = measured.map_err(|_| Unreached::Diverged)?.2;
                } else {
                    session.train().map_err(|_| Unreached::Diverged)?;
                }
            }
        }
        let segment = self.segment(position.branch);
        let until = if position.step == segment.head { segment.until } else { 0 };
        session.until = session.until.max(until).max(position.step);
        let plan = if position.step == segment.head { segment.plan.as_slice() } else { &[] };
        session.expect(plan);
        Ok(motion)
    }
}
