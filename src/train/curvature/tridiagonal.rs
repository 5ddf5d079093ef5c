//! Eigenvalues of a symmetric tridiagonal matrix, by QL iterations with implicit shifts
//! (Bowdler, Martin, Reinsch & Wilkinson 1968).

/// Iterations for one eigenvalue; two or three are usual.
const ITERATIONS: usize = 64;

/// Turns the matrix with this diagonal and these numbers beside it into a diagonal one, in place: the
/// eigenvalues, in no order. `rows` are rows of the matrix of eigenvectors that are wanted, given as
/// those of the identity. Returns whether it converged.
pub(super) fn diagonalise(diagonal: &mut [f64], beside: &[f64], rows: &mut [Vec<f64>]) -> bool {
    let size = diagonal.len();
    let mut off: Vec<f64> = beside.iter().copied().take(size.saturating_sub(1)).collect();
    off.resize(size, 0.0);
    (0..size).all(|first| {
        (0..ITERATIONS).any(|_| {
            let small = |&i: &usize| {
                let scale = diagonal[i].abs() + diagonal[i + 1].abs();
                off[i].abs() <= f64::EPSILON * scale
            };
            let last = (first..size - 1).find(small).unwrap_or(size - 1);
            if last > first {
                sweep(diagonal, &mut off, rows, (first, last));
            }
            last == first
        })
    })
}

/// One iteration on the block of rows `first` to `last`: rotations from its lower end upwards.
fn sweep(
    diagonal: &mut [f64],
    off: &mut [f64],
    rows: &mut [Vec<f64>],
    (first, last): (usize, usize),
) {
    let ratio = (diagonal[first + 1] - diagonal[first]) / (2.0 * off[first]);
    let reach = ratio + libm::hypot(ratio, 1.0).copysign(ratio);
    let mut bulge = diagonal[last] - diagonal[first] + off[first] / reach;
    let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let (f, b) = (sine * off[i], cosine * off[i]);
        let length = libm::hypot(f, bulge);
        off[i + 1] = length;
        if length == 0.0 {
            // The block has come apart.
            diagonal[i + 1] -= moved;
            off[last] = 0.0;
            return;
        }
        (sine, cosine) = (f / length, bulge / length);
        let lower = diagonal[i + 1] - moved;
        let turn = (diagonal[i] - lower) * sine + 2.0 * cosine * b;
        moved = sine * turn;
        diagonal[i + 1] = lower + moved;
        bulge = cosine * turn - b;
        for row in &mut *rows {
            let (upper, lower) = (row[i], row[i + 1]);
            row[i + 1] = sine * upper + cosine * lower;
            row[i] = cosine * upper - sine * lower;
        }
    }
    diagonal[first] -= moved;
    off[first] = bulge;
    off[last] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_chain_of_springs() {
        // 2 on the diagonal, −1 beside it: 2 − 2·cos(kπ/(n + 1)).
        let size = 40;
        let mut diagonal = vec![2.0; size];
        let mut rows = vec![vec![0.0; size]];
        rows[0][size - 1] = 1.0;
        assert!(diagonalise(&mut diagonal, &vec![-1.0; size - 1], &mut rows));
        let norm: f64 = rows[0].iter().map(|x| x * x).sum();
        assert!((norm - 1.0).abs() < 1e-12, "{norm}");
        diagonal.sort_by(f64::total_cmp);
        for (k, found) in diagonal.iter().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::PI / (size + 1) as f64;
            assert!((found - (2.0 - 2.0 * libm::cos(angle))).abs() < 1e-12, "{k}: {found}");
        }
    }

    #[test]
    fn of_one_number_and_of_a_diagonal() {
        let mut one = [3.0];
        assert!(diagonalise(&mut one, &[], &mut []));
        let mut two = [1.0, -2.0];
        assert!(diagonalise(&mut two, &[0.0], &mut []));
        assert_eq!((one, two), ([3.0], [1.0, -2.0]));
    }

    #[test]
    fn what_is_not_finite_does_not_loop() {
        assert!(!diagonalise(&mut [f64::NAN, 1.0, 2.0], &[1.0, f64::NAN], &mut []));
    }
}
