//! How the layers are doing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::past;
use crate::experiment::lesson::Panel as LessonPanel;
use crate::experiment::{Experiment, LayerSpec};
use crate::train::diagnosis::word::{Course, Diagnosis, LayerSigns, RunSigns, WORN, Weight};
use crate::train::diagnosis::{Finding, Gravity};
use crate::train::probe::{DeadOrSaturated, Health};
use crate::train::telemetry::Series;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Rows of the panel that are not a layer's: the border, the heading and the diagnosis.
pub const FRAME: u16 = 4;

/// ```text
/// ╭ Health ──────────────────────────────────────────────╮
/// │ layer   |∇|      update:weight   dead/saturated      │
/// │ 1 tanh  3.1e-3   1.2e-3 good      2% saturated       │
/// │ ✓ learning goes on, by steps of the usual size       │
/// ╰ rules of thumb: about 1e-3 is usual (CS231n) ────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let inner = Panel::inner(area);
    let layers = layers(workspace);
    let below = inner.height > 2 && !layers.is_empty();
    let rows = inner.height.saturating_sub(1 + u16::from(below));
    let hidden = more(workspace, rows);
    let rule = "rules of thumb: update:weight near 1e-3 (Karpathy, CS231n)";
    let title = past::title(workspace, "Health");
    let panel =
        past::panel_of(workspace, LessonPanel::Health, theme, &title).right(&hidden).below(rule);
    frame.render_widget(&panel, area);
    let columns = Columns::of(inner.width);
    let line = |y: u16| Rect { y, height: 1, ..inner };
    if inner.height > 0 {
        frame.render_widget(Line::styled(columns.heading(), theme.muted()), line(inner.y));
    }
    let run = run_signs(workspace, layers);
    let found: Vec<_> = layers
        .iter()
        .enumerate()
        .map(|(index, health)| {
            let rate = rate(&workspace.experiment, index);
            let signs = LayerSigns { motion: health.motion, wear: health.wear, rate };
            Mark::of(workspace, index, Diagnosis::of(&signs, &run))
        })
        .collect();
    for (index, y) in (0..layers.len()).zip(inner.top() + 1..inner.top() + 1 + rows) {
        let name = workspace.experiment.layers.get(index).map_or_else(String::new, LayerSpec::name);
        let row =
            columns.row(&format!("{} {name}", index + 1), &layers[index], found[index], theme);
        frame.render_widget(row, line(y));
    }
    if below {
        let text = summary(&found);
        let text = format::truncate(&text, usize::from(inner.width).saturating_sub(1));
        let worst = worst(&found).map_or(Weight::Neutral, |(_, worst)| worst.weight);
        frame.render_widget(Line::styled(text, style(worst, theme)), line(inner.bottom() - 1));
    }
}

fn layers(workspace: &Workspace) -> &[Health] {
    let seen = workspace.run.seen.as_ref();
    seen.and_then(|seen| seen.health.as_deref()).unwrap_or_default()
}

/// Says how many layers there is no room for in so many rows.
pub fn more(workspace: &Workspace, rows: u16) -> String {
    let hidden = layers(workspace).len().saturating_sub(rows.into());
    if hidden > 0 { format!("{hidden} more ↓") } else { String::new() }
}

/// The signs that all layers share.
fn run_signs(workspace: &Workspace, layers: &[Health]) -> RunSigns {
    let (run, experiment) = (&workspace.run, &workspace.experiment);
    let losses = run.history.series(Series::TrainLoss).buckets();
    let moment = workspace.moment();
    let losses = &losses[..losses.partition_point(|bucket| bucket.last <= moment)];
    // Of the past neither the end nor the rate is known.
    let past = workspace.past.is_some();
    let at = |index: usize| losses.get(index).map_or(0.0, |bucket| bucket.mean);
    let chance = run.seen.as_ref().and_then(|seen| seen.scores.as_ref()?.chance);
    let set = experiment.optimizer.number_if_any("lr").filter(|rate| *rate > 0.0);
    let gradients = layers.iter().filter_map(|layer| layer.motion).map(|it| it.gradient_norm);
    RunSigns {
        stage: run.stage(moment),
        rate_share: run.rate.filter(|_| !past).zip(set).map(|(rate, set)| rate / set),
        loss: Course {
            evaluations: losses.len(),
            first: at(0),
            halfway: at(losses.len() / 2),
            last: at(losses.len().saturating_sub(1)),
            accuracy: run.latest(Series::TrainAccuracy),
            chance,
        },
        greatest_gradient: gradients.filter(|norm| norm.is_finite()).fold(0.0, f64::max),
    }
}

/// The learning rate that is set for a layer.
fn rate(experiment: &Experiment, layer: usize) -> Option<f64> {
    let own = experiment.layers.get(layer).and_then(|layer| layer.optimizer.as_ref());
    own.unwrap_or(&experiment.optimizer).number_if_any("lr")
}

