//! The little matrix algebra that some optimizers need.

use crate::nn::Real;
use crate::nn::simd::{self, Kernel};

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

    /// `a · self + b · other`.
    pub fn combined(&self, a: F, b: F, other: &Self) -> Self {
        let pairs = self.cells.iter().zip(&other.cells);
        let cells = pairs.map(|(&x, &y)| a.mul_add(x, b * y)).collect();
        Self::new((self.rows, self.columns), cells)
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
}
