//! The directions of planes: random ones, those of a path, those of largest curvature.

use super::plane::mean;
use crate::nn::tensor::Role;
use crate::rng::{self, Purpose};
use crate::train::curvature::{Eigenpair, dot, largest_eigenpairs};
use crate::train::engine::Parameters;

/// A second principal direction that has less of the variance than this share of the first's is
/// rounding.
const NOTHING: f64 = 1e-12;

/// Two random directions of Gaussian numbers from `seed`, filter-normalised at `params` (Li et al.
/// 2018): the numbers into each unit, a row of a matrix of weights, are brought to the length of that
/// row. Biases and the numbers of norms and activations are left where they are, as the authors' code
/// does (`--xignore biasbn`).
#[must_use]
pub fn random_directions(params: &[Parameters], seed: u64) -> [Vec<f64>; 2] {
    let mut stream = rng::stream(seed, Purpose::Landscape);
    [(); 2].map(|()| {
        let mut direction = Vec::new();
        for tensor in params.iter().flat_map(Parameters::trained) {
            if tensor.role != Role::Weight {
                direction.resize(direction.len() + tensor.value.len(), 0.0);
                continue;
            }
            for filter in tensor.value.rows() {
                let weights: Vec<f64> = filter.iter().copied().map(f64::from).collect();
                let drawn: Vec<f64> = weights.iter().map(|_| rng::normal(&mut stream)).collect();
                let factor = length(&weights) / length(&drawn);
                direction.extend(
                    drawn.iter().map(|x| if factor.is_finite() { x * factor } else { 0.0 }),
                );
            }
        }
        direction
    })
}

/// The two main directions of a path, of length 1 and at right angles, by principal component analysis
/// of its points (about their mean); none for a path that stays where it is. The path begins on the
/// side of smaller coordinates. A path along a line has a second direction drawn from `seed`.
#[must_use]
pub fn path_directions(path: &[&[f32]], seed: u64) -> Option<[Vec<f64>; 2]> {
    let mean = mean(path)?;
    let count = path.len();
    let gram = centred_gram(path);
    let product = |vector: &[f64]| gram.chunks(count).map(|row| dot(row, vector)).collect();
    let pairs = largest_eigenpairs(count, (seed, 2), product);
    let largest = pairs.first()?.value;
    if !(largest > 0.0 && largest.is_finite()) {
        return None;
    }
    let mut directions: Vec<Vec<f64>> = pairs
        .iter()
        .filter(|pair| pair.value > NOTHING * largest)
        .map(|pair| {
            let mut direction = vec![0.0; mean.len()];
            for (state, factor) in path.iter().zip(&pair.vector) {
                for (x, (&w, mean)) in direction.iter_mut().zip(state.iter().zip(&mean)) {
                    *x = factor.mul_add(f64::from(w) - mean, *x);
                }
            }
            direction
        })
        .collect();
    if directions.len() < 2 {
        directions.push(drawn(mean.len(), seed));
    }
    let (first, last) = (path[0], path[count - 1]);
    orthonormal(directions, |direction| {
        let along = |state: &[f32]| -> f64 {
            state.iter().zip(direction).map(|(&w, x)| f64::from(w) * x).sum()
        };
        along(first) - along(last)
    })
}

/// The eigenvectors of the largest eigenvalues as directions of length 1 at right angles, with the
/// eigenvalues; those of two networks of which nothing else curves, drawn from `seed`. Each points where
/// `near` points, else its largest number is positive. None if the loss is not finite.
#[must_use]
pub fn eigen_directions(
    pairs: Vec<Eigenpair>,
    near: &[Vec<f64>],
    seed: u64,
) -> Option<([Vec<f64>; 2], [f64; 2])> {
    let values = [0, 1].map(|index| pairs.get(index).map_or(0.0, |pair: &Eigenpair| pair.value));
    let mut directions: Vec<Vec<f64>> = pairs.into_iter().map(|pair| pair.vector).collect();
    let count = directions.first()?.len();
    if directions.len() < 2 {
        directions.push(drawn(count, seed));
    }
    let near: Vec<Vec<f64>> = near.iter().filter(|it| it.len() == count).cloned().collect();
    let mut index = 0;
    let directions = orthonormal(directions, |direction| {
        let along = near.get(index).map(|near| -dot(near, direction));
        index += 1;
        along.unwrap_or(0.0)
    })?;
    Some((directions, values))
}

