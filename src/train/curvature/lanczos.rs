//! The extreme eigenvalues of a symmetric operator, from its products with vectors alone.
//!
//! Lanczos' method with full reorthogonalisation: each product widens a basis by one vector, in which
//! the operator is tridiagonal. Whoever drives it works the products out, at once or in slices.

use super::tridiagonal::diagonalise;
use crate::rng::{self, Stream};

/// What is left of a product along a new direction, relative to the operator's size, below which there
/// is no new direction: the basis has closed.
const CLOSED: f64 = 1e-12;

/// A basis that grows by products.
#[derive(Debug)]
pub(super) struct Lanczos {
    basis: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    /// Beside the diagonal: one less than basis vectors, then what the last product left.
    beside: Vec<f64>,
    /// The direction to multiply next; none once the whole space is spanned.
    next: Option<Vec<f64>>,
    /// For new directions once the basis has closed.
    stream: Stream,
    /// About the size of the operator.
    scale: f64,
}

/// An eigenvalue as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ritz {
    pub value: f64,
    /// It is at most so far from a true one.
    pub error: f64,
}

impl Lanczos {
    /// Starts from `start`, or from a random direction if that is of no length.
    pub fn new(start: Vec<f64>, mut stream: Stream) -> Self {
        let next = unit(start.clone()).or_else(|| random(start.len(), &mut stream));
        let (basis, diagonal, beside) = Default::default();
        Self { basis, diagonal, beside, next, stream, scale: 0.0 }
    }

    /// The direction whose product is wanted next.
    pub fn direction(&self) -> Option<&[f64]> {
        self.next.as_deref()
    }

    /// Products taken.
    pub fn products(&self) -> usize {
        self.basis.len()
    }

    /// Takes the product of the operator with [`Lanczos::direction`]. One that is not finite ends it.
    pub fn take(&mut self, mut product: Vec<f64>) {
        let Some(vector) = self.next.take() else { return };
        let along = dot(&vector, &product);
        self.diagonal.push(along);
        self.basis.push(vector);
        // Twice is enough (Parlett).
        for _ in 0..2 {
            self.make_orthogonal(&mut product);
        }
        let left = dot(&product, &product).sqrt();
        self.scale = self.scale.max(along.abs() + left);
        let full = self.basis.len() >= product.len();
        if !full && left > CLOSED * self.scale {
            self.beside.push(left);
            self.next = unit(product);
        } else {
            self.beside.push(if left.is_finite() { 0.0 } else { left });
            self.next = if full || !left.is_finite() { None } else { self.another(product.len()) };
        }
    }

    /// A random direction outside the basis.
    fn another(&mut self, len: usize) -> Option<Vec<f64>> {
        let mut vector = random(len, &mut self.stream)?;
        for _ in 0..3 {
            self.make_orthogonal(&mut vector);
            vector = unit(vector)?;
        }
        Some(vector)
    }

    fn make_orthogonal(&self, vector: &mut [f64]) {
        for other in &self.basis {
            let along = dot(other, vector);
            for (x, &other) in vector.iter_mut().zip(other) {
                *x = (-along).mul_add(other, *x);
            }
        }
    }

    /// The eigenvalues that the basis shows, largest first; none before the first product, or if a
    /// product was not finite.
    pub fn ritz(&self) -> Vec<Ritz> {
        let size = self.basis.len();
        let mut values = self.diagonal.clone();
        let mut last = vec![vec![0.0; size]];
        if let Some(end) = last[0].last_mut() {
            *end = 1.0;
        }
        if !diagonalise(&mut values, &self.beside, &mut last) {
            return Vec::new();
        }
        let left = self.beside.last().copied().unwrap_or(0.0);
        let pairs = values.into_iter().zip(&last[0]);
        let mut ritz: Vec<Ritz> =
            pairs.map(|(value, end)| Ritz { value, error: (left * end).abs() }).collect();
        ritz.sort_by(|a, b| b.value.total_cmp(&a.value));
        if ritz.iter().all(|ritz| ritz.value.is_finite()) { ritz } else { Vec::new() }
    }

