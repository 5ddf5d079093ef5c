//! Hinge loss over classes.

use super::{Loss, Pass, Pointwise};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// How far each wrong class comes within `margin` of the right one, summed over classes, divided
/// by their number, and averaged over samples.
#[derive(Clone, Copy, Debug)]
pub struct MultiMargin {
    squared: bool,
    margin: f64,
}

impl Describe for MultiMargin {
    const CARD: Card = Card {
        key: "multi_margin",
        title: "Multi-class hinge",
        formula: "L = mean 1/k · Σⱼ max(0, margin − z_y + zⱼ)ᵖ        j ≠ y, k classes",
        params: &[
            Param {
                key: "p",
                default: DefaultValue::Integer(1),
                range: Range::Closed(1.0, 2.0),
                meaning: "1 for the plain hinge, 2 for its square",
                search: None,
            },
            Param {
                key: "margin",
                default: DefaultValue::Number(1.0),
                range: Range::AtLeast(0.0),
                meaning: "the lead that the right class must have",
                search: None,
            },
        ],
        usage: "one of k classes where only the decision counts, as in support vector machines",
        caution: Some("outputs are scores, not probabilities; no gradient once the lead is enough"),
        source: "Crammer & Singer 2001; torch.nn.MultiMarginLoss",
        differs: Some("with one output it is the hinge max(0, margin − z·(2y − 1))ᵖ"),
    };
    const TORCH: Option<&'static str> =
        Some("F.multi_margin_loss(output, y.argmax(1), p={p}, margin={margin})");
    fn build(pick: &Pick) -> Self {
        Self { squared: pick.number("p") == 2.0, margin: pick.number("margin") }
    }
}

impl MultiMargin {
    /// The cost of a shortfall, and its derivative.
    #[inline(always)]
    fn cost<F: Real>(self, short: F) -> (F, F) {
        let short = F::select(short < F::ZERO, F::ZERO, short);
        if self.squared {
            (short * short, short + short)
        } else {
            (short, F::select(short > F::ZERO, F::ONE, F::ZERO))
        }
    }
}

impl<F: Real> Loss<F> for MultiMargin {
    fn evaluate(&self, pass: Pass<'_, F>) -> f64 {
        if pass.shape.units == 1 {
            return Hinge(*self).evaluate(pass);
        }
        let margin = F::of(self.margin);
        let Pass { output, target, grad, shape } = pass;
        let count = (shape.units * shape.batch) as f64;
        let scale = F::of(1.0 / count);
        let mut total = 0.0;
        grad.fill(F::ZERO);
        for column in 0..shape.batch {
            let sample = |k: usize| k * shape.columns + column;
            let right = (0..shape.units).map(sample).find(|&i| target[i] > F::of(0.5));
            let right = right.unwrap_or(sample(0));
            let mut pull = F::ZERO;
            for wrong in (0..shape.units).map(sample).filter(|&i| i != right) {
                let (cost, slope) = self.cost(margin - output[right] + output[wrong]);
                total += cost.f64();
                grad[wrong] = slope * scale;
                pull += slope;
            }
            grad[right] = -pull * scale;
        }
        total / count
    }
}

/// The case of one output.
#[derive(Clone, Copy, Debug)]
struct Hinge(MultiMargin);

impl Pointwise for Hinge {
    #[inline(always)]
    fn at<F: Real>(self, z: F, target: F) -> (F, F) {
        let side = target + target - F::ONE;
        let (cost, slope) = self.0.cost(F::of(self.0.margin) - side * z);
        (cost, -side * slope)
    }
}
