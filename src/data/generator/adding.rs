//! The adding problem.

use ndarray::Array2;
use rand::RngExt;

use super::sequence::{length, names, rows, samples};
use super::{Generator, Sampling, TARGET_NOISE, dataset, noise, uniform, values};
use crate::data::{Dataset, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, Describe, Pick};

/// Two of many numbers to be added, a mark beside each.
#[derive(Clone, Copy, Debug)]
pub struct Adding {
    sampling: Sampling,
    length: usize,
}

impl Describe for Adding {
    const CARD: Card = Card {
        key: "adding",
        title: "Adding problem",
        formula: "y = v_i + v_j    steps i, j are marked, one in each half    0 ≤ v < 1",
        params: &[samples(4000), noise(0.0, TARGET_NOISE), length(50)],
        usage: "memory for a number over a long gap: what gated recurrent layers were made for",
        caution: Some("a network that answers 1 to everything has a mean squared error of 0.167"),
        source: "Hochreiter & Schmidhuber 1997, Long Short-Term Memory",
        differs: Some(
            "numbers in 0 … 1 and their plain sum, as in Le et al. 2015; the paper has −1 … 1, \
             0.5 + sum/4 and sequences of unequal lengths",
        ),
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick), length: pick.number("length") as usize }
    }
}

impl Generator for Adding {
    const FEATURES: usize = 2;

    fn steps(&self) -> usize {
        self.length
    }

    fn feature_names(&self) -> Vec<String> {
        names(self.length, &["value", "mark"])
    }

    fn task(&self) -> Task {
        Task::Values(1)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let mut y = Array2::zeros((self.sampling.samples, 1));
        let x = rows((self.sampling.samples, self.length), |row, steps| {
            for step in &mut *steps {
                *step = [uniform(0.0, 1.0, stream), 0.0];
            }
            let half = self.length / 2;
            let marked = [stream.random_range(0..half), stream.random_range(half..self.length)];
            let mut sum = 0.0;
            for at in marked {
                steps[at][1] = 1.0;
                sum += steps[at][0];
            }
            y[(row, 0)] = sum + self.sampling.noise * normal(stream);
        });
        dataset(Self::CARD.key, x, values(y)).with_features(self.feature_names())
    }
}
