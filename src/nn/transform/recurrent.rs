//! The way of a sequence through a recurrent layer, and back through time.
//!
//! The equations of a step stand in a [`Cell`]; the products and the course are the same for all. A
//! step's products with its inputs and with the state before it are one pass of the kernel, all gates
//! side by side. On the way back, what no step waits for is summed over all steps at once.

use std::fmt::Debug;

use self::step::{StepBackward, StepForward};
use super::{Backward, Forward, InputGradient, Inputs, Layout, Scratch, Transform};
use crate::nn::buffer::Buffer;
use crate::nn::kernel::{self, Dims, Steps};
use crate::nn::real::Real;
use crate::nn::simd::{self, padded};
use crate::nn::tensor::{Role, Tensor};
use crate::spec::{DefaultValue, Param, Pick, Range};

mod step;

/// Numbers of a step up to which products with them are summed in lanes.
const NARROW: usize = 8;

/// Whether the state after each step is handed on.
pub const RETURN_SEQUENCES: Param = Param {
    key: "return_sequences",
    default: DefaultValue::Flag(false),
    range: Range::Any,
    meaning: "hands on the state after every step rather than the last one: for layers to stack",
    search: None,
};

/// How far back gradients go.
pub const BPTT: Param = Param {
    key: "bptt",
    default: DefaultValue::Integer(0),
    range: Range::Closed(0.0, 1e6),
    meaning: "steps that gradients go back through time, in windows from the end on; 0 is all",
    search: None,
};

/// State and cell before or after a step; what has no cell leaves it alone.
#[derive(Clone, Copy, Debug)]
pub struct State<F> {
    /// The state that is handed on.
    pub h: F,
    /// The cell.
    pub c: F,
}

/// One step at one unit, for one sample. `K` numbers are kept of it: the products of the gates with
/// the state first, then those with the inputs that are not added to them, and the cell, if there is
/// one, last. Methods are marked `#[inline(always)]` so that loops over them vectorise.
pub trait Cell<const K: usize>: Copy + Debug + Send + Sync + 'static {
    /// A picture of the step, in lines of at most 50 columns.
    const DIAGRAM: &'static str;
    /// Blocks of rows of the weights.
    const GATES: usize;
    /// Of how many of them, the first ones, the products with input and state are added up.
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

    /// The inputs of step `step`.
    fn inputs<F>(self, x: &[F], step: usize) -> &[F] {
        let numbers = self.features * self.columns;
        &x[step * numbers..][..numbers]
    }
}

impl<C: Cell<K>, const K: usize> Recurrent<C, K> {
    /// Gates whose products with input and state are kept apart.
    const APART: usize = C::GATES - C::JOINED;

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

    /// The products of a step with its inputs `x` and the state `h` before it.
    fn products<F: Real>(
        sizes: Sizes,
        tensors: &[Tensor<F>],
        bias: &[F],
        [x, h]: [&[F]; 2],
        products: &mut [F],
    ) {
        let Sizes { units, features, state, .. } = sizes;
        let (weight_ih, weight_ih_apart) =
            tensors[WEIGHT_IH].values().split_at(C::JOINED * units * features);
        let (weight_hh, weight_hh_apart) =
            tensors[WEIGHT_HH].values().split_at(C::JOINED * units * units);
        let (bias, bias_apart) = bias.split_at(C::JOINED * units);
        let (joined, apart) = products.split_at_mut(C::JOINED * state);
        let of_inputs = (sizes.of_inputs(C::JOINED), weight_ih, x);
        let of_state = (sizes.of_state(C::JOINED), weight_hh, h);
        kernel::affine_of_both(of_inputs, of_state, bias, joined);
        if Self::APART > 0 {
            let (of_state, of_inputs) = apart.split_at_mut(Self::APART * state);
            let bias_hh = &tensors[BIAS_HH].values()[C::JOINED * units..];
            kernel::affine(sizes.of_state(Self::APART), weight_hh_apart, bias_hh, h, of_state);
            let of_inputs = &mut of_inputs[..Self::APART * state];
            let dims = sizes.of_inputs(Self::APART);
            kernel::affine(dims, weight_ih_apart, bias_apart, x, of_inputs);
        }
    }

    /// The ranges of the gradients of the products with the inputs, in blocks of what is kept of a
    /// step, with the gates that they belong to.
    fn of_inputs() -> [(usize, std::ops::Range<usize>); 2] {
        [(0, 0..C::JOINED), (C::GATES, C::JOINED..C::GATES)]
    }

    /// The gradients of the weights and biases by sums over all steps: all of those that need no
    /// product with the transposed inputs.
    fn sum_up<F: Real>(
        sizes: Sizes,
        tensors: &mut [Tensor<F>],
        (x, kept): (&[F], &[F]),
        ones: &mut Buffer<F>,
    ) {
        let Sizes { units, features, columns, state } = sizes;
        let [weight_ih, _, bias_ih, bias_hh] = tensors else { return };
        let dgates =
            |block: usize| Steps { values: &kept[block * state..], stride: K * state, columns };
        let (db, db_hh) = (bias_ih.parts_mut().1, bias_hh.parts_mut().1);
        ones.resize(columns);
        ones.fill(F::ONE);
        let ones = Steps { values: ones, stride: 0, columns };
        kernel::samples_product(dgates(0), ones, 1, db_hh);
        let joined = C::JOINED * units;
        db[..joined].copy_from_slice(&db_hh[..joined]);
        if Self::APART > 0 {
            kernel::samples_product(dgates(C::GATES), ones, 1, &mut db[joined..]);
        }
        if features <= NARROW {
            let (dw, stride) = (weight_ih.parts_mut().1, features * columns);
            for (block, gates) in Self::of_inputs() {
                let dw = &mut dw[gates.start * units * features..gates.end * units * features];
                let x = Steps { values: x, stride, columns };
                kernel::samples_product(dgates(block), x, features, dw);
            }
        }
    }

