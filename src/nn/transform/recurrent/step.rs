//! A step of a cell at all units and samples.

use super::{Cell, State};
use crate::nn::kernel::{Lanes, lanes, lanes_mut};
use crate::nn::real::Real;
use crate::nn::simd::{Kernel, LANES};

/// One step at all units and samples.
pub(super) struct StepForward<'a, C, F, const K: usize> {
    pub cell: C,
    /// The products, in whose place goes what is kept.
    pub kept: &'a mut [F],
    /// State and cell.
    pub before: [&'a [F]; 2],
    /// Receives the state.
    pub after: &'a mut [F],
}

impl<F: Real, C: Cell<K>, const K: usize> Kernel for StepForward<'_, C, F, K> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { cell, kept, before: [h, c], after } = self;
        let block = after.len();
        for start in (0..block).step_by(LANES) {
            let (h, c) = (lanes(h, start), lanes(c, start));
            let mut values = gather::<F, K>(kept, block, start);
            let mut states = [F::ZERO; LANES];
            for lane in 0..LANES {
                let before = State { h: h[lane], c: c[lane] };
                let (kept, state) = cell.forward(at(&values, lane), before);
                put(&mut values, lane, kept);
                states[lane] = state;
            }
            scatter(&values, kept, block, start);
            *lanes_mut(after, start) = states;
        }
    }
}

/// One step back at all units and samples: gradients take the place of what was kept.
pub(super) struct StepBackward<'a, C, F, const K: usize> {
    pub cell: C,
    pub kept: &'a mut [F],
    /// State and cell.
    pub before: [&'a [F]; 2],
    /// Of state and cell, after the step and then before it.
    pub d: [&'a mut [F]; 2],
}

impl<F: Real, C: Cell<K>, const K: usize> Kernel for StepBackward<'_, C, F, K> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { cell, kept, before: [h, c], d: [dh, dc] } = self;
        let block = dh.len();
        for start in (0..block).step_by(LANES) {
            let (h, c) = (lanes(h, start), lanes(c, start));
            let (mut dhs, mut dcs) = (*lanes(dh, start), *lanes(dc, start));
            let mut values = gather::<F, K>(kept, block, start);
            for lane in 0..LANES {
                let before = State { h: h[lane], c: c[lane] };
                let d = State { h: dhs[lane].settled(), c: dcs[lane].settled() };
                let (dgates, d) = cell.backward(at(&values, lane), before, d);
                put(&mut values, lane, dgates);
                (dhs[lane], dcs[lane]) = (d.h, d.c);
            }
            scatter(&values, kept, block, start);
            *lanes_mut(dh, start) = dhs;
            *lanes_mut(dc, start) = dcs;
        }
    }
}

/// The groups of lanes from `start` on in each of `K` blocks.
#[inline(always)]
fn gather<F: Real, const K: usize>(blocks: &[F], block: usize, start: usize) -> [Lanes<F>; K] {
    let mut groups = [[F::ZERO; LANES]; K];
    for (k, group) in groups.iter_mut().enumerate() {
        *group = *lanes(blocks, k * block + start);
    }
    groups
}

/// Puts back what [`gather`] took.
#[inline(always)]
fn scatter<F: Real, const K: usize>(
    groups: &[Lanes<F>; K],
    blocks: &mut [F],
    block: usize,
    start: usize,
) {
    for (k, group) in groups.iter().enumerate() {
        *lanes_mut(blocks, k * block + start) = *group;
    }
}

/// One lane of each group.
#[inline(always)]
fn at<F: Real, const K: usize>(groups: &[Lanes<F>; K], lane: usize) -> [F; K] {
    let mut values = [F::ZERO; K];
    for (value, group) in values.iter_mut().zip(groups) {
        *value = group[lane];
    }
    values
}

/// Sets one lane of each group.
#[inline(always)]
fn put<F: Real, const K: usize>(groups: &mut [Lanes<F>; K], lane: usize, values: [F; K]) {
    for (group, value) in groups.iter_mut().zip(values) {
        group[lane] = value;
    }
}
