//! Numbers of each layer over the steps.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::tui::screen::train::past;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// A chart of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The size of an update in that of the weights.
    Ratio,
    /// The share of dead or saturated units.
    Flat,
    /// The norm of the gradient at the first layer in that at the last.
    Depth,
}

impl Kind {
    const fn title(self) -> &'static str {
        match self {
            Self::Ratio => "log10(update : weight)",
            Self::Flat => "Dead or saturated",
            Self::Depth => "|∇| first : last layer",
        }
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
        draw((layer, *kind), workspace, frame, *part, theme);
    }
}

fn draw(
    (_layer, kind): (usize, Kind),
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    frame.render_widget(&past::panel(workspace, theme, kind.title()), area);
    frame.render_widget(Line::styled(" –", theme.muted()), Panel::inner(area));
}
