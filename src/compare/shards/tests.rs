use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::bounded;
use tempfile::TempDir;

use super::*;
use crate::catalog::Kind;
use crate::compare::{Event, Race, Results, StoreError};
use crate::experiment::{CompareSpec, load, parse_picks};
use crate::text::Untrusted;

/// A comparison of two optimizers over so many rates, in a folder of its own.
pub(in crate::compare) fn folder(rates: usize) -> (TempDir, Plan) {
    let folder = tempfile::tempdir().unwrap();
    let plan = claim(folder.path(), &other(rates)).unwrap();
    (folder, plan)
}

pub(in crate::compare) fn other(rates: usize) -> Plan {
    let experiment = load("iris").unwrap().experiment;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, "sgd,adam").unwrap(),
        rates: rates.to_string().parse().unwrap(),
        seeds: 3,
        tuning_seeds: 2,
        steps: Some(5),
        target: Some("test_loss<0.9".parse().unwrap()),
        ..CompareSpec::default()
    };
    Plan::new(&experiment, &spec).unwrap()
}

pub(in crate::compare) fn open(
    folder: &TempDir,
    plan: &Plan,
    wave: Wave,
    share: Share,
) -> Result<Opened, StoreError> {
    ShardFile::open(folder.path(), (plan, &Untrusted::from("flowers")), wave, share)
}

pub(in crate::compare) fn run(
    folder: &TempDir,
    plan: &Plan,
    wave: Wave,
    share: Share,
) -> Result<(), String> {
    let trials = match wave {
        Wave::Tune => plan.tuning_trials(),
        Wave::Judge => plan.judging_trials(&choose(folder.path(), plan)?),
    };
    let opened = open(folder, plan, wave, share).map_err(|error| error.to_string())?;
    let Opened::Unfinished(file, store) = opened else { return Ok(()) };
    let (wake, _woken) = bounded(1);
    let own = share.of(&trials);
    let race = Race::of_trials(Arc::new(plan.clone()), own, 1, Some(store), &wake);
    assert!(race.events.iter().any(|event| matches!(event, Event::Ended(_))));
    file.finish().map_err(|error| error.to_string())
}

pub(in crate::compare) fn all(folder: &TempDir, plan: &Plan, wave: Wave, count: usize) {
    for index in 1..=count {
        run(folder, plan, wave, Share::new(index, count).unwrap()).unwrap();
    }
}

