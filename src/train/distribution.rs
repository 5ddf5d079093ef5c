//! How many values are spread: a histogram whose bins depend on nothing but the largest value, so that
//! two of them are added without an error, with the moments beside it.

/// Bins within a factor of two: the leading bits of a number's mantissa.
const STEPS: i32 = 8;
/// Bits of the mantissa below those.
const SHIFT: u32 = 20;
/// Factors of two that are told apart below the largest value; what is smaller is about 0.
const OCTAVES: i32 = 9;
/// Bins on each side of 0.
const SIDE: usize = (STEPS * OCTAVES) as usize;
/// All bins: below 0 from the largest size on, about 0, above 0.
const BINS: usize = 2 * SIDE + 1;

/// The distribution of values in symmetric logarithmic bins.
///
/// Where a bin begins follows from the bits of a number alone. The largest value decides how many of
/// the small ones count as 0, those below a 512th of it or less: so any distributions are added in any
/// order, and the sum is the same as if all values had come at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    counts: [u32; BINS],
    /// The octave above the last bin, counted from the smallest numbers; 0 while there is no value
    /// other than 0.
    top: i32,
    moments: Moments,
}

impl Default for Distribution {
    fn default() -> Self {
        Self { counts: [0; BINS], top: 0, moments: Moments::default() }
    }
}

/// Mean, spread and range of the finite ones among values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    count: u64,
    not_finite: u64,
    mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
    min: f32,
    max: f32,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            not_finite: 0,
            mean: 0.0,
            squares: 0.0,
            min: f32::INFINITY,
            max: f32::NEG_INFINITY,
        }
    }
}

impl Moments {
    /// Those of `values`.
    pub fn of<'a>(values: impl Iterator<Item = &'a f32>) -> Self {
        let mut all = Self::default();
        let (mut sum, mut squares) = (0.0, 0.0);
        for &value in values {
            if value.is_finite() {
                all.count += 1;
                sum += f64::from(value);
                squares += f64::from(value) * f64::from(value);
                (all.min, all.max) = (all.min.min(value), all.max.max(value));
            } else {
                all.not_finite += 1;
            }
        }
        if all.count > 0 {
            all.mean = sum / all.count as f64;
            all.squares = all.mean.mul_add(-sum, squares).max(0.0);
        }
        all
    }

    fn add(&mut self, other: &Self) {
        self.not_finite += other.not_finite;
        if other.count == 0 {
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let apart = other.mean - self.mean;
        self.mean += apart * (b / (a + b));
        self.squares += apart.mul_add(apart * (a * b / (a + b)), other.squares);
        self.count += other.count;
        (self.min, self.max) = (self.min.min(other.min), self.max.max(other.max));
    }

    /// The mean; none without a value.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The standard deviation; none without a value.
    #[must_use]
    pub fn std(&self) -> Option<f64> {
        (self.count > 0).then(|| (self.squares / self.count as f64).max(0.0).sqrt())
    }

    /// The least and the greatest value; none without a value.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        (self.count > 0).then(|| (f64::from(self.min), f64::from(self.max)))
    }
}

/// The values from `low` up to `high`, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// How many values.
    pub count: f64,
}

/// The place of a size among all bins that there could be, from the size of the smallest number up.
const fn place(size: f32) -> i32 {
    (size.to_bits() >> SHIFT).cast_signed()
}

/// The octave of a size, counted from the smallest numbers.
const fn octave(size: f32) -> i32 {
    place(size) / STEPS
}

/// Where a place begins.
fn size_of(place: i32) -> f64 {
    f64::from(f32::from_bits(place.max(0).cast_unsigned() << SHIFT))
}

