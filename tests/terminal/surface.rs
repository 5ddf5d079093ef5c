//! The Surface screen: it walks by itself, and every key does what it says.

use super::harness::{DOWN, ENTER, ESC, RIGHT, Start, number_after, step_while};

/// The step of the walk.
fn walked(screen: &str) -> Option<u64> {
    let line = screen.lines().find(|line| line.contains("/s ╮") || line.contains("‖ paused"))?;
    number_after(line, "step")
}

#[test]
fn a_walk_in_a_terminal() {
    let mut start = Start::gradlab(&["moons/8-relu/2-softmax/steps=1000000"]);
    start.size = (120, 40);
    let mut terminal = start.open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&now| now > 50));

    // It opens walking, beside the run.
    terminal.press_for("4", "╭ Ravine: quadratic");
    let first = terminal.wait("a step", |screen| walked(screen).filter(|&now| now > 3));
    terminal.wait("more steps", |screen| walked(screen).filter(|&now| now > first + 5));
    let run = terminal.wait("the run", |screen| step_while("running", screen));
    terminal
        .wait("the run goes on", |screen| step_while("running", screen).filter(|&now| now > run));
    terminal.press_for(" ", "‖ paused");
    let rests = terminal.wait("the step", walked);
    terminal.press("s", |screen| walked(screen).filter(|&now| now == rests + 1));
    terminal.wait_for(&format!("Step {} of A: sgd:lr=0.0392", rests + 1));
    terminal.wait_for("plain gradient descent");

    // Another start, and back to the usual one of the surface.
    terminal.press_for(RIGHT, "○ start (-3.75, 0.600)");
    terminal.press_for(" ", "‖ paused");
    terminal.press_for("r", "step 0   ‖ paused");
    terminal.press_for("\x1b[H", "○ start (-4.00, 1.00)");

    // A rate that is too high.
    terminal.press_for("\t", "▸ A sgd");
    terminal.press_for("+", "Step");
    terminal.wait_for("0.0500");
    terminal.wait_for("↗");
    terminal.press_for(DOWN, "of B: sgd:lr=0.0614");

    // Another surface, another walk, and away.
    terminal.press_for("p", "╭ Surface ─");
    terminal.keys("booth");
    terminal.press_for(ENTER, "╭ booth ─");
    terminal.wait("a step there", |screen| walked(screen).filter(|&now| now > 0));
    terminal.press_for("o", "╭ Walks ─");
    terminal.keys("saddle");
    terminal.press_for(ENTER, "╭ saddle ─");
    terminal.wait("its end", |screen| walked(screen).filter(|&now| now == 100));
    // From the list back to the map, and only then away: Escape and a key are Alt with it.
    terminal.press_for(ESC, "Tab list");
    terminal.press_for("1", "╭ Network");
    terminal.keys("q");
    terminal.end().in_order(0);
}
