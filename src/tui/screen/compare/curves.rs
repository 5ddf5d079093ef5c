//! How the arms go: medians with their quartile bands.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::scene::{Scene, XAxis};
use crate::compare::BandPoint;
use crate::experiment::Metric;
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Sample, Series};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// The metric in words.
pub const fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::TestLoss => "Test loss",
        Metric::TestAccuracy => "Test accuracy",
        Metric::TrainLoss => "Train loss",
        Metric::TrainAccuracy => "Train accuracy",
    }
}

/// Where the cursor is, in words.
pub fn reading(x_axis: XAxis, x: f64) -> String {
    let number = match x_axis {
        XAxis::Step => format::thousands(x),
        XAxis::Epoch => format!("{x:.1}"),
        XAxis::Seconds => format!("{x:.3}"),
    };
    format!("{} {number}", x_axis.name())
}

/// Beyond so many times the loss at the start a curve is let out of the picture: one that went
/// astray must not flatten all others.
const ASTRAY: f64 = 3.0;

pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let accuracy = scene.screen.metric.is_accuracy();
    let courses: Vec<_> =
        scene.courses().filter(|(arm, _)| !scene.screen.hidden.contains(arm)).collect();
    let samples: Vec<Vec<Sample>> = courses
        .iter()
        .map(|(_, course)| course.iter().map(|point| sample(scene.screen.x_axis, point)).collect())
        .collect();
    let log_loss = scene.screen.log_loss;
    let medians = samples.iter().flatten().map(|it| it.mean);
    let scale = if accuracy { Scale::Percent } else { Scale::of_loss(log_loss, medians) };
    let names = names(scene, &courses, usize::from(area.width.saturating_sub(2)));
    let series: Vec<_> = courses
        .iter()
        .zip(&samples)
        .zip(&names)
        .map(|(((arm, _), points), name)| Series {
            name,
            mark: mark(*arm),
            style: theme.class(*arm),
            points,
        })
        .collect();
    let points = || samples.iter().flatten();
    let start = points().filter(|it| it.mean.is_finite()).map(|it| it.mean).take(1);
    let firsts = samples.iter().filter_map(|it| Some(it.first()?.mean)).filter(|it| it.is_finite());
    let ceiling = ASTRAY * firsts.chain(start).map(f64::abs).fold(0.0, f64::max);
    let fits = |value: &f64| accuracy || *value <= ceiling;
    let values = points().flat_map(|it| [it.min, it.mean, it.max]).filter(fits);
    let y = Axis::fit(scale, values);
    let cursor = scene.cursor_at();
    let reading = cursor.map_or_else(String::new, |x| reading(scene.screen.x_axis, x));
    let xs = || points().map(|it| it.x);
    let chart = Chart::new(theme, scale, &series)
        .x_axis(x_axis(scene, xs))
        .y_axis(y)
        .cursor(cursor)
        .reading(&reading)
        .front(courses.iter().position(|(arm, _)| *arm == scene.screen.arm));
    let axes = [
        format!(
            "by {}{}",
            scene.screen.x_axis.name(),
            if scene.screen.log_x_axis { " log" } else { "" }
        ),
        if accuracy || !log_loss {
            String::new()
        } else {
            format!(" ─ {}", scale.name(log_loss))
        },
    ]
    .concat();
    let seeds = scene.race.plan.seeds.len();
    let title = match seeds {
        1 => format!("{} on 1 seed", name(scene.screen.metric)),
        seeds => format!("{}, median and quartiles of {seeds} seeds", name(scene.screen.metric)),
    };
    let narrow = format::width(&title) + format::width(&axes) + 7 > usize::from(area.width);
    let title = if narrow { name(scene.screen.metric) } else { &title };
    frame.render_widget(&Panel::new(theme, title).right(&axes), area);
    frame.render_widget(&chart, Panel::inner(area));
}

fn x_axis<I: Iterator<Item = f64>>(scene: Scene<'_>, xs: impl Fn() -> I) -> Axis {
    let last = xs().filter(|x| x.is_finite()).fold(0.0, f64::max);
    if scene.screen.log_x_axis {
        let first = xs().filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
        return Axis::exact(Scale::Log, first, last);
    }
    match scene.screen.x_axis {
        XAxis::Step => Axis::steps(last.max(scene.race.plan.steps as f64)),
        XAxis::Epoch | XAxis::Seconds => Axis::fit(Scale::Linear, [0.0, last]),
    }
}

fn sample(x_axis: XAxis, point: &BandPoint) -> Sample {
    let value = point.value;
    Sample { x: x_axis.of(point), min: value.low, mean: value.median, max: value.high }
}

/// The arms' names for the row above the curves, cut so that all fit with their values; letters
/// alone where not much of each would be left. All are in the ranking as well.
fn names(scene: Scene<'_>, courses: &[(usize, Vec<BandPoint>)], width: usize) -> Vec<String> {
    const BESIDE: usize = 12;
    const LEAST: usize = 6;
    let step = scene.cursor_at().map_or(0, |x| reading(scene.screen.x_axis, x).len() + 3);
    let room = width.saturating_sub(step + 1) / courses.len().max(1);
    let name = |arm: usize| scene.race.plan.arms[arm].name.on_terminal();
    let longest = courses.iter().map(|(arm, _)| format::width(&name(*arm))).max().unwrap_or(0);
    let room = room.saturating_sub(BESIDE).min(longest);
    let short = |arm| {
        if room < longest.min(LEAST) {
            mark(arm).to_string()
        } else {
            format::truncate(&name(arm), room)
        }
    };
    courses.iter().map(|(arm, _)| short(*arm)).collect()
}
