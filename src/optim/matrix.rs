//! The little matrix algebra that some optimizers need.

use super::Dim;
use crate::nn::Real;
use crate::nn::simd::{self, Kernel};

/// Passes over all rotations after which an eigenvalue search ends in any case; few need ten.
const MOST_SWEEPS: usize = 40;

/// A matrix, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matrix<F> {
    pub rows: usize,
    pub columns: usize,
    pub cells: Vec<F>,
}

impl<F: Real> Matrix<F> {
    /// `cells` row after row: `rows · columns` of them.
    pub fn new((rows, columns): (usize, usize), cells: Vec<F>) -> Self {
        debug_assert_eq!(cells.len(), rows * columns);
        Self { rows, columns, cells }
    }

    pub fn transposed(&self) -> Self {
        let column = |j: usize| self.cells.iter().skip(j).step_by(self.columns).copied();
        Self::new((self.columns, self.rows), (0..self.columns).flat_map(column).collect())
    }

    /// `self · other`.
    pub fn product(&self, other: &Self) -> Self {
        debug_assert_eq!(self.columns, other.rows);
        let mut out =
            Self::new((self.rows, other.columns), vec![F::ZERO; self.rows * other.columns]);
        simd::run(Product { a: self, b: other, out: &mut out });
        out
    }

    /// In `f64`, where eigenvalues near 0 are not lost.
    pub fn widened(&self) -> Matrix<f64> {
        let cells = self.cells.iter().map(|x| x.f64()).collect();
        Matrix::new((self.rows, self.columns), cells)
    }

    /// The nearest matrix in `F`.
    pub fn narrowed(wide: &Matrix<f64>) -> Self {
        let cells = wide.cells.iter().map(|&x| F::of(x)).collect();
        Self::new((wide.rows, wide.columns), cells)
    }

    /// `a · self + b · other`.
    pub fn combined(&self, a: F, b: F, other: &Self) -> Self {
        let pairs = self.cells.iter().zip(&other.cells);
        let cells = pairs.map(|(&x, &y)| a.mul_add(x, b * y)).collect();
        Self::new((self.rows, self.columns), cells)
    }
}

/// Bytes of two matrices of `dim`, of the squares of its sides, and of `wide` squares of the longer
/// one in `f64`; none for a vector.
pub fn scratch<F>(dim: Dim, wide: u64) -> u64 {
    let Dim::Matrix(rows, columns) = dim else { return 0 };
    let (rows, columns) = (rows as u64, columns as u64);
    let square = |n: u64| n.saturating_mul(n);
    let narrow = square(rows.saturating_add(columns)).saturating_mul(size_of::<F>() as u64);
    narrow.saturating_add(square(rows.max(columns)).saturating_mul(8 * wide))
}

impl Matrix<f64> {
    pub fn identity(size: usize) -> Self {
        let cells = (0..size * size).map(|i| if i % (size + 1) == 0 { 1.0 } else { 0.0 });
        Self::new((size, size), cells.collect())
    }

    /// Eigenvalues of a symmetric matrix, and its eigenvectors as columns, largest value first.
    /// By Jacobi's rotations, each of which brings one cell off the diagonal to 0.
    pub fn eigen(mut self) -> (Vec<f64>, Self) {
        let n = self.rows;
        let mut vectors = Self::identity(n);
        for _ in 0..MOST_SWEEPS {
            let total: f64 = self.cells.iter().map(|x| x * x).sum();
            let diagonal: f64 = self.cells.iter().step_by(n + 1).map(|x| x * x).sum();
            if total.is_nan() || total - diagonal <= 1e-30 * total {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    self.rotate(&mut vectors, p, q);
                }
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| self.cells[j * n + j].total_cmp(&self.cells[i * n + i]));
        let values = order.iter().map(|&i| self.cells[i * n + i]).collect();
        (values, vectors.with_columns(&order))
    }

    /// Turns the plane of axes `p` and `q` so that the cell between them becomes 0.
    fn rotate(&mut self, vectors: &mut Self, p: usize, q: usize) {
        let n = self.rows;
        let between = self.cells[p * n + q];
        if between == 0.0 {
            return;
        }
        let theta = (self.cells[q * n + q] - self.cells[p * n + p]) / (2.0 * between);
        let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
        let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
        let sine = tangent * cosine;
        let turn = |cells: &mut [f64], i: usize, j: usize| {
            let (x, y) = (cells[i], cells[j]);
            cells[i] = cosine * x - sine * y;
            cells[j] = sine * x + cosine * y;
        };
        for k in 0..n {
            turn(&mut self.cells, k * n + p, k * n + q);
            turn(&mut vectors.cells, k * n + p, k * n + q);
        }
        for k in 0..n {
            turn(&mut self.cells, p * n + k, q * n + k);
        }
    }

