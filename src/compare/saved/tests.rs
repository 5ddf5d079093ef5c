use std::time::Duration;

use crossbeam_channel::bounded;

use super::*;
use crate::compare::race::{Event, Race};
use crate::compare::store::RESULTS;
use crate::compare::testing::plan;

fn races() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs `plan` until `most` runs are done.
fn run(races: &Path, plan: &Plan, most: usize) {
    let store = keep(races, plan).unwrap();
    let (wake, _woken) = bounded(1);
    let race = Race::start(Arc::new(plan.clone()), 1, Some(store), &wake);
    let finished = |event: &Event| matches!(event, Event::Finished { .. });
    let ended = |event: &Event| matches!(event, Event::Ended(_));
    let events = race.events.iter().take_while(|event| !ended(event));
    events.filter(finished).take(most).count();
    race.stop();
}

#[test]
fn a_race_is_found_again_as_far_as_it_came() {
    let races = races();
    let plan = plan(40);
    run(races.path(), &plan, 5);
    let found = list(races.path());
    let state = found[0].state.as_ref().unwrap();
    assert_eq!((found.len(), found[0].name.raw()), (1, "Two moons"));
    assert!(
        (5..plan.total(&Results::default())).contains(&state.done)
            && state.total == plan.total(&Results::default()),
        "{state:?}"
    );
    assert_eq!(folder(races.path(), &state.plan), folder(races.path(), &plan), "the same race");
    run(races.path(), &state.plan, usize::MAX);
    let found = list(races.path());
    let state = found[0].state.as_ref().unwrap();
    assert_eq!((found.len(), state.done), (1, plan.total(&Results::default())));
    assert!(plan.arms.iter().any(|arm| Some(&arm.name) == state.first.as_ref()), "{state:?}");
}

#[test]
fn what_is_no_race_says_why() {
    let races = races();
    run(races.path(), &plan(10), 1);
    let folder = races.path().join("mine");
    fs::create_dir(&folder).unwrap();
    assert_eq!(list(races.path()).len(), 1, "a folder without an experiment is none of ours");
    fs::write(folder.join(EXPERIMENT), "[data]\nname = \"moon\"\n").unwrap();
    let found = list(races.path());
    let reason = found.iter().find_map(|race| race.state.as_ref().err()).unwrap();
    assert!(reason.contains("moons"), "{reason}");
    assert!(list(&races.path().join("none")).is_empty());
}

#[test]
fn a_race_of_another_protocol_is_refused_and_raced_anew() {
    let races = races();
    let plan = plan(10);
    run(races.path(), &plan, 3);
    let file = folder(races.path(), &plan).join(RESULTS);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&format!(",\"protocol\":{PROTOCOL}"), "")).unwrap();
    let reason = list(races.path())[0].state.as_ref().unwrap_err().clone();
    assert!(reason.contains("race it anew"), "{reason}");
    run(races.path(), &plan, usize::MAX);
    let found = list(races.path());
    assert_eq!(found[0].state.as_ref().unwrap().done, plan.total(&Results::default()));
}

#[test]
fn the_oldest_races_make_room() {
    let races = races();
    let now = SystemTime::now();
    for age in 0..MOST + 3 {
        let folder = races.path().join(age.to_string());
        fs::create_dir(&folder).unwrap();
        for name in [EXPERIMENT, RESULTS] {
            fs::write(folder.join(name), "").unwrap();
            let file = fs::File::options().write(true).open(folder.join(name)).unwrap();
            file.set_modified(now - Duration::from_secs(60 * age as u64)).unwrap();
        }
    }
    let oldest = |age: usize| races.path().join((MOST + age).to_string());
    // One that is in use, and one to which the user has added something.
    let _used = Store::open(&oldest(2)).unwrap();
    fs::write(oldest(1).join("notes.txt"), "mine").unwrap();
    keep(races.path(), &plan(10)).unwrap();
    assert!(!races.path().join((MOST - 1).to_string()).exists(), "the new one takes its place");
    assert!(races.path().join((MOST - 2).to_string()).exists());
    assert!(!oldest(0).exists() && oldest(2).join(RESULTS).exists());
    let left: Vec<_> = fs::read_dir(oldest(1)).unwrap().flatten().collect();
    assert_eq!(left.iter().map(fs::DirEntry::file_name).collect::<Vec<_>>(), ["notes.txt"]);
}
