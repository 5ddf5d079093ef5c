//! Long short-term memory.

use super::recurrent::{BPTT, Cell, RETURN_SEQUENCES, State};
use crate::nn::real::Real;
use crate::spec::{Card, Describe, Pick};

/// Long short-term memory with a forget gate.
#[derive(Clone, Copy, Debug)]
pub struct Lstm;

impl Describe for Lstm {
    const CARD: Card = Card {
        key: "lstm",
        title: "Long short-term memory",
        formula: "i, f, o = σ(W_ih·x + b_ih + W_hh·h + b_hh)    g = tanh(…)\n\
                  c′ = f ⊙ c + i ⊙ g\n\
                  h′ = o ⊙ tanh(c′)",
        params: &[RETURN_SEQUENCES, BPTT],
        usage: "long sequences: the cell carries what is to be kept past many steps",
        caution: Some("starts by forgetting half of its cell at each step: learns late at first"),
        source: "Hochreiter & Schmidhuber 1997; Gers et al. 2000 (forget gate); torch.nn.LSTM",
        differs: Some("the bias of the forget gate starts like any other, as in PyTorch; not at 1"),
    };
    const TORCH: Option<&'static str> = Some("torch.nn.LSTM");
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// Kept are i, f, g, o, tanh(c′) and c′.
impl Cell<6> for Lstm {
    const DIAGRAM: &'static str = "\
c ─▶ ×f ─▶ + ─────────┬────────▶ c′
           ▲          ▼
     g ─▶ ×i         tanh ─▶ ×o ─▶ h′
x, h ─▶ tanh ─▶ g    x, h ─▶ σ ─▶ i, f, o";
    const GATES: usize = 4;
    const JOINED: usize = 4;
    #[inline(always)]
    fn forward<F: Real>(self, z: [F; 6], before: State<F>) -> ([F; 6], F) {
        let (i, f, g, o) = (z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid());
        let c = f.mul_add(before.c, i * g);
        let flat = c.tanh();
        ([i, f, g, o, flat, c], o * flat)
    }
    #[inline(always)]
    fn backward<F: Real>(
        self,
        [i, f, g, o, flat, _]: [F; 6],
        before: State<F>,
        d: State<F>,
    ) -> ([F; 6], State<F>) {
        let dc = (d.h * o).mul_add((-flat).mul_add(flat, F::ONE), d.c);
        let di = dc * g * (i * (F::ONE - i));
        let df = dc * before.c * (f * (F::ONE - f));
        let dg = dc * i * (-g).mul_add(g, F::ONE);
        let d_o = d.h * flat * (o * (F::ONE - o));
        ([di, df, dg, d_o, F::ZERO, F::ZERO], State { h: F::ZERO, c: dc * f })
    }
}
