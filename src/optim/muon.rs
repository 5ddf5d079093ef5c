//! Muon.

use super::adam::Adam;
use super::matrix::Matrix;
use super::mean::Mean;
use super::{DECAY_SEARCH, Dim, Optimizer, State, Update, lr, momentum, norm};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Momentum whose step is made orthogonal: all directions of a weight matrix move equally far.
#[derive(Clone, Copy, Debug)]
pub struct Muon {
    weight_decay: f64,
    momentum: f64,
    nesterov: bool,
    coefficients: [f64; 3],
    eps: f64,
    steps: usize,
    match_rms: bool,
    /// For vectors.
    companion: Adam,
}

impl Describe for Muon {
    const CARD: Card = Card {
        key: "muon",
        title: "Muon",
        formula: "u ← momentum·u + (1 − momentum)·∇L\n\
                  O ≈ U·Vᵀ, where u = U·Σ·Vᵀ: five Newton–Schulz steps\n\
                  W ← W − α·λ·W − α·√max(1, rows/columns)·O",
        params: &[
            lr(0.001),
            Param {
                key: "weight_decay",
                default: DefaultValue::Number(0.1),
                range: Range::AtLeast(0.0),
                meaning: "share of the weight, times the rate, lost each step",
                search: DECAY_SEARCH,
            },
            momentum(0.95),
            Param {
                key: "nesterov",
                default: DefaultValue::Flag(true),
                range: Range::Any,
                meaning: "look ahead along the momentum",
                search: None,
            },
            Param {
                key: "ns_coefficients",
                default: DefaultValue::List(&[3.4445, -4.775, 2.0315]),
                range: Range::Any,
                meaning: "a, b, c of a Newton–Schulz step X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X",
                search: None,
            },
            Param {
                key: "eps",
                default: DefaultValue::Number(1e-7),
                range: Range::Above(0.0),
                meaning: "least norm that the momentum is divided by",
                search: None,
            },
            Param {
                key: "ns_steps",
                default: DefaultValue::Integer(5),
                range: Range::Closed(1.0, 99.0),
                meaning: "Newton–Schulz steps",
                search: None,
            },
            Param {
                key: "adjust_lr_fn",
                default: DefaultValue::Word("original"),
                range: Range::OneOf(&["original", "match_rms_adamw"]),
                meaning: "factor on the rate: √max(1, rows/columns) or 0.2·√max(rows, columns)",
                search: None,
            },
        ],
        usage: "the weight matrices of hidden layers",
        caution: Some("biases and other vectors move by adamw at the same rate"),
        source: "Jordan et al. 2024",
        differs: Some("Newton–Schulz in the float of training; PyTorch runs it in bfloat16"),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.Muon");
    const FAMILY: &'static str = super::family::MATRIX;
    fn build(pick: &Pick) -> Self {
        let list = pick.list("ns_coefficients");
        let weight_decay = pick.number("weight_decay");
        Self {
            weight_decay,
            momentum: pick.number("momentum"),
            nesterov: pick.flag("nesterov"),
            coefficients: [list[0], list[1], list[2]],
            eps: pick.number("eps"),
            steps: pick.number("ns_steps") as usize,
            match_rms: pick.word("adjust_lr_fn") == "match_rms_adamw",
            companion: Adam { weight_decay, decoupled: true, ..Adam::DEFAULT },
        }
    }
}

impl Muon {
    /// The factor on the rate for a matrix of this size.
    fn scale(&self, (rows, columns): (usize, usize)) -> f64 {
        let (rows, columns) = (rows as f64, columns as f64);
        if self.match_rms {
            0.2 * rows.max(columns).sqrt()
        } else {
            (rows / columns).max(1.0).sqrt()
        }
    }

    /// U·Vᵀ, nearly, where `matrix` = U·Σ·Vᵀ: each step brings all singular values nearer to 1.
    fn orthogonal<F: Real>(&self, matrix: Matrix<F>) -> Matrix<F> {
        let tall = matrix.rows > matrix.columns;
        let mut x = if tall { matrix.transposed() } else { matrix };
        let length = F::of(norm(x.cells.iter().copied()).max(self.eps));
        for cell in &mut x.cells {
            *cell /= length;
        }
        let [a, b, c] = self.coefficients.map(F::of);
        for _ in 0..self.steps {
            let gram = x.product(&x.transposed());
            let polynomial = gram.combined(b, c, &gram.product(&gram));
            x = x.combined(a, F::ONE, &polynomial.product(&x));
        }
        if tall { x.transposed() } else { x }
    }
}

impl<F: Real> Optimizer<F> for Muon {
    fn state(&self, dim: Dim) -> State<F> {
        match dim {
            Dim::Vector(_) => self.companion.state(dim),
            Dim::Matrix(..) => State::zeros(&["m"], dim.elements()),
        }
    }

    /// The direction four times, and four squares of its shorter side.
    fn scratch(&self, dim: Dim) -> u64 {
        let Dim::Matrix(rows, columns) = dim else { return 0 };
        let (long, short) = (rows.max(columns) as u64, rows.min(columns) as u64);
        let cells = (4 * long).saturating_add(4 * short).saturating_mul(short);
        cells.saturating_mul(size_of::<F>() as u64)
    }

    fn update(&self, update: Update<'_, F>) {
        let Dim::Matrix(rows, columns) = update.dim else {
            return self.companion.update(update);
        };
        let (Update { lr, param, grad, state, .. }, dim) = (update, (rows, columns));
        let [buffer] = state.tensors_mut::<1>();
        let mean = Mean::new(self.momentum);
        for (buffer, &g) in buffer.iter_mut().zip(grad) {
            *buffer = mean.next(*buffer, g);
        }
        let ahead = |(&u, &g): (&F, &F)| if self.nesterov { mean.next(u, g) } else { u };
        let direction = Matrix::new(dim, buffer.iter().zip(grad).map(ahead).collect());
        let rate = F::of(lr * self.scale(dim));
        let shrink = F::of(1.0 - lr * self.weight_decay);
        for (param, o) in param.iter_mut().zip(self.orthogonal(direction).cells) {
            *param = (-rate).mul_add(o, *param * shrink);
        }
    }
}
