//! From distributions over the steps to shades in cells: time across, value up.

use std::ops::Range;

use crate::train::distribution::Distribution;
use crate::train::probe::Quantity;
use crate::train::strips::Column;
use crate::tui::theme::HEAT_LEVELS;
use crate::tui::widgets::axis::Axis;
use crate::tui::widgets::symlog::ValueAxis;

/// Cells that are filled from the column before where nothing was looked at in between, at the most.
const HELD: usize = 6;
/// The share of values at either end of a distribution that its axis may leave to its last row.
const TAIL: f64 = 0.002;
/// The share of values that may be too small to be told from 0 on a logarithmic axis.
const SMALL: f64 = 0.1;

/// The columns of a run and the cells that they are drawn in.
pub struct Raster<'a> {
    /// Those of the whole run, and those of a part that more is known of.
    columns: [Vec<&'a Column>; 2],
    /// The step that the first cell begins with, and the steps of a cell.
    steps: (f64, f64),
    /// For each cell across what it shows; none where nothing is known.
    cells: Vec<Option<Cell>>,
}

/// Columns that a cell shows: which of the lists, and from where to where.
type Cell = (usize, Range<usize>);

impl<'a> Raster<'a> {
    /// The cells of so many columns over the steps of `x`: of those of a run, or in their place of those
    /// of `detail`.
    pub fn new(
        columns: impl Iterator<Item = &'a Column>,
        detail: impl Iterator<Item = &'a Column>,
        x: &Axis,
        width: u16,
    ) -> Self {
        let columns = [columns.collect::<Vec<_>>(), detail.collect()];
        let (low, high) = x.bounds();
        let step = (high - low) / f64::from(width.saturating_sub(1).max(1));
        let cells = (0..width).map(|cell| {
            let from = (f64::from(cell) - 0.5).mul_add(step, low);
            let known = |list: usize| {
                let range = within(&columns[list], from, from + step);
                (!range.is_empty()).then_some((list, range))
            };
            known(1).or_else(|| known(0)).or_else(|| {
                let start = first_from(&columns[0], from);
                let before = columns[0].get(start.checked_sub(1)?)?;
                let gap = (columns[0].get(start)?.first as f64 - before.last as f64) / step;
                (gap <= HELD as f64).then_some((0, start - 1..start))
            })
        });
        let cells = cells.collect();
        Self { columns, cells, steps: (low - step / 2.0, step) }
    }

    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(Option::is_none)
    }

    /// Steps of cells that nothing was seen of, by which they would be: a few all over first, then those
    /// between. Best are those right after `keyframes`, which ascend; none is beyond `present`.
    pub fn unseen(&self, keyframes: &[u64], present: u64) -> Vec<u64> {
        let (low, width) = self.steps;
        let count = self.cells.len();
        let mut order: Vec<_> = (0..count).collect();
        order.sort_by_key(|cell| cell.reverse_bits());
        let step = |cell: usize| {
            let (from, to) =
                ((cell as f64).mul_add(width, low), (cell as f64 + 1.0).mul_add(width, low));
            let seen = |columns: &[&Column]| {
                let fine = |it: &&Column| ((it.last - it.first) as f64) < 2.0 * width;
                columns[within(columns, from, to)].iter().any(fine)
            };
            if self.columns.iter().any(|columns| seen(columns)) {
                return None;
            }
            let after = keyframes.partition_point(|it| ((it + 1) as f64) < from);
            let kept = keyframes.get(after).map(|it| it + 1).filter(|it| (*it as f64) < to);
            let step = kept.unwrap_or(f64::midpoint(from, to) as u64);
            let inside = step as f64 >= from && (step as f64) < to;
            (inside && (1..=present).contains(&step)).then_some(step)
        };
        order.into_iter().filter_map(step).collect()
    }

    /// The distributions of a layer that are drawn.
    fn drawn(&self, layer: usize, quantity: Quantity) -> impl Iterator<Item = &'a Distribution> {
        // A column that spans several cells counts once.
        let mut last: Option<&Cell> = None;
        let other =
            self.cells.iter().flatten().filter(move |cell| last.replace(cell) != Some(cell));
        let columns = other.flat_map(|(list, range)| &self.columns[*list][range.clone()]);
        columns.filter_map(move |it| Some(it.layers.get(layer)?.spread(quantity)))
    }

    /// The axis that the values of a layer lie on; none if there are no values.
    pub fn axis(&self, layer: usize, quantity: Quantity, symlog: bool) -> Option<ValueAxis> {
        let (mut low, mut high, mut smallest) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        for spread in self.drawn(layer, quantity) {
            let (Some(first), Some(last)) = (spread.quantile(TAIL), spread.quantile(1.0 - TAIL))
            else {
                continue;
            };
            (low, high) = (low.min(first), high.max(last));
            if symlog {
                smallest = smallest.min(small(spread).unwrap_or(f64::INFINITY));
            }
        }
        if low > high {
            return None;
        }
        Some(if symlog {
            ValueAxis::symlog(low, high, smallest)
        } else {
            ValueAxis::linear(low, high)
        })
    }

    /// The shades of a layer, row by row from the top, in so many rows: the square root of the share of
    /// values, the largest of which is 1.
    pub fn shades(
        &self,
        (layer, quantity): (usize, Quantity),
        axis: &ValueAxis,
        rows: usize,
    ) -> Vec<f64> {
        let width = self.cells.len();
        let mut points = vec![f64::NAN; width * rows];
        let mut peak: f64 = 0.0;
        for (x, range) in self.cells.iter().enumerate() {
            let Some((list, range)) = range else { continue };
            let columns = self.columns[*list][range.clone()].iter();
            let spreads = columns.filter_map(|it| Some(it.layers.get(layer)?.spread(quantity)));
            let Some(shares) = shares(spreads, axis, rows) else { continue };
            for (row, share) in shares.into_iter().enumerate() {
                points[row * width + x] = share;
                peak = peak.max(share);
            }
        }
        for share in points.iter_mut().filter(|share| **share > 0.0) {
            *share = (*share / peak).sqrt().max(1.0 / HEAT_LEVELS as f64);
        }
        points
    }
}