    /// The columns in another order.
    pub fn with_columns(&self, order: &[usize]) -> Self {
        let rows = self.cells.chunks_exact(self.columns);
        let cells = rows.flat_map(|row| order.iter().map(|&j| row[j])).collect();
        Self::new((self.rows, order.len()), cells)
    }

    /// Q of a square matrix's QR decomposition, by Householder's reflections.
    pub fn orthonormal(mut self) -> Self {
        let n = self.rows;
        let mut q = Self::identity(n);
        for k in 0..n {
            let mut v: Vec<f64> = (k..n).map(|i| self.cells[i * n + k]).collect();
            let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
            v[0] += length.copysign(v[0]);
            let square: f64 = v.iter().map(|x| x * x).sum();
            if square == 0.0 {
                continue;
            }
            for j in k..n {
                let dot: f64 = (k..n).map(|i| v[i - k] * self.cells[i * n + j]).sum();
                for i in k..n {
                    self.cells[i * n + j] -= 2.0 * dot / square * v[i - k];
                }
            }
            for row in q.cells.chunks_exact_mut(n) {
                let dot: f64 = row[k..].iter().zip(&v).map(|(x, v)| x * v).sum();
                for (x, v) in row[k..].iter_mut().zip(&v) {
                    *x -= 2.0 * dot / square * v;
                }
            }
        }
        q
    }
}

struct Product<'a, F> {
    a: &'a Matrix<F>,
    b: &'a Matrix<F>,
    out: &'a mut Matrix<F>,
}

impl<F: Real> Kernel for Product<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { a, b, out } = self;
        let rows = out.cells.chunks_exact_mut(b.columns).zip(a.cells.chunks_exact(a.columns));
        for (out, weights) in rows {
            for (&weight, row) in weights.iter().zip(b.cells.chunks_exact(b.columns)) {
                for (out, &x) in out.iter_mut().zip(row) {
                    *out = weight.mul_add(x, *out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_by_hand() {
        let a = Matrix::new((2, 3), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let gram = a.product(&a.transposed());
        assert_eq!(gram, Matrix::new((2, 2), vec![14.0, 32.0, 32.0, 77.0]));
        assert_eq!(a.transposed().cells, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(a.combined(2.0, -1.0, &a), a);
    }

    fn assert_near(a: &Matrix<f64>, b: &Matrix<f64>) {
        for (x, y) in a.cells.iter().zip(&b.cells) {
            assert!((x - y).abs() < 1e-12, "{a:?} {b:?}");
        }
    }

    #[test]
    fn eigenvectors_put_the_matrix_together_again() {
        let m = Matrix::new((3, 3), vec![4.0, 1.0, -2.0, 1.0, 2.0, 0.0, -2.0, 0.0, 3.0]);
        let (values, vectors) = m.clone().eigen();
        assert!(values.is_sorted_by(|a, b| a >= b));
        let mut diagonal = Matrix::identity(3);
        for (i, value) in values.into_iter().enumerate() {
            diagonal.cells[i * 4] = value;
        }
        assert_near(&vectors.product(&diagonal).product(&vectors.transposed()), &m);
        let (values, _) = Matrix::new((2, 2), vec![2.0, 1.0, 1.0, 2.0]).eigen();
        assert_near(&Matrix::new((1, 2), values), &Matrix::new((1, 2), vec![3.0, 1.0]));
    }

    #[test]
    fn orthonormal_columns_span_the_same_space() {
        let m = Matrix::new((3, 3), vec![1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]);
        let q = m.clone().orthonormal();
        assert_near(&q.transposed().product(&q), &Matrix::identity(3));
        let r = q.transposed().product(&m);
        for below in [3, 6, 7] {
            assert!(r.cells[below].abs() < 1e-12);
        }
        let zero = Matrix::new((2, 2), vec![0.0; 4]);
        assert_eq!(zero.orthonormal(), Matrix::identity(2));
    }
}
