use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::experiment::{Script, load};
use crate::train::telemetry::{History, Latest, Series};
use crate::train::timeline::{BranchView, TimelineView};
use crate::train::{Event, Problem, Row};
use crate::tui::app::App;

/// An app whose run of `experiment` stands at `step`, evaluated every 100 steps, with its lowest test
/// loss at step 300.
fn app(step: u64) -> App {
    let experiment = load("xor/4-tanh/2").unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut app = App::new(experiment.clone());
    app.on_event(Event::Started {
        run: 1,
        experiment: Box::new(experiment),
        problem,
        changes: Vec::new(),
        obeyed: 0,
    });
    app.on_event(Event::Running(true));
    app.workspace.run.on_latest(&Latest { run: 1, step, news: history(step), ..Latest::default() });
    app
}

fn history(step: u64) -> History {
    let mut history = History::new(4096);
    for step in (0..=step).step_by(100) {
        let loss = 1.0 + (step as f64 - 300.0).abs();
        history.push_row(&Row {
            step,
            epoch: 0.0,
            train_loss: loss,
            test_loss: loss,
            train_accuracy: None,
            test_accuracy: None,
            lr: 0.1,
            train_rmse: None,
            test_rmse: None,
        });
    }
    history
}

fn branch(id: u32, present: bool, script: Script, step: u64) -> BranchView {
    BranchView {
        id: BranchId(id),
        present,
        from: script.edits().last().map_or(0, |edit| edit.step),
        step,
        script: Arc::new(script),
        test_loss: Some(0.5),
        best: None,
        history: Arc::new(History::new(16)),
    }
}

fn tell(app: &mut App, branches: Vec<BranchView>) {
    app.on_event(Event::Timeline(Box::new(TimelineView {
        branches,
        keyframes: vec![0],
        ..TimelineView::default()
    })));
}

/// The experiment of the app with a setting assigned.
fn with(app: &App, set: &str) -> Experiment {
    app.workspace.experiment.with_overrides(&[set]).unwrap()
}

fn commands(effects: &[Effect]) -> Vec<String> {
    let command = |effect: &Effect| match effect {
        Effect::Send(Command::Apply(experiment, mark)) => {
            format!("Apply({}, {mark})", experiment.layers[0].activation.key())
        }
        Effect::Send(command) => format!("{command:?}"),
        other => format!("{other:?}"),
    };
    effects.iter().map(command).collect()
}

#[test]
fn undo_takes_settings_back_at_once_and_names_the_mark() {
    let mut app = app(500);
    let (a, now) = (app.workspace.experiment.clone(), Instant::now());
    let b = with(&app, "layers.1.activation=relu");
    assert_eq!(commands(&app.workspace.take_at(b.clone(), now)), ["Apply(relu, 1)"]);
    let c = with(&app, "layers.1.activation=gelu");
    assert_eq!(commands(&app.workspace.take_at(c.clone(), now)), ["Apply(gelu, 1)"]);
    let d = with(&app, "layers.1.units=8");
    let later = now + Duration::from_secs(5);
    assert_eq!(commands(&app.workspace.take_at(d, later)), ["Apply(gelu, 2)"]);

    assert_eq!(commands(&app.workspace.undo()), ["Undo(2)"]);
    assert_eq!(app.workspace.experiment, c);
    assert_eq!(commands(&app.workspace.undo()), ["Undo(1)"]);
    assert_eq!(app.workspace.experiment, a);
    assert!(app.workspace.undo().is_empty());
    assert_eq!(app.workspace.notice.as_ref().unwrap().text, "there is nothing to undo");
    assert_eq!(commands(&app.workspace.redo()), ["Redo(1)"]);
    assert_eq!(app.workspace.experiment, c);
    app.workspace.changes.forget_marks();
    assert_eq!(commands(&app.workspace.undo()), ["Apply(tanh, 0)"], "the worker is another one");
    assert_eq!(app.workspace.experiment, a);
}

#[test]
fn the_past_is_gone_through_and_returned_from() {
    let mut app = app(500);
    let present = app.workspace.experiment.clone();
    let workspace = &mut app.workspace;
    let now = Instant::now();
    assert!(workspace.scrub(Towards::Present, now).is_empty() && workspace.past.is_none());
    assert_eq!(commands(&workspace.scrub(Towards::Start, now)), ["Visit(400)"]);
    // The worker has not answered: nothing more is asked of it.
    assert!(workspace.scrub(Towards::Start, now).is_empty());
    assert!(workspace.scrub(Towards::Start, now).is_empty());
    assert!((workspace.moment(), workspace.replays()) == (200, true));
    let visiting = |step| Event::Visiting { step, experiment: Box::new(present.clone()) };
    let next = app.on_event(visiting(400)).unwrap();
    assert_eq!(commands(&[next]), ["Visit(200)"]);
    assert!(app.on_event(visiting(200)).is_none());
    let workspace = &mut app.workspace;
    assert!(!workspace.replays());
    assert_eq!(commands(&workspace.scrub_to_best()), ["Visit(300)"]);
    assert_eq!(commands(&workspace.to_present()), ["Return"]);
    assert_eq!((workspace.moment(), workspace.past.is_none()), (500, true));
    // A late answer changes nothing.
    assert!(app.on_event(visiting(300)).is_none());
    assert!(app.workspace.past.is_none());
    app.on_event(Event::Returned);
    assert_eq!(app.workspace.experiment, present);
}

