//! What generators of sequences share.

use ndarray::Array2;

use crate::spec::{DefaultValue, Param, Range};

/// Steps of every sequence.
pub const fn length(default: i64) -> Param {
    Param {
        key: "length",
        default: DefaultValue::Integer(default),
        range: Range::Closed(2.0, 1000.0),
        meaning: "steps of each sequence",
        search: None,
    }
}

/// Rows, of which sequences need more than points do.
pub const fn samples(default: i64) -> Param {
    Param { default: DefaultValue::Integer(default), ..super::SAMPLES }
}

/// `rows` sequences of `steps` steps, a row each, made one after another by `fill`, which is told the
/// row.
pub fn rows<const N: usize>(
    (rows, steps): (usize, usize),
    mut fill: impl FnMut(usize, &mut [[f64; N]]),
) -> Array2<f64> {
    let mut sequence = vec![[0.0; N]; steps];
    let mut x = Array2::zeros((rows, N * steps));
    for (row, mut cells) in x.rows_mut().into_iter().enumerate() {
        fill(row, &mut sequence);
        for (cell, value) in cells.iter_mut().zip(sequence.as_flattened()) {
            *cell = *value;
        }
    }
    x
}

/// The inputs of each step, by these names: `value1`, `mark1`, `value2` …
pub fn names(steps: usize, of_step: &[&str]) -> Vec<String> {
    let step = |step: usize| of_step.iter().map(move |name| format!("{name}{step}"));
    (1..=steps).flat_map(step).collect()
}