    /// The direction of the largest eigenvalue, of length 1 or nearly so; empty before the first product.
    pub fn top_vector(&self) -> Vec<f64> {
        self.vectors(1).pop().unwrap_or_default()
    }

    /// The directions of the `wanted` largest eigenvalues, largest first, each of length 1 or nearly so;
    /// fewer if the basis has fewer, none where a product was not finite.
    pub fn vectors(&self, wanted: usize) -> Vec<Vec<f64>> {
        let size = self.basis.len();
        let mut values = self.diagonal.clone();
        let mut rows: Vec<Vec<f64>> = (0..size)
            .map(|row| (0..size).map(|at| f64::from(u8::from(at == row))).collect())
            .collect();
        if !diagonalise(&mut values, &self.beside, &mut rows) {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        order.into_iter().take(wanted).map(|at| self.combined(|row| rows[row][at])).collect()
    }

    /// The sum of the basis vectors, each times what `factor` says of its index.
    fn combined(&self, factor: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut vector = vec![0.0; self.basis.first().map_or(0, Vec::len)];
        for (index, basis) in self.basis.iter().enumerate() {
            let factor = factor(index);
            for (x, &basis) in vector.iter_mut().zip(basis) {
                *x = factor.mul_add(basis, *x);
            }
        }
        vector
    }
}

/// A random direction of length 1; none in no dimensions.
fn random(len: usize, stream: &mut Stream) -> Option<Vec<f64>> {
    unit((0..len).map(|_| rng::normal(stream)).collect())
}

/// `vector` brought to length 1; none if it has none.
fn unit(mut vector: Vec<f64>) -> Option<Vec<f64>> {
    let length = dot(&vector, &vector).sqrt();
    if !length.is_normal() {
        return None;
    }
    for x in &mut vector {
        *x /= length;
    }
    Some(vector)
}

/// The inner product, in a fixed number of partial sums.
pub(in crate::train) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    /// Drives it through a diagonal operator.
    fn run(eigenvalues: &[f64], products: usize) -> Lanczos {
        let start = vec![1.0; eigenvalues.len()];
        let mut lanczos = Lanczos::new(start, stream(1, Purpose::Noise));
        for _ in 0..products {
            let Some(direction) = lanczos.direction() else { break };
            let product = direction.iter().zip(eigenvalues).map(|(x, value)| x * value).collect();
            lanczos.take(product);
        }
        lanczos
    }

    #[test]
    fn the_whole_spectrum_with_what_occurs_twice() {
        let eigenvalues = [5.0, 5.0, 3.0, 1.0, 0.0, 0.0, 0.0, -2.0];
        let found: Vec<f64> = run(&eigenvalues, 100).ritz().iter().map(|it| it.value).collect();
        assert_eq!(found.len(), eigenvalues.len());
        for (found, value) in found.iter().zip(eigenvalues) {
            assert!((found - value).abs() < 1e-10, "{found}, not {value}");
        }
    }

    #[test]
    fn the_ends_come_first_and_the_error_is_a_bound() {
        let eigenvalues: Vec<f64> = (0..400).map(|i| f64::from(i).powi(2) / 1e3 - 7.0).collect();
        let lanczos = run(&eigenvalues, 60);
        let ritz = lanczos.ritz();
        let top = eigenvalues[399];
        assert!((ritz[0].value - top).abs() <= ritz[0].error + 1e-9, "{:?}", ritz[0]);
        assert!(ritz[0].error < 1e-3 * top, "{:?}", ritz[0]);
        let vector = lanczos.top_vector();
        assert!(vector[399].abs() > 0.999, "{}", vector[399]);
        let vectors = lanczos.vectors(2);
        assert_eq!(vectors[0], vector);
        assert!(vectors[1][398].abs() > 0.99 && dot(&vectors[0], &vectors[1]).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_finite_has_no_eigenvalues() {
        let lanczos = run(&[1.0, f64::NAN, 2.0], 3);
        assert!(lanczos.ritz().is_empty() && lanczos.direction().is_none());
        assert!(run(&[], 3).ritz().is_empty());
    }
}
