use std::sync::Arc;

use super::*;
use crate::compare::{Event, Race, RaceScore, Results};
use crate::experiment::{Rates, load};

/// A comparison that is over in a moment, but for what `spec` says otherwise.
fn quick(spec: &CompareSpec) -> Plan {
    let mut experiment = load("moons").unwrap().experiment;
    experiment.train.steps = 60;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, "sgd,adam,rmsprop").unwrap(),
        rates: Rates::Around(3),
        seeds: 2,
        tuning_seeds: 2,
        ..spec.clone()
    };
    Plan::new(&experiment, &spec).unwrap()
}

fn finished() -> Contest {
    let plan = Arc::new(quick(&CompareSpec::default()));
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = Race::start(Arc::clone(&plan), 2, None, &wake);
    let mut results = Results::default();
    for event in &race.events {
        match event {
            Event::Finished { trial, record, .. } => results.insert(trial, record),
            Event::Started(_) | Event::NotKept(_) => {}
            Event::Ended(_) => break,
        }
    }
    let mut contest = Contest::new("moons".to_owned(), Arc::clone(&plan));
    contest.board.score = Arc::new(RaceScore::of(&plan, &results));
    contest
}

#[test]
fn arms_are_shown_hidden_and_soloed() {
    let mut contest = finished();
    contest.act(Action::Tick);
    assert_eq!(contest.hidden.iter().copied().collect::<Vec<_>>(), [0]);
    contest.act(Action::Tick);
    assert!(contest.hidden.is_empty());
    contest.arm = 1;
    contest.act(Action::Solo);
    assert_eq!(contest.hidden.iter().copied().collect::<Vec<_>>(), [0, 2]);
    contest.act(Action::Solo);
    assert!(contest.hidden.is_empty());
}

#[test]
fn the_cursor_goes_by_evaluations_and_leaves_at_the_end() {
    let mut contest = finished();
    assert_eq!(contest.cursor_at(), None);
    contest.act(Action::Increase);
    assert_eq!(contest.cursor_at(), None);
    contest.act(Action::Decrease);
    assert_eq!(contest.cursor_at(), Some(59.0));
    contest.act(Action::Home);
    contest.act(Action::Decrease);
    assert_eq!(contest.cursor_at(), Some(0.0));
    let courses: Vec<_> = contest.courses().collect();
    assert!(courses.iter().all(|(_, course)| contest.read(course, 0.0) == Some(course[0].value)));
    for across in [XAxis::Epoch, XAxis::Seconds, XAxis::Step] {
        contest.act(Action::XAxis);
        assert_eq!(contest.x_axis, across);
        contest.act(Action::End);
        contest.act(Action::Decrease);
        let x = contest.cursor_at().unwrap();
        assert!(x > 0.0 && contest.read(&courses[0].1, x).is_some());
    }
    contest.act(Action::Increase);
    assert_eq!(contest.cursor, None);
}

#[test]
fn the_cursor_over_arms_follows_the_ranking() {
    let mut contest = finished();
    let order: Vec<_> = contest.board.score.ranking.standings.iter().map(|it| it.arm).collect();
    contest.arm = order[0];
    for arm in [order[1], order[2], order[2]] {
        contest.act(Action::Down);
        assert_eq!(contest.arm, arm);
    }
}

#[test]
fn another_face_takes_the_place_of_the_older_one() {
    let mut contest = finished();
    assert_eq!(contest.pair, [0, 1]);
    contest.arm = 2;
    contest.act(Action::NetworkView);
    assert_eq!(contest.pair, [1, 2]);
    contest.act(Action::NetworkView);
    assert_eq!(contest.pair, [1, 2]);
}

#[test]
fn metrics_without_numbers_are_passed_over() {
    use Metric::{TestAccuracy, TestLoss, TrainAccuracy, TrainLoss};
    let mut contest = finished();
    let seen: Vec<_> = (0..4)
        .map(|_| {
            contest.act(Action::Metric);
            contest.metric
        })
        .collect();
    assert_eq!(seen, [TestAccuracy, TrainLoss, TrainAccuracy, TestLoss]);
    let fresh = Contest::new(String::new(), Arc::clone(&contest.plan));
    assert_eq!(fresh.next_metric(), TestLoss);
}

#[test]
fn a_proposal_has_the_present_optimizer_and_whatever_the_experiment_asks_for() {
    let names = |name: &str| {
        let experiment = load(name).unwrap().experiment;
        let spec = proposal(&experiment, None);
        let plan = Plan::new(&experiment, &spec).unwrap();
        plan.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("spirals"), ["adam:lr=0.01", "sgd", "sgd:momentum=0.9", "rmsprop"]);
    assert_eq!(names("optimizer-per-layer")[0], "as it is");
    assert_eq!(names("per-layer-mix").len(), 4);
}
