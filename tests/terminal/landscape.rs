//! The network's own loss landscape: it comes coarse first, follows the run, and the keys of the run
//! hold.

use super::harness::{ESC, Start, number_after, step_while};

/// The step that the map is of, once it is whole.
fn mapped(screen: &str) -> Option<u64> {
    let line = screen.lines().find(|line| line.contains("╭ Loss landscape"))?;
    if line.contains("coarse") { None } else { number_after(line, "step") }
}

#[test]
fn a_landscape_in_a_terminal() {
    let recipe = "moons:samples=60/4-tanh/2-softmax/steps=1000000,eval_every=20";
    let mut start = Start::gradlab(&[recipe]);
    start.size = (120, 40);
    let mut terminal = start.open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&now| now > 50));
    terminal.press_for("4", "╭ Ravine: quadratic");
    terminal.press_for("n", "╭ Loss landscape");
    terminal.wait_for("path held");
    let first = terminal.wait("a map", mapped);
    terminal.wait("the next map", |screen| mapped(screen).filter(|&now| now > first));
    // At rest the map is of the very step, and at its centre the losses are one.
    terminal.press_for(" ", "‖ paused");
    terminal.press_for("m", "hessian, step");
    terminal.wait_for("curvature");
    let rests = terminal.wait("the step", |screen| step_while("paused", screen));
    terminal.wait("its map", |screen| mapped(screen).filter(|&step| step == rests));
    terminal.press("s", |screen| mapped(screen).filter(|&step| step == rests + 1));
    terminal.press_for("m", "random, step");
    terminal.press_for("m", "trajectory, step");
    terminal.press_for("n", "╭ Ravine: quadratic");
    terminal.press_for("n", "╭ Loss landscape");
    terminal.press_for(ESC, "╭ Network");
    terminal.keys("q");
    terminal.end().in_order(0);
}
