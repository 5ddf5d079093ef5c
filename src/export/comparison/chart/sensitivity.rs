//! How much the learning rate matters.

use super::curves::mark;
use super::{
    Axis, Circle, Color, Comparison, Drawn, Legend, PathElement, SIZE, ceiling, chart, colour,
    draw, line,
};

/// The loss on the validation rows by learning rate, one line an arm with the quartiles as bars
/// and a ring at the best rate; gaps where runs diverged. None if no rate was tried by itself.
#[must_use]
pub fn sensitivity(comparison: &Comparison<'_>) -> Option<Drawn> {
    let Comparison { plan, ranking, .. } = comparison;
    if !plan.tune.is_empty() {
        return None;
    }
    let tried = || ranking.standings.iter().flat_map(|standing| &standing.sensitivity);
    let top = ceiling(comparison);
    let losses = tried().filter_map(|it| it.loss).flat_map(|it| [it.low, it.median, it.high]);
    let y = Axis::log("validation loss", losses.filter(|loss| *loss <= top))?;
    let x = Axis::log("learning rate", tried().map(|it| it.lr))?;
    let caption =
        format!("Sensitivity: loss by learning rate, {} tuning seeds", plan.tuning_seeds.len());
    Some(draw(SIZE, |area| {
        let mut chart = chart(area, &caption, (&x, &y), &Legend::ranked(comparison))?;
        for standing in &ranking.standings {
            let arm = standing.arm;
            let places: Vec<_> = standing
                .sensitivity
                .iter()
                .map(|it| Some((x.place(it.lr)?, y.place(it.loss?.median)?)))
                .collect();
            line(&mut chart, arm, &places)?;
            let bars = standing.sensitivity.iter().zip(&places).filter_map(|(it, place)| {
                let ((place, _), loss) = ((*place)?, it.loss?);
                let ends = [(place, y.clamped(loss.low)), (place, y.clamped(loss.high))];
                Some(PathElement::new(ends.to_vec(), colour(arm).mix(0.5).stroke_width(1)))
            });
            chart.draw_series(bars)?;
            let best = standing.best.and_then(|(best, _)| {
                standing.sensitivity.iter().position(|it| it.candidate == best)
            });
            if let Some(place) = best.and_then(|best| places[best]) {
                chart.draw_series([Circle::new(place, 6, colour(arm).stroke_width(2))])?;
            }
            mark(&mut chart, arm, places.iter().rev().find_map(|place| *place))?;
        }
        Ok(())
    }))
}
