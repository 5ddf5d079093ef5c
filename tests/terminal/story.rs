//! An hour at the workbench, in seconds.

use std::time::Duration;

use gradlab::catalog::Kind;
use gradlab::tui::app::contexts;
use gradlab::tui::keymap;

use super::harness::{
    DOWN, ENDLESS, ENTER, ESC, PAGE_DOWN, RIGHT, Start, Terminal, layer, number_after, step,
    step_while,
};

/// Whether the editor shows `name`, perhaps cut short.
fn shows(shown: &str, name: &str) -> bool {
    shown == name || shown.strip_suffix('…').is_some_and(|start| name.starts_with(start))
}

fn after(kind: Kind, key: &str) -> &'static str {
    let cards = kind.cards_by_use();
    let here = cards.iter().position(|card| card.key == key).unwrap();
    cards[here + 1].key
}

#[track_caller]
fn wait_for_layer(terminal: &mut Terminal, keys: &str, number: usize, field: usize, wanted: &str) {
    terminal.press(keys, |screen| shows(&layer(screen, number)?[field], wanted).then_some(()));
}

/// Opens the log until it tells of `word`: it shows what had happened when it was opened.
#[track_caller]
fn open_log(terminal: &mut Terminal, word: &str) {
    for _ in 0..20 {
        terminal.press_for("g", "Log of the run");
        let time = Duration::from_secs(1);
        if terminal.find(time, |screen| screen.contains(word).then_some(())).is_some() {
            return;
        }
        close(terminal, "Log of the run");
    }
    panic!("the log never told of `{word}`");
}

#[track_caller]
fn close(terminal: &mut Terminal, word: &str) {
    terminal.press(ESC, |screen| (!screen.contains(word)).then_some(()));
}

/// The value that the legend of the loss chart shows for `series`.
fn legend(screen: &str, series: &str) -> Option<String> {
    let rest = screen.split_once(series)?.1;
    Some(rest.split_whitespace().next()?.to_owned())
}

/// Presses `s` `n` times; each press is one step.
#[track_caller]
fn single_steps(terminal: &mut Terminal, n: u64) {
    let from = step(&terminal.screen()).unwrap();
    for done in 1..=n {
        let now = terminal
            .press("s", |screen| step_while("paused", screen).filter(|&now| now > from + done - 1));
        assert_eq!(now, from + done);
    }
}

