//! Heights on an even grid, ranked once.

/// How many shades there are: each has an equal share of the grid.
const BANDS: usize = 18;
/// Shades between two contour lines.
const BANDS_A_LINE: usize = 3;
/// Heights are held here, so that no difference between two overflows.
const HUGE: f64 = 1e300;
/// Levels that differ by less than this share of the range of all heights are one: the rounding of a
/// plain is no relief.
const FLAT: f64 = 1e-9;

/// A part of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Where it begins and ends across.
    pub x: (f64, f64),
    /// Where it begins and ends up.
    pub y: (f64, f64),
}

impl Window {
    /// Where a place lies: shares of the way to the right and up, beyond 0 and 1 outside; nothing
    /// for a place that is not finite.
    #[must_use]
    pub fn share(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
        let (right, up) = (share(x, self.x), share(y, self.y));
        (right.is_finite() && up.is_finite()).then_some((right, up))
    }

    /// The place at shares of the way to the right and up.
    #[must_use]
    pub fn at(&self, right: f64, up: f64) -> (f64, f64) {
        let between = |(low, high): (f64, f64), share: f64| low + (high - low) * share;
        (between(self.x, right), between(self.y, up))
    }
}

/// Heights on an even grid, with what they are ranked by. Between the points they are interpolated; a
/// height that is NaN is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heights {
    values: Vec<f64>,
    columns: usize,
    rows: usize,
    /// The heights at which shades change, rising.
    levels: Vec<f64>,
    /// Those of them at which there is a contour line.
    lines: Vec<f64>,
}

impl Heights {
    /// The heights `values`, row by row from the upper left, `columns` a row. The corners of the
    /// window are points of the grid.
    #[must_use]
    pub fn new(mut values: Vec<f64>, columns: usize) -> Self {
        let rows = values.len().checked_div(columns).unwrap_or(0);
        values.truncate(rows * columns);
        for value in &mut values {
            *value = value.clamp(-HUGE, HUGE);
        }
        let mut sorted: Vec<f64> = values.iter().copied().filter(|it| !it.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let range = match (sorted.first(), sorted.last()) {
            (Some(low), Some(high)) => high - low,
            _ => 0.0,
        };
        let (mut levels, mut lines) = (Vec::<f64>::new(), Vec::new());
        for k in 1..BANDS {
            let Some(&level) = sorted.get(sorted.len() * k / BANDS) else { continue };
            let before = levels.last().or(sorted.first()).copied().unwrap_or(level);
            if level - before > FLAT * range {
                levels.push(level);
                if k % BANDS_A_LINE == 0 {
                    lines.push(level);
                }
            }
        }
        Self { values, columns, rows, levels, lines }
    }

    /// The heights that `height` gives over `window`, at `columns` × `rows` points.
    #[must_use]
    pub fn of(
        height: impl Fn(f64, f64) -> f64,
        window: Window,
        (columns, rows): (usize, usize),
    ) -> Self {
        let share = |i: usize, count: usize| i as f64 / (count.max(2) - 1) as f64;
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let values = places.map(|(column, row)| {
            let (x, y) = window.at(share(column, columns), 1.0 - share(row, rows));
            height(x, y)
        });
        Self::new(values.collect(), columns)
    }

    /// How many shades there are.
    #[must_use]
    pub const fn bands(&self) -> usize {
        self.levels.len() + 1
    }

    /// The shade at a share of the way to the right and up, from 0, the lowest.
    #[must_use]
    pub fn band(&self, right: f64, up: f64) -> Option<usize> {
        self.value(right, up).map(|value| rank(&self.levels, value))
    }

    /// How many contour lines lie below the height there.
    #[must_use]
    pub fn contour(&self, right: f64, up: f64) -> Option<usize> {
        self.value(right, up).map(|value| rank(&self.lines, value))
    }

    /// The height at a share of the way to the right and up, linear between the points of the grid;
    /// beyond the edges as on them.
    #[must_use]
    pub fn value(&self, right: f64, up: f64) -> Option<f64> {
        let place = |share: f64, count: usize| {
            let place = share.clamp(0.0, 1.0) * count.checked_sub(1)? as f64;
            let from = (place as usize).min(count.saturating_sub(2));
            Some((from, (from + 1).min(count - 1), place - from as f64))
        };
        let (left, next, across) = place(right, self.columns)?;
        let (top, below, down) = place(1.0 - up, self.rows)?;
        let mix = |one: f64, other: f64, share: f64| {
            // A corner that is not known does not count where it has no weight.
            if share == 0.0 { one } else { one + (other - one) * share }
        };
        let along = |row: usize| {
            let row = &self.values[row * self.columns..(row + 1) * self.columns];
            mix(row[left], row[next], across)
        };
        let value = mix(along(top), along(below), down);
        (!value.is_nan()).then_some(value)
    }
}

/// How many of `levels`, which rise, are no higher than `value`.
fn rank(levels: &[f64], value: f64) -> usize {
    levels.partition_point(|level| *level <= value)
}
