//! SOAP.

use super::matrix::{self, Matrix};
use super::mean::Mean;
use super::{
    BETAS_SEARCH, DECAY_SEARCH, Dim, EPS_SEARCH, Optimizer, Share, State, Update, bias_correction,
    lr,
};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam in the eigenbasis of Shampoo's preconditioners.
#[derive(Clone, Copy, Debug)]
pub struct Soap {
    betas: [f64; 2],
    eps: f64,
    weight_decay: f64,
    every: u64,
}

impl Describe for Soap {
    const CARD: Card = Card {
        key: "soap",
        title: "SOAP",
        formula: "L, R: running means of ∇L·∇Lᵀ and ∇Lᵀ·∇L (β₂), eigenvectors P and Q\n\
                  m: mean of ∇L (β₁)        v: mean of (Pᵀ·∇L·Q)² (β₂)\n\
                  W ← (1 − α·λ)·(W − α·P·[Pᵀ·m̂·Q / √v̂]·Qᵀ)",
        params: &[
            lr(0.003),
            Param {
                key: "betas",
                default: DefaultValue::List(&[0.95, 0.95]),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of the mean, and of the squares: 1/(1 − β) steps",
                search: BETAS_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-8),
                range: Range::AtLeast(0.0),
                meaning: "added to the root, outside it, against division by 0",
                search: EPS_SEARCH,
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.01),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
            Param {
                key: "precondition_frequency",
                default: DefaultValue::Integer(10),
                range: Range::AtLeast(1.0),
                meaning: "steps from one turn of the eigenbasis to the next",
                search: None,
            },
        ],
        usage: "as shampoo, cheaper: between turns of the basis it is Adam",
        caution: Some("the first step only sets the basis and moves nothing"),
        source: "Vyas et al. 2024",
        differs: Some(
            "as the authors' code: the weight decays after its step, ε is outside the root and before bias correction; a vector, such as a bias, is not preconditioned: Adam, one step late. Libraries decay first, or leave matrices of one row to AdamW",
        ),
    };
    const FAMILY: &'static str = super::family::MATRIX;
    fn build(pick: &Pick) -> Self {
        Self {
            betas: pick.array("betas"),
            eps: pick.number("eps"),
            weight_decay: pick.number("weight_decay"),
            every: pick.number("precondition_frequency") as u64,
        }
    }
}

impl<F: Real> Optimizer<F> for Soap {
    fn state(&self, dim: Dim) -> State<F> {
        let (rows, columns) = sides(dim);
        let tensors = [
            ("left", rows * rows),
            ("right", columns * columns),
            ("left_basis", rows * rows),
            ("right_basis", columns * columns),
            ("mean", dim.elements()),
            ("square", dim.elements()),
        ];
        let tensors = tensors.map(|(name, len)| (name, vec![F::ZERO; len])).to_vec();
        State { tensors, ..State::zeros(&[], 0) }
    }

    /// The gradient twice, both bases or squares, and the eigenvectors of the larger one in `f64`.
    fn scratch(&self, dim: Dim) -> u64 {
        matrix::scratch::<F>(dim, 4)
    }

    /// The mean squares of a matrix are along its bases, not along its weights.
    fn share(&self, name: &str, dim: Dim) -> Share {
        match (name, dim) {
            ("mean", _) | ("square", Dim::Vector(_)) => Share::Element,
            _ => Share::Whole,
        }
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, dim, param, grad, state } = update;
        let done = state.step - 1;
        if done > 0 {
            let rate = bias_correction(self.betas[1], done).sqrt()
                / bias_correction(self.betas[0], done)
                * lr;
            let (rate, shrink) = (F::of(rate), F::of(1.0 - lr * self.weight_decay));
            for (param, d) in param.iter_mut().zip(self.direction(dim, grad, state)) {
                *param = (-rate).mul_add(d, *param) * shrink;
            }
        }
        if let Dim::Matrix(rows, columns) = dim {
            let grad = Matrix::new((rows, columns), grad.to_vec());
            self.learn(&grad, state, done);
        }
    }
}