#[test]
fn editing_while_it_trains() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    let first = terminal.wait("training", |screen| step_while("running", screen));
    terminal.wait("progress", |screen| step(screen).filter(|&now| now > first + 100));

    let relu = after(Kind::Activation, "relu");
    wait_for_layer(&mut terminal, RIGHT, 1, 1, relu);
    let adam = after(Kind::Optimizer, "adam");
    wait_for_layer(&mut terminal, &[DOWN, "\t", RIGHT].concat(), 2, 2, adam);
    terminal.wait_for("┊");
    open_log(&mut terminal, &format!("layer 2 adam → {adam}"));
    terminal.wait_for(&format!("layer 1 relu → {relu}"));
    close(&mut terminal, "Log of the run");

    // A list, narrowed by typing.
    terminal.press_for(&format!("\x1b[Z{ENTER}"), "Activation of layer 2");
    terminal.press_for("softsig", "▸ softsign");
    wait_for_layer(&mut terminal, ENTER, 2, 1, "softsign");

    // A value, typed; a wrong one is refused with a reason.
    terminal.press_for(&format!("\t\t{ENTER}"), "Learning rate of layer 2");
    terminal.press_for(&format!("fast{ENTER}"), "`lr`");
    terminal.press_for(&["\x7f"; 4].concat(), "⏎ set");
    wait_for_layer(&mut terminal, &format!("0.0025{ENTER}"), 2, 3, "0.0025");

    // Another layer restarts the run.
    let before = terminal.wait("progress", |screen| step(screen).filter(|&now| now > 1000));
    terminal.press("a", |screen| layer(screen, 4).filter(|_| step(screen).is_some()));
    open_log(&mut terminal, "run 2 starts, seed");
    close(&mut terminal, "Log of the run");
    terminal.press("d", |screen| {
        (layer(screen, 3).is_some() && layer(screen, 4).is_none()).then_some(())
    });
    assert!(before > 0);
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn pausing_stepping_and_resetting() {
    // Wide enough for the epoch in the header.
    let mut terminal = Start { size: (140, 40), ..Start::gradlab(&[ENDLESS]) }.open();
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 100));
    // Alone on the screen the chart has room for numbers.
    terminal.press("zz", |screen| legend(screen, "○ test")?.parse::<f64>().ok());
    terminal.press_for(" ", "paused");
    let rested = terminal.settle(Duration::from_secs(1));
    assert_eq!(step(&terminal.settle(Duration::from_secs(1))), step(&rested));
    single_steps(&mut terminal, 2);

    terminal.press("r", |screen| step_while("paused", screen).filter(|&now| now == 0));
    single_steps(&mut terminal, 5);
    let losses =
        |screen: &str| ["· batch", "● train", "○ test"].map(|series| legend(screen, series));
    let fifth = losses(&terminal.settle(Duration::from_secs(1)));
    terminal.press(" ", |screen| step_while("running", screen).filter(|&now| now > 5000));
    terminal.press_for(" ", "paused");
    terminal.press("r", |screen| step_while("paused", screen).filter(|&now| now == 0));
    let start = losses(&terminal.settle(Duration::from_secs(1)));
    assert_ne!(start, fifth);
    single_steps(&mut terminal, 5);
    terminal.wait("the same losses as before", |screen| (losses(screen) == fifth).then_some(()));

    terminal.press("r", |screen| step_while("paused", screen).filter(|&now| now == 0));
    let epoch = terminal.press("e", |screen| {
        (number_after(screen, "epoch")? == 1).then(|| step_while("paused", screen))?
    });
    assert_eq!(epoch, 3, "70 rows in batches of 32");

    terminal.press(" zz", |screen| step_while("running", screen).filter(|&now| now > 100));
    terminal.press_for("R", " seed 4");
    open_log(&mut terminal, "starts, seed 4");
    close(&mut terminal, "Log of the run");
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// A live edit of a resting run is seen at once.
#[test]
fn editing_while_it_rests() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 1000));
    terminal.press_for(" ", "paused");
    let before = terminal.settle(Duration::from_secs(1));
    let health = |screen: &str| {
        screen.lines().rfind(|line| line.contains("│ 1 "))?.split('│').nth(3).map(str::to_owned)
    };
    let shown = health(&before).unwrap();
    assert!(shown.contains("relu"), "{shown}");
    terminal.press(RIGHT, |screen| {
        health(screen).filter(|now| now.contains(after(Kind::Activation, "relu")))
    });
    assert_eq!(step(&terminal.screen()), step(&before));
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn views_and_sizes() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    terminal.press_for("y", "linear");
    terminal.press("y", |screen| (!screen.contains("linear")).then_some(()));
    terminal.press_for("[[[[", "pace 3k/s");
    terminal.press_for("]", "pace 10k/s");

    for panels in [
        &["Decision boundary"][..],
        &["Loss", "Accuracy"],
        &["Weights", "Health"],
        &["Network", "Training", "Decision boundary", "Loss", "Accuracy", "Weights", "Health"],
    ] {
        const ALL: [&str; 6] =
            ["Network", "Decision boundary", "Loss", "Accuracy", "Weights", "Health"];
        let title = |panel| format!("╭ {panel} ─");
        terminal.press("z", |screen| {
            ALL.iter()
                .all(|panel| panels.contains(panel) == screen.contains(&title(panel)))
                .then_some(())
        });
    }

    terminal.press_for("p", "Experiments");
    terminal.press("digi", |screen| screen.contains("Handwritten digits").then_some(()));
    terminal.press_for(ENTER, "Confusion");
    terminal.wait("digits train", |screen| step_while("running", screen).filter(|&now| now > 20));
    terminal.press_for("[[[[[", "pace 1/s");

    for (size, word) in [
        ((80, 24), "all keys"),
        ((40, 12), "╭ Loss "),
        ((20, 5), "● running"),
        ((1, 1), "●"),
        ((20, 5), "● running"),
        ((120, 40), "╭ Health "),
    ] {
        terminal.resize(size);
        terminal.wait(&format!("{word} at {size:?}"), |screen| {
            (screen.contains(word) && screen.split('\n').count() == usize::from(size.1))
                .then_some(())
        });
    }
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Every row of the table of keys is in the help, at any size at which there is one.
#[test]
fn help_has_every_key() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.press_for(" ", "paused");
    for size in [(120, 40), (80, 24), (40, 12)] {
        terminal.resize(size);
        terminal.press_for("?", "╭ Keys ");
        let (mut seen, mut last) = (String::new(), String::new());
        loop {
            let screen = terminal.settle(Duration::from_millis(400)).replace('│', " ");
            if screen == last {
                break;
            }
            seen.push_str(&screen);
            last = screen;
            terminal.keys(PAGE_DOWN);
        }
        let words: Vec<&str> = seen.split_whitespace().collect();
        let flat = words.join(" ");
        for binding in contexts().flat_map(|context| context.rows) {
            let keys = keymap::names(binding);
            assert!(flat.contains(&keys), "{keys} at {size:?}\n{seen}");
            let missing = binding.help.split_whitespace().find(|word| !words.contains(word));
            assert_eq!(missing, None, "`{}` at {size:?}\n{seen}", binding.help);
        }
        close(&mut terminal, "╭ Keys ");
    }
    terminal.keys("q");
    terminal.end().in_order(0);
}