/// How a layer is doing, in a word and a sentence.
#[derive(Clone, Copy, PartialEq)]
struct Mark {
    word: &'static str,
    sentence: &'static str,
    weight: Weight,
}

impl Mark {
    /// That of the gravest rule that fires on layer `index`, or on the run so that no layer of it can
    /// be called good; else that of `state`.
    fn of(workspace: &Workspace, index: usize, state: Diagnosis) -> Self {
        let bears = |finding: &&Finding| {
            let whole = finding.layers.is_empty() && finding.rule.gravity == Gravity::Bad;
            whole || finding.layers.contains(&index)
        };
        if let Some(Finding { rule, .. }) = workspace.run.findings.iter().find(bears) {
            let weight = match rule.gravity {
                Gravity::Notable => Weight::Notable,
                Gravity::Bad => Weight::Bad,
            };
            return Self { word: rule.word, sentence: rule.why, weight };
        }
        let word = if state == Diagnosis::Unmeasured { "" } else { state.word() };
        Self { word, sentence: state.sentence(), weight: state.weight() }
    }
}

/// The layer with the weightiest word, the first of equals.
fn worst(found: &[Mark]) -> Option<(usize, Mark)> {
    let found = found.iter().copied().enumerate();
    found.reduce(|worst, it| if it.1.weight > worst.1.weight { it } else { worst })
}

/// The diagnosis in words: of all layers together, or of the one that needs a look most.
fn summary(found: &[Mark]) -> String {
    let Some((layer, worst)) = worst(found) else { return String::new() };
    let mark = match worst.weight {
        Weight::Neutral => "·",
        Weight::Good => "✓",
        Weight::Notable | Weight::Bad => "▲",
    };
    let all = found.iter().all(|it| *it == worst);
    let which = if all { String::new() } else { format!("layer {}: ", layer + 1) };
    format!(" {mark} {which}{}", worst.sentence)
}

fn style(weight: Weight, theme: Theme) -> Style {
    match weight {
        Weight::Neutral => theme.muted(),
        Weight::Good => theme.good(),
        Weight::Notable => theme.warn(),
        Weight::Bad => theme.bad(),
    }
}

/// Columns of the numbers, each with the space before it.
const NORM: usize = 8;
const RATIO: usize = 9;
const WORD: usize = 10;
/// Columns of a share with its sign.
const SHARE: usize = 6;

/// How wide the columns are whose width follows from the panel's.
struct Columns {
    name: usize,
    wear: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let left = usize::from(width).saturating_sub(NORM + RATIO + WORD);
        // The names give way before the numbers and their words do.
        let wear = left.saturating_sub(8).clamp(SHARE, SHARE + 10);
        Self { name: left.saturating_sub(wear).min(17), wear }
    }

    fn heading(&self) -> String {
        let Self { name, wear } = *self;
        let fit = |text: &str, width: usize| format::truncate(text, width);
        let word = fit(if wear < 14 { "dead/sat." } else { "dead/saturated" }, wear);
        let (name, pad) = (name.saturating_sub(1), RATIO + WORD);
        let layer = fit("layer", name);
        format!(" {layer:<name$}{:>NORM$}{:<pad$}{word}", "|∇|", "   update:weight")
    }

    fn row(&self, name: &str, health: &Health, found: Mark, theme: Theme) -> Line<'static> {
        let width = self.name.saturating_sub(1);
        let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), scientific);
        let gradient = number(health.motion.map(|motion| motion.gradient_norm));
        let ratio = number(health.motion.and_then(|motion| motion.update_ratio));
        Line::from(vec![
            Span::raw(format!(" {:<width$}", format::truncate(name, width))),
            Span::raw(format!("{gradient:>NORM$}{ratio:>RATIO$}")),
            Span::styled(format!(" {:<9}", found.word), style(found.weight, theme)),
            wear(health.wear, self.wear, theme),
        ])
    }
}

fn scientific(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value.is_nan() => "–".to_owned(),
        value if value.is_infinite() => "∞".to_owned(),
        value => format!("{value:.1e}"),
    }
}

fn wear(wear: DeadOrSaturated, width: usize, theme: Theme) -> Span<'static> {
    let (share, word) = match wear {
        DeadOrSaturated::None => {
            return Span::styled(format!("{:>SHARE$}", "–"), theme.muted());
        }
        DeadOrSaturated::Dead(share) => (share, "dead"),
        DeadOrSaturated::Saturated(share) => (share, "saturated"),
    };
    let [some, most] = WORN;
    let style = match share {
        s if s < some => theme.text(),
        s if s < most => theme.warn(),
        _ => theme.bad(),
    };
    let word = format::truncate(word, width.saturating_sub(SHARE + 1));
    Span::styled(format!("{:>5.0}% {word}", share * 100.0), style)
}
