//! What stands beside a strip: the layer, and its latest numbers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::experiment::LayerSpec;
use crate::train::distribution::{Distribution, Moments};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// Its columns beside a strip, in a panel of `inner` columns.
pub const fn width(inner: u16) -> u16 {
    if inner >= 70 { 15 } else { 11 }
}

/// ```text
/// ▸1 tanh
///   2→16
///   μ  0.01
///   σ  0.62
///   ↑  2.40
///   ↓ -2.10
/// ```
pub fn draw(
    (workspace, index, chosen): (&Workspace, usize, bool),
    latest: Option<&Distribution>,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let lines = lines(workspace, index, latest, usize::from(area.height), theme);
    let pointer = if chosen { "▸" } else { " " };
    for ((row, (text, style)), y) in lines.into_iter().enumerate().zip(area.top()..area.bottom()) {
        let (text, style) = match row {
            0 if chosen => (format!("{pointer}{text}"), theme.accent()),
            0 => (format!("{pointer}{text}"), theme.text()),
            _ => (format!("  {text}"), style),
        };
        let text = format::truncate(&text, usize::from(area.width).saturating_sub(1));
        frame.render_widget(Line::styled(text, style), Rect { y, height: 1, ..area });
    }
}

/// As many as there is room for: what is told last drops away first.
fn lines(
    workspace: &Workspace,
    index: usize,
    latest: Option<&Distribution>,
    rows: usize,
    theme: Theme,
) -> Vec<(String, Style)> {
    let layers = &workspace.experiment.layers;
    let name = layers.get(index).map_or_else(String::new, LayerSpec::name);
    let inputs = layers.get(index).map(|_| workspace.experiment.inputs_of(index));
    let inputs = inputs.map_or_else(
        || "–".to_owned(),
        |inputs| match inputs.steps {
            1 => inputs.features.to_string(),
            steps => format!("{steps}×{}", inputs.features),
        },
    );
    let units = layers.get(index).map_or(0, |layer| layer.units);
    let number = |sign: &str, value: Option<f64>| {
        let value = value.map_or_else(|| format!("{:>5}", "–"), format::rough);
        (format!("{sign} {value}"), theme.text())
    };
    let moments = latest.map(Distribution::moments);
    let range = moments.and_then(Moments::range);
    let broken = latest.map_or(0, Distribution::not_finite);
    let spread = if broken > 0 {
        (format!("▲ {broken} NaN or ∞"), theme.bad())
    } else {
        number("σ", moments.and_then(Moments::std))
    };
    let mean = number("μ", moments.and_then(Moments::mean));
    let shape = (format!("{inputs}→{units}"), theme.muted());
    let first = (format!("{} {name}", index + 1), theme.text());
    match rows {
        0..4 => vec![first, mean, spread],
        _ => vec![
            first,
            shape,
            mean,
            spread,
            number("↑", range.map(|(_, max)| max)),
            number("↓", range.map(|(min, _)| min)),
        ],
    }
}
