//! Parity of a sequence of bits.

use rand::RngExt;

use super::sequence::{length, names, rows, samples};
use super::{Generator, INPUT_NOISE, Sampling, dataset, noise};
use crate::data::{Dataset, Target, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, Describe, Pick};

/// Whether an odd number of bits is 1.
#[derive(Clone, Copy, Debug)]
pub struct Parity {
    sampling: Sampling,
    length: usize,
}

impl Describe for Parity {
    const CARD: Card = Card {
        key: "parity",
        title: "Parity",
        formula: "class 1 where an odd number of steps is 1    each step is 1 or −1",
        params: &[samples(2000), noise(0.0, INPUT_NOISE), length(10)],
        usage: "one bit of memory that every step may turn over: no step can be left out",
        caution: Some("any shorter count says nothing, so that learning starts late or never"),
        source: "Minsky & Papert 1969, Perceptrons",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick), length: pick.number("length") as usize }
    }
}

impl Generator for Parity {
    const FEATURES: usize = 1;

    fn steps(&self) -> usize {
        self.length
    }

    fn feature_names(&self) -> Vec<String> {
        names(self.length, &["x"])
    }

    fn task(&self) -> Task {
        Task::Classes(2)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let Sampling { samples, noise } = self.sampling;
        let labels: Vec<usize> = (0..samples).map(|row| row % 2).collect();
        let x = rows((samples, self.length), |row, steps| {
            let mut odd = false;
            for step in &mut *steps {
                let bit = stream.random_range(0..2) == 1;
                odd ^= bit;
                *step = [if bit { 1.0 } else { -1.0 }];
            }
            // The last bit makes the parity that of the row's class.
            if let Some([last]) = steps.last_mut().filter(|_| odd != (labels[row] == 1)) {
                *last = -*last;
            }
            for [x] in steps {
                *x += noise * normal(stream);
            }
        });
        let names = vec!["even".to_owned(), "odd".to_owned()];
        let target = Target::Classes { labels, names };
        dataset(Self::CARD.key, x, target).with_features(self.feature_names())
    }
}
