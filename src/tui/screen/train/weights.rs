//! Where the weights of each layer lie.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::health::more;
use super::past;
use crate::experiment::lesson::Panel as LessonPanel;
use crate::tui::theme::Theme;
use crate::tui::widgets::histogram::Histogram;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// ```text
/// ╭ Weights ─────────────────────────────────────╮
/// │ 1  ▁▂▃▅▇█▆▄▂▁   μ  0.01 σ 0.62  [-2.1, 2.4]  │
/// ╰──────────────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let inner = Panel::inner(area);
    let hidden = more(workspace, inner.height);
    let title = past::title(workspace, "Weights");
    frame.render_widget(
        &past::panel_of(workspace, LessonPanel::Weights, theme, &title).right(&hidden),
        area,
    );
    let seen = workspace.run.seen.as_ref();
    let Some(layers) = seen.and_then(|seen| seen.weights.as_ref()) else { return };
    let height = inner.height.checked_div(layers.len() as u16).unwrap_or(1).clamp(1, 6);
    // A row of air between tall ones, none between lines.
    let air = u16::from(height > 2);
    for (index, (weights, y)) in
        layers.iter().zip((inner.top()..inner.bottom()).step_by(height.into())).enumerate()
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
