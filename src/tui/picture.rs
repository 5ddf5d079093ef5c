//! The real screen without a terminal: what `gradlab snapshot` draws and tests look at.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::app::App;
use super::drawn::DrawnFrame;
use super::keymap::Action;
use super::overlay::checklist::proposal::proposal;
use super::overlay::choice::Choice;
use super::race_view::RaceView;
use super::theme::Theme;
use crate::compare::{
    Ending, Event as RaceEvent, NetworkView, Order, Phase, Plan, Race, RaceScore, Results, Trial,
};
use crate::experiment::walk::Walk;
use crate::experiment::{CompareSpec, Script};
use crate::train::landscape::PlaneKind;
use crate::train::probe::{Requests, Snapshot, View, observe};
use crate::train::telemetry::Latest;
use crate::train::timeline::Timeline;
use crate::train::{Event, Problem, Session, Stepped};

/// Looks at the layers of a run.
const LOOKS: u64 = 128;
/// What those ask for.
const LAYERS: Requests = Requests { layers: true, ..Requests::NONE };

/// An app that has watched `steps` steps of `script`, without threads and without clocks: the same
/// every time.
///
/// # Errors
/// If the data cannot be read.
pub fn trained(script: impl Into<Script>, steps: u64, size: (u16, u16)) -> Result<App, String> {
    let (mut app, snapshot) = unseen(script, steps, size)?;
    look(&mut app, &snapshot);
    Ok(app)
}

/// An app that has looked at `snapshot`, as it asks for.
pub fn look(app: &mut App, snapshot: &Snapshot) {
    app.on_observation(Box::new(observe(snapshot, app.view())));
    app.workspace.run.watch.believe();
}

/// As [`trained`], before its look at the run, with what there is to look at.
///
/// # Errors
/// If the data cannot be read.
pub fn unseen(
    script: impl Into<Script>,
    steps: u64,
    size: (u16, u16),
) -> Result<(App, Snapshot), String> {
    watched(&script.into(), (steps, 1, Requests::NONE), size)
}

/// As [`unseen`], after so many looks, at equal distances, that ask for `requests`. The states there are
/// kept.
fn watched(
    script: &Script,
    (steps, looks, requests): (u64, u64, Requests),
    size: (u16, u16),
) -> Result<(App, Snapshot), String> {
    let problem = Problem::load(script.start()).map_err(|error| error.to_string())?;
    let mut session = Session::of_script(script, problem.clone());
    let mut latest = Latest { run: 1, ..Latest::default() };
    latest.news.push_row(&session.evaluate());
    let mut note = |stepped: Stepped| {
        latest.news.push_loss(stepped.step, stepped.loss);
        if let Some(row) = stepped.row {
            latest.news.push_row(&row);
        }
    };
    let mut seen = Vec::new();
    let mut advanced = Ok(Vec::new());
    let mut timeline = Timeline::of_script(script, &session);
    for look in 0..looks {
        timeline.keep(Arc::new(session.keyframe()));
        if let (Ok(motion), true) = (&advanced, requests != Requests::NONE) {
            let snapshot = Snapshot::of(session.engine(), 1, motion.clone());
            seen.push(observe(&snapshot, View::of(requests)));
        }
        advanced = session.advance(steps * (look + 1) / looks - steps * look / looks, &mut note);
        if advanced.is_err() {
            break;
        }
    }
    latest.step = session.engine().step_count();
    latest.epoch = session.engine().epoch();
    let experiment = session.engine().experiment().clone();
    let mut app = App::new(experiment.clone());
    let run = &mut app.workspace.run;
    run.on_event(Event::Started {
        run: 1,
        experiment: Box::new(script.start().clone()),
        problem: problem.clone(),
        changes: Vec::new(),
        obeyed: 0,
    });
    run.on_event(Event::Running(true));
    let made = script.edits().iter().zip(script.changes());
    for (edit, (step, changes)) in made.filter(|(edit, _)| edit.step < latest.step) {
        run.on_event(Event::Edited {
            step,
            changes: changes.into_iter().map(|change| change.text).collect(),
            experiment: Box::new((*edit.experiment).clone()),
            obeyed: 0,
        });
    }
    run.on_latest(&latest);
    for seen in &seen {
        run.recall(seen);
    }
    let motion = match advanced {
        Err(divergence) => {
            run.on_event(Event::Diverged(divergence));
            Vec::new()
        }
        Ok(motion) => {
            let finished = Event::Finished { step: latest.step };
            run.on_event(if session.finished() { finished } else { Event::Running(false) });
            motion
        }
    };
    // Drawing once tells how much room there is for predictions.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    let state = Some(Arc::new(session.keyframe()));
    timeline.set_head(latest.step);
    let paths = timeline.paths();
    let snapshot = Snapshot { state, paths, ..Snapshot::of(session.engine(), 1, motion) };
    Ok((app, snapshot))
}

