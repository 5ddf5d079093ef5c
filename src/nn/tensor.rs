//! A named array of numbers that a layer owns, with its gradient if it is trained.

use ndarray::Array2;

use super::real::Real;

/// The part that a tensor plays in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trained, a matrix that inputs are multiplied by. Penalties and weight decay are about these.
    Weight,
    /// Trained, and left alone by penalties and weight decay: a bias, a slope, a scale.
    Vector,
    /// Not trained: a statistic that the forward pass keeps for evaluation.
    Buffer,
}

/// A tensor of a layer.
#[derive(Clone, Debug)]
pub struct Tensor<F> {
    /// Its name in files and scripts, unique within its layer.
    pub name: &'static str,
    /// The part that it plays in training.
    pub role: Role,
    /// Its present value.
    pub value: Array2<F>,
    /// ∂L/∂value of the last batch; of no elements for a buffer.
    pub grad: Array2<F>,
}

impl<F: Real> Tensor<F> {
    /// A matrix of weights with no gradient yet.
    #[must_use]
    pub fn weight(name: &'static str, value: Array2<F>) -> Self {
        let value = value.as_standard_layout().into_owned();
        let grad = Array2::from_elem(value.dim(), F::ZERO);
        Self { name, role: Role::Weight, value, grad }
    }

    /// Trained numbers other than weights, `1 × n`, with no gradient yet.
    #[must_use]
    pub fn vector(name: &'static str, values: Vec<F>) -> Self {
        let value = row(values);
        let grad = Array2::from_elem(value.dim(), F::ZERO);
        Self { name, role: Role::Vector, value, grad }
    }

    /// Numbers that are not trained, `1 × n`.
    #[must_use]
    pub fn buffer(name: &'static str, values: Vec<F>) -> Self {
        let grad = Array2::from_elem((0, 0), F::ZERO);
        Self { name, role: Role::Buffer, value: row(values), grad }
    }

    /// Whether an optimizer moves it.
    #[must_use]
    pub fn is_trained(&self) -> bool {
        self.role != Role::Buffer
    }

    /// The values, row after row.
    #[must_use]
    pub fn values(&self) -> &[F] {
        match self.value.as_slice() {
            Some(slice) => slice,
            None => unreachable!("tensors are stored row after row"),
        }
    }

    /// The gradient, row after row.
    #[must_use]
    pub fn grads(&self) -> &[F] {
        match self.grad.as_slice() {
            Some(slice) => slice,
            None => unreachable!("tensors are stored row after row"),
        }
    }

    /// Values and gradient, row after row.
    pub fn parts_mut(&mut self) -> (&mut [F], &mut [F]) {
        match (self.value.as_slice_mut(), self.grad.as_slice_mut()) {
            (Some(value), Some(grad)) => (value, grad),
            _ => unreachable!("tensors are stored row after row"),
        }
    }
}

fn row<F: Real>(values: Vec<F>) -> Array2<F> {
    match Array2::from_shape_vec((1, values.len()), values) {
        Ok(row) => row,
        Err(error) => unreachable!("a row has as many numbers as it has: {error}"),
    }
}