    /// Adds what a step of the way back gives to the gradients of the weights, the state before it
    /// being `h`; of those of the inputs, if they are not narrow.
    fn add_gradients<F: Real>(
        sizes: Sizes,
        tensors: &mut [Tensor<F>],
        ([x, h], dgates): ([&[F]; 2], &[F]),
        xt: &mut Buffer<F>,
    ) {
        let Sizes { units, features, columns, state } = sizes;
        transpose(units, columns, h, xt);
        let dw = tensors[WEIGHT_HH].parts_mut().1;
        kernel::add_weight_gradient(sizes.of_state(C::GATES), dgates, xt, dw);
        if features > NARROW {
            transpose(features, columns, x, xt);
            let dw = tensors[WEIGHT_IH].parts_mut().1;
            for (block, gates) in Self::of_inputs() {
                let dims = sizes.of_inputs(gates.len());
                let dw = &mut dw[gates.start * units * features..][..dims.units * features];
                kernel::add_weight_gradient(dims, &dgates[block * state..], xt, dw);
            }
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
        let block = sizes.state;
        let Scratch { kept, states, bias, .. } = scratch;
        kept.resize(self.steps * K * block, F::ZERO);
        states.resize((self.steps + 1) * block, F::ZERO);
        states[..block].fill(F::ZERO);
        Self::join_biases(sizes.units, tensors, bias);
        for step in 0..self.steps {
            let (before, now) = kept.split_at_mut(step * K * block);
            let (now, (h, after)) = (&mut now[..K * block], around(states, step, block));
            Self::products(sizes, tensors, bias, [sizes.inputs(x, step), h], now);
            // The cell before the first step is 0, as is the state.
            let c = if step == 0 { h } else { &before[before.len() - block..] };
            simd::run(StepForward { cell: self.cell, kept: now, before: [h, c], after });
            if let Some(place) = self.handed_on(step) {
                z[place * block..][..block].copy_from_slice(after);
            }
        }
    }

    fn backward(&self, pass: Backward<'_, F>) {
        let Backward { tensors, inputs: Inputs { x, .. }, dz, scratch, samples } = pass;
        let columns = samples.columns;
        let sizes = Sizes::of(tensors, columns);
        let block = sizes.state;
        let Scratch { xt, kept, states, carried, .. } = scratch;
        for weight in &mut tensors[..BIAS_IH] {
            weight.parts_mut().1.fill(F::ZERO);
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
            Self::add_gradients(sizes, tensors, ([sizes.inputs(x, step), h], now), xt);
            if self.cuts(step) {
                dh.fill(F::ZERO);
                dc.fill(F::ZERO);
            } else {
                let (dims, weight) = (sizes.of_state(C::GATES), tensors[WEIGHT_HH].values());
                kernel::add_input_gradient(dims, weight, &now[..C::GATES * block], dh);
            }
        }
        Self::sum_up(sizes, tensors, (x, kept), xt);
    }

    fn gradient_by_step(
        &self,
        tensors: &[Tensor<F>],
        scratch: &Scratch<F>,
        columns: usize,
    ) -> Vec<f64> {
        let block = Sizes::of(tensors, columns).state;
        let of_step = |dgates: &[F]| {
            let gates = Self::of_inputs().map(|(first, gates)| first..first + gates.len());
            norm(
                gates.into_iter().flat_map(|it| &dgates[it.start * block..it.end * block]).copied(),
            )
        };
        scratch.kept.chunks_exact(K * block).map(of_step).collect()
    }

    fn input_gradient(&self, pass: InputGradient<'_, F>) {
        let InputGradient { tensors, scratch, dx, columns, .. } = pass;
        let sizes = Sizes::of(tensors, columns);
        let weight = tensors[WEIGHT_IH].values();
        let (weight, weight_apart) = weight.split_at(C::JOINED * sizes.units * sizes.features);
        let steps = dx.chunks_exact_mut(sizes.features * columns);
        for (dx, dgates) in steps.zip(scratch.kept.chunks_exact(K * sizes.state)) {
            let joined = &dgates[..C::JOINED * sizes.state];
            kernel::input_gradient(sizes.of_inputs(C::JOINED), weight, joined, dx);
            if Self::APART > 0 {
                let apart = &dgates[C::GATES * sizes.state..][..Self::APART * sizes.state];
                kernel::add_input_gradient(sizes.of_inputs(Self::APART), weight_apart, apart, dx);
            }
        }
    }
}

/// The root of the sum of squares.
fn norm<F: Real>(values: impl Iterator<Item = F>) -> f64 {
    libm::sqrt(values.map(|x| x.f64() * x.f64()).sum())
}

/// The states before and after `step`.
fn around<F>(states: &mut [F], step: usize, block: usize) -> (&[F], &mut [F]) {
    let (before, after) = states.split_at_mut((step + 1) * block);
    (&before[step * block..], &mut after[..block])
}

/// Writes `values`, `rows × columns`, samples by rows.
fn transpose<F: Real>(rows: usize, columns: usize, values: &[F], out: &mut Buffer<F>) {
    out.resize(columns * padded(rows));
    kernel::transpose(rows, columns, |row| &values[row * columns..][..columns], out);
}

fn add<F: Real>(values: &[F], sums: &mut [F]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