/// As [`trained`], on the Layers screen.
///
/// # Errors
/// If the data cannot be read.
pub fn inside(script: impl Into<Script>, steps: u64, size: (u16, u16)) -> Result<App, String> {
    let looks = LOOKS.min(steps.max(1));
    let (mut app, snapshot) = watched(&script.into(), (steps, looks, LAYERS), size)?;
    look(&mut app, &snapshot);
    app.act(Action::Go('2'));
    // It tells how much room it has for the network, and is shown that.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    look(&mut app, &snapshot);
    Ok(app)
}

/// As [`trained`], on the Surface screen, with the loss landscape of the network on such a plane.
///
/// # Errors
/// If the data cannot be read.
pub fn mapped(
    script: impl Into<Script>,
    steps: u64,
    size: (u16, u16),
    plane: PlaneKind,
) -> Result<App, String> {
    let looks = LOOKS.min(steps.max(1));
    let (mut app, snapshot) = watched(&script.into(), (steps, looks, Requests::NONE), size)?;
    app.act(Action::Go('4'));
    app.act(Action::Landscape);
    let mut shown = PlaneKind::default();
    while shown != plane {
        app.act(Action::Plane);
        shown = shown.next();
    }
    // It tells how much room it has for the map, and is shown that.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    look(&mut app, &snapshot);
    Ok(app)
}

/// An app on the Surface screen after so many steps of `walk`; `script` is at its start behind it.
#[must_use]
pub fn walking(script: impl Into<Script>, walk: Walk, steps: u64) -> App {
    let mut app = App::new(script.into().start().clone());
    app.workspace.notice = None;
    app.act(Action::Go('4'));
    app.choose(Choice::Walk(Box::new(walk)));
    for _ in 0..steps {
        app.act(Action::Step);
    }
    app
}

/// What the race of `script` comes to: of what it asks for itself, else of its optimizer against
/// well-known ones, each run of so many steps.
///
/// # Errors
/// If it cannot be raced.
pub fn raced(script: impl Into<Script>, steps: u64) -> Result<(Arc<Plan>, Results), String> {
    let script: Script = script.into();
    let problem = Problem::load(script.start()).map_err(|error| error.to_string())?;
    let spec = CompareSpec { steps: Some(steps), ..proposal(script.start(), Some(&problem)) };
    let plan = Arc::new(Plan::new(&script, &spec)?);
    let jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = Race::start(Arc::clone(&plan), jobs, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            RaceEvent::NotKept(_) => {}
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
    let mut app = App::new(plan.base.start().clone());
    let mut race = RaceView::new(plan.base.start().name(), Arc::clone(plan));
    race.status.results = Arc::new(results.clone());
    race.status.score = Arc::new(RaceScore::of(plan, results));
    race.status.ending = race.status.score.ranking.complete().then_some(Ending::Complete);
    app.watch(race);
    app.workspace.notice = None;
    // Drawing once tells how much room there is for networks.
    let _ = draw(&mut app, size, Theme::new(super::theme::Depth::None));
    let (sight, view) = (app.race_sight(), app.view());
    if let (Some(race), Some(Order::Show(pair, room))) = (&mut app.workspace.race, sight) {
        for (shown, arm) in race.status.network_views.iter_mut().zip(pair) {
            let standings = &race.status.score.ranking.standings;
            let best = standings.iter().find(|it| it.arm == arm).and_then(|it| it.best);
            if let Some((candidate, _)) = best {
                let trial = Trial { arm, phase: Phase::Final, seed: plan.seeds[0], candidate };
                let snapshot = run(&plan.script(trial))?;
                *shown = NetworkView::of(arm, &snapshot, room.unwrap_or(view)).map(Arc::new);
            }
        }
    }
    Ok(app)
}

/// A run at its end.
fn run(script: &Script) -> Result<Snapshot, String> {
    let problem = Problem::load(script.start()).map_err(|error| error.to_string())?;
    let mut session = Session::of_script(script, problem);
    // One that diverges stands at its last finite state.
    while !session.finished() && session.train().is_ok() {}
    Ok(Snapshot::of(session.engine(), script.start().seed, Vec::new()))
}

/// The screen at `size` columns and rows; the app remembers what was drawn where.
#[must_use]
pub fn draw(app: &mut App, (width, height): (u16, u16), theme: Theme) -> Buffer {
    let mut terminal = match Terminal::new(TestBackend::new(width, height)) {
        Ok(terminal) => terminal,
        Err(never) => match never {},
    };
    let mut drawn = DrawnFrame::default();
    let buffer = match terminal.draw(|frame| drawn = app.draw(frame, theme)) {
        Ok(frame) => frame.buffer.clone(),
        Err(never) => match never {},
    };
    app.drawn(&drawn);
    buffer
}
