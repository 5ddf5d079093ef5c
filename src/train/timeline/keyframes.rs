//! States on the way, from which the steps between them are reached again.

use std::sync::Arc;

use super::{BranchId, Position, Segment, Timeline};
use crate::train::engine::Checkpoint;

/// Bytes that keyframes may take, unless it is set otherwise.
pub const BOUND: usize = 8 << 20;

/// The bytes that keyframes may take where all that a run takes is to be no more than `limit`.
#[must_use]
pub fn bound(limit: u64) -> usize {
    usize::try_from(limit / 8).map_or(BOUND, |share| share.min(BOUND))
}

/// There are so many of them whatever they take.
pub const FEWEST: usize = 4;

/// What all keyframes take, and how far they stand apart.
#[derive(Debug)]
pub(super) struct Keyframes {
    /// Bytes that they may take.
    pub bound: usize,
    /// Bytes that they take.
    bytes: usize,
    /// Steps between two of them, at the least.
    stride: u64,
    /// Whether others are kept than when that was last asked.
    changed: bool,
}

impl Default for Keyframes {
    fn default() -> Self {
        Self { bound: BOUND, bytes: 0, stride: 1, changed: false }
    }
}

impl Keyframes {
    /// Lets a segment that begins have as many as there is room for.
    pub const fn begin(&mut self) {
        self.stride = 1;
    }
}

impl Timeline {
    /// Whether the present state is to be kept: it is far enough from the last one that was.
    #[must_use]
    pub fn keyframe_is_due(&self, step: u64) -> bool {
        let last = self.segment(self.present).keyframes.last_key_value();
        last.is_none_or(|(&last, _)| step >= last.saturating_add(self.keyframes.stride))
    }

    /// Keeps the present state.
    pub fn keep(&mut self, checkpoint: Arc<Checkpoint>) {
        let bytes = checkpoint.bytes();
        let step = checkpoint.step();
        self.keyframes.changed = true;
        let replaced = self.here().keyframes.insert(step, checkpoint);
        let replaced = replaced.map_or(0, |old| old.bytes());
        self.keyframes.bytes = (self.keyframes.bytes + bytes).saturating_sub(replaced);
        if self.keyframes.bytes > self.keyframes.bound {
            self.thin();
        }
    }

    /// The segment of a step on the way to the present one, and the nearest state before that step that
    /// was kept on it.
    #[must_use]
    pub fn keyframe_before(&self, step: u64) -> Option<(BranchId, Arc<Checkpoint>)> {
        let Position { branch, step: known } = self.at(step);
        let mut before = self.segment(branch).keyframes.range(..step);
        let keyframe = before.next_back().filter(|_| known == step)?.1;
        Some((branch, Arc::clone(keyframe)))
    }

    /// Steps of the present branch that are kept, ascending.
    #[must_use]
    pub fn kept_steps(&self) -> Vec<u64> {
        let stretches = self.stretches(self.present());
        let steps = stretches
            .iter()
            .flat_map(|(segment, end)| segment.keyframes.range(..=*end).map(|(&step, _)| step));
        steps.collect()
    }

    /// As [`Timeline::kept_steps`], if they have changed since they were last asked for here.
    pub fn new_kept_steps(&mut self) -> Option<Vec<u64>> {
        std::mem::take(&mut self.keyframes.changed).then(|| self.kept_steps())
    }

    /// Sets keyframes twice as far apart until they take no more than they may.
    pub(super) fn thin(&mut self) {
        let count = |segments: &[Segment]| segments.iter().map(|it| it.keyframes.len()).sum();
        let bytes = |segments: &[Segment]| -> usize {
            let all = segments.iter().flat_map(|it| it.keyframes.values());
            all.map(|it| it.bytes()).sum()
        };
        let mut taken = bytes(&self.segments);
        let mut left: usize = count(&self.segments);
        while taken > self.keyframes.bound && left > FEWEST {
            let some = self.segments.iter().filter(|it| !it.keyframes.is_empty()).count();
            // With hardly more than one a segment, the oldest of them go.
            if left >= 2 * some || !self.drop_oldest() {
                let stride = self.keyframes.stride.saturating_mul(2);
                if stride == self.keyframes.stride {
                    break;
                }
                self.keyframes.stride = stride;
                self.segments.iter_mut().for_each(|segment| segment.thin(stride));
            }
            (taken, left) = (bytes(&self.segments), count(&self.segments));
        }
        self.keyframes.bytes = taken;
    }

    /// Drops the keyframes of the oldest segment that has any, but for the present one. Returns
    /// whether there was one.
    fn drop_oldest(&mut self) -> bool {
        let present = self.present.index();
        let mut others =
            self.segments.iter_mut().enumerate().filter(|(index, _)| *index != present);
        let oldest = others.find(|(_, segment)| !segment.keyframes.is_empty());
        oldest.is_some_and(|(_, segment)| {
            segment.keyframes.clear();
            true
        })
    }
}

impl Segment {
    /// Drops the keyframes that are nearer than `stride` to the one before them.
    fn thin(&mut self, stride: u64) {
        let mut last: Option<u64> = None;
        self.keyframes.retain(|&step, _| {
            let kept = last.is_none_or(|last| step >= last.saturating_add(stride));
            if kept {
                last = Some(step);
            }
            kept
        });
    }
}
