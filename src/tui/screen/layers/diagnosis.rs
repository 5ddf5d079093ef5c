//! What is wrong with the run, in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::tui::keymap::run::REMEDY;
use crate::tui::screen::diagnosis::{style, told};
use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// ```text
/// ╭ Diagnosis ───────────────────────────╮
/// │ ▲ layer 2: 9 of 16 units are dead    │
/// │   a unit that no row moves gets no   │
/// │   gradient, … (Maas et al. 2013)     │
/// │   f layers.2.activation=leaky_relu   │
/// ╰──────────────────────────────────────╯
/// ```
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    frame.render_widget(&past::panel(workspace, theme, "Diagnosis"), area);
    let inner = Panel::inner(area);
    let room = usize::from(inner.width).saturating_sub(4);
    let told = told(workspace);
    let mut lines = Vec::new();
    if told.is_empty() {
        lines.push(Line::styled(" –", theme.muted()));
    }
    // The key is for the gravest that has a remedy.
    let mut key = Some(REMEDY);
    for finding in told {
        let remedy = finding.remedy.as_ref().map_or_else(String::new, |remedy| {
            let key = key.take().map_or_else(String::new, |key| format!("{key} "));
            format!("{key}{}", remedy.text)
        });
        let why = format!("{} ({})", finding.rule.why, finding.rule.source);
        for (mark, text, style) in [
            (" ▲ ", &finding.measured, style(finding, theme)),
            ("   ", &why, theme.muted()),
            ("   ", &remedy, theme.text()),
        ] {
            for (row, text) in format::wrap(text, room).into_iter().enumerate() {
                let mark = if row == 0 { mark } else { "   " };
                lines.push(Line::styled(format!("{mark}{text}"), style));
            }
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}
