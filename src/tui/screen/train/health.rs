//! How the layers are doing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::train::probe::{DeadOrSaturated, Health, UpdateStats};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// ```text
/// ╭ Health ──────────────────────────────────────────────╮
/// │ layer   |∇|      update:weight   dead/saturated      │
/// │ 1 tanh  3.1e-3   1.2e-3 good      2% saturated       │
/// ╰──────────────────────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let inner = Panel::inner(area);
    let hidden = more(workspace, inner.height.saturating_sub(1));
    frame.render_widget(&Panel::new(theme, "Health").right(&hidden), area);
    let heading = " layer            |∇|   update:weight   dead/saturated";
    frame.render_widget(
        Line::styled(heading, theme.muted()),
        Rect { height: 1.min(inner.height), ..inner },
    );
    let seen = workspace.run.seen.as_ref();
    let Some(layers) = seen.and_then(|seen| seen.health.as_ref()) else { return };
    for (index, (health, y)) in layers.iter().zip(inner.top() + 1..inner.bottom()).enumerate() {
        let name =
            workspace.experiment.layers.get(index).map_or("", |layer| layer.activation.key());
        let mut spans =
            vec![Span::raw(format!(" {} {:<12}", index + 1, format::truncate(name, 12)))];
        spans.extend(motion(health.motion, theme));
        spans.push(wear(health, theme));
        frame.render_widget(Line::from(spans), Rect { y, height: 1, ..inner });
    }
}

/// Says how many layers there is no room for in so many rows.
pub fn more(workspace: &Workspace, rows: u16) -> String {
    let seen = workspace.run.seen.as_ref();
    let layers = seen.and_then(|seen| seen.health.as_ref()).map_or(0, Vec::len);
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
    let (word, style) =
        motion.update_ratio.map_or(("", theme.muted()), |ratio| verdict(ratio, theme));
    let ratio = motion.update_ratio.map_or_else(|| "–".to_owned(), scientific);
    [
        Span::raw(format!("{:>7}", scientific(motion.gradient_norm))),
        Span::raw(format!("{ratio:>10}")),
        Span::styled(format!(" {word:<8}"), style),
    ]
}

fn scientific(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value.is_finite() => format!("{value:.1e}"),
        _ => "–".to_owned(),
    }
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
