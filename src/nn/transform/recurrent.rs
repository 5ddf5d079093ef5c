//! The way of a sequence through a recurrent layer, and back through time.
//!
//! The equations of a step stand in a [`Cell`]; the products and the course are the same for all:
//! first those with the inputs of all steps, then step after step that with the state before it.

use std::fmt::Debug;

use super::{Backward, Forward, InputGradient, Layout, Scratch, Transform};
use crate::nn::kernel::{self, Dims, Lanes, lanes, lanes_mut};
use crate::nn::real::Real;
use crate::nn::simd::{self, Kernel, LANES, padded};
use crate::nn::tensor::{Role, Tensor};
use crate::spec::{DefaultValue, Param, Pick, Range};

/// Whether the state after each step is handed on.
pub const RETURN_SEQUENCES: Param = Param {
    key: "return_sequences",
    default: DefaultValue::Flag(false),
    range: Range::Any,
    meaning: "hands on the state after every step rather than the last one: for layers to stack",
};

/// How far back gradients go.
pub const BPTT: Param = Param {
    key: "bptt",
    default: DefaultValue::Integer(0),
    range: Range::Closed(0.0, 1e6),
    meaning: "steps that gradients go back through time, in windows from the end on; 0 is all",
};

/// State and cell before or after a step; what has no cell leaves it alone.
#[derive(Clone, Copy, Debug)]
pub struct State<F> {
    /// The state that is handed on.
    pub h: F,
    /// The cell.
    pub c: F,
}

/// One step at one unit, for one sample. `K` numbers are kept of it: the pre-activations of the
/// gates first, and the cell, if there is one, last. Methods are marked `#[inline(always)]` so that
/// loops over them vectorise.
pub trait Cell<const K: usize>: Copy + Debug + Send + Sync + 'static {
    /// Blocks of rows of the weights.
    const GATES: usize;
    /// Of how many of them, the first ones, the products with input and state are added up. Those of
    /// the others with the state are kept by themselves, behind the gates.
    const JOINED: usize;
    /// From the products and what was before to what is kept and the state.
    fn forward<F: Real>(self, z: [F; K], before: State<F>) -> ([F; K], F);
    /// From what was kept and the gradients of state and cell after the step to those of the
    /// products, and of state and cell before it, as far as they do not go through a product.
    fn backward<F: Real>(self, kept: [F; K], before: State<F>, d: State<F>) -> ([F; K], State<F>);
}

/// A recurrent layer.
#[derive(Clone, Copy, Debug)]
pub struct Recurrent<C, const K: usize> {
    cell: C,
    /// Steps of the inputs.
    steps: usize,
    sequences: bool,
    /// Steps of a window that gradients do not leave; 0 for one window.
    window: usize,
}

/// The places of the tensors.
const WEIGHT_IH: usize = 0;
const WEIGHT_HH: usize = 1;
const BIAS_IH: usize = 2;
const BIAS_HH: usize = 3;

impl<C, const K: usize> Recurrent<C, K> {
    /// A layer of `cell` with the parameters that all have.
    pub fn boxed<F: Real>(cell: C, pick: &Pick) -> Box<dyn Transform<F>>
    where
        C: Cell<K>,
    {
        let (sequences, window) = (pick.flag("return_sequences"), pick.number("bptt") as usize);
        Box::new(Self { cell, steps: 1, sequences, window })
    }
}

/// The sizes of a layer over a batch.
#[derive(Clone, Copy)]
struct Sizes {
    /// Units.
    units: usize,
    /// Numbers of a step of the inputs.
    features: usize,
    /// Samples, padded.
    columns: usize,
    /// Numbers of a state: units × columns.
    state: usize,
}

impl Sizes {
    fn of<F: Real>(tensors: &[Tensor<F>], columns: usize) -> Self {
        let (units, features) =
            (tensors[WEIGHT_HH].value.ncols(), tensors[WEIGHT_IH].value.ncols());
        Self { units, features, columns, state: units * columns }
    }

    /// A product of so many gates with the inputs.
    const fn of_inputs(self, gates: usize) -> Dims {
        Dims { units: gates * self.units, inputs: self.features, columns: self.columns }
    }

    /// A product of so many gates with the state.
    const fn of_state(self, gates: usize) -> Dims {
        Dims { units: gates * self.units, inputs: self.units, columns: self.columns }
    }
}

impl<C: Cell<K>, const K: usize> Recurrent<C, K> {
    /// Whether no gradient goes from step `step` to the one before it.
    const fn cuts(&self, step: usize) -> bool {
        step == 0 || self.window > 0 && (self.steps - step).is_multiple_of(self.window)
    }

