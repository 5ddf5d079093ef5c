//! Sine.

use std::f64::consts::PI;

use super::{Generator, SAMPLES, Sampling, TARGET_NOISE, noise};
use crate::data::{Dataset, Task};
use crate::rng::Stream;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// A sine wave to be fitted.
#[derive(Clone, Copy, Debug)]
pub struct Sine {
    sampling: Sampling,
    frequency: f64,
}

impl Describe for Sine {
    const CARD: Card = Card {
        key: "sine",
        title: "Sine",
        formula: "y = sin(π·frequency·x)    −1 ≤ x < 1",
        params: &[
            SAMPLES,
            noise(0.05, TARGET_NOISE),
            Param {
                key: "frequency",
                default: DefaultValue::Number(2.0),
                range: Range::Closed(0.1, 20.0),
                meaning: "whole waves over the range of x",
                search: None,
            },
        ],
        usage: "curve fitting: watch slow waves be learned before fast ones",
        caution: Some("above 5 waves small networks stay flat for long: spectral bias"),
        source: "Rahaman et al. 2019, On the Spectral Bias of Neural Networks",
        differs: None,
    };
    fn build(pick: &Pick) -> Self {
        Self { sampling: Sampling::of(pick), frequency: pick.number("frequency") }
    }
}

impl Generator for Sine {
    const FEATURES: usize = 1;

    fn task(&self) -> Task {
        Task::Values(1)
    }

    fn generate(&self, stream: &mut Stream) -> Dataset {
        let wave = |[x]: [f64; 1]| libm::sin(PI * self.frequency * x);
        self.sampling.function(Self::CARD.key, stream, wave)
    }
}
