//! How far a search for settings comes with more trials.

use super::curves::mark;
use super::{
    Axis, Circle, Color, Comparison, Drawn, Legend, SIZE, ceiling, chart, colour, draw, line,
};
use crate::compare::Standing;

/// The best median validation loss so far by the number of trials, one line an arm, with a ring at the trial
/// that its settings are from. The first trial is at the defaults. None unless settings are searched.
#[must_use]
pub fn search(comparison: &Comparison<'_>) -> Option<Drawn> {
    let Comparison { plan, ranking, .. } = comparison;
    if plan.tune.is_empty() {
        return None;
    }
    let best: Vec<(&Standing, Vec<f64>)> =
        ranking.standings.iter().map(|standing| (standing, standing.best_so_far())).collect();
    let losses = || best.iter().flat_map(|(_, best)| best.iter().copied());
    let most = best.iter().map(|(_, best)| best.len()).max()?;
    let top = ceiling(comparison);
    let x = Axis::linear("trials, the first at the defaults", [1.0, most.max(2) as f64])?;
    let y = Axis::log("best validation loss so far", losses().filter(|loss| *loss <= top))?;
    let caption =
        format!("Search: best of so many trials, {} tuning seeds", plan.tuning_seeds.len());
    Some(draw(SIZE, |area| {
        let mut chart = chart(area, &caption, (&x, &y), &Legend::ranked(comparison))?;
        for (standing, best) in &best {
            let arm = standing.arm;
            let place =
                |(trial, loss): (usize, &f64)| Some((x.place(trial as f64)?, y.place(*loss)?));
            let places: Vec<_> = (1..).zip(best).map(place).collect();
            // A step: the best stays until a better one is found.
            let corner = |two: &[Option<(f64, f64)>]| match two {
                [Some(old), Some(new)] => [Some((new.0, old.1)), Some(*new)],
                _ => [None, two[1]],
            };
            let steps = places.windows(2).flat_map(corner);
            let path: Vec<_> = places.first().copied().into_iter().chain(steps).collect();
            line(&mut chart, arm, &path)?;
            let found = standing.best.and_then(|(best, _)| *places.get(best as usize)?);
            if let Some(place) = found {
                chart.draw_series([Circle::new(place, 6, colour(arm).stroke_width(2))])?;
            }
            mark(&mut chart, arm, places.iter().rev().find_map(|place| *place))?;
        }
        Ok(())
    }))
}
