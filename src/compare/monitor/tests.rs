use super::*;
use crate::compare::Results;
use crate::compare::race::Ending;
use crate::compare::testing::plan;

#[track_caller]
fn wait<T>(
    monitor: &Monitor,
    woken: &Receiver<()>,
    mut look: impl FnMut(&RaceStatus) -> Option<T>,
) -> T {
    loop {
        woken.recv_timeout(Duration::from_mins(1)).expect("the monitor is silent");
        if let Some(found) = monitor.take().and_then(|status| look(&status)) {
            return found;
        }
    }
}

fn completed(status: &RaceStatus) -> Option<RaceStatus> {
    (status.ending == Some(Ending::Complete)).then(|| status.clone())
}

#[test]
fn a_race_is_watched_to_its_end() {
    let plan = Arc::new(plan(60));
    let (wake, woken) = bounded(1);
    let monitor = Monitor::start(Arc::clone(&plan), None, None, &wake).unwrap();
    let view = View { grid: (8, 6), samples: 4, bins: 4, ..View::default() };
    monitor.send(Order::Show([1, 0], Some(view)));
    let status = wait(&monitor, &woken, completed);
    assert!(status.score.ranking.complete());
    assert_eq!(status.results.len(), plan.total(&Results::default()));
    assert_eq!(status.progress(&plan), 1.0);
    assert!(status.not_kept.is_some(), "it had no folder");
    let arms = status.network_views.map(|seen| seen.expect("nothing seen").arm);
    assert_eq!(arms, [1, 0]);
    // Another sight of the same weights, although no run goes on.
    monitor.send(Order::Show([0, 1], Some(view)));
    wait(&monitor, &woken, |status| {
        (status.network_views[0].as_ref().map(|seen| seen.arm) == Some(0)).then_some(())
    });
}

#[test]
fn a_pause_holds_and_an_end_is_final() {
    let (wake, woken) = bounded(1);
    let monitor = Monitor::start(Arc::new(plan(1_000_000_000)), None, None, &wake).unwrap();
    wait(&monitor, &woken, |status| (!status.under_way.is_empty()).then_some(()));
    monitor.send(Order::Pause(true));
    wait(&monitor, &woken, |status| status.paused.then_some(()));
    monitor.send(Order::Stop);
    let ending = wait(&monitor, &woken, |status| status.ending.clone());
    assert_eq!(ending, Ending::Cancelled);
}

#[test]
fn a_race_started_again_takes_up_what_is_kept() {
    let races = tempfile::tempdir().unwrap();
    let folder = || Some(races.path().to_owned());
    let plan = Arc::new(plan(2000));
    let (wake, woken) = bounded(1);
    let first = Monitor::start(Arc::clone(&plan), folder(), None, &wake).unwrap();
    let done = wait(&first, &woken, |status| {
        assert_eq!(status.not_kept, None);
        Some(status.results.len()).filter(|&done| done > 0)
    });
    // In place of the first, which gives its folder free.
    let second = Monitor::start(Arc::clone(&plan), folder(), Some(first), &wake).unwrap();
    let status = wait(&second, &woken, completed);
    assert_eq!(status.not_kept, None);
    assert!(
        (done..=plan.total(&Results::default())).contains(&status.found),
        "{} of {done}",
        status.found
    );
    let third = Monitor::start(Arc::clone(&plan), folder(), Some(second), &wake).unwrap();
    assert_eq!(
        wait(&third, &woken, completed).found,
        plan.total(&Results::default()),
        "nothing is run again"
    );
}

#[test]
fn a_race_that_cannot_be_kept_runs_all_the_same() {
    let races = tempfile::NamedTempFile::new().unwrap();
    let (wake, woken) = bounded(1);
    let folder = Some(races.path().to_owned());
    let monitor = Monitor::start(Arc::new(plan(60)), folder, None, &wake).unwrap();
    let status = wait(&monitor, &woken, completed);
    assert!(status.not_kept.is_some_and(|reason| reason.starts_with("cannot use")));
}
