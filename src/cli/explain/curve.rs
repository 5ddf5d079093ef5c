//! An activation's values as a table and a plot.

use std::io::{self, Write};

use ratatui::symbols::Marker;
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};

use super::section;
use crate::catalog;
use crate::cli::activation::evaluate::{Evaluated, evaluate};
use crate::cli::nested::Nested;
use crate::cli::plot::lines;
use crate::cli::table::{shortest, table};
use crate::cli::text::Page;
use crate::nn::activation::curve;
use crate::spec::{Pick, Plain};

/// Where the table evaluates it.
const AT: [f32; 5] = [-2.0, -1.0, 0.0, 1.0, 2.0];
/// Where it evaluates a whole sample; an even number of them, so that gated units can halve.
const SAMPLE: [f32; 6] = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0];
/// The plot shows −4 ≤ x ≤ 4 …
const REACH: f64 = 4.0;
/// … with this many points.
const POINTS: usize = 161;

/// Writes f and f′ at a few numbers, and a plot of both. Where a whole sample is seen together there
/// is no such curve: the numbers are one sample.
///
/// # Errors
/// If it cannot be written.
pub fn write_curve(out: &mut impl Write, page: Page, pick: &Pick) -> io::Result<()> {
    let rowwise = catalog::activation(pick).rowwise;
    let x = Nested::List(if rowwise { SAMPLE.to_vec() } else { AT.to_vec() });
    // Without an upstream gradient there is nothing that could have the wrong shape.
    let Ok(Evaluated { y, dy_dx, .. }) = evaluate(pick, &x, None) else { return Ok(()) };
    let cells = |values: Nested<f32>| values.flat().into_iter().map(shortest).collect::<Vec<_>>();
    let heading = if rowwise { "Values, of these numbers as one sample" } else { "Values" };
    section(out, page, heading)?;
    let mut columns = vec![("x", cells(x)), ("f(x)", cells(y))];
    columns.extend(dy_dx.map(|slope| ("f′(x)", cells(slope))));
    for line in table(&columns) {
        writeln!(out, "{line}")?;
    }
    if rowwise {
        return Ok(());
    }
    section(out, page, "Plot of f (line) and f′ (dots)")?;
    for line in plot(pick, page.width) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Both curves, a line each.
fn plot(pick: &Pick, columns: usize) -> Vec<String> {
    let activation = catalog::activation(pick).build::<f64>(pick);
    let x = |i| REACH * (2.0 * i as f64 / (POINTS - 1) as f64 - 1.0);
    let xs: Vec<f64> = (0..POINTS).map(x).collect();
    let (y, slope) = curve(activation.as_ref(), &xs, 0);
    let points = |ys: &[f64]| {
        let points = xs.iter().copied().zip(ys.iter().copied());
        points.filter(|(_, y)| y.is_finite()).collect::<Vec<_>>()
    };
    let (f, df) = (points(&y), points(&slope));
    let ys = || f.iter().chain(&df).map(|&(_, y)| y);
    let bounds = [ys().fold(0.0, f64::min), ys().fold(0.0, f64::max)];
    let label = |y: f64| Plain((y * 100.0).round() / 100.0).to_string();
    let chart = Chart::new(vec![
        Dataset::default().marker(Marker::Dot).data(&df),
        Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line).data(&f),
    ])
    .x_axis(Axis::default().bounds([-REACH, REACH]).labels(["-4", "0", "4"]))
    .y_axis(Axis::default().bounds(bounds).labels(bounds.map(label)));
    lines(chart, columns)
}
