//! The Compare screen: a race by keys, from its start to its files.

use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use super::harness::{CTRL_C, ENTER, ESC, LEFT, Start, Terminal, UP, number_after, step_while};

/// A network small enough for a race of seconds.
const SMALL: &str = "moons:samples=100/4-tanh/2-softmax/optimizer=adam,lr=0.01,steps=3000,seed=1";
/// A race that nobody will see the end of.
const ENDLESS: &str = "moons/64-tanh/64-tanh/2-softmax/optimizer=adam,steps=100000000,seed=1";

/// The rows of the ranking that have a result: arm and what follows its name and the set of its ranks.
fn ranked(screen: &str) -> Vec<(String, Vec<String>)> {
    let row = |line: &str| {
        let inner = line.strip_prefix('│')?.trim_start_matches('▸').trim_end_matches('│');
        let mut words = inner.split_whitespace();
        words.next()?.parse::<usize>().ok()?;
        let words: Vec<String> = words.filter(|word| *word != "─").map(str::to_owned).collect();
        (words.len() > 6).then(|| (words[0].clone(), words[3..].to_vec()))
    };
    screen.lines().skip_while(|line| !line.contains("╭ Ranking")).filter_map(row).collect()
}

/// How many runs the header says are done, in this state.
fn done(state: &str, screen: &str) -> Option<u64> {
    let header = screen.lines().next().filter(|line| line.contains(state))?;
    number_after(header, &format!("{state} "))
}

#[track_caller]
fn start(terminal: &mut Terminal) {
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("c", "Race this against…");
    // Another contender, found by typing.
    terminal.press_for("nada", "▸ [ ] nadam");
    terminal.press_for(" ", "▸ [×] nadam");
    terminal.press_for(ENTER, "╭ Ranking");
}