fn file(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

#[test]
fn shards_deal_out_all_trials_and_each_gets_some_of_every_arm() {
    let trials = other(7).tuning_trials();
    assert_eq!(trials.len(), 2 * 7 * 2);
    for count in [1, 2, 3, 7, 28, 40] {
        let shares = (1..=count).map(|index| Share::new(index, count).unwrap());
        let parts: Vec<_> = shares.map(|share| share.of(&trials)).collect();
        let mut dealt = parts.concat();
        dealt.sort();
        assert_eq!(dealt, trials, "{count}");
        let arms = |part: &Vec<Trial>| [0, 1].map(|arm| part.iter().any(|it| it.arm == arm));
        assert!(count > 7 || parts.iter().all(|part| arms(part) == [true; 2]), "{count}");
    }
}

#[test]
fn shards_come_to_what_a_race_on_one_machine_comes_to() {
    let (folder, plan) = folder(3);
    all(&folder, &plan, Wave::Tune, 3);
    all(&folder, &plan, Wave::Judge, 2);
    let merged = merge(folder.path()).unwrap();
    assert_eq!(merged.name.raw(), "flowers");
    let (wake, _woken) = bounded(1);
    let race = Race::start(Arc::new(plan.clone()), 1, None, &wake);
    let mut alone = Results::default();
    for event in &race.events {
        match event {
            Event::Finished { trial, record, .. } => alone.insert(trial, record),
            Event::Ended(_) => break,
            Event::NotKept(_) => {}
        }
    }
    assert_eq!(merged.results.len(), alone.len());
    for arm in 0..2 {
        for ((trial, record), (other, shard)) in alone.of_arm(arm).zip(merged.results.of_arm(arm)) {
            assert_eq!(trial, other);
            assert!(record.points.len() > shard.points.len() && shard.points.len() <= 3);
            for metric in crate::experiment::Metric::ALL {
                assert_eq!(record.last(metric).to_bits(), shard.last(metric).to_bits());
            }
            let target = plan.target.unwrap();
            let reached = [record, shard].map(|it| it.reached(target).map(|point| point.step));
            assert_eq!(reached[0], reached[1]);
            assert_eq!(record.points[0].test_loss, shard.points[0].test_loss);
        }
    }
}

#[test]
fn what_is_missing_or_of_another_comparison_is_told() {
    let (folder, plan) = folder(3);
    let said = |part: &str| {
        let error = merge(folder.path()).unwrap_err();
        assert!(error.contains(part), "{error}");
    };
    said("no shard of the wave tune");
    all(&folder, &plan, Wave::Tune, 5);
    fs::remove_file(file(&folder, "tune-00002-of-00005.jsonl")).unwrap();
    fs::remove_file(file(&folder, "tune-00003-of-00005.jsonl")).unwrap();
    said("2 of 5 shards of the wave tune are missing");
    let judge = Share::new(1, 1).unwrap();
    let error = run(&folder, &plan, Wave::Judge, judge).unwrap_err();
    assert!(error.contains("2–3; run them first"), "{error}");
    all(&folder, &plan, Wave::Tune, 5);
    run(&folder, &plan, Wave::Tune, judge).unwrap();
    said("both of 1 and of 5");
    fs::remove_file(file(&folder, "tune-00001-of-00001.jsonl")).unwrap();
    said("no shard of the wave judge");
    all(&folder, &plan, Wave::Judge, 1);
    merge(folder.path()).unwrap();
    // A file that lost a run, one of another comparison, and one that is none.
    let whole = file(&folder, "judge-00001-of-00001.jsonl");
    let text = fs::read_to_string(&whole).unwrap();
    let fewer: String = text.split_inclusive('\n').take(3).collect();
    for (changed, part) in [
        (fewer, "lacks 4 of its 6 runs"),
        (text.replacen(&plan.hash(), "0123456789abcdef", 1), "of another comparison"),
        (text.replacen("\"key\":\"", "\"key\":\"0", 1), "of another comparison"),
        (text.replacen("\"key\"", "\"kez\"", 1), "line 2 of"),
        ("x\n".to_owned(), "line 1 of"),
        (String::new(), "of another comparison"),
    ] {
        fs::write(&whole, changed).unwrap();
        said(part);
    }
    let rates = file(&folder, RATES);
    fs::write(&rates, fs::read_to_string(&rates).unwrap().replace(&plan.hash(), "x")).unwrap();
    assert!(choose(folder.path(), &plan).unwrap_err().contains("of another comparison"));
    let error = claim(folder.path(), &other(5)).unwrap_err();
    assert!(error.contains("the folder of another comparison"), "{error}");
}

#[test]
fn a_shard_is_run_by_one_process_and_goes_on_where_it_was() {
    let (folder, plan) = folder(3);
    let share = Share::new(1, 2).unwrap();
    let first = open(&folder, &plan, Wave::Tune, share).unwrap();
    let refused = open(&folder, &plan, Wave::Tune, share).unwrap_err();
    assert!(matches!(refused, StoreError::Busy(_)), "{refused}");
    open(&folder, &plan, Wave::Tune, Share::new(2, 2).unwrap()).unwrap();
    drop(first);
    run(&folder, &plan, Wave::Tune, share).unwrap();
    let whole = file(&folder, "tune-00001-of-00002.jsonl");
    let text = fs::read_to_string(&whole).unwrap();
    assert!(matches!(open(&folder, &plan, Wave::Tune, share), Ok(Opened::Whole)));
    // As if it had been killed in the middle of a line: what was whole is neither lost nor run again.
    let part = crate::file::part(&whole);
    let kept: String = text.split_inclusive('\n').take(3).collect();
    for torn in [format!("{kept}{{\"key\":\"0"), String::new(), "{\"plan".to_owned()] {
        fs::remove_file(&whole).unwrap();
        fs::write(&part, &torn).unwrap();
        run(&folder, &plan, Wave::Tune, share).unwrap();
        let again = fs::read_to_string(&whole).unwrap();
        assert!(!torn.starts_with(&kept) || again.starts_with(&kept));
        assert_eq!(again.lines().count(), text.lines().count());
    }
}
