//! How much the learning rate matters, or how far a search for settings comes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::scene::Scene;
use crate::compare::Standing;
use crate::compare::statistics::Quartiles;
use crate::tui::theme::{Theme, mark};
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Ring, Sample, Series};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// As for curves over time.
const ASTRAY: f64 = 10.0;

/// The final loss on validation rows by learning rate: a line an arm, a gap where most runs
/// diverged, a ring at the best rate. If settings are searched, it is the best loss so far by trials.
pub fn draw(scene: Scene<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let searched = !scene.race.plan.tune.is_empty();
    let title = if searched {
        "Search: best validation loss by trials"
    } else {
        "Sensitivity: final loss by learning rate"
    };
    let panel = Panel::new(theme, title).right("○ best");
    frame.render_widget(&panel, area);
    let standings = &scene.race.status.score.ranking.standings;
    let mut shown: Vec<_> =
        standings.iter().filter(|standing| !scene.screen.hidden.contains(&standing.arm)).collect();
    shown.sort_by_key(|standing| standing.arm);
    let samples = if searched { trials } else { rates };
    let tried: Vec<Vec<Sample>> = shown.iter().map(|standing| samples(standing)).collect();
    if tried.iter().all(Vec::is_empty) {
        let text = match scene.race.plan.arms.iter().map(|arm| arm.candidates.points()).max() {
            Some(1) => " each arm runs at its own rate only",
            _ => " nothing has been tried yet",
        };
        let inner = Panel::inner(area);
        let text = format::truncate(text, usize::from(inner.width));
        frame.render_widget(Line::styled(text, theme.muted()), inner);
        return;
    }
    let series: Vec<_> = shown
        .iter()
        .zip(&tried)
        .map(|(standing, points)| Series {
            name: "",
            mark: mark(standing.arm),
            style: theme.class(standing.arm),
            points,
        })
        .collect();
    let rings: Vec<_> = shown
        .iter()
        .filter_map(|standing| {
            let (best, lr) = standing.best?;
            let style = theme.class(standing.arm);
            if searched {
                let y = *standing.best_so_far().get(best as usize)?;
                return Some(Ring { x: f64::from(best + 1), y, style });
            }
            let loss = standing.sensitivity.iter().find(|it| it.candidate == best)?.loss?;
            Some(Ring { x: lr, y: loss.median, style })
        })
        .collect();
    let points = || tried.iter().flatten();
    let least = points().map(|it| it.mean).fold(f64::INFINITY, f64::min);
    let begun = scene.race.status.score.courses(crate::experiment::Metric::TestLoss);
    let begun = begun.iter().filter_map(|course| Some(course.first()?.value.median));
    let ceiling = ASTRAY * begun.filter(|loss| loss.is_finite()).fold(least, f64::max).abs();
    let values = points().flat_map(|it| [it.min, it.mean, it.max]).filter(|loss| *loss <= ceiling);
    let scale = Scale::of_loss(scene.screen.log_loss, points().map(|it| it.mean));
    let xs = || points().map(|it| it.x);
    let (low, high) = (xs().fold(f64::INFINITY, f64::min), xs().fold(0.0, f64::max));
    let chart = Chart::new(theme, scale, &series)
        .x_axis(Axis::exact(if searched { Scale::Linear } else { Scale::Log }, low, high))
        .y_axis(Axis::fit(scale, values))
        .rings(&rings)
        .front(shown.iter().position(|standing| standing.arm == scene.screen.arm));
    frame.render_widget(&chart, Panel::inner(area));
}

/// The losses by learning rate.
fn rates(standing: &Standing) -> Vec<Sample> {
    let tried = standing.sensitivity.iter().filter_map(|it| Some((it.lr, it.loss?)));
    let sample = |(x, loss): (f64, Quartiles)| Sample {
        x,
        min: loss.low,
        mean: loss.median,
        max: loss.high,
    };
    tried.map(sample).collect()
}

/// Samples of a step from one trial to the next, which a chart would draw as a slope otherwise.
const PER_TRIAL: u32 = 32;

/// The best losses by the number of trials: the best stays until a better one is found.
fn trials(standing: &Standing) -> Vec<Sample> {
    let best = standing.best_so_far();
    let sample = |x, loss| Sample { x, min: loss, mean: loss, max: loss };
    let held = (1..).zip(&best).flat_map(|(trial, &loss)| {
        (0..PER_TRIAL).map(move |part| {
            sample(f64::from(trial) + f64::from(part) / f64::from(PER_TRIAL), loss)
        })
    });
    // The last one is not held on to any.
    held.take(best.len().saturating_sub(1) * PER_TRIAL as usize + 1).collect()
}