fn a_race_at(size: (u16, u16)) {
    let mut terminal = Start { size, ..Start::gradlab(&[SMALL]) }.open();
    start(&mut terminal);

    // The ranking fills while it goes, and stays until the end.
    let first = terminal.wait("first results", |screen| {
        done("racing", screen).filter(|&done| done > 0 && screen.contains('~'))
    });
    terminal.wait("more results", |screen| done("racing", screen).filter(|&done| done > first));
    terminal.wait_for("finished");
    let total = terminal.wait("all runs", |screen| done("finished", screen));
    assert_eq!(kept(terminal.state()), [total as usize]);
    // Seven rates or more on five seeds, and sixteen that judge.
    let full = terminal.wait("all arms", |screen| {
        let rows = ranked(screen);
        let of_all = |runs: &u64| *runs >= 7 * 5 + 16;
        let runs = |cell: &String| cell.split_once('/')?.1.parse::<u64>().ok().filter(of_all);
        let runs = rows.iter().filter_map(|(_, cells)| cells.iter().find_map(runs));
        let runs: Vec<u64> = runs.collect();
        (runs.len() == 5 && runs.iter().sum::<u64>() == total).then_some(rows)
    });

    // Hidden, an arm has no line; alone, no other has.
    let lines = |screen: &str| screen.matches(" ─ ").count();
    let letters = |screen: &str| {
        ["a", "b", "c", "d", "e"].iter().filter(|it| screen.contains(&format!(" ─ {it} "))).count()
    };
    assert!(lines(&terminal.screen()) > 0);
    terminal.press(" ", |screen| (letters(screen) == 4).then_some(()));
    terminal.press(" ", |screen| (letters(screen) == 5).then_some(()));
    terminal.press("s", |screen| (letters(screen) == 1).then_some(()));
    terminal.press("s", |screen| (letters(screen) == 5).then_some(()));

    // The cursor reads every arm, by step, by epoch and by seconds.
    let read = terminal.press(&LEFT.repeat(50), |screen| {
        let rows = ranked(screen);
        (screen.contains("@ 1,500") && rows.len() == 5 && rows != full).then_some(rows)
    });
    assert!(read.iter().all(|(_, cells)| cells[1].parse::<f64>().is_ok_and(|loss| loss > 0.0)));
    terminal.press_for("x", "by epoch");
    terminal.press_for("x", "by seconds");
    terminal.press_for("X", "by seconds log");
    terminal.press_for("m", "Test accuracy");
    terminal.press("xXmmm\x1b[F", |screen| (ranked(screen) == full).then_some(()));

    // Sensitivity and networks, on the whole screen where it is small.
    terminal.press_for("z", "Sensitivity: final loss by learning rate");
    terminal.press("z", |screen| {
        (screen.contains("step 3,000") && !screen.contains("Ranking")).then_some(())
    });
    // From the first arm, third by rank, to the last one, second by rank.
    terminal.press(&format!("{UP}b"), |screen| {
        (screen.contains("step 3,000") && !screen.contains("╭ a ")).then_some(())
    });
    terminal.press_for(ESC, "╭ Ranking");

    terminal.press_for("w", "wrote gradlab-race-1/");
    let folder = terminal.folder().join("gradlab-race-1");
    for (file, word) in [
        ("report.md", "adam"),
        ("ranking.json", "\"complete\": true"),
        ("runs.csv", "nadam"),
        ("points.csv", "nadam"),
        ("results.jsonl", "nadam"),
        ("experiment.toml", "[compare]"),
        ("curves.svg", "<svg"),
        ("sensitivity.svg", "<svg"),
        ("ranking.svg", "<svg"),
    ] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(word), "{file} has no {word}");
    }

    // Training goes on after the race.
    let goes_on =
        |screen: &str| step_while("running", screen).or_else(|| step_while("finished", screen));
    terminal.press(ESC, goes_on);
    terminal.press_for("c", "╭ Ranking");
    terminal.press("1", goes_on);
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Files of results in the folder of kept races, with how many runs each holds.
fn kept(state: &Path) -> Vec<usize> {
    let Ok(races) = std::fs::read_dir(state.join("races")) else { return Vec::new() };
    let results = races.map(|race| race.unwrap().path().join("results.jsonl"));
    results.map(|path| std::fs::read_to_string(path).map_or(0, |it| it.lines().count())).collect()
}

