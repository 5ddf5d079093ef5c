//! Forecast of a sum of sines.

use std::f64::consts::TAU;

use ndarray::Array2;

use super::sequence::{length, names, rows, samples};
use super::{Generator, Sampling, dataset, noise, uniform, values};
use crate::data::{Dataset, Task};
use crate::rng::{Stream, normal};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// The shortest and the longest period, in steps.
const PERIODS: (f64, f64) = (5.0, 25.0);

/// The next value of a sum of sines.
#[derive(Clone, Copy, Debug)]
pub struct Wave {
    sampling: Sampling,
    length: usize,
    sines: usize,
}

impl Describe for Wave {
    const CARD: Card = Card {
        key: "wave",
        title: "Wave",
        formula: "x_t = Σ sin(2π·t/p_k + φ_k) / √sines    y = x after the last step\n\
                  5 ≤ p < 25 and φ drawn for each sequence",
        params: &[
            samples(2000),
            noise(0.1, "standard deviation of what is added to each step, not to the target"),
            length(40),
            Param {
                key: "sines",
                default: DefaultValue::Integer(2),
                range: Range::Closed(1.0, 5.0),
                meaning: "sines in each sum",
                search: None,
            },
        ],
        usage: "forecasting: periods have to be found in each sequence anew, through noise",
        caution: None,
        source: "gradlab; the usual first task of forecasting by recurrent layers",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self {
            sampling: Sampling::of(pick),
            length: pick.number("length") as usize,
            sines: pick.number("sines") as usize,
        }
    }
}

impl Generator for Wave {
    const FEATURES: usize = 1;

    fn steps(&self) -> usize {
        self.length
    }

    fn feature_names(&self) -> Vec<String> {
        names(self.length, &["x"])
    }

    fn task(&self) -> Task {
        Task::Values(1)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let Sampling { samples, noise } = self.sampling;
        let mut y = Array2::zeros((samples, 1));
        let x = rows((samples, self.length), |row, steps| {
            let sines: Vec<(f64, f64)> = (0..self.sines)
                .map(|_| (uniform(PERIODS.0, PERIODS.1, stream), uniform(0.0, TAU, stream)))
                .collect();
            let at = |step: usize| {
                let sine =
                    |&(period, phase): &(f64, f64)| libm::sin(TAU * step as f64 / period + phase);
                sines.iter().map(sine).sum::<f64>() / (self.sines as f64).sqrt()
            };
            for (step, x) in steps.iter_mut().enumerate() {
                *x = [at(step) + noise * normal(stream)];
            }
            y[(row, 0)] = at(self.length);
        });
        dataset(Self::CARD.key, x, values(y)).with_features(self.feature_names())
    }
}
