use std::fs;
use std::time::Duration;

use super::*;
use crate::compare::shards::tests::{all, folder, open, other, run};
use crate::compare::shards::{Opened, Share, Wave, merge};
use crate::compare::{Ending, Monitor, Order, Ranking, Store};

#[test]
fn a_folder_is_watched_while_shards_fill_it() {
    let (folder, plan) = folder(3);
    let mut watch = FolderWatch::open(folder.path()).unwrap();
    assert!(watch.results().is_empty() && !watch.refresh().unwrap());
    let shares = [1, 2].map(|index| Share::new(index, 2).unwrap());
    run(&folder, &plan, Wave::Tune, shares[0]).unwrap();
    assert!(watch.refresh().unwrap());
    let half = plan.tuning_trials().len() / 2;
    assert_eq!((watch.results().len(), watch.name().raw()), (half, "flowers"));
    // A shard that is not whole, whose last line is torn, and then is.
    run(&folder, &plan, Wave::Tune, shares[1]).unwrap();
    let whole = folder.path().join("tune-00002-of-00002.jsonl");
    let part = crate::file::part(&whole);
    let text = fs::read(&whole).unwrap();
    fs::remove_file(&whole).unwrap();
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    fs::write(&part, [lines[0], lines[1], &lines[2][..20]].concat()).unwrap();
    assert!(watch.refresh().unwrap() && !watch.refresh().unwrap());
    assert_eq!(watch.results().len(), half + 1);
    fs::write(&part, &text).unwrap();
    fs::rename(&part, &whole).unwrap();
    assert!(watch.refresh().unwrap());
    all(&folder, &plan, Wave::Judge, 3);
    assert!(watch.refresh().unwrap());
    // It is what the merge comes to, and what is found by one who comes late.
    let merged = merge(folder.path()).unwrap();
    for watch in [&watch, &FolderWatch::open(folder.path()).unwrap()] {
        let ranking = Ranking::of(watch.plan(), watch.results());
        assert!(ranking.complete());
        assert_eq!(ranking.standings, Ranking::of(&merged.plan, &merged.results).standings);
    }
}

#[test]
fn a_race_that_keeps_its_results_can_be_watched_too() {
    let folder = tempfile::tempdir().unwrap();
    let plan = other(3);
    let store = Store::create(folder.path(), &plan.base).unwrap();
    let mut watch = FolderWatch::open(folder.path()).unwrap();
    let (wake, _woken) = crossbeam_channel::bounded(1);
    let race = crate::compare::Race::start(Arc::new(plan), 1, Some(store), &wake);
    let ended = |event| matches!(event, crate::compare::Event::Ended(_));
    assert!(race.events.iter().any(ended));
    assert!(watch.refresh().unwrap());
    assert!(Ranking::of(watch.plan(), watch.results()).complete());
}

#[test]
fn a_monitor_of_a_folder_tells_of_its_end_and_of_what_is_foreign() {
    let (folder, plan) = folder(3);
    all(&folder, &plan, Wave::Tune, 1);
    let (wake, woken) = crossbeam_channel::bounded(1);
    let watch = FolderWatch::open(folder.path()).unwrap();
    let monitor = Monitor::watch(watch, &wake).unwrap();
    let next = || {
        woken.recv_timeout(Duration::from_secs(20)).unwrap();
        monitor.take()
    };
    let first = next().unwrap();
    assert_eq!(first.score.ranking.done, plan.tuning_trials().len());
    assert!(first.ending.is_none());
    // Orders are not for it.
    monitor.send(Order::Stop);
    all(&folder, &plan, Wave::Judge, 1);
    let last = std::iter::repeat_with(next).flatten().find(|status| status.ending.is_some());
    assert_eq!(last.unwrap().ending, Some(Ending::Complete));
    // The file of another comparison is refused by name.
    let (others, other_plan) = super::super::shards::tests::folder(2);
    let opened = open(&others, &other_plan, Wave::Tune, Share::new(1, 1).unwrap()).unwrap();
    let Opened::Unfinished(file, _) = opened else { panic!() };
    file.finish().unwrap();
    let from = others.path().join("tune-00001-of-00001.jsonl");
    fs::copy(from, folder.path().join("tune-00001-of-00009.jsonl")).unwrap();
    let error = FolderWatch::open(folder.path()).unwrap_err();
    assert!(error.contains("tune-00001-of-00009.jsonl` is of another comparison"), "{error}");
}
