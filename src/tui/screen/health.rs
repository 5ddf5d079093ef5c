//! Where the weights lie, and how the layers are doing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::train::probe::{DeadOrSaturated, Health, UpdateStats};
use crate::tui::app::App;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::histogram::Histogram;
use crate::tui::widgets::panel::Panel;

/// ```text
/// ╭ Weights ─────────────────────────────────────╮
/// │ 1  ▁▂▃▅▇█▆▄▂▁   μ  0.01 σ 0.62  [-2.1, 2.4]  │
/// ╰──────────────────────────────────────────────╯
/// ```
pub fn draw_weights(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let inner = Panel::inner(area);
    let hidden = more(app, inner.height);
    frame.render_widget(&Panel::new(theme, "Weights").right(&hidden), area);
    let Some(weights) = app.run.seen.as_ref().and_then(|seen| seen.weights.as_ref()) else {
        return;
    };
    let layers = weights.len() as u16;
    let height = inner.height.checked_div(layers).unwrap_or(1).clamp(1, 6);
    // A row of air between tall ones, none between lines.
    let air = u16::from(height > 2);
    for (index, (weights, y)) in
        weights.iter().zip((inner.top()..inner.bottom()).step_by(height.into())).enumerate()
    {
        let line = Rect { y, height: 1, ..inner };
        frame.render_widget(Line::styled(format!(" {}", index + 1), theme.muted()), line);
        let bars = Rect {
            x: inner.x + 4,
            y,
            width: inner.width.saturating_sub(5),
            height: (height - air).min(inner.bottom() - y),
        };
        let histogram = Histogram {
            theme,
            counts: &weights.bins,
            mean: weights.mean,
            std: weights.std,
            range: (weights.min, weights.max),
        };
        frame.render_widget(&histogram, bars);
    }
}

/// ```text
/// ╭ Health ──────────────────────────────────────────────╮
/// │ layer   |∇|      update:weight   dead/saturated      │
/// │ 1 tanh  3.1e-3   1.2e-3 good      2% saturated       │
/// ╰──────────────────────────────────────────────────────╯
/// ```
pub fn draw_health(app: &App, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let inner = Panel::inner(area);
    let hidden = more(app, inner.height.saturating_sub(1));
    frame.render_widget(&Panel::new(theme, "Health").right(&hidden), area);
    let heading = " layer            |∇|   update:weight   dead/saturated";
    frame.render_widget(
        Line::styled(heading, theme.muted()),
        Rect { height: 1.min(inner.height), ..inner },
    );
    let Some(layers) = app.run.seen.as_ref().and_then(|seen| seen.health.as_ref()) else {
        return;
    };
    for (index, (health, y)) in layers.iter().zip(inner.top() + 1..inner.bottom()).enumerate() {
        let name = app.experiment.layers.get(index).map_or("", |layer| layer.activation.key());
        let mut spans =
            vec![Span::raw(format!(" {} {:<12}", index + 1, format::truncate(name, 12)))];
        spans.extend(motion(health.motion, theme));
        spans.push(wear(health, theme));
        frame.render_widget(Line::from(spans), Rect { y, height: 1, ..inner });
    }
}

/// How many layers there is no room for in so many rows.
fn more(app: &App, rows: u16) -> String {
    let layers = app.run.seen.as_ref().and_then(|seen| seen.health.as_ref()).map_or(0, Vec::len);
    let hidden = layers.saturating_sub(rows.into());
    if hidden > 0 { format!("{hidden} more ↓") } else { String::new() }
}

fn motion(motion: Option<UpdateStats>, theme: Theme) -> [Span<'static>; 3] {
    let Some(motion) = motion else {
        return [
            Span::raw(format!("{:>7}", "–")),
            Span::raw(format!("{:>10}", "–")),
            Span::raw(" ".repeat(9)),
        ];
    };
    let (word, style) = verdict(motion.update_ratio, theme);
    [
        Span::raw(format!("{:>7}", scientific(motion.gradient_norm))),
        Span::raw(format!("{:>10}", scientific(motion.update_ratio))),
        Span::styled(format!(" {word:<8}"), style),
    ]
}

fn scientific(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}") }
}

/// A step of about a thousandth of the weights is healthy.
fn verdict(ratio: f64, theme: Theme) -> (&'static str, Style) {
    match ratio {
        0.0 => ("still", theme.warn()),
        r if r < 1e-5 => ("tiny", theme.warn()),
        r if r <= 1e-2 => ("good", theme.good()),
        r if r <= 1e-1 => ("large", theme.warn()),
        _ => ("huge", theme.bad()),
    }
}

fn wear(health: &Health, theme: Theme) -> Span<'static> {
    let (share, word) = match health.wear {
        DeadOrSaturated::None => return Span::styled(format!("{:>7}", "–"), theme.muted()),
        DeadOrSaturated::Dead(share) => (share, "dead"),
        DeadOrSaturated::Saturated(share) => (share, "saturated"),
    };
    let style = match share {
        s if s < 0.25 => theme.text(),
        s if s < 0.6 => theme.warn(),
        _ => theme.bad(),
    };
    Span::styled(format!("{:>6.0}% {word}", share * 100.0), style)
}
