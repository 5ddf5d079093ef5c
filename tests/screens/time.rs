//! The past, other branches, and the list of them.

use std::sync::Arc;

use gradlab::experiment::{self, Experiment, Script};
use gradlab::train::probe::{Snapshot, observe};
use gradlab::train::telemetry::History;
use gradlab::train::timeline::{BranchId, BranchView, TimelineView};
use gradlab::train::{Event, Problem, Session};

use super::*;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (40, 12), (60, 16)];
const STEPS: u64 = 600;
const EDIT: u64 = 300;

fn spirals() -> Experiment {
    experiment::load("spirals").unwrap().experiment
}

fn edited(set: &[&str]) -> Script {
    let mut script = Script::from(spirals());
    script.edit(EDIT, spirals().with_overrides(set).unwrap()).unwrap();
    script
}

/// The numbers of a run of `script` as far as `steps`.
fn history(script: &Script, steps: u64) -> History {
    let mut session = Session::of_script(script, Problem::load(script.start()).unwrap());
    let mut history = History::new(512);
    history.push_row(&session.evaluate());
    session
        .advance(steps, |stepped| stepped.row.iter().for_each(|row| history.push_row(row)))
        .unwrap();
    history
}

fn branch(id: u32, script: Script, steps: u64, present: bool) -> BranchView {
    let history = if present { History::new(1) } else { history(&script, steps) };
    let losses = history.series(Series::TestLoss);
    BranchView {
        id: BranchId(id),
        present,
        from: script.edits().last().map_or(0, |edit| edit.step),
        step: steps,
        test_loss: losses.latest(),
        best: losses
            .buckets()
            .iter()
            .map(|it| (it.lowest, it.min))
            .min_by(|a, b| a.1.total_cmp(&b.1)),
        script: Arc::new(script),
        history: Arc::new(history),
    }
}

/// An app whose run left two others: one under another optimizer, and one that was edited where the
/// present one was.
fn branched(size: (u16, u16)) -> App {
    let mut app = picture::trained(spirals(), STEPS, size).unwrap();
    let slow = Script::from(spirals().with_overrides(&["optimizer=sgd:lr=0.05"]).unwrap());
    let branches = vec![
        branch(0, slow, 500, false),
        branch(3, edited(&["layers.1.activation=gelu"]), 550, false),
        branch(4, edited(&["layers.1.activation=relu"]), STEPS, true),
    ];
    let keyframes = (0..=STEPS).step_by(75).collect();
    app.on_event(Event::Timeline(Box::new(TimelineView {
        branches,
        keyframes,
        ..TimelineView::default()
    })));
    app
}

/// Goes back to an earlier step as the training thread does.
fn visit(app: &mut App, step: u64) {
    app.on_event(Event::Visiting { step, experiment: Box::new(spirals()) });
    let problem = Problem::load(&spirals()).unwrap();
    let mut session = Session::new(&spirals(), problem);
    let motion = session.advance(step, |_| {}).unwrap();
    let snapshot = Snapshot::of(session.engine(), 1, motion);
    let seen = observe(&snapshot, app.view());
    app.workspace.run.on_observation(Box::new(seen));
}

#[test]
fn earlier_branches_are_ghosts_and_time_is_a_line() {
    for size in SIZES {
        let mut app = branched(size);
        let drawn = text(&mut app, size);
        insta::assert_snapshot!(format!("branches-{}x{}", size.0, size.1), drawn);
        assert_eq!(drawn.contains("◆"), size.1 >= 16, "{drawn}");
    }
    let size = (120, 40);
    let mut app = branched(size);
    let plain = picture::draw(&mut app, size, Theme::new(Depth::None));
    insta::assert_snapshot!("branches-no-colour-120x40", buffer_to_text(&plain));
}

#[test]
fn a_moment_of_the_past_is_marked_as_such() {
    for size in SIZES {
        let mut app = branched(size);
        let _ = text(&mut app, size);
        press(&mut app, &[KeyCode::Char('<'), KeyCode::Char(',')]);
        let replays = text(&mut app, size);
        assert!(replays.contains("◌ replays") && replays.contains("of 600"), "{replays}");
        let step = app.workspace.moment();
        assert!(step < EDIT);
        app.on_event(Event::Visiting { step: EDIT, experiment: Box::new(spirals()) });
        visit(&mut app, step);
        let drawn = text(&mut app, size);
        insta::assert_snapshot!(format!("past-{}x{}", size.0, size.1), drawn);
        assert!(drawn.contains("◀ past") && drawn.contains("╌╌╌"), "{drawn}");
        press(&mut app, &[KeyCode::Esc]);
        app.on_event(Event::Returned);
        let drawn = text(&mut app, size);
        assert!(!drawn.contains("◀ past") && !drawn.contains('╌'), "{drawn}");
    }
}

#[test]
fn the_list_of_branches() {
    for size in SIZES {
        let mut app = branched(size);
        press(&mut app, &[KeyCode::Char('B'), KeyCode::Down]);
        let drawn = text(&mut app, size);
        insta::assert_snapshot!(format!("branch-list-{}x{}", size.0, size.1), drawn);
    }
}
