//! The layout of the Train screen.
//!
//! ```text
//! wide    ╭ Network ──╮╭ Decision boundary ╮╭ Loss ─────╮
//!         │           ││                   │├ Accuracy ─┤
//!         ├ Training ─┤│                   ││           │
//!         ╰───────────╯╰───────────────────╯╰───────────╯
//!         ╭ Weights ────────────────╮╭ Health ──────────╮
//!         ╰─────────────────────────╯╰──────────────────╯
//! small   ╭ Network ──╮╭ Decision boundary ─────────────╮
//!         ╰───────────╯╰────────────────────────────────╯
//!         ╭ Loss ───────────────────────────────────────╮
//!         ╰─────────────────────────────────────────────╯
//! tiny    ╭ Network ────────────────────────────────────╮
//!         ╰─────────────────────────────────────────────╯
//!         ╭ Loss ───────────────────────────────────────╮
//!         ╰─────────────────────────────────────────────╯
//! ```
//! Panels drop away in order of importance; a zoomed one has all the room.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Paragraph;

use super::{TrainScreen, Zoom, charts, health, network, predictions, projected, weights};
use crate::experiment::lesson::Panel as LessonPanel;
use crate::train::probe::{Predictions, View};
use crate::tui::drawn::Drawn;
use crate::tui::screen::diagnosis;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// The rows from which on there is one for a diagnosis.
const LEAST: u16 = 10;

