//! Charts of a comparison, as SVG.
//!
//! Each arm has a colour of Okabe and Ito's and, since colour alone says nothing to some, its
//! letter at its line. What is infinite leaves a gap; losses far above where training began are
//! left out, so that a run that went astray does not flatten all others.

use plotters::backend::SVGBackend;
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Text};
use plotters::prelude::Cartesian2d;
use plotters::style::{BLACK, Color, IntoFont, RGBColor, WHITE};

use super::Comparison;
use crate::compare::{Results, letter};
use crate::text::Untrusted;

mod axis;
mod curves;
mod profile;
mod ranking;
mod search;
mod sensitivity;

use axis::Axis;
pub use curves::curves;
pub use profile::profile;
pub use ranking::ranking;
pub use search::search;
pub use sensitivity::sensitivity;

/// An SVG, or why it could not be drawn.
pub type Drawn = Result<String, DrawingAreaErrorKind<std::io::Error>>;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Step = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const SIZE: (u32, u32) = (820, 460);
const FONT: &str = "sans-serif";
/// Letters of a name in a legend.
const LONGEST: usize = 34;

/// Okabe and Ito's colours, those that stand out on white first.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(90, 90, 90),
];

const fn colour(arm: usize) -> RGBColor {
    COLOURS[arm % COLOURS.len()]
}

/// Draws on a white ground.
fn draw(size: (u32, u32), body: impl FnOnce(&Area<'_>) -> Step) -> Drawn {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        body(&area)?;
        area.present()?;
    }
    Ok(svg)
}

/// A chart with its axes and room for its legend, which is drawn as well.
fn chart<'a, 'b>(
    area: &'a Area<'b>,
    caption: &str,
    (x, y): (&Axis, &Axis),
    legend: &Legend,
) -> Result<Chart<'a, 'b>, DrawingAreaErrorKind<std::io::Error>> {
    let mut chart = ChartBuilder::on(area)
        .caption(caption, (FONT, 18).into_font())
        .margin(14)
        .margin_right(legend.width())
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(x.range(), y.range())?;
    chart
        .configure_mesh()
        .x_desc(x.title())
        .y_desc(y.title())
        .x_labels(8)
        .y_labels(8)
        .x_label_formatter(&|place| x.label(*place))
        .y_label_formatter(&|place| y.label(*place))
        .label_style((FONT, 13))
        .axis_desc_style((FONT, 14))
        .light_line_style(WHITE)
        .bold_line_style(BLACK.mix(0.12))
        .draw()?;
    legend.draw(area)?;
    Ok(chart)
}

/// A line through the finite ones of `points`, broken where one is not.
fn line(chart: &mut Chart<'_, '_>, arm: usize, points: &[Option<(f64, f64)>]) -> Step {
    let pieces = points.split(Option::is_none).filter(|piece| !piece.is_empty());
    let pieces = pieces.map(|piece| {
        let piece: Vec<_> = piece.iter().flatten().copied().collect();
        PathElement::new(piece, colour(arm).stroke_width(2))
    });
    chart.draw_series(pieces).map(|_| ())
}

/// The names of the arms, in their colours, to the right of the chart.
struct Legend(Vec<(usize, String)>);

impl Legend {
    /// Letters and names, in this order; as many as there is room for.
    fn of(names: impl IntoIterator<Item = (usize, Untrusted)>) -> Self {
        let named = |(arm, name): (usize, Untrusted)| {
            (arm, format!("{} {}", letter(arm), name.on_terminal()).chars().take(LONGEST).collect())
        };
        Self(names.into_iter().take(22).map(named).collect())
    }

    /// Those of a comparison, the best first.
    fn ranked(comparison: &Comparison<'_>) -> Self {
        let name = |arm: usize| (arm, comparison.plan.arms[arm].name.clone());
        Self::of(comparison.ranking.standings.iter().map(|standing| name(standing.arm)))
    }

    /// Pixels across.
    fn width(&self) -> u32 {
        let longest = self.0.iter().map(|(_, name)| name.chars().count()).max().unwrap_or(0);
        30 + 7 * longest as u32
    }

    fn draw(&self, area: &Area<'_>) -> Step {
        let left = SIZE.0.saturating_sub(self.width()) as i32 + 22;
        for (row, (arm, name)) in (0..).zip(&self.0) {
            let style = (FONT, 13).into_font().color(&colour(*arm));
            area.draw(&Text::new(name.as_str(), (left, 46 + 18 * row), style))?;
        }
        Ok(())
    }
}

/// Beyond this a loss is left out: ten times the largest that a run began with.
fn ceiling(comparison: &Comparison<'_>) -> f64 {
    let first = |results: &Results, arm: usize| -> f64 {
        let runs = results.of_arm(arm);
        let losses = runs.filter_map(|(_, record)| Some(record.points.first()?.test_loss));
        losses.filter(|loss| loss.is_finite()).map(f64::abs).fold(0.0, f64::max)
    };
    let arms = 0..comparison.plan.arms.len();
    10.0 * arms.map(|arm| first(comparison.results, arm)).fold(0.0, f64::max)
}
