//! Many points into few columns, without losing a spike.

use super::{super::frame::Frame, Sample};

/// One column of dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// No point lies here: the line passes over it.
    Empty,
    /// Only points without a place: the line breaks.
    Gap,
    /// Only points that are too small for a logarithmic axis, and perhaps gaps.
    Below,
    /// Points, as places up the y axis.
    Filled(Column),
}

/// Places up the y axis, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    pub min: f64,
    pub mean: f64,
    pub max: f64,
}

/// Sorts points into `width` columns.
pub fn columns(points: &[Sample], frame: &Frame, width: usize) -> Vec<Slot> {
    let mut slots = vec![Slot::Empty; width];
    let mut counts = vec![0.0; width];
    for point in points {
        let Some(place) = frame.x.place(point.x).filter(|place| (0.0..=1.0).contains(place)) else {
            continue;
        };
        let index = (place * (width.max(1) - 1) as f64).round() as usize;
        let (Some(slot), Some(count)) = (slots.get_mut(index), counts.get_mut(index)) else {
            continue;
        };
        let Some(mean) = frame.y.place(point.mean) else {
            match slot {
                Slot::Filled(column) if point.mean.is_finite() => column.min = 0.0,
                Slot::Empty | Slot::Gap if point.mean.is_finite() => *slot = Slot::Below,
                Slot::Empty => *slot = Slot::Gap,
                _ => {}
            }
            continue;
        };
        // A bound that is missing is no wider than the mean.
        let bound = |value: f64| if value.is_nan() { mean } else { frame.y.edge(value) };
        let (min, max) = (bound(point.min).min(mean), bound(point.max).max(mean));
        *count += 1.0;
        *slot = Slot::Filled(match *slot {
            Slot::Filled(old) => Column {
                min: old.min.min(min),
                mean: old.mean + (mean - old.mean) / *count,
                max: old.max.max(max),
            },
            Slot::Below => Column { min: min.min(0.0), mean, max },
            Slot::Empty | Slot::Gap => Column { min, mean, max },
        });
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::super::super::axis::{Axis, Scale};
    use super::*;
    use crate::tui::theme::{Depth, Theme};

    fn frame() -> Frame {
        Frame {
            x: Axis::exact(Scale::Linear, 0.0, 99.0),
            y: Axis::exact(Scale::Linear, 0.0, 10.0),
            theme: Theme::new(Depth::None),
        }
    }

    #[test]
    fn a_spike_survives_decimation() {
        let points: Vec<Sample> =
            (0..100).map(|i| (f64::from(i), if i == 42 { 10.0 } else { 1.0 }).into()).collect();
        let slots = columns(&points, &frame(), 4);
        let tops: Vec<f64> = slots
            .iter()
            .map(|slot| if let Slot::Filled(column) = slot { column.max } else { 0.0 })
            .collect();
        assert_eq!(tops, [0.1, 1.0, 0.1, 0.1]);
    }

    #[test]
    fn only_columns_without_any_number_are_gaps() {
        let at = |x: f64, y: f64| Sample::from((x, y));
        let points = [at(0.0, f64::NAN), at(0.0, 5.0), at(33.0, f64::INFINITY), at(99.0, 2.0)];
        let slots = columns(&points, &frame(), 4);
        let flat = |place| Slot::Filled(Column { min: place, mean: place, max: place });
        assert_eq!(slots, [flat(0.5), Slot::Gap, Slot::Empty, flat(0.2)]);
    }

    #[test]
    fn what_is_too_small_for_a_logarithmic_axis_lies_below_it() {
        let frame = Frame { y: Axis::exact(Scale::Log, 0.01, 1.0), ..frame() };
        let at = |x: f64, y: f64| Sample::from((x, y));
        let points = [
            at(0.0, 0.0),
            at(33.0, -3.0),
            at(33.0, f64::NAN),
            at(66.0, 0.0),
            at(66.0, 0.1),
            at(99.0, 0.1),
            at(99.0, 0.0),
        ];
        let slots = columns(&points, &frame, 4);
        let half = Slot::Filled(Column { min: 0.0, mean: 0.5, max: 0.5 });
        assert_eq!(slots, [Slot::Below, Slot::Below, half, half]);
    }

    #[test]
    fn an_infinite_bound_reaches_the_edge() {
        let point = Sample { x: 0.0, min: f64::NAN, mean: 5.0, max: f64::INFINITY };
        let Slot::Filled(column) = columns(&[point], &frame(), 4)[0] else { panic!("no column") };
        assert!(column.max >= 1.0 && column.min == 0.5);
    }
}
