//! The gated recurrent unit.

use super::recurrent::{BPTT, Cell, RETURN_SEQUENCES, State};
use crate::nn::real::Real;
use crate::spec::{Card, Describe, Pick};

/// A gated recurrent unit whose reset gate comes after the product with the state.
#[derive(Clone, Copy, Debug)]
pub struct Gru;

impl Describe for Gru {
    const CARD: Card = Card {
        key: "gru",
        title: "Gated recurrent unit",
        formula: "r, z = σ(W_ih·x + b_ih + W_hh·h + b_hh)\n\
                  n = tanh(W_in·x + b_in + r ⊙ (W_hn·h + b_hn))\n\
                  h′ = (1 − z) ⊙ n + z ⊙ h",
        params: &[RETURN_SEQUENCES, BPTT],
        usage: "sequences with long gaps, at three quarters of the weights of an lstm",
        caution: Some("a rate that suits dense layers may be too large: try clip_norm"),
        source: "Cho et al. 2014; torch.nn.GRU",
        differs: Some(
            "reset after the product, as PyTorch and cuDNN; the paper resets the state before it",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.nn.GRU");
    fn build(_: &Pick) -> Self {
        Self
    }
}

/// Kept are r, z, W_hn·h + b_hn and n.
impl Cell<4> for Gru {
    const DIAGRAM: &'static str = "\
h ─┬────────────────────────────▶ ×z ─╮
   ╰─▶ W_hn ─▶ ×r ─╮                  + ─▶ h′
                   + ─▶ tanh ─▶ ×(1−z)╯
x ───▶ W_in ───────╯     x, h ─▶ σ ─▶ r, z";
    const GATES: usize = 3;
    const JOINED: usize = 2;
    #[inline(always)]
    fn forward<F: Real>(self, [r, z, s, n]: [F; 4], before: State<F>) -> ([F; 4], F) {
        let (r, z) = (r.sigmoid(), z.sigmoid());
        let n = r.mul_add(s, n).tanh();
        ([r, z, s, n], z.mul_add(before.h - n, n))
    }
    #[inline(always)]
    fn backward<F: Real>(
        self,
        [r, z, s, n]: [F; 4],
        before: State<F>,
        d: State<F>,
    ) -> ([F; 4], State<F>) {
        let dz = d.h * (before.h - n) * (z * (F::ONE - z));
        let dn = d.h * (F::ONE - z) * (-n).mul_add(n, F::ONE);
        let dr = dn * s * (r * (F::ONE - r));
        ([dr, dz, dn * r, dn], State { h: d.h * z, c: F::ZERO })
    }
}
