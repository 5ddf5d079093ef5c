//! The cursor among the neurons.

use super::harness::{DOWN, ENDLESS, ENTER, ESC, RIGHT, Start};

fn from_neuron_to_neuron(size: (u16, u16)) {
    let mut start = Start::gradlab(&[ENDLESS]);
    start.size = size;
    let mut terminal = start.open();
    terminal.wait_for("Decision boundary");
    terminal.press_for("N", "Layer 1, neuron ");
    let neuron = |screen: &str, layer: usize| {
        let start = screen.find(&format!("Layer {layer}, neuron "))?;
        let word = screen[start..].split_whitespace().nth(3)?;
        word.trim_end_matches([':', '…']).parse::<usize>().ok()
    };
    let first = terminal.wait("a neuron", |screen| neuron(screen, 1));
    terminal.press(DOWN, |screen| neuron(screen, 1).filter(|&it| it != first));
    terminal.press_for(RIGHT, "Layer 2, neuron ");
    terminal.press_for(RIGHT, "Output ");
    terminal.press_for(ESC, "Decision boundary");
    terminal.press_for("C", "Decided classes");
    terminal.press_for("C", "Decision boundary");
    // ⏎ on a neuron picks the activation of its layer, and the list looks at that layer.
    terminal.press_for(&format!("N{RIGHT}"), "Layer 2, neuron ");
    terminal.press_for(ENTER, "Activation of layer 2");
    terminal.wait_for("lie where this");
    terminal.press(ESC, |screen| (!screen.contains("Activation of layer")).then_some(()));
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn neurons_on_a_small_terminal() {
    from_neuron_to_neuron((80, 24));
}

#[test]
fn neurons_on_a_large_terminal() {
    from_neuron_to_neuron((120, 40));
}
