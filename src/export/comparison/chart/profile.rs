//! Performance profiles over several experiments.

use super::curves::mark;
use super::{Axis, Drawn, Legend, SIZE, chart, draw, line};
use crate::compare::statistics::Profile;
use crate::text::Untrusted;

/// ρ(τ) of each arm: the share of experiments on which it reached the target in at most τ times
/// the steps of the fastest arm there. None if no arm reached any target.
#[must_use]
pub fn profile(names: &[Untrusted], profiles: &[Profile]) -> Option<Drawn> {
    let ratios = || profiles.iter().flat_map(|it| &it.ratios).filter(|ratio| ratio.is_finite());
    ratios().next()?;
    // So that the last step of each is seen as one.
    let beyond = ratios().fold(1.0_f64, |most, ratio| most.max(*ratio)) * 1.25;
    let x = Axis::log("steps to the target, in those of the fastest arm", [1.0, beyond])?;
    let y = Axis::linear("share of experiments", [0.0, 1.0])?;
    Some(draw(SIZE, |area| {
        let legend = Legend::of(names.iter().cloned().enumerate());
        let mut chart = chart(area, "Performance profile", (&x, &y), &legend)?;
        for (arm, profile) in profiles.iter().enumerate() {
            let mut taus: Vec<f64> =
                profile.ratios.iter().copied().filter(|r| r.is_finite()).collect();
            taus.extend([1.0, beyond]);
            taus.sort_by(f64::total_cmp);
            // A step: flat up to each ratio, then up.
            let corners = taus.windows(2).flat_map(|two| [(two[0], two[0]), (two[1], two[0])]);
            let places: Vec<_> = corners
                .map(|(tau, level)| Some((x.place(tau)?, y.place(profile.at(level))?)))
                .collect();
            line(&mut chart, arm, &places)?;
            mark(&mut chart, arm, places.iter().rev().find_map(|place| *place))?;
        }
        Ok(())
    }))
}
