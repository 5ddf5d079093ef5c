//! Shampoo.

use super::adagrad::Adagrad;
use super::matrix::{self, Matrix};
use super::{Dim, Optimizer, Share, State, Update, lr, momentum};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adagrad for whole matrices: the gradient is divided by a root of the sum of its squares, taken
/// as matrices over rows and over columns.
#[derive(Clone, Copy, Debug)]
pub struct Shampoo {
    momentum: f64,
    matrix_eps: f64,
    every: u64,
    /// For vectors.
    companion: Adagrad,
}

impl Describe for Shampoo {
    const CARD: Card = Card {
        key: "shampoo",
        title: "Shampoo",
        formula: "L ← L + ∇L·∇Lᵀ        R ← R + ∇Lᵀ·∇L        both from ε·I\n\
                  u ← momentum·u + L^(−¼)·∇L·R^(−¼)\n\
                  W ← W − α·u",
        params: &[
            lr(0.01),
            momentum(0.0),
            Param {
                key: "matrix_eps",
                default: DefaultValue::Number(1e-6),
                range: Range::Above(0.0),
                meaning: "what the diagonals of L and R start from",
                search: None,
            },
            Param {
                key: "preconditioning_compute_steps",
                default: DefaultValue::Integer(1),
                range: Range::AtLeast(1.0),
                meaning: "steps from one computation of the roots to the next",
                search: None,
            },
        ],
        usage: "layers whose gradients are correlated; to see what second order can do",
        caution: Some(
            "a root costs the cube of the layer's width; vectors, such as biases, move by adagrad",
        ),
        source: "Gupta, Koren & Singer 2018",
        differs: Some(
            "as the paper's algorithm 1: sums of squares and exponents of −¼ on each side; later versions use running means. The paper takes the full matrix of a vector where adagrad stands here",
        ),
    };
    const FAMILY: &'static str = super::family::MATRIX;
    fn build(pick: &Pick) -> Self {
        Self {
            momentum: pick.number("momentum"),
            matrix_eps: pick.number("matrix_eps"),
            every: pick.number("preconditioning_compute_steps") as u64,
            companion: Adagrad::DEFAULT,
        }
    }
}

impl Shampoo {
    /// matrix^(−¼), eigenvalues held at `matrix_eps` or more.
    fn inverse_root<F: Real>(&self, matrix: &Matrix<F>) -> Matrix<F> {
        let (values, vectors) = matrix.widened().eigen();
        let mut scaled = vectors.clone();
        for row in scaled.cells.chunks_exact_mut(values.len()) {
            for (x, value) in row.iter_mut().zip(&values) {
                *x /= value.max(self.matrix_eps).sqrt().sqrt();
            }
        }
        Matrix::narrowed(&scaled.product(&vectors.transposed()))
    }
}

impl<F: Real> Optimizer<F> for Shampoo {
    fn state(&self, dim: Dim) -> State<F> {
        let Dim::Matrix(rows, columns) = dim else {
            return self.companion.state(dim);
        };
        let scaled = |n: usize| {
            let identity = Matrix::identity(n).cells.into_iter();
            identity.map(|x| F::of(self.matrix_eps * x)).collect()
        };
        let tensors = vec![
            ("left", scaled(rows)),
            ("right", scaled(columns)),
            ("left_root", vec![F::ZERO; rows * rows]),
            ("right_root", vec![F::ZERO; columns * columns]),
            ("step", vec![F::ZERO; rows * columns]),
        ];
        State { tensors, ..State::zeros(&[], 0) }
    }

    /// The gradient twice, both of its squares, and the root of the larger one in `f64`.
    fn scratch(&self, dim: Dim) -> u64 {
        matrix::scratch::<F>(dim, 5)
    }

    fn share(&self, name: &str, dim: Dim) -> Share {
        match (name, dim) {
            ("step", _) | (_, Dim::Vector(_)) => Share::Element,
            _ => Share::Whole,
        }
    }

    fn update(&self, update: Update<'_, F>) {
        let Dim::Matrix(rows, columns) = update.dim else {
            return self.companion.update(update);
        };
        let Update { lr, param, grad, state, .. } = update;
        let due = (state.step - 1).is_multiple_of(self.every);
        let [left, right, left_root, right_root, step] = state.tensors_mut::<5>();
        let grad = Matrix::new((rows, columns), grad.to_vec());
        let transposed = grad.transposed();
        let sides = [
            (left, left_root, grad.product(&transposed), rows),
            (right, right_root, transposed.product(&grad), columns),
        ];
        let [left_root, right_root] = sides.map(|(sum, root, square, size)| {
            for (sum, square) in sum.iter_mut().zip(square.cells) {
                *sum += square;
            }
            if due {
                let fresh = self.inverse_root(&Matrix::new((size, size), sum.to_vec()));
                root.copy_from_slice(&fresh.cells);
            }
            Matrix::new((size, size), root.to_vec())
        });
        let direction = left_root.product(&grad).product(&right_root);
        let (rate, keep) = (F::of(lr), F::of(self.momentum));
        for ((param, step), u) in param.iter_mut().zip(step).zip(direction.cells) {
            *step = keep.mul_add(*step, u);
            *param = (-rate).mul_add(*step, *param);
        }
    }
}