impl Distribution {
    /// The distribution of `values`.
    pub fn of<'a>(values: impl Iterator<Item = &'a f32> + Clone) -> Self {
        let moments = Moments::of(values.clone());
        let mut all = Self { moments, ..Self::default() };
        let largest = if moments.count > 0 { moments.max.max(-moments.min) } else { 0.0 };
        if largest > 0.0 {
            all.top = octave(largest) + 1;
        }
        for &value in values.filter(|value| value.is_finite()) {
            let bin = &mut all.counts[all.bin_of(value)];
            *bin = bin.saturating_add(1);
        }
        all
    }

    /// The index of the bin of a finite value no larger than the largest.
    fn bin_of(&self, value: f32) -> usize {
        let above = place(value.abs()) - self.floor();
        match usize::try_from(above) {
            Err(_) => SIDE,
            Ok(_) if value == 0.0 => SIDE,
            Ok(above) if value < 0.0 => SIDE - 1 - above.min(SIDE - 1),
            Ok(above) => SIDE + 1 + above.min(SIDE - 1),
        }
    }

    /// The place of the smallest size that is told from 0.
    const fn floor(&self) -> i32 {
        (self.top - OCTAVES) * STEPS
    }

    /// Adds the values of another one.
    pub fn add(&mut self, other: &Self) {
        self.moments.add(&other.moments);
        self.raise(other.top);
        for (index, &count) in other.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let bin = &mut self.counts[moved(index, other.floor(), self.floor())];
            *bin = bin.saturating_add(count);
        }
    }

    /// Makes room for sizes below the octave `top`.
    fn raise(&mut self, top: i32) {
        if top <= self.top {
            return;
        }
        let from = self.floor();
        self.top = top;
        let counts = std::mem::replace(&mut self.counts, [0; BINS]);
        for (index, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let bin = &mut self.counts[moved(index, from, self.floor())];
            *bin = bin.saturating_add(count);
        }
    }

    /// Mean, spread and range.
    #[must_use]
    pub const fn moments(&self) -> &Moments {
        &self.moments
    }

    /// How many finite values there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.moments.count
    }

    /// How many values are not finite.
    #[must_use]
    pub const fn not_finite(&self) -> u64 {
        self.moments.not_finite
    }

    /// The root of the sum of their squares.
    #[must_use]
    pub fn norm(&self) -> f64 {
        let Moments { count, mean, squares, .. } = self.moments;
        mean.mul_add(mean * count as f64, squares).sqrt()
    }

    /// The bins that hold values, from the least on.
    pub fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        let floor = self.floor();
        let filled = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        filled.map(move |(index, &count)| {
            let count = f64::from(count);
            let from = |above: usize| size_of(floor + above as i32);
            match index.cmp(&SIDE) {
                std::cmp::Ordering::Less => {
                    let above = SIDE - 1 - index;
                    Bin { low: -from(above + 1), high: -from(above), count }
                }
                std::cmp::Ordering::Equal if self.top == 0 => Bin { low: 0.0, high: 0.0, count },
                std::cmp::Ordering::Equal => Bin { low: -from(0), high: from(0), count },
                std::cmp::Ordering::Greater => {
                    let above = index - SIDE - 1;
                    Bin { low: from(above), high: from(above + 1), count }
                }
            }
        })
    }

    /// The value that a share of the values lies below, as nearly as the bins tell; none without a
    /// value.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let (min, max) = self.moments.range()?;
        let wanted = share.clamp(0.0, 1.0) * self.count() as f64;
        let mut below = 0.0;
        for bin in self.bins() {
            if below + bin.count >= wanted {
                let within = ((wanted - below) / bin.count).clamp(0.0, 1.0);
                return Some((bin.high - bin.low).mul_add(within, bin.low).clamp(min, max));
            }
            below += bin.count;
        }
        Some(max)
    }
}

