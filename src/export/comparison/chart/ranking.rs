//! The ranking as a picture.

use plotters::chart::ChartBuilder;

use super::{
    Axis, BLACK, Circle, Color, Comparison, Drawn, FONT, IntoFont, PathElement, SIZE, Text, WHITE,
    ceiling, colour, draw,
};
use crate::compare::{decisive, letter};
use crate::experiment::Metric;

/// Pixels to the left of the chart, for names.
const NAMES: u32 = 210;
/// Pixels for an arm.
const ROW: u32 = 34;

/// The final loss of each arm, the best on top: a ring a seed, a bar between the quartiles, a dot
/// at the median; what diverged is not there. None before the first result.
#[must_use]
pub fn ranking(comparison: &Comparison<'_>) -> Option<Drawn> {
    let Comparison { plan, results, ranking, .. } = comparison;
    let losses = |arm: usize| -> Vec<f64> {
        let runs = decisive(plan, results, arm);
        runs.iter().map(|(_, record)| record.last(Metric::TestLoss)).collect()
    };
    let top = ceiling(comparison);
    let all = ranking.standings.iter().flat_map(|standing| losses(standing.arm));
    let x = Axis::log("test loss at the end", all.filter(|loss| *loss <= top))?;
    let rows = ranking.standings.len();
    Some(draw((SIZE.0, 100 + ROW * rows as u32), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption("Ranking: test loss of each seed, quartiles and median", (FONT, 18))
            .margin(14)
            .margin_right(30)
            .x_label_area_size(44)
            .y_label_area_size(NAMES)
            .build_cartesian_2d(x.range(), -(rows as f64)..0.0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .y_labels(0)
            .x_labels(8)
            .x_desc(x.title())
            .x_label_formatter(&|place| x.label(*place))
            .label_style((FONT, 13))
            .axis_desc_style((FONT, 14))
            .light_line_style(WHITE)
            .bold_line_style(BLACK.mix(0.12))
            .draw()?;
        for (row, standing) in ranking.standings.iter().enumerate() {
            let (arm, y) = (standing.arm, -(row as f64) - 0.5);
            let ink = colour(arm);
            let seeds = losses(arm).into_iter().filter_map(|loss| x.place(loss));
            let ring = |place| Circle::new((place, y), 3, ink.mix(0.6).stroke_width(1));
            chart.draw_series(seeds.map(ring))?;
            if let Some((loss, middle)) =
                standing.test_loss.and_then(|l| Some((l, x.place(l.median)?)))
            {
                let ends = vec![(x.clamped(loss.low), y), (x.clamped(loss.high), y)];
                chart.draw_series([PathElement::new(ends, ink.stroke_width(2))])?;
                chart.draw_series([Circle::new((middle, y), 5, ink.filled())])?;
            }
            let (_, pixel) = chart.plotting_area().map_coordinate(&(x.range().start, y));
            let name: String =
                format!("{}  {} {}", row + 1, letter(arm), plan.arms[arm].name.on_terminal());
            let name: String = name.chars().take(30).collect();
            let style = (FONT, 13).into_font().color(&ink);
            area.draw(&Text::new(name, (16, pixel - 7), style))?;
        }
        Ok(())
    }))
}