#[test]
fn edits_are_stepped_through_and_show_the_settings_of_their_time() {
    let mut app = app(500);
    let start = app.workspace.experiment.clone();
    let edited = with(&app, "layers.1.activation=relu");
    app.workspace.take(edited.clone());
    let mut script = Script::from(start.clone());
    script.edit(250, edited.clone()).unwrap();
    tell(&mut app, vec![branch(1, true, script, 500)]);
    assert_eq!(app.workspace.run.marks().map(|it| it.step).collect::<Vec<_>>(), [250]);

    let workspace = &mut app.workspace;
    assert_eq!(commands(&workspace.scrub_to_edit(Towards::Start)), ["Visit(250)"]);
    assert_eq!(workspace.experiment, edited);
    workspace.scrub_to_edit(Towards::Start);
    assert_eq!((workspace.moment(), &workspace.experiment), (0, &start));
    // An edit in the past begins a branch there: the worker is brought there first.
    let other = with(&app, "layers.1.activation=gelu");
    let effects = app.workspace.take(other.clone());
    assert_eq!(commands(&effects), ["Visit(0)", "Apply(gelu, 2)"]);
    assert!(app.workspace.past.is_none());
    assert_eq!(app.workspace.experiment, other);
    // Undone, one is back in the present that was left.
    assert_eq!(commands(&app.workspace.undo()), ["Undo(2)"]);
    assert_eq!(app.workspace.experiment, edited);
}

#[test]
fn a_branch_begins_where_one_looks_and_another_is_gone_to() {
    let mut app = app(500);
    let start = app.workspace.experiment.clone();
    app.workspace.scrub(Towards::Start, Instant::now());
    assert_eq!(commands(&app.workspace.branch()), ["Branch(1)"]);
    assert!(app.workspace.past.is_none() && app.workspace.branch().is_empty());

    let mut script = Script::from(start.clone());
    script.edit(250, with(&app, "layers.1.activation=relu")).unwrap();
    let end = script.end().clone();
    let branches =
        vec![branch(1, false, script, 500), branch(2, true, Script::from(start.clone()), 400)];
    tell(&mut app, branches);
    assert_eq!(commands(&app.workspace.go_to(BranchId(1))), ["Go(BranchId(1), 2)"]);
    assert_eq!(app.workspace.experiment, end);
    assert!(app.workspace.go_to(BranchId(7)).is_empty());
    assert_eq!(commands(&app.workspace.undo()), ["Undo(2)"]);
    assert_eq!(app.workspace.experiment, start);
}

#[test]
fn numbers_and_marks_are_those_of_the_branch_that_was_moved_to() {
    let mut app = app(500);
    let start = app.workspace.experiment.clone();
    let edited = with(&app, "layers.1.activation=relu");
    let changes = vec!["layer 1 tanh → relu".to_owned()];
    app.on_event(Event::Edited { step: 450, changes, experiment: Box::new(edited), obeyed: 0 });
    assert_eq!(app.workspace.run.marks().count(), 1);
    let problem = Arc::clone(app.workspace.run.problem.as_ref().unwrap());
    app.on_event(Event::Moved {
        run: 2,
        step: 450,
        experiment: Box::new(start.clone()),
        problem,
        history: Box::new(history(400)),
        over: false,
        obeyed: 0,
    });
    tell(&mut app, vec![branch(1, true, Script::from(start), 450)]);
    let run = &app.workspace.run;
    assert_eq!((run.run, run.step, run.marks().count()), (2, 450, 0));
    assert_eq!(run.latest(Series::TestLoss), Some(101.0));
}

#[test]
fn a_late_report_takes_nothing_back() {
    let mut app = app(500);
    let a = app.workspace.experiment.clone();
    let edited = |app: &mut App, experiment: &Experiment, obeyed| {
        let experiment = Box::new(experiment.clone());
        app.on_event(Event::Edited { step: 500, changes: Vec::new(), experiment, obeyed });
    };
    let moved = |app: &mut App, experiment: &Experiment, obeyed| {
        let problem = Problem::load(experiment).unwrap();
        let (experiment, history) = (Box::new(experiment.clone()), Box::new(history(500)));
        let (run, step, over) = (1, 500, false);
        app.on_event(Event::Moved { run, step, experiment, problem, history, over, obeyed });
    };
    let b = with(&app, "layers.1.activation=relu");
    app.workspace.take(b.clone());
    edited(&mut app, &b, 1);
    // Undone, made again and edited, before any of these is reported.
    app.workspace.undo();
    app.workspace.redo();
    let c = with(&app, "layers.1.activation=gelu");
    app.workspace.take(c.clone());
    moved(&mut app, &a, 2);
    moved(&mut app, &b, 3);
    edited(&mut app, &b, 3);
    assert_eq!(app.workspace.experiment, c, "the edit is on its way");
    edited(&mut app, &c, 4);
    assert_eq!(app.workspace.experiment, c);
    // An edit of the script is followed, in the past as the present to come back to.
    let d = with(&app, "layers.1.activation=silu");
    edited(&mut app, &d, 4);
    assert_eq!(app.workspace.experiment, d);
    app.workspace.scrub_to_best();
    let e = with(&app, "layers.1.activation=mish");
    edited(&mut app, &e, 4);
    assert_eq!(app.workspace.experiment, d);
    app.workspace.to_present();
    assert_eq!(app.workspace.experiment, e);
    // Another worker counts anew.
    app.workspace.change_worker();
    edited(&mut app, &a, 0);
    assert_eq!(app.workspace.experiment, a);
}
