//! Going back: undo, the past, branches.

use gradlab::catalog::Kind;

use super::harness::{DOWN, ENDLESS, ENTER, ESC, RIGHT, Start, Terminal, layer, step, step_while};

/// Whether the first layer's activation is the `place`th of the catalog.
fn activation(screen: &str, place: usize) -> Option<()> {
    let key = Kind::Activation.cards_by_use()[place].key;
    let shown = layer(screen, 1)?.get(1)?.clone();
    (shown == key || shown.strip_suffix('…').is_some_and(|it| key.starts_with(it))).then_some(())
}

/// Waits until the run has come beyond a step.
#[track_caller]
fn beyond(terminal: &Terminal, least: u64) -> u64 {
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > least))
}

fn goes_back_and_forth(size: (u16, u16)) {
    let experiment = format!("{ENDLESS},eval_every=100");
    let mut start = Start::gradlab(&[&experiment]);
    start.size = size;
    let mut terminal = start.open();
    beyond(&terminal, 2000);
    let relu = Kind::Activation.cards_by_use().iter().position(|card| card.key == "relu").unwrap();

    // Settings and run are as before the key, and after it again.
    terminal.press(RIGHT, |screen| activation(screen, relu + 1));
    // The setting is shown at once; the mark on the line of time tells that the run has it.
    terminal.wait_for("◆");
    let edited = beyond(&terminal, 2000);
    beyond(&terminal, edited + 2000);
    let head = terminal.press(" ", |screen| step_while("paused", screen));
    let made = terminal.press("u", |screen| {
        step_while("paused", screen).filter(|&now| now < head && activation(screen, relu).is_some())
    });
    assert!((2000..edited + 2000).contains(&made), "{made} of {edited}");
    terminal.wait_for("earlier branches");
    terminal.press("U", |screen| {
        step_while("paused", screen).filter(|&now| now == head)?;
        activation(screen, relu + 1)
    });
    terminal.press("u", |screen| step_while("paused", screen).filter(|&now| now == made));
    terminal.press_for("u", "nothing to undo");

    // Into the past and out of it.
    terminal.keys(" ");
    beyond(&terminal, made + 1000);
    let before = terminal.press(" ", |screen| step_while("paused", screen));
    let shown = terminal
        .press(",,,", |screen| step_while("past", screen).filter(|&now| now + 200 < before));
    terminal.wait_for("◀ step");
    terminal.press("<", |screen| step_while("past", screen).filter(|&now| now == 0 && now < shown));
    terminal.press(".", |screen| step_while("past", screen).filter(|&now| now == 100));
    terminal.press(ESC, |screen| step_while("paused", screen).filter(|&now| now == before));

    // A branch from there, and back to the one that was left.
    let shown = terminal
        .press(",,,", |screen| step_while("past", screen).filter(|&now| now + 200 < before));
    terminal.press_for(" ", "a branch at step");
    beyond(&terminal, shown + 500);
    terminal.press(RIGHT, |screen| activation(screen, relu + 1));
    terminal.press_for("B", "╭ Branches ");
    terminal.wait_for("● layer 1 relu →");
    terminal.press_for(DOWN, "▸   ");
    terminal.press(ENTER, |screen| screen.contains("on the branch").then_some(()));
    terminal.press("B", |screen| screen.contains("╭ Branches ").then_some(()));
    terminal.press_for(&format!("{DOWN}d"), "d again deletes");
    terminal.press("d", |screen| (!screen.contains("d again deletes")).then_some(()));
    terminal.press(ESC, |screen| step(screen).filter(|_| !screen.contains("╭ Branches ")));

    // What is left of them, raced over seeds.
    terminal.press_for("B", "╭ Branches ");
    terminal.press_for(" ", "✓");
    terminal.press_for("c", "one branch alone is no race");
    terminal.press_for(&format!("{DOWN} "), "▸✓");
    terminal.press_for("c", "╭ Ranking");
    terminal.wait_for("@");
    terminal.press("1", |screen| step(screen).filter(|_| screen.contains("╭ Network")));
    // A race that goes on is not left without a word.
    terminal.press_for("q", "╭ Quit?");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn back_and_forth_on_a_small_terminal() {
    goes_back_and_forth((80, 24));
}

#[test]
fn back_and_forth_on_a_large_terminal() {
    goes_back_and_forth((120, 40));
}
