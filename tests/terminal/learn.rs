//! The Learn screen: a claim from its prediction to its verdict, and a course.

use super::harness::{END, ENTER, ESC, PAGE_DOWN, Start, Terminal, UP};

/// The words in the panel beside the list, whatever line they are in.
fn words(screen: &str) -> String {
    let beside = screen.lines().filter_map(|line| Some(line.split_once("││")?.1));
    let text = beside.collect::<Vec<_>>().join(" ").replace('│', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn wait_for_words(terminal: &Terminal, wanted: &str) {
    terminal.wait(wanted, |screen| words(screen).contains(wanted).then_some(()));
}

fn a_claim(size: (u16, u16)) {
    let mut start = Start::gradlab(&["learn"]);
    start.size = size;
    let mut terminal = start.open();
    terminal.wait_for("▸ Activations and optimizers");
    terminal.press_for(END, "▸ What can be learned");
    terminal.press_for(UP, "▸ A better optimizer");
    wait_for_words(&terminal, "Press 1 to 4.");
    terminal.keys("3");
    wait_for_words(&terminal, "You said: it does not hold.");
    // It is run beside the screen.
    terminal.keys(ENTER);
    wait_for_words(&terminal, "r predicts anew.");
    wait_for_words(&terminal, "$ gradlab claims optimizer-capability");
    wait_for_words(&terminal, "rings, no activation: ");
    wait_for_words(&terminal, "share of wrong training rows");
    let verdict = words(&terminal.screen());
    let told = ["You were right: it does not hold", "✗ By these runs"];
    assert!(told.iter().any(|it| verdict.contains(it)), "{verdict}");
    // What is kept is figures.
    let kept = std::fs::read_to_string(terminal.state().join("lessons.json")).unwrap();
    assert!(kept.contains("\"predicted\": \"does_not_hold\""), "{kept}");
    assert!(kept.contains("\"p\": ") && !kept.contains("undecided"), "{kept}");
    terminal.press_for("1", "╭ Network");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn a_claim_at_80_columns() {
    a_claim((80, 24));
}

#[test]
fn a_claim_at_120_columns() {
    a_claim((120, 40));
}

#[test]
fn a_course_from_the_command_line() {
    let mut terminal = Start::gradlab(&["learn", "activations-and-optimizers"]).open();
    terminal.wait_for("What an activation adds");
    terminal.wait_for("1/7");
    for page in 2..=7 {
        terminal.press_for(PAGE_DOWN, &format!("{page}/7"));
    }
    terminal.press_for(PAGE_DOWN, "╭ What an optimizer does");
    terminal.press_for(ESC, "▸ Activations and optimizers");
    terminal.keys("q");
    terminal.end().in_order(0);
}