/// Draws the panels that fit into `area`, and below them what is wrong, if anything is.
pub fn draw(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let told = diagnosis::line(workspace, area.width, theme).filter(|_| area.height >= LEAST);
    let rows = u16::from(told.is_some());
    let [area, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
    if let Some(told) = told {
        frame.render_widget(told, below);
    }
    draw_panels(screen, workspace, frame, area, theme)
}

fn draw_panels(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let log_axis = screen.log_axis;
    let mut drawn = Drawn::default();
    match screen.zoom {
        Zoom::Off if workspace.projector => {
            return projected::draw(screen, workspace, frame, area, theme);
        }
        Zoom::Off if area.width >= 100 && area.height >= 28 => {
            return wide(screen, workspace, frame, area, theme);
        }
        Zoom::Off if area.width >= 72 && area.height >= 18 => {
            return small(screen, workspace, frame, area, theme);
        }
        Zoom::Predictions => {
            let (view, inner) = predictions::draw(screen, workspace, frame, area, theme);
            drawn = Drawn { view: Some(view), plane: screen.canvas(inner), ..drawn };
        }
        Zoom::Weights => {
            // A line for each layer; more of the weights are worth seeing than a line.
            let layers = workspace.experiment.layers.len() as u16;
            let rows = (layers + health::FRAME).max(area.height * 2 / 5).min(area.height / 2);
            let [top, bottom] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
            weights::draw(workspace, frame, top, theme);
            health::draw(workspace, frame, bottom, theme);
        }
        Zoom::Off => return tiny(screen, workspace, frame, area, theme),
        Zoom::Charts => charts::draw(workspace, log_axis, frame, area, theme),
    }
    drawn
}

fn wide(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let layers = workspace.experiment.layers.len() as u16;
    let rows = if area.height >= 50 { 3 * layers } else { layers } + health::FRAME;
    let [top, bottom] =
        Layout::vertical([Constraint::Min(18), Constraint::Length(rows.min(area.height / 3))])
            .areas(area);
    let [left, middle, right] = Layout::horizontal([
        Constraint::Length(network::width(area.width)),
        Constraint::Fill(1),
        Constraint::Fill(1),
    ])
    .areas(top);
    let picture = draw_middle(screen, workspace, frame, middle, theme);
    let drawn = draw_form(screen, workspace, frame, (left, Some(picture)), theme);
    charts::draw(workspace, screen.log_axis, frame, right, theme);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(bottom);
    weights::draw(workspace, frame, left, theme);
    health::draw(workspace, frame, right, theme);
    drawn
}

fn small(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let [top, bottom] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
    let [left, right] =
        Layout::horizontal([Constraint::Length(network::width(area.width)), Constraint::Fill(1)])
            .areas(top);
    let picture = predictions::draw(screen, workspace, frame, right, theme);
    let drawn = draw_form(screen, workspace, frame, (left, Some(picture)), theme);
    charts::draw_loss(workspace, screen.log_axis, frame, bottom, theme);
    drawn
}

/// Draws the form with the neurons below it, beside a picture with this room. Returns what was drawn
/// where.
fn draw_form(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    (area, picture): (Rect, Option<(View, Rect)>),
    theme: Theme,
) -> Drawn {
    let form = network::draw(screen, workspace, frame, area, theme);
    let view = picture.map(|(view, _)| view);
    let view = view.or((form.room.units > 0).then_some(screen.view));
    let view = view.map(|view| View { neurons: form.room, ..view });
    let plane = picture.and_then(|(_, inner)| screen.canvas(inner));
    Drawn { targets: form.targets, neurons: form.neurons, plane, view, scroll: None }
}

/// The form and the loss, or what the page of a lesson is about: whatever the size, what is edited and where the loss stands are seen.
fn tiny(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> Drawn {
    let [form, loss] = if area.width >= 72 {
        let width = network::width(area.width);
        Layout::horizontal([Constraint::Length(width), Constraint::Fill(1)]).areas(area)
    } else {
        // A row of the form at least, and the numbers of the loss.
        let rows = if area.height >= 18 { area.height / 2 } else { area.height * 2 / 5 };
        Layout::vertical([Constraint::Length(rows.max(3)), Constraint::Fill(1)]).areas(area)
    };
    let picture = match workspace.lit {
        Some(LessonPanel::Predictions) => {
            Some(predictions::draw(screen, workspace, frame, loss, theme))
        }
        Some(LessonPanel::Weights) => {
            weights::draw(workspace, frame, loss, theme);
            None
        }
        Some(LessonPanel::Health) => {
            health::draw(workspace, frame, loss, theme);
            None
        }
        _ => {
            charts::draw_loss(workspace, screen.log_axis, frame, loss, theme);
            None
        }
    };
    draw_form(screen, workspace, frame, (form, picture), theme)
}

/// Draws predictions, and below them what to watch, if there is room. A plane is drawn about as high as
/// it is wide, so that circles stay circles. Returns the room for predictions, and where that is.
fn draw_middle(
    screen: &TrainScreen,
    workspace: &Workspace,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) -> (View, Rect) {
    let about = about(workspace);
    let lines = format::wrap(&about, usize::from(area.width.saturating_sub(2))).len() as u16 + 2;
    let plane = matches!(
        workspace.run.seen.as_ref().and_then(|seen| seen.predictions.as_ref()),
        Some(Predictions::Field(_) | Predictions::Curve(_))
    );
    let spare = area.height.saturating_sub(lines);
    // A line or two less of the plane where the text needs them.
    let square =
        if plane { (area.width / 2 + 1).min(spare.max(area.width / 2 - 3)) } else { spare };
    if about.is_empty() || area.height < square + 5 || square < 14 {
        return predictions::draw(screen, workspace, frame, area, theme);
    }
    let [top, bottom] =
        Layout::vertical([Constraint::Length(square), Constraint::Min(0)]).areas(area);
    let picture = predictions::draw(screen, workspace, frame, top, theme);
    let title = if workspace.experiment.about.is_empty() { "The data" } else { "What to watch" };
    frame.render_widget(&Panel::new(theme, title), bottom);
    let text = format::wrapped(&about, Panel::inner(bottom).as_size().into());
    frame.render_widget(Paragraph::new(text).style(theme.muted()), Panel::inner(bottom));
    picture
}

/// The experiment's hint of what to watch, and what there is to know of the data.
fn about(workspace: &Workspace) -> String {
    let notes = workspace.run.problem.iter().flat_map(|problem| &problem.split.train.notes);
    let notes = notes.map(|note| format!("· {note}"));
    let about = Some(&workspace.experiment.about).filter(|about| !about.is_empty());
    let about = about.map(|about| about.on_lines().into_owned());
    about.into_iter().chain(notes).collect::<Vec<_>>().join("\n")
}
