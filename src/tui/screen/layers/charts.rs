//! Numbers of each layer over the steps.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::train::strips::{Column, Extent};
use crate::tui::screen::train::{ghosts, past};
use crate::tui::theme::Theme;
use crate::tui::widgets::axis::{Axis, Scale};
use crate::tui::widgets::chart::{Chart, Event, Sample, Series};
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The usual size of an update in that of the weights, as a decimal logarithm.
const TARGET: f64 = -3.0;

/// A chart of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The size of an update in that of the weights.
    Ratio,
    /// The share of dead or saturated units.
    Flat,
    /// The norm of the gradient at the first layer in that at the last.
    Depth,
    /// The norm of the gradient at each step of a sequence, now.
    Time,
}

impl Kind {
    const fn title(self) -> &'static str {
        match self {
            Self::Ratio => "log10(update : weight)",
            Self::Flat => "Dead or saturated",
            Self::Depth => "|∇| first : last layer",
            Self::Time => "|∂L/∂z| by step of the sequence",
        }
    }

    /// What is usual, and who says so.
    const fn rule(self) -> &'static str {
        match self {
            Self::Ratio => "rule of thumb: -3 (Karpathy, CS231n)",
            Self::Flat => "",
            Self::Depth => "small: vanishing, large: exploding",
            Self::Time => "falling to the left: vanishing",
        }
    }

    const fn scale(self) -> Scale {
        match self {
            Self::Ratio => Scale::Linear,
            Self::Flat => Scale::Percent,
            Self::Depth | Self::Time => Scale::Log,
        }
    }

    /// The points of one layer; of the first one alone where all layers have one number.
    fn samples<'a>(self, columns: impl Iterator<Item = &'a Column>, layer: usize) -> Vec<Sample> {
        let sample = |column: &Column| {
            let x = (column.first + column.last) as f64 / 2.0;
            let at = |it: Option<Extent>| {
                let Extent { min, mean, max, .. } = it?;
                Some(Sample { x, min, mean, max })
            };
            match self {
                Self::Ratio => at(column.layers.get(layer)?.ratio),
                Self::Flat => at(column.layers.get(layer)?.flat),
                Self::Time => None,
                Self::Depth => {
                    let (first, last) = (column.layers.first()?, column.layers.last()?);
                    let apart = first.gradient?.mean - last.gradient?.mean;
                    Some(Sample::from((x, 10f64.powf(apart))))
                }
            }
        };
        columns.filter_map(sample).collect()
    }
}

/// Several charts beside each other, or one above the other.
pub fn draw_all(
    (layer, kinds): (usize, &[Kind]),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let parts = kinds.iter().map(|_| Constraint::Fill(1));
    let beside = area.width >= 36 * kinds.len() as u16 && area.height < 30;
    let layout = if beside { Layout::horizontal(parts) } else { Layout::vertical(parts) };
    for (kind, part) in kinds.iter().zip(layout.split(area).iter()) {
        if *kind == Kind::Time {
            draw_by_step(layer, workspace, frame, *part, theme);
        } else {
            draw((layer, *kind), workspace, frame, *part, theme);
        }
    }
}

/// The gradient of the layer under the cursor at each step of its sequences.
fn draw_by_step(
    layer: usize,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let kind = Kind::Time;
    frame.render_widget(&past::panel(workspace, theme, kind.title()).below(kind.rule()), area);
    let inner = Panel::inner(area);
    let examined = workspace.run.seen.as_ref().and_then(|seen| seen.examined.as_ref());
    let signs = examined.and_then(|examined| examined.0.as_ref());
    let by_step = signs.and_then(|signs| signs.by_step.get(layer)).map_or(&[][..], Vec::as_slice);
    if by_step.is_empty() {
        frame.render_widget(Line::styled(" –", theme.muted()), inner);
        return;
    }
    let points: Vec<_> =
        (1..).map(f64::from).zip(by_step.iter().copied()).map(Sample::from).collect();
    let name = format!("layer {}", layer + 1);
    let series = [Series { name: &name, mark: '●', style: theme.train(), points: &points }];
    let steps = Axis::exact(Scale::Linear, 1.0, by_step.len() as f64);
    frame.render_widget(&Chart::new(theme, kind.scale(), &series).x_axis(steps), inner);
}

/// The layer under the cursor before all others, which are grey.
fn draw(
    (layer, kind): (usize, Kind),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    frame.render_widget(&past::panel(workspace, theme, kind.title()).below(kind.rule()), area);
    let inner = Panel::inner(area);
    let layers = workspace.experiment.layers.len();
    let of = |layer| kind.samples(workspace.run.columns(), layer);
    let (here, others) = match kind {
        Kind::Depth if layers < 2 => (Vec::new(), Vec::new()),
        Kind::Depth => (of(0), Vec::new()),
        _ => (of(layer), (0..layers).filter(|it| *it != layer).map(of).collect()),
    };
    if here.is_empty() && others.iter().all(Vec::is_empty) {
        let text = match kind {
            Kind::Depth if layers < 2 => " – there is one layer only",
            Kind::Flat if !workspace.run.strips_are_empty() => " – no layer can go flat",
            _ => " –",
        };
        frame.render_widget(Line::styled(text, theme.muted()), inner);
        return;
    }
    let name =
        if kind == Kind::Depth { "ratio".to_owned() } else { format!("layer {}", layer + 1) };
    let steps = ghosts::steps(workspace);
    let (first, last) = steps.bounds();
    let target = [Sample::from((first, TARGET)), Sample::from((last, TARGET))];
    let usual = (kind == Kind::Ratio).then_some(&target[..]);
    let behind = others.iter().map(Vec::as_slice).chain(usual);
    let behind = behind.map(|points| Series { name: "", mark: '-', style: theme.muted(), points });
    let chosen = Series { name: &name, mark: '●', style: theme.train(), points: &here };
    let series: Vec<_> = behind.chain([chosen]).collect();
    let events: Vec<_> =
        workspace.run.marks().map(|it| Event { x: it.step as f64, label: "" }).collect();
    let chart = Chart::new(theme, kind.scale(), &series)
        .background(series.len() - 1)
        .note(if others.is_empty() { "" } else { "- other layers" })
        .events(&events, "edits")
        .cursor(workspace.past.as_ref().map(|past| past.target as f64))
        .x_axis(steps);
    frame.render_widget(&chart, inner);
}
