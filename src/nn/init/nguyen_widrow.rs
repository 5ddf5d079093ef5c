//! Nguyen and Widrow: units spread over the input space.

use ndarray::Array2;

use super::{Initializer, Site, fans, uniform};
use crate::rng::Stream;
use crate::spec::{Card, Describe, Pick};

/// Nguyen–Widrow.
#[derive(Clone, Copy, Debug)]
pub struct NguyenWidrow;

/// The length of each unit's weights.
fn length(units: f64, inputs: f64) -> f64 {
    0.7 * libm::pow(units, 1.0 / inputs)
}

impl Describe for NguyenWidrow {
    const CARD: Card = Card {
        key: "nguyen_widrow",
        title: "Nguyen–Widrow",
        formula: "‖w‖ = β in a random direction,  b ~ U(−β, β)\nβ = 0.7·units^(1 / fan_in)",
        params: &[],
        usage: "one hidden layer of tanh: each unit bends in its own part of the inputs' range",
        caution: Some("made for few inputs from −1 to 1"),
        source: "Nguyen & Widrow 1990; the default of MATLAB's shallow networks",
        differs: None,
    };
    fn build(_: &Pick) -> Self {
        Self
    }
}

impl Initializer for NguyenWidrow {
    fn weight(&self, weight: &mut Array2<f32>, _site: Site, stream: &mut Stream) {
        uniform(&mut *weight, (-1.0, 1.0), stream);
        let (inputs, units) = fans(weight);
        for mut unit in weight.rows_mut() {
            let norm = unit.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt();
            let factor = length(units, inputs) / norm.max(f64::MIN_POSITIVE);
            unit.mapv_inplace(|w| (f64::from(w) * factor) as f32);
        }
    }
    fn bias(&self, bias: &mut [f32], fan_in: usize, stream: &mut Stream) {
        let b = length(bias.len() as f64, fan_in as f64);
        uniform(bias, (-b, b), stream);
    }
}