/// The place of the first column that reaches a step.
fn first_from(columns: &[&Column], from: f64) -> usize {
    columns.partition_point(|it| (it.last as f64) < from)
}

/// The places of the columns that reach into the steps from one to the other.
fn within(columns: &[&Column], from: f64, to: f64) -> Range<usize> {
    let start = first_from(columns, from);
    start..columns.partition_point(|it| (it.first as f64) < to).max(start)
}

/// The size below which a small share of the values other than 0 lies.
fn small(spread: &Distribution) -> Option<f64> {
    let mut sizes: Vec<_> = spread
        .bins()
        .filter(|bin| bin.low * bin.high > 0.0)
        .map(|bin| (bin.low.abs().min(bin.high.abs()), bin.count))
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted = SMALL * sizes.iter().map(|(_, count)| count).sum::<f64>();
    let mut below = 0.0;
    let found = sizes.into_iter().find(|(_, count)| {
        below += count;
        below >= wanted
    });
    found.map(|(size, _)| size)
}

/// The share of all values in each of so many rows, from the top; none without a value. What lies
/// beyond the axis counts in its last row.
pub fn shares<'a>(
    spreads: impl Iterator<Item = &'a Distribution>,
    axis: &ValueAxis,
    rows: usize,
) -> Option<Vec<f64>> {
    let mut shares = vec![0.0; rows];
    let (all, last) = (rows as f64, rows.checked_sub(1)?);
    let mut total = 0.0;
    for bin in spreads.flat_map(Distribution::bins) {
        total += bin.count;
        let [from, to] = [bin.high, bin.low].map(|it| (1.0 - axis.place(it)).clamp(0.0, 1.0) * all);
        let (first, end) = ((from as usize).min(last), (to as usize).min(last));
        if first == end || to - from < 1e-9 {
            shares[first] += bin.count;
            continue;
        }
        for (row, share) in shares.iter_mut().enumerate().take(end + 1).skip(first) {
            let (top, bottom) = (from.max(row as f64), to.min(row as f64 + 1.0));
            *share += bin.count * (bottom - top).max(0.0) / (to - from);
        }
    }
    for share in &mut shares {
        *share /= total;
    }
    (total > 0.0).then_some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::probe::LayerState;
    use crate::train::strips::Strips;
    use crate::train::timeline::{BranchId, Stretch};

    const WAY: [Stretch; 1] = [Stretch { branch: BranchId(0), end: u64::MAX }];

    #[test]
    fn every_value_has_its_row() {
        let axis = ValueAxis::linear(-1.0, 1.0);
        let of = |values: &[f32]| shares([Distribution::of(values.iter())].iter(), &axis, 4);
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[0.55, 0.55, -0.55, -99.0]).unwrap(), [0.5, 0.0, 0.0, 0.5]);
        let spread = of(&[0.9, 0.1, -0.2, -0.8, 5.0]).unwrap();
        assert!((spread.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{spread:?}");
    }

    fn strips(steps: &[u64]) -> Strips {
        let mut strips = Strips::default();
        for &step in steps {
            strips.add(BranchId(0), step, &[LayerState::of_weights(&[0.5, -0.25])]);
        }
        strips
    }

    #[test]
    fn only_small_gaps_are_filled() {
        let strips = strips(&[10, 30, 90]);
        let raster = Raster::new(strips.columns(&WAY), [].iter(), &Axis::steps(100.0), 11);
        let known: String =
            raster.cells.iter().map(|it| if it.is_some() { '#' } else { '.' }).collect();
        assert_eq!(known, ".#########.");
        let raster = Raster::new(strips.columns(&WAY), [].iter(), &Axis::steps(100.0), 41);
        let known: Vec<_> = raster.cells.iter().map(Option::is_some).collect();
        assert!(known[4] && !known[8] && known[12] && !known[24] && known[36]);
    }

    #[test]
    fn what_was_not_seen_is_asked_for_coarsely_first() {
        let strips = strips(&[0, 50]);
        let raster = Raster::new(strips.columns(&WAY), [].iter(), &Axis::steps(100.0), 11);
        let unseen = raster.unseen(&[0, 17, 38], 80);
        let mut sorted = unseen.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [10, 18, 30, 39, 60, 70, 80], "{unseen:?}");
        assert!(
            unseen[..3].iter().any(|it| *it >= 60) && unseen[..3].iter().any(|it| *it <= 39),
            "{unseen:?}"
        );
        assert_eq!(
            Raster::new([].iter(), [].iter(), &Axis::steps(1.0), 9).unseen(&[], 0),
            [] as [u64; 0]
        );
    }

    #[test]
    fn a_column_of_many_cells_gives_way_to_finer_ones() {
        let mut coarse = Strips::new(100_000);
        for step in 0..400 {
            coarse.add(BranchId(0), step, &[LayerState::of_weights(&[0.5])]);
        }
        let axis = Axis::exact(crate::tui::widgets::axis::Scale::Linear, 100.0, 110.0);
        let raster = Raster::new(coarse.columns(&WAY), [].iter(), &axis, 11);
        assert!(raster.cells.iter().all(Option::is_some));
        let unseen = raster.unseen(&[], 400);
        assert_eq!(unseen.len(), 11, "{unseen:?}");
        let fine = strips(&[104, 105]);
        let raster = Raster::new(coarse.columns(&WAY), fine.columns(&WAY), &axis, 11);
        let lists: Vec<_> = raster.cells.iter().flatten().map(|cell| cell.0).collect();
        assert_eq!(lists, [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
        assert_eq!(raster.unseen(&[], 400).len(), 9);
    }

    #[test]
    fn the_axis_holds_all_that_is_drawn() {
        let strips = strips(&[0, 50]);
        let raster = Raster::new(strips.columns(&WAY), [].iter(), &Axis::steps(100.0), 20);
        let linear = raster.axis(0, Quantity::Weights, false).unwrap();
        assert!(linear.place(-0.25) >= 0.0 && linear.place(0.5) <= 1.0);
        let log = raster.axis(0, Quantity::Weights, true).unwrap();
        assert!(log.place(-0.25) > 0.0 && log.place(0.5) < 1.0);
        assert!(
            raster.axis(0, Quantity::Updates, true).is_none()
                && raster.axis(3, Quantity::Weights, true).is_none()
        );
        let points = raster.shades((0, Quantity::Weights), &linear, 8);
        assert_eq!(points.len(), 160);
        assert!(points.contains(&1.0) && points.iter().any(|it| it.is_nan()));
    }
}