/// The index among bins whose smallest size is at place `to` of what was at `index` with that at `from`.
fn moved(index: usize, from: i32, to: i32) -> usize {
    let (negative, above) = match index.cmp(&SIDE) {
        std::cmp::Ordering::Equal => return SIDE,
        std::cmp::Ordering::Less => (true, SIDE - 1 - index),
        std::cmp::Ordering::Greater => (false, index - SIDE - 1),
    };
    let above = above as i64 + i64::from(from) - i64::from(to);
    match usize::try_from(above) {
        Err(_) => SIDE,
        Ok(above) if negative => SIDE - 1 - above.min(SIDE - 1),
        Ok(above) => SIDE + 1 + above.min(SIDE - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};
    use rand::RngExt;

    fn values(seed: u64, len: usize, scale: f32) -> Vec<f32> {
        let mut stream = stream(seed, Purpose::Init(0));
        (0..len).map(|_| (stream.random::<f32>() - 0.5).powi(3) * scale).collect()
    }

    fn bins(it: &Distribution) -> Vec<Bin> {
        it.bins().collect()
    }

    #[test]
    fn sums_are_exact_in_any_order() {
        let parts = [values(1, 300, 1.0), values(2, 200, 1e-4), values(3, 500, 70.0), vec![0.0; 9]];
        let whole = Distribution::of(parts.iter().flatten());
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
            let mut sum = Distribution::default();
            for at in order {
                sum.add(&Distribution::of(parts[at].iter()));
            }
            assert_eq!(bins(&sum), bins(&whole), "{order:?}");
            assert_eq!(
                (sum.count(), sum.moments().range()),
                (whole.count(), whole.moments().range())
            );
            assert!(
                (sum.moments().mean().unwrap() - whole.moments().mean().unwrap()).abs() < 1e-12
            );
            assert!((sum.moments().std().unwrap() - whole.moments().std().unwrap()).abs() < 1e-9);
            assert!((sum.norm() - whole.norm()).abs() < 1e-9 * whole.norm());
        }
        assert_eq!(whole.bins().map(|bin| bin.count).sum::<f64>(), 1009.0);
    }

    #[test]
    fn every_value_lies_in_its_bin() {
        for value in [1.0, -1.0, 0.3, -7.9, 1e-30, -1e30, f32::MAX, f32::MIN_POSITIVE, 1e-45] {
            let it = Distribution::of([value, 0.0].iter());
            let value = f64::from(value);
            let bin = it.bins().find(|bin| bin.low <= value && value <= bin.high).unwrap();
            assert!(bin.count >= 1.0, "{value}: {bin:?}");
            assert!(bin.high - bin.low <= value.abs() / 8.0 + 2e-39 || value > 1e38, "{bin:?}");
            assert_eq!(it.count(), 2);
        }
        let zeros = Distribution::of([0.0, -0.0].iter());
        assert_eq!(bins(&zeros), [Bin { low: 0.0, high: 0.0, count: 2.0 }]);
        let mut sum = zeros;
        sum.add(&Distribution::of([2.0].iter()));
        assert_eq!(sum.bins().map(|bin| bin.count).collect::<Vec<_>>(), [2.0, 1.0]);
    }

    #[test]
    fn quantiles_are_those_of_the_sorted_values() {
        let mut values = values(4, 4001, 3.0);
        let it = Distribution::of(values.iter());
        values.sort_by(f32::total_cmp);
        for share in [0.0, 0.005, 0.1, 0.5, 0.8, 0.995, 1.0] {
            let exact = f64::from(values[(share * 4000.0) as usize]);
            let found = it.quantile(share).unwrap();
            assert!((found - exact).abs() <= exact.abs() / 8.0 + 2e-3, "{share}: {found} {exact}");
        }
        assert_eq!(it.quantile(1.0), it.moments().range().map(|(_, max)| max));
    }

    #[test]
    fn what_is_not_finite_is_counted_apart() {
        let it = Distribution::of([f32::NAN, 1.0, f32::INFINITY].iter());
        assert_eq!((it.count(), it.not_finite(), it.moments().mean()), (1, 2, Some(1.0)));
        let none = Distribution::of([f32::NAN].iter());
        assert_eq!(
            (
                none.moments().mean(),
                none.moments().std(),
                none.moments().range(),
                none.quantile(0.5)
            ),
            (None, None, None, None)
        );
        let mut sum = none;
        sum.add(&it);
        assert_eq!((sum.count(), sum.not_finite()), (1, 3));
    }
}
