//! The plain recurrent layer, after Elman.

use super::Transform;
use super::recurrent::{BPTT, Cell, RETURN_SEQUENCES, Recurrent, State};
use crate::nn::activation::{Pointwise, Relu, Tanh};
use crate::nn::real::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// `h′ = f(W_ih·x + b_ih + W_hh·h + b_hh)`.
#[derive(Clone, Copy, Debug)]
pub struct Rnn<P = Tanh>(P);

impl Describe for Rnn {
    const CARD: Card = Card {
        key: "rnn",
        title: "Recurrent (Elman)",
        formula: "h′ = f(W_ih·x + b_ih + W_hh·h + b_hh)    h = 0 before the first step",
        params: &[
            Param {
                key: "nonlinearity",
                default: DefaultValue::Word("tanh"),
                range: Range::OneOf(&["tanh", "relu"]),
                meaning: "f, within the recurrence",
                search: None,
            },
            RETURN_SEQUENCES,
            BPTT,
        ],
        usage: "short sequences; shows why gates were invented",
        caution: Some("over tens of steps its gradient vanishes or explodes"),
        source: "Elman 1990, Finding Structure in Time; torch.nn.RNN",
        differs: Some("hands on the last state only, unless return_sequences asks for all"),
    };
    const TORCH: Option<&'static str> = Some("torch.nn.RNN");
    fn build(_: &Pick) -> Self {
        Self(Tanh)
    }
}

/// The layer with the nonlinearity picked.
pub fn build<F: Real>(pick: &Pick) -> Box<dyn Transform<F>> {
    if pick.word("nonlinearity") == "relu" {
        Recurrent::boxed(Rnn(Relu), pick)
    } else {
        Recurrent::boxed(Rnn(Tanh), pick)
    }
}

/// Kept is the state after the step, from which the slope of either nonlinearity follows.
impl<P: Pointwise> Cell<1> for Rnn<P> {
    const DIAGRAM: &'static str = "\
h ─▶ W_hh ─╮
           + ─▶ f ─┬─▶ h′ for the next step
x ─▶ W_ih ─╯       ╰─▶ and for the next layer";
    const GATES: usize = 1;
    const JOINED: usize = 1;
    #[inline(always)]
    fn forward<F: Real>(self, [z]: [F; 1], _: State<F>) -> ([F; 1], F) {
        let h = self.0.f(z);
        ([h], h)
    }
    #[inline(always)]
    fn backward<F: Real>(self, [h]: [F; 1], _: State<F>, d: State<F>) -> ([F; 1], State<F>) {
        ([d.h * self.0.df(h, h)], State { h: F::ZERO, c: F::ZERO })
    }
}