/// Inner products of the path's points as seen from their mean, row after row. They are taken from the
/// last point, where differences are exact, and centred after.
fn centred_gram(path: &[&[f32]]) -> Vec<f64> {
    let count = path.len();
    let last = path[count - 1];
    let mut gram = vec![0.0; count * count];
    for (i, a) in path.iter().enumerate() {
        for (j, b) in path.iter().enumerate().take(i + 1) {
            let product = dot_from(a, b, last);
            (gram[i * count + j], gram[j * count + i]) = (product, product);
        }
    }
    let means: Vec<f64> =
        gram.chunks(count).map(|row| row.iter().sum::<f64>() / count as f64).collect();
    let mean = means.iter().sum::<f64>() / count as f64;
    for (row, row_mean) in gram.chunks_mut(count).zip(&means) {
        for (x, column_mean) in row.iter_mut().zip(&means) {
            *x += mean - row_mean - column_mean;
        }
    }
    gram
}

/// The inner product of `a` and `b` as seen from `from`, in a fixed number of partial sums.
fn dot_from(a: &[f32], b: &[f32], from: &[f32]) -> f64 {
    const PARTS: usize = 8;
    let mut sums = [0.0; PARTS];
    for ((a, b), from) in a.chunks(PARTS).zip(b.chunks(PARTS)).zip(from.chunks(PARTS)) {
        for (sum, ((&a, &b), &from)) in sums.iter_mut().zip(a.iter().zip(b).zip(from)) {
            let [a, b, from] = [a, b, from].map(f64::from);
            *sum = (a - from).mul_add(b - from, *sum);
        }
    }
    sums.iter().sum()
}

/// A direction of Gaussian numbers.
fn drawn(count: usize, seed: u64) -> Vec<f64> {
    let mut stream = rng::stream(seed, Purpose::Landscape);
    (0..count).map(|_| rng::normal(&mut stream)).collect()
}

/// The first two of `directions` made orthonormal. Each is turned so that `side` of it is not positive;
/// where it is 0, so that the largest number is. Directions of no length stay so; none if a number is
/// not finite.
fn orthonormal(
    directions: Vec<Vec<f64>>,
    mut side: impl FnMut(&[f64]) -> f64,
) -> Option<[Vec<f64>; 2]> {
    let mut directions = directions.into_iter();
    let (mut first, mut second) = (directions.next()?, directions.next()?);
    scale_to_one(&mut first);
    for _ in 0..2 {
        let along = dot(&first, &second);
        second.iter_mut().zip(&first).for_each(|(x, first)| *x = (-along).mul_add(*first, *x));
        scale_to_one(&mut second);
    }
    for direction in [&mut first, &mut second] {
        let side = side(direction);
        let largest = direction
            .iter()
            .copied()
            .fold(0.0_f64, |most, x| if x.abs() > most.abs() { x } else { most });
        if side > 0.0 || (side == 0.0 && largest < 0.0) {
            for x in direction.iter_mut() {
                *x = -*x;
            }
        }
    }
    let finite = first.iter().chain(&second).all(|x| x.is_finite());
    finite.then_some([first, second])
}

fn scale_to_one(vector: &mut [f64]) {
    let length = length(vector);
    if length > 0.0 {
        for x in vector {
            *x /= length;
        }
    }
}

fn length(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}

#[cfg(test)]
mod tests;
