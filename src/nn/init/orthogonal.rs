//! Orthogonal: lengths and angles kept.

use ndarray::Array2;

use super::{Initializer, Site, choose, gain};
use crate::nn::kernel::fold;
use crate::nn::simd::{self, Kernel, LANES};
use crate::rng::{self, Stream};
use crate::spec::{Card, Describe, Pick};

/// Orthogonal.
#[derive(Clone, Copy, Debug)]
pub struct Orthogonal {
    gain: f64,
}

impl Describe for Orthogonal {
    const CARD: Card = Card {
        key: "orthogonal",
        title: "Orthogonal",
        formula: "W = gain·Q,  QᵀQ = 1 or QQᵀ = 1, whichever is the smaller",
        params: &[gain(1.0)],
        usage: "deep networks: signals and gradients keep their length through linear layers",
        caution: None,
        source: "Saxe et al. 2014",
        differs: Some("QR with a positive diagonal of R, as torch.nn.init: evenly distributed"),
    };
    fn build(pick: &Pick) -> Self {
        Self { gain: pick.number("gain") }
    }
}

impl Initializer for Orthogonal {
    fn weight(&self, weight: &mut Array2<f32>, site: Site, stream: &mut Stream) {
        fill(weight, choose(self.gain, site.gain), stream);
    }
}

/// Fills with `gain` times a random matrix whose rows (columns, if there are more rows) are
/// orthonormal.
pub(super) fn fill(weight: &mut Array2<f32>, gain: f64, stream: &mut Stream) {
    let (units, inputs) = weight.dim();
    let (count, length) = (units.min(inputs), units.max(inputs));
    let mut vectors: Vec<Vec<f64>> =
        (0..count).map(|_| (0..length).map(|_| rng::normal(stream)).collect()).collect();
    simd::run(Orthonormalize(&mut vectors));
    for ((unit, input), cell) in weight.indexed_iter_mut() {
        let x = if units <= inputs { vectors[unit][input] } else { vectors[input][unit] };
        *cell = (gain * x) as f32;
    }
}

/// Gram and Schmidt's process, each vector taken twice: once leaves them orthogonal only up to the
/// condition of the matrix, twice up to rounding. The lengths that it divides by are the diagonal
/// of R, so that it is positive.
struct Orthonormalize<'a>(&'a mut [Vec<f64>]);

impl Kernel for Orthonormalize<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for index in 0..self.0.len() {
            let (done, rest) = self.0.split_at_mut(index);
            let vector = &mut rest[0];
            for _ in 0..2 {
                for other in &*done {
                    let share = -dot(other, vector);
                    for (x, &y) in vector.iter_mut().zip(other) {
                        *x = share.mul_add(y, *x);
                    }
                }
            }
            let length = dot(vector, vector).sqrt();
            for x in vector {
                *x /= length;
            }
        }
    }
}

#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (mut sum, mut last) = ([0.0; LANES], 0.0_f64);
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sum.iter_mut().zip(a.iter().zip(b)) {
            *sum = a.mul_add(*b, *sum);
        }
    }
    for (a, b) in a_rest.iter().zip(b_rest) {
        last = a.mul_add(*b, last);
    }
    fold(sum) + last
}
