//! A plane through a point of weight space.

use crate::train::curvature::dot;

/// A plane through `origin`, the trained numbers of a network, that two directions span.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    origin: Vec<f32>,
    directions: [Vec<f64>; 2],
    /// Inner products of the directions: first with first, first with second, second with second.
    gram: [f64; 3],
}

impl Plane {
    /// The plane of these directions, each as long as `origin`.
    #[must_use]
    pub fn new(origin: Vec<f32>, directions: [Vec<f64>; 2]) -> Self {
        let [a, b] = &directions;
        let gram = [dot(a, a), dot(a, b), dot(b, b)];
        Self { origin, directions, gram }
    }

    /// The trained numbers at (0, 0).
    #[must_use]
    pub fn origin(&self) -> &[f32] {
        &self.origin
    }

    /// The two directions.
    #[must_use]
    pub const fn directions(&self) -> &[Vec<f64>; 2] {
        &self.directions
    }

    /// The trained numbers at a place; at (0, 0) those of the origin, to the bit.
    pub fn point(&self, [x, y]: [f64; 2]) -> impl Iterator<Item = f32> {
        let [a, b] = &self.directions;
        let numbers = self.origin.iter().zip(a.iter().zip(b));
        numbers.map(move |(&w, (a, b))| y.mul_add(*b, x.mul_add(*a, f64::from(w))) as f32)
    }

    /// The place of the plane that is nearest to `numbers`.
    #[must_use]
    pub fn project(&self, numbers: &[f32]) -> [f64; 2] {
        self.coordinates(&self.offset(numbers))
    }

    fn offset(&self, numbers: &[f32]) -> Vec<f64> {
        let pairs = numbers.iter().zip(&self.origin);
        pairs.map(|(&w, &from)| f64::from(w) - f64::from(from)).collect()
    }

    /// The coordinates of the part of `vector` that lies along the plane: the least squares, since the
    /// directions need not be at right angles.
    fn coordinates(&self, vector: &[f64]) -> [f64; 2] {
        let [along_a, along_b] = [0, 1].map(|index| dot(&self.directions[index], vector));
        let [aa, ab, bb] = self.gram;
        let determinant = ab.mul_add(-ab, aa * bb);
        if determinant > 0.0 {
            [bb.mul_add(along_a, -ab * along_b), aa.mul_add(along_b, -ab * along_a)]
                .map(|it| it / determinant)
        } else {
            // One direction at most.
            [(along_a, aa), (along_b, bb)].map(
                |(along, square)| {
                    if square > 0.0 { along / square } else { 0.0 }
                },
            )
        }
    }

    /// The shares of the variance of a path that the plane holds: along the first direction, and along
    /// what the second one has at a right angle to it. The variance is the mean square of the distance
    /// from the path's mean. None for a path that stays where it is.
    #[must_use]
    pub fn shares(&self, path: &[&[f32]]) -> Option<[f64; 2]> {
        let mean = mean(path)?;
        let [aa, ab, bb] = self.gram;
        let [a, b] = &self.directions;
        let slope = if aa > 0.0 { ab / aa } else { 0.0 };
        let rest: Vec<f64> = b.iter().zip(a).map(|(b, a)| slope.mul_add(-a, *b)).collect();
        let squares = [aa, dot(&rest, &rest)];
        // What rounding leaves of a second direction along the first is none.
        let counts = [aa > 0.0, squares[1] > 1e-20 * bb];
        let (mut total, mut held) = (0.0, [0.0; 2]);
        for state in path {
            let away: Vec<f64> =
                state.iter().zip(&mean).map(|(&w, mean)| f64::from(w) - mean).collect();
            total += dot(&away, &away);
            for (index, direction) in [a, &rest].into_iter().enumerate() {
                if counts[index] {
                    held[index] += dot(direction, &away).powi(2) / squares[index];
                }
            }
        }
        let shares = held.map(|held| held / total);
        (total > 0.0 && shares.iter().all(|share| share.is_finite())).then_some(shares)
    }
}

/// The mean of several rows of numbers; none of none.
pub(super) fn mean(path: &[&[f32]]) -> Option<Vec<f64>> {
    let (first, rest) = path.split_first()?;
    let mut sum: Vec<f64> = first.iter().copied().map(f64::from).collect();
    for state in rest {
        sum.iter_mut().zip(*state).for_each(|(sum, &w)| *sum += f64::from(w));
    }
    let count = path.len() as f64;
    for sum in &mut sum {
        *sum /= count;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_on_the_plane_is_found_there() {
        let origin = vec![1.0, -2.0, 0.5];
        let plane = Plane::new(origin, [vec![1.0, 1.0, 0.0], vec![0.0, 1.0, 0.0]]);
        let numbers: Vec<f32> = plane.point([2.0, -0.5]).collect();
        assert_eq!(numbers, [3.0, -0.5, 0.5]);
        assert_eq!(plane.project(&numbers), [2.0, -0.5]);
        assert!(plane.point([0.0, 0.0]).eq(plane.origin().iter().copied()));
        // What stands off the plane is seen from above.
        assert_eq!(plane.project(&[3.0, -0.5, 9.0]), [2.0, -0.5]);
    }

    #[test]
    fn shares_of_a_path() {
        let plane = Plane::new(vec![0.0; 3], [vec![2.0, 0.0, 0.0], vec![1.0, 1.0, 0.0]]);
        // 2·(9 + 4 + 1) in all.
        let path: [&[f32]; 4] =
            [&[3.0, 2.0, 1.0], &[-3.0, 2.0, -1.0], &[3.0, -2.0, -1.0], &[-3.0, -2.0, 1.0]];
        let [a, b] = plane.shares(&path).unwrap();
        assert!((a - 9.0 / 14.0).abs() < 1e-12 && (b - 4.0 / 14.0).abs() < 1e-12, "{a} {b}");
        let flat: [&[f32]; 3] = [&[3.0, 2.0, 7.0], &[-3.0, 1.0, 7.0], &[3.0, -2.0, 7.0]];
        assert!((plane.shares(&flat).unwrap().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(plane.shares(&flat[..1]), None);
        assert_eq!(plane.shares(&[]), None);
        assert_eq!(plane.shares(&[&[f32::NAN, 0.0, 0.0], &[0.0; 3]]), None);
        // Directions that span no plane hold what they span.
        let line = Plane::new(vec![0.0; 3], [vec![1.0, 0.0, 0.0], vec![-2.0, 0.0, 0.0]]);
        let [a, b] = line.shares(&path).unwrap();
        assert!((a - 9.0 / 14.0).abs() < 1e-12 && b == 0.0, "{a} {b}");
        let nothing = Plane::new(vec![0.0; 3], [vec![0.0; 3], vec![0.0; 3]]);
        assert_eq!(nothing.project(&[1.0, 2.0, 3.0]), [0.0; 2]);
    }
}
