//! The loss on the test rows as training goes.

use super::{
    Axis, Chart, Circle, Color, Comparison, Drawn, FONT, IntoFont, Legend, Polygon, SIZE, Step,
    Text, ceiling, chart, colour, draw, line,
};
use crate::compare::{BandPoint, curve, letter};
use crate::experiment::Metric;

/// Medians of the runs by which each arm stands, with the band between their quartiles. None
/// before the first result.
#[must_use]
pub fn curves(comparison: &Comparison<'_>) -> Option<Drawn> {
    let Comparison { plan, results, ranking, .. } = comparison;
    let courses: Vec<(usize, Vec<BandPoint>)> = ranking
        .standings
        .iter()
        .map(|standing| standing.arm)
        .map(|arm| (arm, curve(plan, results, arm, Metric::TestLoss)))
        .collect();
    let points = || courses.iter().flat_map(|(_, points)| points);
    let time = plan.budget.is_some();
    let at = move |point: &BandPoint| if time { point.seconds } else { point.step };
    let top = ceiling(comparison);
    let losses = points().flat_map(|point| [point.value.low, point.value.median]);
    let x = Axis::linear(if time { "seconds" } else { "step" }, points().map(at))?;
    let y = Axis::log("test loss", losses.filter(|loss| *loss <= top))?;
    let caption = format!("Test loss: median and quartiles of {} seeds", plan.seeds.len());
    Some(draw(SIZE, |area| {
        let mut chart = chart(area, &caption, (&x, &y), &Legend::ranked(comparison))?;
        for (arm, points) in &courses {
            band(&mut chart, *arm, points, (&x, &y), at)?;
        }
        for (arm, points) in &courses {
            let places: Vec<_> =
                points.iter().map(|p| Some((x.place(at(p))?, y.place(p.value.median)?))).collect();
            line(&mut chart, *arm, &places)?;
            mark(&mut chart, *arm, places.iter().rev().find_map(|place| *place))?;
        }
        Ok(())
    }))
}

fn band(
    chart: &mut Chart<'_, '_>,
    arm: usize,
    points: &[BandPoint],
    (x, y): (&Axis, &Axis),
    at: impl Fn(&BandPoint) -> f64,
) -> Step {
    // Where the median is off the chart there is no band either.
    for piece in points.split(|point| y.place(point.value.median).is_none()) {
        let low = piece.iter().map(|p| (x.clamped(at(p)), y.clamped(p.value.low)));
        let high = piece.iter().rev().map(|p| (x.clamped(at(p)), y.clamped(p.value.high)));
        let outline: Vec<_> = low.chain(high).collect();
        if piece.len() > 1 {
            let style = colour(arm).mix(0.18).filled();
            chart.draw_series([Polygon::new(outline, style)])?;
        }
    }
    Ok(())
}

/// The arm's letter beside the end of its line.
pub(super) fn mark(chart: &mut Chart<'_, '_>, arm: usize, end: Option<(f64, f64)>) -> Step {
    let Some(end) = end else { return Ok(()) };
    let style = (FONT, 14).into_font().color(&colour(arm));
    chart.draw_series([Circle::new(end, 2, colour(arm).filled())])?;
    let area = chart.plotting_area();
    let (left, top) = area.map_coordinate(&end);
    let (x0, y0) = area.get_base_pixel();
    let letter = Text::new(letter(arm), (left - x0 + 5, top - y0 - 8), style);
    area.strip_coord_spec().draw(&letter)
}
