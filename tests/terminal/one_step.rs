//! One step, in numbers: it follows the run, makes steps, and goes back in time with it.

use super::harness::{ENDLESS, ESC, RIGHT, Start, Terminal, step_while};

const END: &str = "\x1b[F";

/// The step that is shown in numbers, while the run stands or goes as `word` says.
fn shown(word: &str, screen: &str) -> Option<u64> {
    step_while(word, screen)?;
    // In the border below the header.
    let title = screen.lines().nth(1).filter(|line| line.contains(" step "))?;
    let number = title.rsplit(" step ").next()?.split_whitespace().next()?;
    number.replace(',', "").parse().ok()
}

fn number_after(terminal: &Terminal, word: &str, wanted: u64) {
    terminal.wait("the step in numbers", |screen| shown(word, screen).filter(|&now| now == wanted));
}

fn looks_inside(size: (u16, u16)) {
    let experiment = format!("{ENDLESS},eval_every=100");
    let mut start = Start::gradlab(&[&experiment]);
    start.size = size;
    let mut terminal = start.open();
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&now| now > 1000));
    let rest = terminal.press(" ", |screen| step_while("paused", screen));

    // At rest: the step to come, and each that is made.
    terminal.press_for("i", "Neuron 1 of layer 1");
    number_after(&terminal, "paused", rest + 1);
    terminal.keys("s");
    number_after(&terminal, "paused", rest + 2);
    terminal.press_for(RIGHT, "Neuron 2 of layer 1");
    terminal.press_for(END, "Bias of neuron 2");
    terminal.press_for("\t", "Neuron 1 of layer 2");
    terminal.press_for("n", "sample 2 of");

    // While it trains, and back in time.
    terminal.press(" ", |screen| shown("running", screen).filter(|&now| now > rest + 100));
    let rest = terminal.press(" ", |screen| step_while("paused", screen));
    number_after(&terminal, "paused", rest + 1);
    terminal.press(",", |screen| {
        let past = step_while("past", screen).filter(|&now| now < rest)?;
        shown("past", screen).filter(|&now| now == past + 1)
    });
    // A step made in the past begins a branch.
    let past = terminal.wait("the past", |screen| step_while("past", screen));
    terminal.keys("s");
    number_after(&terminal, "paused", past + 2);
    terminal.press_for(ESC, "Network");
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn a_step_in_numbers_follows_the_run_at_every_size() {
    for size in [(120, 40), (80, 24)] {
        looks_inside(size);
    }
}