/// What was finished when the workbench was closed is there the next time.
#[test]
fn a_race_is_opened_again_by_the_next_workbench() {
    let state = tempfile::tempdir().unwrap();
    let place = state.path().to_str().unwrap();
    let open = |args: &[&'static str]| Start::gradlab(args).env("GRADLAB_STATE_DIR", place).open();
    let mut terminal = open(&[SMALL]);
    start(&mut terminal);
    terminal.wait("results", |screen| done("racing", screen).filter(|&done| done > 2));
    terminal.press_for("q", "and stay");
    terminal.keys(ENTER);
    terminal.end().in_order(0);
    let before = kept(state.path());
    assert!(before.len() == 1 && before[0] > 2, "{before:?}");

    // Another experiment; the race is found in the list.
    let mut terminal = open(&["iris"]);
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("c", "Race this against…");
    terminal.press_for("\x0f", "runs that are missing follow");
    terminal.press_for(ENTER, "╭ Ranking");
    terminal.wait_for("finished");
    let total = terminal.wait("all runs", |screen| done("finished", screen));
    assert_eq!(kept(state.path()), [total as usize], "none was run twice");
    terminal.press_for("o", "It is finished.");
    terminal.press(ENTER, |screen| {
        (!screen.contains("╭ Races") && screen.contains("finished")).then_some(())
    });
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn a_race_that_cannot_be_kept_says_so_and_runs() {
    let state = tempfile::NamedTempFile::new().unwrap();
    let place = state.path().to_str().unwrap();
    let mut terminal = Start::gradlab(&[ENDLESS]).env("GRADLAB_STATE_DIR", place).open();
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("c", "Race this against…");
    terminal.press_for(ENTER, "the race goes on, but is not kept: cannot use");
    terminal.wait("a curve", |screen| (!screen.contains("no run of it")).then_some(()));
    terminal.press_for("q", "are lost");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn a_race_at_80x24() {
    a_race_at((80, 24));
}

#[test]
fn a_race_at_120x40() {
    a_race_at((120, 40));
}

/// What is written goes on headless: nothing is run again, and the ranking is the same.
#[test]
fn an_export_is_taken_up_by_the_command_line() {
    let mut terminal = Start::gradlab(&[SMALL]).open();
    start(&mut terminal);
    terminal.wait_for("finished");
    terminal.press_for("w", "wrote gradlab-race-1/");
    let folder = terminal.folder().join("gradlab-race-1");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    // The second line is what the experiment is called.
    let ranking = || read("ranking.json").lines().skip(2).collect::<Vec<_>>().join("\n");
    let before = (read("results.jsonl"), ranking());
    assert_cmd::Command::new(super::harness::GRADLAB)
        .current_dir(&folder)
        .args(["compare", "experiment.toml", "--out", "."])
        .assert()
        .success();
    assert!(before == (read("results.jsonl"), ranking()));
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn a_race_rests_ends_after_a_question_and_goes_on_behind_the_scene() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("3", "Race this against…");
    terminal.press_for(ENTER, "racing");
    // Until the first run has left something to see.
    terminal.wait("a curve", |screen| (!screen.contains("no run of it")).then_some(()));
    terminal.press_for("p", "resting");
    let rests = terminal.settle(Duration::from_secs(1));
    assert_eq!(terminal.settle(Duration::from_secs(1)), rests);
    terminal.press_for("p", "racing");
    terminal.press_for(ESC, "Training rests meanwhile: space runs it");
    terminal.press(" ", |screen| step_while("running", screen));
    terminal.press_for(" ", "paused");
    terminal.press_for("c", "╭ Ranking");
    terminal.press_for("e", "End the race?");
    terminal.press(ESC, |screen| (!screen.contains("End the race?")).then_some(()));
    terminal.press_for("c", "The race under way ends.");
    terminal.press(ESC, |screen| (!screen.contains("Race this against…")).then_some(()));
    terminal.wait_for("racing");
    // Nor is it thrown away by a slip.
    for quit in ["q", CTRL_C] {
        terminal.press_for(quit, "╭ Quit?");
        terminal.press(ESC, |screen| (!screen.contains("Quit?")).then_some(()));
    }
    terminal.press_for(&format!("e{ENTER}"), "ended early");
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// A run that rests for a race is not paused: another experiment trains.
#[test]
fn another_experiment_trains_behind_a_race() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("c", "Race this against…");
    terminal.press_for(ENTER, "training rests during the race");
    terminal.press(ESC, |screen| step_while("paused", screen));
    terminal.press_for("p", "Experiments");
    terminal.press_for("iris", "▸ iris");
    terminal
        .press(ENTER, |screen| step_while("running", screen).filter(|_| screen.contains("Iris")));
    terminal.keys("qq");
    terminal.end().in_order(0);
}

#[test]
fn who_means_to_quit_a_race_does() {
    for answer in [ENTER, "q", CTRL_C] {
        let mut terminal = Start::gradlab(&[ENDLESS]).open();
        terminal.wait("training", |screen| step_while("running", screen));
        terminal.press_for("c", "Race this against…");
        terminal.press_for(ENTER, "racing");
        terminal.press_for("q", "╭ Quit?");
        terminal.keys(answer);
        terminal.end().in_order(0);
    }
}

#[test]
fn a_signal_ends_a_race_with_the_program() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen));
    terminal.press_for("c", "Race this against…");
    terminal.press_for(ENTER, "racing");
    terminal.signal(Signal::TERM);
    terminal.end().in_order(143);
}
