//! SM3.

use super::mean::Mean;
use super::{Dim, MOMENTUM_SEARCH, Optimizer, Share, State, Update, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adagrad whose sums of a matrix are kept as one bound a row and one a column.
#[derive(Clone, Copy, Debug)]
pub struct Sm3 {
    momentum: f64,
    eps: f64,
}

impl Describe for Sm3 {
    const CARD: Card = Card {
        key: "sm3",
        title: "SM3",
        formula: "νᵢⱼ = min(rᵢ, cⱼ) + ∇L²        rᵢ ← maxⱼ νᵢⱼ,  cⱼ ← maxᵢ νᵢⱼ\n\
                  m ← momentum·m + (1 − momentum)·∇L/√(ν + ε)\n\
                  W ← W − α·m",
        params: &[
            lr(0.1),
            Param {
                key: "momentum",
                default: DefaultValue::Number(0.9),
                range: Range::HalfOpen(0.0, 1.0),
                meaning: "memory of past directions: 1/(1 − momentum) steps",
                search: MOMENTUM_SEARCH,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-30),
                range: Range::Above(0.0),
                meaning: "added to the sums, inside the root, against division by 0",
                search: None,
            },
        ],
        usage: "sparse gradients in large matrices: its memory grows with rows + columns",
        caution: Some("the sums only grow, and the steps shrink with them, as Adagrad's do"),
        source: "Anil et al. 2019",
        differs: Some(
            "the variant SM3-II, momentum as a mean as in the authors' code; where ν is 0, ε stands for the paper's 0/0 = 0; a vector keeps its full sums",
        ),
    };
    const FAMILY: &'static str = super::family::ADAPTIVE;
    fn build(pick: &Pick) -> Self {
        Self { momentum: pick.number("momentum"), eps: pick.number("eps") }
    }
}

impl<F: Real> Optimizer<F> for Sm3 {
    /// For a matrix the bounds, and memory for those of the columns while they are made.
    fn state(&self, dim: Dim) -> State<F> {
        let mut state = State::zeros(&["m"], dim.elements());
        let sizes = match dim {
            Dim::Vector(elements) => vec![("v", elements)],
            Dim::Matrix(rows, columns) => {
                vec![("row", rows), ("column", columns), ("column_next", columns)]
            }
        };
        state.tensors.extend(sizes.into_iter().map(|(name, size)| (name, vec![F::ZERO; size])));
        state
    }

    fn share(&self, name: &str, _: Dim) -> Share {
        match name {
            "row" => Share::Row,
            "column" | "column_next" => Share::Column,
            _ => Share::Element,
        }
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, dim, param, grad, state } = update;
        let (lr, eps, fresh) = (F::of(lr), F::of(self.eps), F::of(1.0 - self.momentum));
        let mean = Mean::new(self.momentum);
        let go = |param: &mut F, m: &mut F, g: F, sum: F| {
            *m = mean.settled(fresh.mul_add(g / (sum + eps).sqrt() - *m, *m));
            *param = (-lr).mul_add(*m, *param);
        };
        let Dim::Matrix(_, columns) = dim else {
            let [m, v] = state.tensors_mut::<2>();
            for (((param, m), &g), v) in param.iter_mut().zip(m).zip(grad).zip(v) {
                *v = g.mul_add(g, *v);
                go(param, m, g, *v);
            }
            return;
        };
        let [m, row, column, next] = state.tensors_mut::<4>();
        next.fill(F::ZERO);
        for (i, row) in row.iter_mut().enumerate() {
            let bound = std::mem::replace(row, F::ZERO);
            for j in 0..columns {
                let at = i * columns + j;
                let sum = grad[at].mul_add(grad[at], bound.smaller(column[j]));
                *row = row.larger(sum);
                next[j] = next[j].larger(sum);
                go(&mut param[at], &mut m[at], grad[at], sum);
            }
        }
        column.copy_from_slice(next);
    }
}
