//! The predictions of the network in training.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::past;
use crate::train::probe::{FieldValues, Predictions, View};
use crate::tui::screen::predictions::{draw_picture, room};
use crate::tui::theme::{TEST_MARK, TRAIN_MARK, Theme};
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Draws them under the name of their kind. Returns the room there is for them.
pub fn draw(workspace: &Workspace, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> View {
    let inner = Panel::inner(area);
    let predictions = workspace.run.seen.as_ref().and_then(|seen| seen.predictions.as_ref());
    let title = match predictions {
        None => "Predictions",
        Some(Predictions::Field(field)) => match field.values {
            FieldValues::Classes(_) => "Decision boundary",
            FieldValues::Values(_) => "Fitted surface",
        },
        Some(Predictions::Curve(_)) => "Fitted curve",
        Some(Predictions::Confusion(_)) => "Confusion on held-out rows",
        Some(Predictions::Scatter(_)) => "Predicted against true",
    };
    let [train, test] = theme.small_marks();
    let right = match predictions {
        Some(Predictions::Field(_)) => format!("{TRAIN_MARK} train {TEST_MARK} test"),
        Some(Predictions::Curve(_)) => format!("{train} train {test} test"),
        Some(Predictions::Scatter(_)) => format!("{test} test"),
        Some(Predictions::Confusion(_)) => "row: truth".to_owned(),
        None => String::new(),
    };
    let title = past::title(workspace, title);
    frame.render_widget(&past::panel(workspace, theme, &title).right(&right), area);
    if let (Some(predictions), Some(problem)) = (predictions, &workspace.run.problem) {
        draw_picture(predictions, problem, frame, inner, theme);
    }
    room(inner)
}
