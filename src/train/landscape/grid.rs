//! The points of a map, from coarse to fine.

/// How often the whole map is gone through, each time at half the distance.
pub const PASSES: usize = 4;

/// Losses on an even grid, row by row from the lowest y. They become known in a fixed order: first
/// every eighth point across and up, then every fourth, and so on, the last ones included.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    x: Vec<f64>,
    y: Vec<f64>,
    loss: Vec<f64>,
    /// Columns and rows of the points, pass after pass.
    order: Vec<(u32, u32)>,
    /// How many points come before the end of each pass.
    ends: [usize; PASSES],
    known: usize,
}

impl Grid {
    /// The grid of these places across and up, of which nothing is known yet.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let mut order: Vec<(u32, u32)> = (0..y.len() as u32)
            .flat_map(|row| (0..x.len() as u32).map(move |column| (column, row)))
            .collect();
        let pass_of = |&(column, row): &(u32, u32)| {
            pass(column as usize, x.len()).max(pass(row as usize, y.len()))
        };
        order.sort_by_key(pass_of);
        let ends =
            std::array::from_fn(|pass| order.partition_point(|point| pass_of(point) <= pass));
        let loss = vec![f64::NAN; order.len()];
        Self { x, y, loss, order, ends, known: 0 }
    }

    /// Places across.
    #[must_use]
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// Places up.
    #[must_use]
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The losses, a row for each place up; NaN where it is not known.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.loss.chunks(self.x.len().max(1))
    }

    /// The place that comes next; none once all are known.
    #[must_use]
    pub fn next(&self) -> Option<[f64; 2]> {
        let &(column, row) = self.order.get(self.known)?;
        Some([self.x[column as usize], self.y[row as usize]])
    }

    /// Takes the loss at [`Grid::next`].
    pub fn take(&mut self, loss: f64) {
        if let Some(&(column, row)) = self.order.get(self.known) {
            self.loss[row as usize * self.x.len() + column as usize] = loss;
            self.known += 1;
        }
    }

    /// Takes all losses, row by row from the lowest.
    pub(super) fn take_all(&mut self, loss: Vec<f64>) {
        if loss.len() == self.loss.len() {
            (self.loss, self.known) = (loss, self.order.len());
        }
    }

    /// Whether all is known.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.known == self.order.len()
    }

    /// Passes that are done.
    #[must_use]
    pub fn passes(&self) -> usize {
        self.ends.iter().take_while(|end| self.known >= **end).count()
    }

    /// The losses, row by row from the lowest; those that are not known yet by linear interpolation
    /// between the points of the last pass that is done.
    #[must_use]
    pub fn filled(&self) -> Vec<f64> {
        let Some(last) = self.passes().checked_sub(1).filter(|_| !self.is_whole()) else {
            return self.loss.clone();
        };
        let (columns, rows) = (neighbours(self.x.len(), last), neighbours(self.y.len(), last));
        let mut filled = Vec::with_capacity(self.loss.len());
        for &(low, high, up) in &rows {
            for &(left, right, along) in &columns {
                let between = |row: usize| {
                    let row = &self.loss[row * self.x.len()..][..self.x.len()];
                    mix(row[left], row[right], along)
                };
                filled.push(mix(between(low), between(high), up));
            }
        }
        for &(column, row) in &self.order[..self.known] {
            let index = row as usize * self.x.len() + column as usize;
            filled[index] = self.loss[index];
        }
        filled
    }
}

/// The pass in which place `index` of so many is reached.
fn pass(index: usize, count: usize) -> usize {
    if index + 1 == count {
        return 0;
    }
    (0..PASSES).find(|&pass| index.is_multiple_of(stride(pass))).unwrap_or(PASSES - 1)
}

const fn stride(pass: usize) -> usize {
    1 << (PASSES - 1 - pass)
}

/// For each of so many places those around it that are known after pass `pass`, and how far it is from
/// the one to the other.
fn neighbours(count: usize, pass: usize) -> Vec<(usize, usize, f64)> {
    let stride = stride(pass);
    let around = |index: usize| {
        let before = index / stride * stride;
        let after = if index == before { before } else { (before + stride).min(count - 1) };
        let share =
            if after > before { (index - before) as f64 / (after - before) as f64 } else { 0.0 };
        (before, after, share)
    };
    (0..count).map(around).collect()
}

fn mix(from: f64, to: f64, share: f64) -> f64 {
    if share == 0.0 { from } else { share.mul_add(to - from, from) }
}

/// So many even places, of which one is 0 (or the first, or the last), that reach from `low` ≤ 0 to
/// `high` ≥ 0 or a little farther. Two are the ends.
#[must_use]
pub fn axis((low, high): (f64, f64), count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1);
    if last < 2 {
        return [low, high].into_iter().take(count).collect();
    }
    let step = |zero: usize| {
        let below = if low < 0.0 { -low / zero as f64 } else { 0.0 };
        let above = if high > 0.0 { high / (last - zero) as f64 } else { 0.0 };
        below.max(above)
    };
    // 0 divides the places as it divides the range.
    let even = -low / (high - low) * last as f64;
    let nearest = [even.floor(), even.ceil()].map(|zero| (zero.max(0.0) as usize).min(last));
    let zero = if step(nearest[1]) < step(nearest[0]) { nearest[1] } else { nearest[0] };
    let step = step(zero);
    (0..count).map(|index| (index as f64 - zero as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plane 2·x − y, known as far as after so many points.
    fn slope(columns: usize, rows: usize, points: usize) -> Grid {
        let places = |count: usize| (0..count).map(|i| i as f64).collect();
        let mut grid = Grid::new(places(columns), places(rows));
        for _ in 0..points {
            let Some([x, y]) = grid.next() else { break };
            grid.take(2.0_f64.mul_add(x, -y));
        }
        grid
    }

    #[test]
    fn a_coarse_map_is_of_the_whole() {
        let whole = slope(60, 30, usize::MAX);
        assert!(whole.is_whole() && whole.passes() == PASSES && whole.next().is_none());
        let coarse = 9 * 5;
        for points in [coarse, coarse + 7, 300, 1799] {
            let grid = slope(60, 30, points);
            assert!(!grid.is_whole());
            for (found, loss) in grid.filled().iter().zip(whole.filled()) {
                assert!((found - loss).abs() < 1e-9, "{points}: {found}, not {loss}");
            }
        }
        assert_eq!((slope(60, 30, coarse).passes(), slope(60, 30, coarse - 1).passes()), (1, 0));
        assert!(slope(60, 30, 0).filled().iter().all(|loss| loss.is_nan()));
        for (columns, rows) in [(2, 2), (3, 2), (1, 1), (8, 9), (0, 0)] {
            let grid = slope(columns, rows, usize::MAX);
            assert!(grid.is_whole() && grid.filled().iter().all(|loss| loss.is_finite()));
        }
    }

    #[test]
    fn zero_is_a_place_and_the_ends_are_within() {
        for (low, high) in [(-1.0, 1.0), (-4.6, 0.6), (0.0, 3.0), (-2.0, 0.0), (-1e-3, 7.0)] {
            for count in [3, 4, 40, 41, 400] {
                let places = axis((low, high), count);
                assert!(places.len() == count && places.contains(&0.0), "{low} {high} {count}");
                assert!(places[0] <= low + 1e-12 && places[count - 1] >= high - 1e-12);
                assert!(places.iter().all(|x| x.is_finite()));
            }
        }
        assert_eq!(axis((-1.0, 1.0), 2), [-1.0, 1.0]);
        assert_eq!(axis((-1.0, 1.0), 5), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    }
}
