use std::sync::Arc;

use super::*;
use crate::compare::testing::plan;
use crate::compare::{Event, Race, RaceScore, Results};

fn scene<'a>(screen: &'a CompareScreen, workspace: &'a Workspace) -> Scene<'a> {
    Scene { race: workspace.race.as_ref().unwrap(), screen }
}

fn finished() -> (CompareScreen, Workspace) {
    let plan = Arc::new(plan(60));
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = Race::start(Arc::clone(&plan), 2, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            Event::Finished { trial, record, .. } => results.insert(trial, record),
            Event::NotKept(_) => {}
            Event::Ended(_) => break,
        }
    }
    let mut race = RaceView::new("moons".into(), Arc::clone(&plan));
    race.status.score = Arc::new(RaceScore::of(&plan, &results));
    let mut screen = CompareScreen::default();
    screen.on_race(&race);
    let mut workspace = Workspace::new(plan.base.start().clone());
    workspace.race = Some(race);
    (screen, workspace)
}

#[test]
fn arms_are_shown_hidden_and_soloed() {
    let (mut screen, mut workspace) = finished();
    screen.act(Action::Tick, &mut workspace);
    assert_eq!(screen.hidden.iter().copied().collect::<Vec<_>>(), [0]);
    screen.act(Action::Tick, &mut workspace);
    assert!(screen.hidden.is_empty());
    screen.arm = 1;
    screen.act(Action::Solo, &mut workspace);
    assert_eq!(screen.hidden.iter().copied().collect::<Vec<_>>(), [0, 2]);
    screen.act(Action::Solo, &mut workspace);
    assert!(screen.hidden.is_empty());
}

#[test]
fn an_arm_goes_to_the_train_screen_at_its_best_rate() {
    let (mut screen, mut workspace) = finished();
    screen.arm = 1;
    let race = workspace.race.as_ref().unwrap();
    let standings = &race.status.score.ranking.standings;
    let best = standings.iter().find(|it| it.arm == 1).and_then(|it| it.best).unwrap().1;
    let asked = screen.act(Action::Open, &mut workspace);
    let [Request::Load(experiment), Request::Go('1')] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!((experiment.optimizer.key(), experiment.optimizer.number("lr")), ("adam", best));
    assert_eq!((experiment.train.steps, &experiment.compare), (60, &None));
    // Before its first run has ended there is nothing to take.
    let (plan, none) = (Arc::new(plan(60)), Results::default());
    let mut race = RaceView::new("moons".into(), Arc::clone(&plan));
    race.status.score = Arc::new(RaceScore::of(&plan, &none));
    workspace.race = Some(race);
    assert!(screen.act(Action::Open, &mut workspace).is_empty() && workspace.notice.is_some());
}

#[test]
fn the_cursor_goes_by_evaluations_and_leaves_at_the_end() {
    let (mut screen, mut workspace) = finished();
    assert_eq!(scene(&screen, &workspace).cursor_at(), None);
    screen.act(Action::Increase, &mut workspace);
    assert_eq!(scene(&screen, &workspace).cursor_at(), None);
    screen.act(Action::Decrease, &mut workspace);
    assert_eq!(scene(&screen, &workspace).cursor_at(), Some(59.0));
    screen.act(Action::Home, &mut workspace);
    screen.act(Action::Decrease, &mut workspace);
    assert_eq!(scene(&screen, &workspace).cursor_at(), Some(0.0));
    let courses: Vec<_> = scene(&screen, &workspace).courses().collect();
    for (_, course) in &courses {
        assert_eq!(scene(&screen, &workspace).read(course, 0.0), Some(course[0].value));
    }
    for across in [XAxis::Epoch, XAxis::Seconds, XAxis::Step] {
        screen.act(Action::XAxis, &mut workspace);
        assert_eq!(screen.x_axis, across);
        screen.act(Action::End, &mut workspace);
        screen.act(Action::Decrease, &mut workspace);
        let x = scene(&screen, &workspace).cursor_at().unwrap();
        assert!(x > 0.0 && scene(&screen, &workspace).read(&courses[0].1, x).is_some());
    }
    screen.act(Action::Increase, &mut workspace);
    assert_eq!(screen.cursor, None);
}

#[test]
fn the_cursor_over_arms_follows_the_ranking() {
    let (mut screen, mut workspace) = finished();
    let standings = &workspace.race.as_ref().unwrap().status.score.ranking.standings;
    let order: Vec<_> = standings.iter().map(|it| it.arm).collect();
    screen.arm = order[0];
    for arm in [order[1], order[2], order[2]] {
        screen.act(Action::Down, &mut workspace);
        assert_eq!(screen.arm, arm);
    }
}

#[test]
fn another_network_takes_the_place_of_the_older_one() {
    let (mut screen, mut workspace) = finished();
    assert_eq!(screen.pair, [0, 1]);
    screen.arm = 2;
    screen.act(Action::NetworkView, &mut workspace);
    assert_eq!(screen.pair, [1, 2]);
    screen.act(Action::NetworkView, &mut workspace);
    assert_eq!(screen.pair, [1, 2]);
}

#[test]
fn metrics_without_numbers_are_passed_over() {
    use Metric::{TestAccuracy, TestLoss, TrainAccuracy, TrainLoss};
    let (mut screen, mut workspace) = finished();
    let seen: Vec<_> = (0..4)
        .map(|_| {
            screen.act(Action::Metric, &mut workspace);
            screen.metric
        })
        .collect();
    assert_eq!(seen, [TestAccuracy, TrainLoss, TrainAccuracy, TestLoss]);
    let plan = Arc::clone(&workspace.race.as_ref().unwrap().plan);
    workspace.race = Some(RaceView::new("".into(), plan));
    assert_eq!(scene(&screen, &workspace).next_metric(), TestLoss);
}

#[test]
fn another_race_is_looked_at_afresh() {
    let (mut screen, mut workspace) = finished();
    for action in [Action::Down, Action::Tick, Action::Zoom, Action::XAxis] {
        screen.act(action, &mut workspace);
    }
    screen.on_race(workspace.race.as_ref().unwrap());
    assert_eq!((screen.arm, screen.zoom, screen.x_axis), (0, Zoom::Off, XAxis::Step));
    assert!(screen.hidden.is_empty());
}
