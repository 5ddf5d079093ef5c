//! The dimensions of a parameter.

use crate::nn::Real;
use crate::nn::tensor::{Role, Tensor};

/// The dimensions of a parameter. Rules that look at rows and columns treat a matrix of one row as
/// the matrix that it is, and a vector otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dim {
    /// So many numbers: a bias, scales, slopes, a point.
    Vector(usize),
    /// Rows and columns: the weights of a layer.
    Matrix(usize, usize),
}

impl Dim {
    /// The dimensions of a tensor of a layer.
    #[must_use]
    pub fn of<F: Real>(tensor: &Tensor<F>) -> Self {
        let (rows, columns) = tensor.value.dim();
        match tensor.role {
            Role::Weight => Self::Matrix(rows, columns),
            Role::Vector | Role::Buffer => Self::Vector(rows * columns),
        }
    }

    /// The number of its elements.
    #[must_use]
    pub const fn elements(self) -> usize {
        match self {
            Self::Vector(elements) => elements,
            Self::Matrix(rows, columns) => rows * columns,
        }
    }
}
