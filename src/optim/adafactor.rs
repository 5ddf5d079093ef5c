//! Adafactor.

use super::{DECAY_SEARCH, Dim, Optimizer, Share, State, Update, lr, norm};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Adam without a mean, whose mean square of a matrix is kept as one number a row and one a column.
#[derive(Clone, Copy, Debug)]
pub struct Adafactor {
    beta2_decay: f64,
    eps: [f64; 2],
    d: f64,
    weight_decay: f64,
}

impl Describe for Adafactor {
    const CARD: Card = Card {
        key: "adafactor",
        title: "Adafactor",
        formula: "R, C: running means of ∇L² over each row and column\n\
                  U = ∇L / √(R·Cᵀ / mean R)        U ← U / max(1, rms U / d)\n\
                  W ← W − min(α, 1/√t)·max(ε₂, rms W)·U",
        params: &[
            lr(0.01),
            Param {
                key: "beta2_decay",
                default: DefaultValue::Number(-0.8),
                range: Range::Closed(-1.0, 0.0),
                meaning: "the running means take in a share t^beta2_decay of each new gradient",
                search: None,
            },
            Param {
                key: "eps",
                default: DefaultValue::List(&[0.0, 1e-3]),
                range: Range::AtLeast(0.0),
                meaning: "least root mean square of gradients (0: the float's precision) and of W",
                search: None,
            },
            Param {
                key: "d",
                default: DefaultValue::Number(1.0),
                range: Range::Above(0.0),
                meaning: "largest root mean square of an update, before the rate",
                search: None,
            },
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.0),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
        ],
        usage: "large models: its memory grows with rows + columns, not rows × columns",
        caution: Some("steps are relative to the weights: layers that start at 0 move slowly"),
        source: "Shazeer & Stern 2018",
        differs: Some("as PyTorch; a vector keeps its full mean square"),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Adafactor");
    const FAMILY: &'static str = super::family::ADAPTIVE;
    fn build(pick: &Pick) -> Self {
        Self {
            beta2_decay: pick.number("beta2_decay"),
            eps: pick.array("eps"),
            d: pick.number("d"),
            weight_decay: pick.number("weight_decay"),
        }
    }
}

impl<F: Real> Optimizer<F> for Adafactor {
    fn state(&self, dim: Dim) -> State<F> {
        let Dim::Matrix(rows, columns) = dim else {
            return State::zeros(&["v"], dim.elements());
        };
        let tensors = vec![("row", vec![F::ZERO; rows]), ("column", vec![F::ZERO; columns])];
        State { tensors, ..State::zeros(&[], 0) }
    }

    fn share(&self, name: &str, _: Dim) -> Share {
        match name {
            "row" => Share::Row,
            "column" => Share::Column,
            _ => Share::Element,
        }
    }

    fn update(&self, update: Update<'_, F>) {
        let Update { lr, dim, param, grad, state } = update;
        let t = state.step as f64;
        let fresh = F::of(libm::pow(t, self.beta2_decay));
        let toward = |mean: &mut F, new: F| *mean += fresh * (new - *mean);
        let least = if self.eps[0] == 0.0 { F::EPSILON } else { F::of(self.eps[0]) };

        let Dim::Matrix(rows, columns) = dim else {
            let [v] = state.tensors_mut::<1>();
            for (v, &g) in v.iter_mut().zip(grad) {
                toward(v, g * g);
            }
            self.go(lr, t, param, |i| grad[i] / v[i].larger(least * least).sqrt());
            return;
        };
        let [row, column] = state.tensors_mut::<2>();
        let mean = |squares: f64, count: usize| F::of(squares / count as f64);
        let square = |g: &F| g.f64() * g.f64();
        for (i, row) in row.iter_mut().enumerate() {
            let squares = grad[i * columns..][..columns].iter().map(square).sum();
            toward(row, mean(squares, columns));
        }
        for (j, column) in column.iter_mut().enumerate() {
            let squares = grad.iter().skip(j).step_by(columns).map(square).sum();
            toward(column, mean(squares, rows));
        }
        let total = mean(row.iter().map(|r| r.f64()).sum(), rows).larger(least);
        let estimate = |i: usize| row[i / columns] * column[i % columns] / total;
        self.go(lr, t, param, |i| grad[i] / estimate(i).larger(least * least).sqrt());
    }
}

impl Adafactor {
    /// Moves along `direction`, which is worked out twice rather than kept: its length decides how
    /// far to go.
    fn go<F: Real>(&self, lr: f64, t: f64, param: &mut [F], direction: impl Fn(usize) -> F) {
        let root = (param.len() as f64).sqrt();
        let rate = lr.min(1.0 / t.sqrt()) * (norm(param.iter().copied()) / root).max(self.eps[1]);
        let excess = norm((0..param.len()).map(&direction)) / (root * self.d);
        let rate = F::of(rate / excess.max(1.0));
        let shrink = F::of(1.0 - lr * self.weight_decay);
        for (i, param) in param.iter_mut().enumerate() {
            *param = (-rate).mul_add(direction(i), *param * shrink);
        }
    }
}
