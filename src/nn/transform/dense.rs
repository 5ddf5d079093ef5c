//! The dense layer.

use super::{Backward, Forward, InputGradient, Inputs, Layout, Samples, Scratch, Transform};
use crate::nn::kernel::{self, Dims, sparse};
use crate::nn::real::Real;
use crate::nn::simd::padded;
use crate::nn::tensor::{Role, Tensor};
use crate::spec::{Card, Describe, Pick};

/// W·x + b.
#[derive(Clone, Copy, Debug)]
pub struct Dense;

impl Describe for Dense {
    const CARD: Card = Card {
        key: "dense",
        title: "Dense",
        formula: "z = W·x + b",
        params: &[],
        usage: "the plain layer: every unit sees all inputs; a sequence is taken as one long row",
        caution: None,
        source: "torch.nn.Linear",
        differs: None,
    };
    const TORCH: Option<&'static str> = Some("torch.nn.Linear");
    fn build(_: &Pick) -> Self {
        Self
    }
}

fn dims<F: Real>(tensors: &[Tensor<F>], columns: usize) -> Dims {
    let (units, inputs) = tensors[0].value.dim();
    Dims { units, inputs, columns }
}

impl<F: Real> Transform<F> for Dense {
    fn layout(&self, units: usize, inputs: usize) -> Vec<Layout> {
        vec![("weight", Role::Weight, (units, inputs)), ("bias", Role::Vector, (1, units))]
    }
    fn inputs(&self, tensors: &[Tensor<F>]) -> usize {
        tensors[0].value.ncols()
    }
    fn rows(&self, tensors: &[Tensor<F>]) -> usize {
        tensors[0].value.nrows()
    }
    fn forward(&self, pass: Forward<'_, F>) {
        let Forward { tensors, x, z, scratch, columns } = pass;
        let dims = dims(tensors, columns);
        let (weight, bias) = (tensors[0].values(), tensors[1].values());
        scratch.sparse = sparse::affine(dims, (weight, bias), x, z, &mut scratch.occupied);
        if !scratch.sparse {
            kernel::affine(dims, weight, bias, x, z);
        }
    }
    fn backward(&self, pass: Backward<'_, F>) {
        let Backward { tensors, inputs: Inputs { x, xt }, dz, scratch, samples } = pass;
        let Samples { batch, columns } = samples;
        let dims = dims(tensors, columns);
        let width = padded(dims.inputs);
        let Scratch { xt: transposed, sparse, occupied, .. } = scratch;
        let xt = xt.unwrap_or_else(|| {
            transposed.resize(columns * width);
            let row = |input| &x[input * columns..][..columns];
            kernel::transpose(dims.inputs, columns, row, transposed);
            &**transposed
        });
        // Padding adds nothing.
        let xt = &xt[..batch * width];
        let [weight, bias] = tensors else { return };
        let (dw, db) = (weight.parts_mut().1, bias.parts_mut().1);
        kernel::row_sums(dz, columns, db);
        if !*sparse || !sparse::weight_gradient(dims, (dz, xt), dw, occupied) {
            kernel::weight_gradient(dims, dz, xt, dw);
        }
    }
    fn input_gradient(&self, pass: InputGradient<'_, F>) {
        let InputGradient { tensors, dz, dx, columns, .. } = pass;
        kernel::input_gradient(dims(tensors, columns), tensors[0].values(), dz, dx);
    }
}
