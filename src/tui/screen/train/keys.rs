//! The keys of the Train screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Binding, Context, Key, binding, ch, key, run};

/// What matters most in the past, with its words in the footer.
pub static IN_THE_PAST: [(Action, &str); 5] = [
    (Action::Toggle, "go on here"),
    (Action::Back, "present"),
    (Action::Earlier, "step"),
    (Action::EarlierEdit, "edits"),
    (Action::Best, "best"),
];

/// What matters most among the neurons, with its words in the footer: of a run that rests all but the
/// last, of one that goes on all but the first.
pub static NEURONS: [(Action, &str); 5] = [
    (Action::Toggle, "run"),
    (Action::Increase, "layer"),
    (Action::Down, "neuron"),
    (Action::Back, "all of it"),
    (Action::Toggle, "pause"),
];

/// Shows a step in numbers.
pub const INSIDE: Binding = binding(
    &[ch('i')],
    Action::Inside,
    "inside",
    "one step, in numbers: a neuron of this layer, and how its weights move",
);

/// The keys of the Train screen.
pub static KEYS: Context = Context {
    title: "Train",
    takes_text: false,
    rows: &[
        run::TOGGLE,
        binding(
            &[key(KeyCode::Right), ch('l')],
            Action::Increase,
            "change",
            "the field's next value",
        ),
        binding(&[key(KeyCode::Left), ch('h')], Action::Decrease, "", "the field's value before"),
        binding(
            &[key(KeyCode::Enter)],
            Action::Open,
            "edit",
            "choose from a list with pictures, or type a value",
        ),
        Binding { label: "undo", ..run::UNDO },
        run::REDO,
        run::EARLIER,
        run::LATER,
        run::EARLIER_EDIT,
        run::LATER_EDIT,
        run::BEST,
        Binding { label: "branches", ..run::BRANCHES },
        Binding { label: "step", ..run::STEP },
        INSIDE,
        binding(
            &[ch('P')],
            Action::Paint,
            "paint",
            "paint points on the plane; i does so too on the rows input and data, and on the plane alone",
        ),
        run::EPOCH,
        Binding { label: "reset", ..run::RESET },
        binding(
            &[ch('R')],
            Action::NewWeights,
            "",
            "a new start from other weights and batches, on the same data",
        ),
        binding(
            &[ch('D')],
            Action::NewData,
            "",
            "a new start on other data or another split, from the same weights",
        ),
        binding(&[key(KeyCode::Tab)], Action::Next, "", "the next field"),
        binding(&[key(KeyCode::BackTab)], Action::Previous, "", "the field before"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "", "a row down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "the first field"),
        binding(&[key(KeyCode::End)], Action::End, "", "the last field"),
        binding(&[ch('a')], Action::AddLayer, "", "add a layer after this one, and start again"),
        binding(
            &[ch('d'), key(KeyCode::Delete)],
            Action::RemoveLayer,
            "",
            "remove this layer, and start again",
        ),
        binding(&[ch('n')], Action::Norm, "", "the layer's next norm: batch, layer, rms, none"),
        binding(&[ch('o')], Action::Dropout, "", "more dropout behind the layer; ← for less"),
        binding(&[ch('+'), ch('=')], Action::RatesUp, "", "all learning rates × 2"),
        binding(&[ch('-')], Action::RatesDown, "", "all learning rates ÷ 2"),
        run::RATES_TENTH,
        run::FIX,
        run::FASTER,
        run::SLOWER,
        binding(
            &[ch('v')],
            Action::AllSettings,
            "",
            "all settings; again: only those that are not at their defaults",
        ),
        binding(&[ch('y')], Action::LogAxis, "", "loss on a linear or logarithmic axis"),
        binding(
            &[ch('x')],
            Action::ZoomIn,
            "",
            "half as many steps on the charts, around the moment shown or up to the present",
        ),
        run::ZOOM_OUT,
        binding(
            &[ch('N')],
            Action::Neurons,
            "neurons",
            "into the network drawn, where arrows go from neuron to neuron; back out of it",
        ),
        binding(
            &[ch('C')],
            Action::Decided,
            "",
            "the plane by decided classes alone; again: with their confidence",
        ),
        binding(
            &[ch('S')],
            Action::NextSequence,
            "",
            "the next held-out sequence, where the samples are sequences",
        ),
        binding(&[ch('z')], Action::Zoom, "zoom", "one panel on the whole screen, then the next"),
        binding(&[ch('p')], Action::Presets, "presets", "choose another experiment"),
        binding(
            &[ch('c'), ch('3')],
            Action::Go('3'),
            "race",
            "race this against other optimizers or activations; back to a race under way",
        ),
        binding(&[ch('5')], Action::Go('5'), "learn", "lessons, and claims to be tested"),
        run::LOG,
        binding(&[ch('w')], Action::Save, "", "write experiment and log to a file in this folder"),
    ],
};

/// What a digit sets.
const fn point(key: &'static [Key], class: u8, label: &'static str) -> Binding {
    binding(key, Action::Point(class), label, "set points of that class under the brush: a stroke")
}

/// The keys of painting, those that matter most first.
pub static PAINTING: Context = Context {
    title: "Painting points",
    takes_text: false,
    rows: &[
        binding(
            &[key(KeyCode::Right), ch('l')],
            Action::Increase,
            "move",
            "the cursor to the right",
        ),
        binding(&[key(KeyCode::Left), ch('h')], Action::Decrease, "", "the cursor to the left"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "the cursor up"),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "", "the cursor down"),
        point(&[ch('0')], 0, "set"),
        point(&[ch('1')], 1, ""),
        point(&[ch('2')], 2, ""),
        point(&[ch('3')], 3, ""),
        point(&[ch('4')], 4, ""),
        point(&[ch('5')], 5, ""),
        point(&[ch('6')], 6, ""),
        point(&[ch('7')], 7, ""),
        point(&[ch('8')], 8, ""),
        point(&[ch('9')], 9, ""),
        binding(&[key(KeyCode::Esc), ch('P')], Action::Back, "done", "end painting"),
        binding(
            &[ch('d'), key(KeyCode::Delete), key(KeyCode::Backspace)],
            Action::Delete,
            "delete",
            "delete the points under the brush; the mouse's right button does so too",
        ),
        binding(
            &[ch('+'), ch('=')],
            Action::WiderBrush,
            "brush",
            "a brush of more points, farther around the cursor",
        ),
        binding(&[ch('-')], Action::NarrowerBrush, "", "a brush of fewer points"),
        Binding { label: "undo", ..run::UNDO },
        run::REDO,
        binding(&[ch('c')], Action::Clear, "empty", "an empty plane to paint on"),
        binding(
            &[key(KeyCode::Tab)],
            Action::Next,
            "",
            "the next class for the mouse, whose left button sets points",
        ),
        binding(&[key(KeyCode::BackTab)], Action::Previous, "", "the class before"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "the cursor up by five rows"),
        binding(&[key(KeyCode::PageDown)], Action::PageDown, "", "the cursor down by five rows"),
        binding(
            &[key(KeyCode::Home)],
            Action::Home,
            "",
            "the cursor to the left by twenty columns",
        ),
        binding(&[key(KeyCode::End)], Action::End, "", "the cursor to the right by twenty columns"),
        run::TOGGLE,
        run::STEP,
        run::EPOCH,
        run::RESET,
        run::FASTER,
        run::SLOWER,
        binding(&[ch('z')], Action::Zoom, "", "the plane on the whole screen, and back"),
        binding(
            &[ch('w')],
            Action::Save,
            "save",
            "write the points as CSV, and the experiment that uses them",
        ),
    ],
};
