//! The real screen without a terminal: what `gradlab snapshot` draws and tests look at.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::app::App;
use super::screen;
use super::theme::Theme;
use crate::experiment::Experiment;
use crate::train::observe::{Snapshot, observe};
use crate::train::telemetry::Latest;
use crate::train::{Event, Problem, Session};

/// An app that has watched `steps` steps of `experiment`, without threads and without clocks: the
/// same every time.
///
/// # Errors
/// If the data cannot be read.
pub fn trained(experiment: &Experiment, steps: u64, size: (u16, u16)) -> Result<App, String> {
    let problem = Problem::load(experiment).map_err(|error| error.to_string())?;
    let mut app = App::new(experiment.clone());
    app.watch.on_event(Event::Started {
        run: 1,
        experiment: Box::new(experiment.clone()),
        problem: problem.clone(),
        changes: Vec::new(),
    });
    app.watch.on_event(Event::Running(true));
    let mut session = Session::new(experiment, problem.clone());
    let mut latest = Latest { run: 1, ..Latest::default() };
    latest.news.push_row(&session.evaluate());
    let mut motion = Vec::new();
    let mut diverged = None;
    while session.engine().step_count() < steps {
        let last = session.engine().step_count() + 1 == steps;
        let stepped = if last {
            session.step_measured().map(|(loss, row, moved)| {
                motion = moved;
                (loss, row)
            })
        } else {
            session.step()
        };
        match stepped {
            Ok((loss, row)) => {
                latest.news.push_loss(session.engine().step_count(), loss);
                if let Some(row) = row {
                    latest.news.push_row(&row);
                }
            }
            Err(divergence) => {
                diverged = Some(divergence);
                break;
            }
        }
    }
    latest.step = session.engine().step_count();
    latest.epoch = session.engine().epoch();
    app.watch.on_latest(&latest);
    let finished = session.finished();
    if let Some(divergence) = diverged {
        app.watch.on_event(Event::Diverged(divergence));
    } else if finished {
        app.watch.on_event(Event::Finished { step: latest.step });
    } else {
        app.watch.on_event(Event::Running(false));
    }
    // Drawing once tells how much room there is for predictions.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    let snapshot = Snapshot {
        run: 1,
        step: latest.step,
        experiment: experiment.clone(),
        problem,
        params: session.engine().predicting_parameters(),
        motion,
    };
    app.watch.on_observation(Box::new(observe(&snapshot, app.view)));
    Ok(app)
}

/// The screen at `size` columns and rows.
#[must_use]
pub fn draw(app: &mut App, (width, height): (u16, u16), theme: Theme) -> Buffer {
    let mut terminal = match Terminal::new(TestBackend::new(width, height)) {
        Ok(terminal) => terminal,
        Err(never) => match never {},
    };
    match terminal.draw(|frame| screen::draw(app, frame, theme)) {
        Ok(frame) => frame.buffer.clone(),
        Err(never) => match never {},
    }
}