    /// Whether the state after `step` is handed on, and in which place.
    fn handed_on(&self, step: usize) -> Option<usize> {
        if self.sequences { Some(step) } else { (step + 1 == self.steps).then_some(0) }
    }

    /// Sums of the biases of joined gates; those of the others for the inputs alone.
    fn join_biases<F: Real>(units: usize, tensors: &[Tensor<F>], bias: &mut Vec<F>) {
        bias.clear();
        bias.extend_from_slice(tensors[BIAS_IH].values());
        for (sum, &other) in bias[..C::JOINED * units].iter_mut().zip(tensors[BIAS_HH].values()) {
            *sum += other;
        }
    }

    /// Adds what a step of the way back gives to the gradients of the tensors.
    fn add_gradients<F: Real>(
        sizes: Sizes,
        tensors: &mut [Tensor<F>],
        (x, state, dgates): (&[F], &[F], &[F]),
        xt: &mut Vec<F>,
    ) {
        let Sizes { units, features, columns, state: block } = sizes;
        let [weight_ih, weight_hh, bias_ih, bias_hh] = tensors else { return };
        transpose(features, columns, x, xt);
        let (dw, db) = (weight_ih.parts_mut().1, bias_ih.parts_mut().1);
        let of_inputs = &dgates[..C::GATES * block];
        kernel::add_weight_gradient(sizes.of_inputs(C::GATES), of_inputs, xt, dw, db);
        transpose(units, columns, state, xt);
        let (dw, db) = (weight_hh.parts_mut().1, bias_hh.parts_mut().1);
        let (dw, dw_apart) = dw.split_at_mut(C::JOINED * units * units);
        let (db, db_apart) = db.split_at_mut(C::JOINED * units);
        let joined = &dgates[..C::JOINED * block];
        kernel::add_weight_gradient(sizes.of_state(C::JOINED), joined, xt, dw, db);
        let apart = C::GATES - C::JOINED;
        if apart > 0 {
            let dgates = &dgates[C::GATES * block..][..apart * block];
            kernel::add_weight_gradient(sizes.of_state(apart), dgates, xt, dw_apart, db_apart);
        }
    }

    /// Adds the gradient of the state before a step that goes through the products with it.
    fn add_state_gradient<F: Real>(sizes: Sizes, weight: &[F], dgates: &[F], dh: &mut [F]) {
        let Sizes { units, state: block, .. } = sizes;
        let (weight, weight_apart) = weight.split_at(C::JOINED * units * units);
        let joined = &dgates[..C::JOINED * block];
        kernel::add_input_gradient(sizes.of_state(C::JOINED), weight, joined, dh);
        let apart = C::GATES - C::JOINED;
        if apart > 0 {
            let dgates = &dgates[C::GATES * block..][..apart * block];
            kernel::add_input_gradient(sizes.of_state(apart), weight_apart, dgates, dh);
        }
    }
}

impl<F: Real, C: Cell<K>, const K: usize> Transform<F> for Recurrent<C, K> {
    fn set_steps(&mut self, steps: usize) {
        self.steps = steps.max(1);
    }

    fn layout(&self, units: usize, inputs: usize) -> Vec<Layout> {
        let rows = C::GATES * units;
        vec![
            ("weight_ih", Role::Weight, (rows, inputs / self.steps)),
            ("weight_hh", Role::Weight, (rows, units)),
            ("bias_ih", Role::Vector, (1, rows)),
            ("bias_hh", Role::Vector, (1, rows)),
        ]
    }

    fn inputs(&self, tensors: &[Tensor<F>]) -> usize {
        self.steps * tensors[WEIGHT_IH].value.ncols()
    }

    fn rows(&self, tensors: &[Tensor<F>]) -> usize {
        tensors[WEIGHT_HH].value.ncols() * if self.sequences { self.steps } else { 1 }
    }

