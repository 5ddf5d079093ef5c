//! The Layers screen: strips, and every key of it.

use super::harness::{DOWN, ENDLESS, ENTER, ESC, LEFT, RIGHT, Start, step, step_while};

/// Whether a strip is drawn beside the axis of a layer's values, some of its first columns apart.
fn strips(screen: &str) -> Option<()> {
    let drawn = |line: &str| line.split(['┤', '│']).any(|part| part.trim_start().starts_with("▀▀"));
    screen.lines().any(drawn).then_some(())
}

fn every_key(size: (u16, u16)) {
    let experiment = format!("{ENDLESS},eval_every=100");
    let mut start = Start::gradlab(&[&experiment]);
    start.size = size;
    let mut terminal = start.open();
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 3000));
    // What was seen under the Train screen is there at once.
    terminal.press_for("2", "Weights over time");
    terminal.wait("strips", strips);
    for title in ["Gradients", "Activations", "Pre-activations", "Updates", "Weights"] {
        terminal.press_for("m", &format!("{title} over time"));
        terminal.wait("strips", strips);
    }
    terminal.press_for("y", "y symmetric log");
    terminal.press_for("y", "y linear");
    terminal.press_for(DOWN, "▸2 relu");
    terminal.press_for("\x1b[F", "▸3 softmax");
    terminal.press_for("\x1b[H", "▸1 relu");

    // Time: nearer, along it, and all of it again.
    let head = terminal.press(" ", |screen| step_while("paused", screen));
    terminal.press_for("x", "▸1 relu");
    terminal.press_for(LEFT, "▸1 relu");
    for _ in 0..9 {
        terminal.keys(LEFT);
    }
    terminal.press_for(LEFT, "this is the start of the run");
    terminal.wait("what was not looked at before", strips);
    terminal.keys("XXXX");
    terminal.press_for(RIGHT, "the whole run is shown");

    // The moment shown, and out of the past again.
    let shown =
        terminal.press(",,,", |screen| step_while("past", screen).filter(|&now| now + 200 < head));
    terminal.press("<", |screen| step_while("past", screen).filter(|&now| now == 0 && now < shown));
    terminal.press(".", |screen| step_while("past", screen).filter(|&now| now == 100));
    terminal.press(ESC, |screen| step_while("paused", screen).filter(|&now| now == head));
    terminal.press("s", |screen| step_while("paused", screen).filter(|&now| now == head + 1));

    // One panel after the other on the whole screen.
    for title in ["╭ Weights over time", "╭ log10(update : weight)", "╭ Neurons", "╭ Stability"]
    {
        terminal.press_for("z", title);
    }
    terminal.press_for(ESC, "╭ Weights over time");
    terminal.resize((60, 16));
    terminal.wait("a small screen", strips);
    terminal.resize(size);
    terminal.wait("the screen of before", strips);
    terminal.press_for("?", "strips of weights");
    terminal.press(ESC, |screen| step(screen).filter(|_| !screen.contains("╭ Keys")));
    terminal.press_for(ENTER, "╭ Neuron 1 of layer ");
    terminal.press(ESC, |screen| (!screen.contains("╭ Neuron 1 of layer ")).then_some(()));
    terminal.press_for("1", "╭ Network");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn every_key_on_a_small_terminal() {
    every_key((80, 24));
}

#[test]
fn every_key_on_a_large_terminal() {
    every_key((120, 40));
}
