//! The curves of other branches, in grey behind the present one.

use super::samples::samples;
use crate::train::telemetry::Series as Kind;
use crate::train::timeline::BranchView;
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::Sample;
use crate::tui::workspace::Workspace;

/// The most that are drawn, the latest ones.
const MOST: usize = 4;
/// The present curve keeps at least one part of so many of the steps.
const SHARE: u64 = 2;

/// The branches that are drawn, on the same data and with the same loss as the present one.
fn drawn(workspace: &Workspace) -> impl Iterator<Item = &BranchView> {
    let here = &workspace.experiment;
    let others: Vec<_> = workspace
        .run
        .timeline
        .others()
        .filter(|branch| {
            let there = branch.script.end();
            there.data == here.data
                && there.data_seed() == here.data_seed()
                && there.train.loss == here.train.loss
        })
        .filter(|branch| !branch.history.series(Kind::TestLoss).buckets().is_empty())
        .collect();
    let left_out = others.len().saturating_sub(MOST);
    others.into_iter().skip(left_out)
}

/// Their curves of one kind.
pub fn curves(workspace: &Workspace, kind: Kind) -> Vec<Vec<Sample>> {
    drawn(workspace).map(|branch| samples(&branch.history, kind)).collect()
}

/// The steps that the charts are drawn over: those of the present branch, and of others as far as they
/// leave it its share.
pub fn steps(workspace: &Workspace) -> Axis {
    let present = workspace.run.step;
    let others = drawn(workspace).map(|branch| branch.step).max().unwrap_or(0);
    let whole = Axis::steps(present.max(others.min(SHARE.saturating_mul(present))) as f64);
    workspace.window.axis(whole, present)
}

/// The axis of a loss with `others` behind it: they widen the range of the present values a little, and
/// what does not fit is cut off. None if there are no others.
pub fn axis(scale: Scale, present: &[&[Sample]], others: &mut [Vec<Sample>]) -> Option<Axis> {
    if others.iter().all(Vec::is_empty) {
        return None;
    }
    let points = present.iter().copied().flatten().filter(|it| it.mean.is_finite());
    let values: Vec<_> = points
        .flat_map(|it| [it.min, it.mean, it.max])
        .filter(|it| it.is_finite() && (scale != Scale::Log || *it > 0.0))
        .collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = match scale {
        Scale::Log => (low / 3.0, high * 3.0),
        Scale::Linear | Scale::Percent => {
            let more = (high - low).max(high.abs() / 4.0) / 2.0;
            (low - more, high + more)
        }
    };
    let behind = others.iter().flatten().map(|it| it.mean);
    let behind: Vec<_> = behind.filter(|it| (low..=high).contains(it)).collect();
    let axis = Axis::fit(scale, values.into_iter().chain(behind));
    for sample in others.iter_mut().flatten() {
        if axis.place(sample.mean).is_none_or(|place| !(0.0..=1.0).contains(&place)) {
            sample.mean = f64::NAN;
        }
    }
    Some(axis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: &[f64]) -> Vec<Sample> {
        values.iter().enumerate().map(|(x, y)| Sample::from((x as f64, *y))).collect()
    }

    #[test]
    fn the_present_curve_keeps_its_range() {
        let present = curve(&[1.0, 0.5]);
        let mut others = [curve(&[2.0, 0.9, 0.001]), curve(&[500.0])];
        let axis = axis(Scale::Log, &[&present], &mut others).unwrap();
        let place = |value| axis.place(value).unwrap();
        assert!((0.0..=1.0).contains(&place(2.0)) && place(0.1) < 0.0 && place(500.0) > 1.0);
        let means = others.map(|curve| curve.iter().map(|it| it.mean).collect::<Vec<_>>());
        assert!(means[0][2].is_nan() && means[1][0].is_nan() && means[0][0] == 2.0);
        assert!(super::axis(Scale::Log, &[&present], &mut []).is_none());
    }

    #[test]
    fn losses_below_0_have_their_place_as_well() {
        let present = curve(&[-1.0, -2.0]);
        let mut others = [curve(&[-1.5, 90.0, f64::NAN])];
        let axis = axis(Scale::Linear, &[&present], &mut others).unwrap();
        assert!(axis.place(90.0).unwrap() > 1.0);
        assert!(others[0][0].mean == -1.5 && others[0][1].mean.is_nan());
    }
}