    fn forward(&self, pass: Forward<'_, F>) {
        let Forward { tensors, x, z, scratch, columns } = pass;
        let sizes = Sizes::of(tensors, columns);
        let Sizes { units, features, state: block, .. } = sizes;
        let Scratch { kept, states, bias, .. } = scratch;
        kept.resize(self.steps * K * block, F::ZERO);
        states.resize((self.steps + 1) * block, F::ZERO);
        states[..block].fill(F::ZERO);
        Self::join_biases(units, tensors, bias);
        let weight = tensors[WEIGHT_IH].values();
        for (kept, x) in kept.chunks_exact_mut(K * block).zip(x.chunks_exact(features * columns)) {
            let dims = sizes.of_inputs(C::GATES);
            kernel::affine(dims, weight, bias, x, &mut kept[..C::GATES * block]);
        }
        let (weight, weight_apart) =
            tensors[WEIGHT_HH].values().split_at(C::JOINED * units * units);
        let bias_apart = &tensors[BIAS_HH].values()[C::JOINED * units..];
        for step in 0..self.steps {
            let (before, now) = kept.split_at_mut(step * K * block);
            let (now, (h, after)) = (&mut now[..K * block], around(states, step, block));
            let joined = &mut now[..C::JOINED * block];
            kernel::add_product(sizes.of_state(C::JOINED), weight, h, joined);
            let apart = C::GATES - C::JOINED;
            if apart > 0 {
                let z = &mut now[C::GATES * block..][..apart * block];
                kernel::affine(sizes.of_state(apart), weight_apart, bias_apart, h, z);
            }
            // The cell before the first step is 0, as is the state.
            let c = if step == 0 { h } else { &before[before.len() - block..] };
            simd::run(StepForward { cell: self.cell, kept: now, before: [h, c], after });
            if let Some(place) = self.handed_on(step) {
                z[place * block..][..block].copy_from_slice(after);
            }
        }
    }

    fn backward(&self, pass: Backward<'_, F>) {
        let Backward { tensors, x, dz, scratch, columns } = pass;
        let sizes = Sizes::of(tensors, columns);
        let Sizes { features, state: block, .. } = sizes;
        let Scratch { xt, kept, states, carried, .. } = scratch;
        for tensor in &mut *tensors {
            tensor.parts_mut().1.fill(F::ZERO);
        }
        carried.clear();
        carried.resize(2 * block, F::ZERO);
        let (dh, dc) = carried.split_at_mut(block);
        for step in (0..self.steps).rev() {
            if let Some(place) = self.handed_on(step) {
                add(&dz[place * block..][..block], dh);
            }
            let (before, now) = kept.split_at_mut(step * K * block);
            let now = &mut now[..K * block];
            let h = &states[step * block..][..block];
            let c = if step == 0 { h } else { &before[before.len() - block..] };
            simd::run(StepBackward { cell: self.cell, kept: now, before: [h, c], d: [dh, dc] });
            let x = &x[step * features * columns..][..features * columns];
            Self::add_gradients(sizes, tensors, (x, h, now), xt);
            if self.cuts(step) {
                dh.fill(F::ZERO);
                dc.fill(F::ZERO);
            } else {
                Self::add_state_gradient(sizes, tensors[WEIGHT_HH].values(), now, dh);
            }
        }
    }

    fn input_gradient(&self, pass: InputGradient<'_, F>) {
        let InputGradient { tensors, scratch, dx, columns, .. } = pass;
        let sizes = Sizes::of(tensors, columns);
        let steps = dx.chunks_exact_mut(sizes.features * columns);
        for (dx, dgates) in steps.zip(scratch.kept.chunks_exact(K * sizes.state)) {
            let (dims, weight) = (sizes.of_inputs(C::GATES), tensors[WEIGHT_IH].values());
            kernel::input_gradient(dims, weight, &dgates[..C::GATES * sizes.state], dx);
        }
    }
}

/// The states before and after `step`.
fn around<F>(states: &mut [F], step: usize, block: usize) -> (&[F], &mut [F]) {
    let (before, after) = states.split_at_mut((step + 1) * block);
    (&before[step * block..], &mut after[..block])
}

/// Writes `values`, `rows × columns`, samples by rows.
fn transpose<F: Real>(rows: usize, columns: usize, values: &[F], out: &mut Vec<F>) {
    out.resize(columns * padded(rows), F::ZERO);
    kernel::transpose(rows, columns, |row| &values[row * columns..][..columns], out);
}

fn add<F: Real>(values: &[F], sums: &mut [F]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// One step at all units and samples.
struct StepForward<'a, C, F, const K: usize> {
    cell: C,
    kept: &'a mut [F],
    /// State and cell.
    before: [&'a [F]; 2],
    after: &'a mut [F],
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
struct StepBackward<'a, C, F, const K: usize> {
    cell: C,
    kept: &'a mut [F],
    /// State and cell.
    before: [&'a [F]; 2],
    /// Of state and cell, after the step and then before it.
    d: [&'a mut [F]; 2],
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
                let d = State { h: dhs[lane], c: dcs[lane] };
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