/// Rows and columns of what is preconditioned: a vector is not, on either side.
const fn sides(dim: Dim) -> (usize, usize) {
    match dim {
        Dim::Vector(_) => (0, 0),
        Dim::Matrix(rows, columns) => (rows, columns),
    }
}

impl Soap {
    /// Takes the gradient into the means, and gives P·[Pᵀ·m·Q / (√v + ε)]·Qᵀ.
    fn direction<F: Real>(&self, dim: Dim, grad: &[F], state: &mut State<F>) -> Vec<F> {
        let [_, _, left_basis, right_basis, mean, square] = state.tensors_mut::<6>();
        let (rows, columns) = sides(dim);
        let p = Matrix::new((rows, rows), left_basis.to_vec());
        let q = Matrix::new((columns, columns), right_basis.to_vec());
        let turned = |x: &[F]| match dim {
            Dim::Vector(_) => x.to_vec(),
            Dim::Matrix(..) => {
                p.transposed().product(&Matrix::new((rows, columns), x.to_vec())).product(&q).cells
            }
        };
        blend(mean, grad, Mean::new(self.betas[0]));
        let squares: Vec<F> = turned(grad).iter().map(|&g| g * g).collect();
        blend(square, &squares, Mean::of_squares(self.betas[1], self.eps));
        let mut direction = turned(mean);
        let eps = F::of(self.eps);
        for (d, v) in direction.iter_mut().zip(square.iter()) {
            *d /= v.sqrt() + eps;
        }
        match dim {
            Dim::Vector(_) => direction,
            Dim::Matrix(..) => {
                let direction = Matrix::new((rows, columns), direction);
                p.product(&direction).product(&q.transposed()).cells
            }
        }
    }

    /// Takes the gradient into L and R, and turns their bases where that is due after `done` steps.
    fn learn<F: Real>(&self, grad: &Matrix<F>, state: &mut State<F>, done: u64) {
        let [left, right, left_basis, right_basis, _, square] = state.tensors_mut::<6>();
        let transposed = grad.transposed();
        // Whatever their size, their bases count.
        let sides = Mean::of_squares(self.betas[1], 0.0);
        blend(left, &grad.product(&transposed).cells, sides);
        blend(right, &transposed.product(grad).cells, sides);
        let sides = [(left, left_basis, grad.rows), (right, right_basis, grad.columns)];
        if done == 0 {
            for (sum, basis, size) in sides {
                let (_, vectors) = Matrix::new((size, size), sum.to_vec()).widened().eigen();
                basis.copy_from_slice(&Matrix::narrowed(&vectors).cells);
            }
        } else if done.is_multiple_of(self.every) {
            let [rows, columns] = sides.map(|(sum, basis, size)| {
                let sum = Matrix::new((size, size), sum.to_vec()).widened();
                let (turned, order) =
                    turn(&sum, &Matrix::new((size, size), basis.to_vec()).widened());
                basis.copy_from_slice(&Matrix::narrowed(&turned).cells);
                order
            });
            let from = square.to_vec();
            let places =
                rows.iter().flat_map(|&i| columns.iter().map(move |&j| i * grad.columns + j));
            for (square, place) in square.iter_mut().zip(places) {
                *square = from[place];
            }
        }
    }
}

/// `mean ← β·mean + (1 − β)·new`.
fn blend<F: Real>(mean: &mut [F], new: &[F], rule: Mean<F>) {
    for (mean, &new) in mean.iter_mut().zip(new) {
        *mean = rule.next(*mean, new);
    }
}

/// One step of orthogonal iteration: `basis` turned towards the eigenvectors of `matrix`, its
/// columns put in the order of their estimated eigenvalues, largest first; and that order.
fn turn(matrix: &Matrix<f64>, basis: &Matrix<f64>) -> (Matrix<f64>, Vec<usize>) {
    let image = matrix.product(basis);
    let n = basis.rows;
    let cell = |m: &Matrix<f64>, i: usize, j: usize| m.cells[i * n + j];
    let estimate =
        |j: usize| -> f64 { (0..n).map(|i| cell(basis, i, j) * cell(&image, i, j)).sum() };
    let estimates: Vec<f64> = (0..n).map(estimate).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| estimates[j].total_cmp(&estimates[i]));
    (image.with_columns(&order).orthonormal(), order)
}
