//! Loss and accuracy over the steps, and the sharpness where there is room for it.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{ghosts, past, samples::samples, sharpness, timeline};
use crate::experiment::lesson::Panel as LessonPanel;
use crate::spec::Plain;
use crate::train::telemetry::Series as Kind;
use crate::tui::theme::{TEST_MARK, TRAIN_MARK, Theme};
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Event, Sample, Series};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Loss above accuracy; loss alone where there are no classes. The sharpness below them.
pub fn draw(
    workspace: &Workspace,
    log_axis: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let area = if sharpness::is_shown(workspace, area.height) {
        let [rest, below] =
            Layout::vertical([Constraint::Fill(2), Constraint::Fill(1)]).areas(area);
        sharpness::draw(workspace, frame, below, theme);
        rest
    } else {
        area
    };
    if workspace.run.latest(Kind::TestAccuracy).is_none() {
        draw_loss(workspace, log_axis, frame, area, theme);
        return;
    }
    let [loss, accuracy] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
    draw_loss_over(workspace, log_axis, false, frame, loss, theme);
    draw_accuracy(workspace, frame, accuracy, theme);
}

/// The loss, on a logarithmic axis or a linear one, with the time of the run below.
pub fn draw_loss(
    workspace: &Workspace,
    log_axis: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    draw_loss_over(workspace, log_axis, true, frame, area, theme);
}

/// The loss, with the time of the run below where it has its place here.
fn draw_loss_over(
    workspace: &Workspace,
    log_axis: bool,
    time: bool,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let [batch, train, test] = [Kind::BatchLoss, Kind::TrainLoss, Kind::TestLoss]
        .map(|kind| samples(&workspace.run.history, kind));
    let mut others = ghosts::curves(workspace, Kind::TestLoss);
    let events = events(workspace);
    let means = train.iter().chain(&test).map(|sample| sample.mean);
    let scale = Scale::of_loss(log_axis, means);
    let axis = ghosts::axis(scale, &[&batch, &train, &test], &mut others);
    let background =
        [Series { name: "", mark: '·', style: theme.faint(theme.muted()), points: &batch }];
    let series: Vec<_> = background
        .into_iter()
        .chain(behind(&others, theme))
        .chain(both(&train, &test, theme))
        .collect();
    let steps = ghosts::steps(workspace);
    let mut chart = Chart::new(theme, scale, &series)
        .background(1 + others.len())
        .note(note(&others))
        .events(&events, "edits")
        .cursor(cursor(workspace))
        .x_axis(steps);
    if let Some(axis) = axis {
        chart = chart.y_axis(axis);
    }
    if area.height < 3 {
        // No room for a border: the numbers come first.
        frame.render_widget(&chart, area);
        return;
    }
    let right = title(workspace, scale.name(log_axis), usize::from(area.width).saturating_sub(10));
    frame.render_widget(
        &past::panel_of(workspace, LessonPanel::Charts, theme, "Loss").right(&right),
        area,
    );
    let inner = Panel::inner(area);
    let (over, line) = if time { timeline::split(workspace, inner) } else { (inner, Rect::ZERO) };
    frame.render_widget(&chart, over);
    timeline::draw(workspace, (&steps, over), frame, line, theme);
}

/// The lines of training and held-out rows.
fn both<'a>(train: &'a [Sample], test: &'a [Sample], theme: Theme) -> [Series<'a>; 2] {
    [
        Series { name: "train", mark: TRAIN_MARK, style: theme.train(), points: train },
        Series { name: "test", mark: TEST_MARK, style: theme.test(), points: test },
    ]
}

/// The lines of other branches.
fn behind(others: &[Vec<Sample>], theme: Theme) -> impl Iterator<Item = Series<'_>> {
    others.iter().map(move |points| Series { name: "", mark: '-', style: theme.muted(), points })
}

/// The words for other branches in the legend.
const fn note(others: &[Vec<Sample>]) -> &'static str {
    if others.is_empty() { "" } else { "- earlier branches" }
}

/// The step that is shown, if it is in the past.
fn cursor(workspace: &Workspace) -> Option<f64> {
    workspace.past.as_ref().map(|past| past.target as f64)
}

/// As much of rate, accuracy and scale as `room` columns hold: the accuracy has a chart of its own
/// where there is little room for it here.
fn title(workspace: &Workspace, scale: &str, room: usize) -> String {
    if workspace.past.is_some() {
        // The legend tells of the moment that is shown.
        return scale.to_owned();
    }
    let rate = rate(workspace).map(|rate| format!("rate {rate}"));
    let accuracy = workspace.run.latest(Kind::TestAccuracy);
    let accuracy = accuracy.map(|share| format!("test accuracy {}", format::percent(share)));
    // In the units of the target, as the loss may not be.
    let rmse = workspace.run.latest(Kind::TestRmse);
    let rmse = rmse.map(|rmse| format!("test RMSE {}", format::measure(rmse).trim()));
    let score = accuracy.or(rmse);
    let state = earlier_state(workspace);
    let (state, rate) = (|| state.as_deref(), || rate.as_deref());
    [
        vec![state(), rate(), score.as_deref(), Some(scale)],
        vec![state(), rate(), Some(scale)],
        vec![state()],
        vec![rate(), Some(scale)],
        vec![rate()],
        vec![Some(scale)],
        vec![scale.split(',').next()],
    ]
    .into_iter()
    .map(|parts| parts.into_iter().flatten().collect::<Vec<_>>().join(" ─ "))
    .find(|text| !text.is_empty() && format::width(text) <= room)
    .unwrap_or_default()
}

/// The step that the numbers shown are of, if that is not the one that the run stands at: after a
/// divergence the last finite ones remain.
fn earlier_state(workspace: &Workspace) -> Option<String> {
    let step = workspace.run.stale_step()?;
    Some(format!("values of step {}", format::thousands(step as f64)))
}

/// The rate that the schedule has come to, in two digits; none without a schedule.
fn rate(workspace: &Workspace) -> Option<Plain> {
    let rate = workspace.run.rate.filter(|_| workspace.experiment.schedule.key() != "none")?;
    Some(Plain(format!("{rate:.1e}").parse().unwrap_or(rate)))
}

fn draw_accuracy(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let [train, test] =
        [Kind::TrainAccuracy, Kind::TestAccuracy].map(|kind| samples(&workspace.run.history, kind));
    let mut others = ghosts::curves(workspace, Kind::TestAccuracy);
    let least = train.iter().chain(&test).map(|s| s.min).fold(1.0, f64::min);
    let low = if least >= 0.5 { 0.5 } else { 0.0 };
    for sample in others.iter_mut().flatten().filter(|sample| sample.mean < low) {
        sample.mean = f64::NAN;
    }
    let series: Vec<_> = behind(&others, theme).chain(both(&train, &test, theme)).collect();
    let steps = ghosts::steps(workspace);
    let chart = Chart::new(theme, Scale::Percent, &series)
        .background(others.len())
        .cursor(cursor(workspace))
        .x_axis(steps)
        .y_axis(Axis::exact(Scale::Percent, low, 1.0));
    frame.render_widget(&past::panel_of(workspace, LessonPanel::Charts, theme, "Accuracy"), area);
    let (over, line) = timeline::split(workspace, Panel::inner(area));
    frame.render_widget(&chart, over);
    timeline::draw(workspace, (&steps, over), frame, line, theme);
}

fn events(workspace: &Workspace) -> Vec<Event<'_>> {
    workspace.run.marks().map(|entry| Event { x: entry.step as f64, label: &entry.text }).collect()
}
