//! The first symbol, after a delay.

use super::sequence::{length, samples};
use super::{Generator, Sampling, dataset, noise};
use crate::data::{Dataset, Extent, Target, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};
use ndarray::Array2;

/// A symbol to be told after steps of noise.
#[derive(Clone, Copy, Debug)]
pub struct Recall {
    sampling: Sampling,
    length: usize,
    classes: usize,
}

impl Describe for Recall {
    const CARD: Card = Card {
        key: "recall",
        title: "Recall",
        formula: "class k where x₁ = e_k, and 0 at all later steps    noise on all",
        params: &[
            samples(4000),
            noise(0.2, "standard deviation of what is added to each input of each step"),
            length(30),
            Param {
                key: "classes",
                default: DefaultValue::Integer(4),
                range: Range::Closed(2.0, 20.0),
                meaning: "symbols, and inputs of a step",
                search: None,
            },
        ],
        usage: "memory for one thing: the longer the delay, the fainter the gradient from it",
        caution: Some(
            "at 100 steps many runs stay at chance, or learn the noise of the last steps",
        ),
        source: "Bengio, Simard & Frasconi 1994, Learning Long-Term Dependencies Is Difficult",
        differs: Some(
            "several classes at the first step, where the paper has two over a few steps",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self {
            sampling: Sampling::of(pick),
            length: pick.number("length") as usize,
            classes: pick.number("classes") as usize,
        }
    }
}

impl Generator for Recall {
    const FEATURES: usize = 4;

    fn steps(&self) -> usize {
        self.length
    }

    fn extent(&self) -> Extent {
        Extent { steps: self.length, features: self.classes }
    }

    fn feature_names(&self) -> Vec<String> {
        let step = |step: usize| (0..self.classes).map(move |class| format!("s{class}_{step}"));
        (1..=self.length).flat_map(step).collect()
    }

    fn task(&self) -> Task {
        Task::Classes(self.classes)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let Sampling { samples, noise } = self.sampling;
        let labels: Vec<usize> = (0..samples).map(|row| row % self.classes).collect();
        let mut x = Array2::zeros((samples, self.extent().numbers()));
        for (mut cells, &class) in x.rows_mut().into_iter().zip(&labels) {
            cells[class] = 1.0;
            cells.iter_mut().for_each(|cell| *cell += noise * normal(stream));
        }
        let names = (0..self.classes).map(|class| class.to_string()).collect();
        let target = Target::Classes { labels, names };
        dataset(Self::CARD.key, x, target).with_features(self.feature_names())
    }
}
