//! Cross-entropy over classes, on logits.

use super::{Loss, Pass};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// −Σₖ yₖ·ln softmax(z)ₖ, averaged over samples.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy {
    smoothing: f64,
}

impl Describe for CrossEntropy {
    const CARD: Card = Card {
        key: "cross_entropy",
        title: "Cross-entropy",
        formula: "L = −mean Σₖ yₖ·ln softmax(z)ₖ",
        params: &[Param {
            key: "label_smoothing",
            default: DefaultValue::Number(0.0),
            range: Range::Closed(0.0, 1.0),
            meaning: "share of the target spread evenly over all classes",
        }],
        usage: "one of k classes",
        caution: None,
        source: "torch.nn.CrossEntropyLoss",
        differs: Some(
            "always takes logits; a softmax output layer is fused into it, so it never overflows",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { smoothing: pick.number("label_smoothing") }
    }
}

impl<F: Real> Loss<F> for CrossEntropy {
    fn evaluate(&self, pass: Pass<'_, F>) -> f64 {
        let Pass { output, target, grad, shape } = pass;
        let keep = F::of(1.0 - self.smoothing);
        let spread = F::of(self.smoothing / shape.units as f64);
        let scale = F::of(1.0 / shape.batch as f64);
        let mut total = 0.0;
        for column in 0..shape.batch {
            let sample = |k: usize| k * shape.columns + column;
            let mut top = output[sample(0)];
            for k in 1..shape.units {
                top = top.larger(output[sample(k)]);
            }
            let mut sum = F::ZERO;
            for k in 0..shape.units {
                let e = (output[sample(k)] - top).exp();
                grad[sample(k)] = e;
                sum += e;
            }
            let log_sum = sum.ln();
            for k in 0..shape.units {
                let wanted = keep.mul_add(target[sample(k)], spread);
                if wanted != F::ZERO {
                    total += (wanted * (log_sum - (output[sample(k)] - top))).f64();
                }
                grad[sample(k)] = (grad[sample(k)] / sum - wanted) * scale;
            }
        }
        total / shape.batch as f64
    }
}
