//! The predictions of the network in training, or the response of one of its neurons.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Shades, TrainScreen, alone, paint, past};
use crate::experiment::lesson::Panel as LessonPanel;
use crate::train::probe::{self, Alone, FieldValues, Predictions, View};
use crate::tui::screen::predictions::{draw_picture, room};
use crate::tui::theme::{Depth, TEST_MARK, TRAIN_MARK, Theme};
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Draws them under the name of their kind, or what is painted. Returns the room there is for them, and
/// where it is.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (View, Rect) {
    let inner = Panel::inner(area);
    if let Some(painter) = &screen.painter {
        paint::draw(painter, workspace, frame, area, theme);
        return (seen_in(screen, inner), inner);
    }
    if let Some(alone) = shown_alone(screen, workspace) {
        draw_alone(alone, workspace, frame, area, theme);
        return (seen_in(screen, inner), inner);
    }
    let predictions = workspace.run.seen.as_ref().and_then(|seen| seen.predictions.as_ref());
    let decided = predictions.filter(|_| screen.shades == Shades::Decided).and_then(decided);
    let title = match predictions {
        None => "Predictions",
        Some(_) if decided.is_some() => "Decided classes",
        Some(Predictions::Field(field)) => match field.values {
            FieldValues::Classes(_) => "Decision boundary",
            FieldValues::Values(_) => "Fitted surface",
        },
        Some(Predictions::Curve(_)) => "Fitted curve",
        Some(Predictions::Confusion(_)) => "Confusion on held-out rows",
        Some(Predictions::Scatter(_)) => "Predicted against true",
        Some(Predictions::Sequence(_)) => "A held-out sequence",
    };
    let [train, test] = theme.small_marks();
    let right = match predictions {
        Some(Predictions::Field(field)) => {
            let letters =
                matches!(field.values, FieldValues::Classes(_)) && theme.depth == Depth::None;
            let [train, test] = if letters { ['A', 'a'] } else { [TRAIN_MARK, TEST_MARK] };
            format!("{train} train {test} test")
        }
        Some(Predictions::Curve(_)) => format!("{train} train {test} test"),
        Some(Predictions::Scatter(_)) => format!("{test} test"),
        Some(Predictions::Confusion(_)) => "row: truth".to_owned(),
        Some(Predictions::Sequence(_)) => "S next".to_owned(),
        None => String::new(),
    };
    let title = past::title(workspace, title);
    let panel = past::panel_of(workspace, LessonPanel::Predictions, theme, &title);
    frame.render_widget(&panel.right(&right), area);
    if let (Some(predictions), Some(problem)) = (predictions, &workspace.run.problem) {
        let predictions = decided.as_ref().unwrap_or(predictions);
        draw_picture(predictions, problem, frame, inner, theme);
    }
    (seen_in(screen, inner), inner)
}

/// The room for a picture in `area`, with the sequence that is shown.
fn seen_in(screen: &TrainScreen, area: Rect) -> View {
    View { sequence: screen.view.sequence, ..room(area) }
}

/// Draws the response of the neuron under the cursor.
fn draw_alone(
    alone: &Alone,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let run = &workspace.run;
    let (Some(problem), Some(experiment)) = (&run.problem, &run.experiment) else { return };
    let title = alone::title(alone, experiment, problem.head);
    let title = past::title(workspace, &title);
    let right = alone::range(alone);
    frame.render_widget(&past::panel(workspace, theme, &title).right(&right).focused(true), area);
    alone::draw(alone, (problem, experiment), frame, Panel::inner(area), theme);
}

/// The neuron under the cursor, once it has been seen.
fn shown_alone<'a>(screen: &TrainScreen, workspace: &'a Workspace) -> Option<&'a Alone> {
    let alone = workspace.run.seen.as_ref()?.neurons.as_ref()?.alone.as_ref()?;
    (screen.neuron == Some((alone.layer, alone.unit))).then_some(alone)
}

/// Classes without their confidence, if there are any over the plane.
fn decided(predictions: &Predictions) -> Option<Predictions> {
    let Predictions::Field(field) = predictions else { return None };
    let FieldValues::Classes(points) = &field.values else { return None };
    let sure =
        |&(class, share): &(usize, f64)| (class, if share.is_finite() { 1.0 } else { share });
    let values = FieldValues::Classes(points.iter().map(sure).collect());
    Some(Predictions::Field(probe::Field { values, ..field.clone() }))
}
