//! The real screen without a terminal: what `gradlab snapshot` draws and tests look at.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::app::{App, Screen};
use super::contest::board::{NetworkView, Score};
use super::contest::{Contest, proposal};
use super::screen;
use super::theme::Theme;
use crate::compare::{Ending, Event as RaceEvent, Phase, Plan, Race, Results, Trial};
use crate::experiment::{CompareSpec, Experiment};
use crate::train::probe::{Snapshot, observe};
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
    app.run.on_event(Event::Started {
        run: 1,
        experiment: Box::new(experiment.clone()),
        problem: problem.clone(),
        changes: Vec::new(),
    });
    app.run.on_event(Event::Running(true));
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
    app.run.on_latest(&latest);
    let finished = session.finished();
    if let Some(divergence) = diverged {
        app.run.on_event(Event::Diverged(divergence));
    } else if finished {
        app.run.on_event(Event::Finished { step: latest.step });
    } else {
        app.run.on_event(Event::Running(false));
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
    app.run.on_observation(Box::new(observe(&snapshot, app.view)));
    Ok(app)
}

/// What the race of `experiment` comes to: of what it asks for itself, else of its optimizer against
/// well-known ones, each run of so many steps.
///
/// # Errors
/// If it cannot be raced.
pub fn raced(experiment: &Experiment, steps: u64) -> Result<(Arc<Plan>, Results), String> {
    let problem = Problem::load(experiment).map_err(|error| error.to_string())?;
    let spec = CompareSpec { steps: Some(steps), ..proposal(experiment, Some(&problem)) };
    let plan = Arc::new(Plan::new(experiment, &spec)?);
    let jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = Race::start(Arc::clone(&plan), jobs, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            RaceEvent::Started(_) => {}
            RaceEvent::Finished { trial, record, .. } => results.insert(trial, record),
            RaceEvent::Ended(Ending::Failed(reason)) => return Err(reason),
            RaceEvent::Ended(_) => break,
        }
    }
    Ok((plan, results))
}

/// An app on the Compare screen with these results of a race, and the networks of its first arms
/// at the end of a run.
///
/// # Errors
/// If the data cannot be read.
pub fn comparing(plan: &Arc<Plan>, results: &Results, size: (u16, u16)) -> Result<App, String> {
    let mut app = App::new(plan.experiment.clone());
    let mut contest = Contest::new(plan.experiment.name(), Arc::clone(plan));
    contest.board.score = Arc::new(Score::of(plan, results));
    contest.board.ending = contest.board.score.ranking.complete().then_some(Ending::Complete);
    let pair = contest.pair;
    app.contest = Some(contest);
    app.screen = Screen::Compare;
    app.notice = None;
    // Drawing once tells how much room there is for networks.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    if let Some(contest) = &mut app.contest {
        let view = contest.view.unwrap_or(app.view);
        for (face, arm) in contest.board.faces.iter_mut().zip(pair) {
            let standings = &contest.board.score.ranking.standings;
            let best = standings.iter().find(|it| it.arm == arm).and_then(|it| it.best);
            if let Some((rate, _)) = best {
                let trial = Trial { arm, phase: Phase::Final, seed: plan.seeds[0], rate };
                *face = NetworkView::of(arm, &run(&plan.experiment(trial))?, view).map(Arc::new);
            }
        }
    }
    Ok(app)
}

/// A run at its end.
fn run(experiment: &Experiment) -> Result<Snapshot, String> {
    let problem = Problem::load(experiment).map_err(|error| error.to_string())?;
    let mut session = Session::new(experiment, Arc::clone(&problem));
    // One that diverges stands at its last finite state.
    while !session.finished() && session.train().is_ok() {}
    Ok(Snapshot {
        run: experiment.seed,
        step: session.engine().step_count(),
        experiment: experiment.clone(),
        problem,
        params: session.engine().predicting_parameters(),
        motion: Vec::new(),
    })
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
