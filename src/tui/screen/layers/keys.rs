//! The keys of the Layers screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Context, binding, ch, key, run};

/// The keys of the Layers screen.
pub static KEYS: Context = Context {
    title: "Layers",
    takes_text: false,
    rows: &[
        run::TOGGLE,
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "layer", "the next layer"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "the layer before"),
        binding(
            &[ch('m')],
            Action::Metric,
            "quantity",
            "strips of weights, gradients, activations, pre-activations, updates",
        ),
        binding(
            &[ch('y')],
            Action::LogAxis,
            "scale",
            "values on a linear axis or a symmetric logarithmic one",
        ),
        binding(
            &[key(KeyCode::Enter)],
            Action::Open,
            "inside",
            "one step of this layer, in numbers",
        ),
        run::EARLIER,
        run::LATER,
        run::EARLIER_EDIT,
        run::LATER_EDIT,
        run::BEST,
        binding(
            &[ch('x')],
            Action::ZoomIn,
            "zoom in",
            "half as many steps, around the moment shown or up to the present",
        ),
        run::ZOOM_OUT,
        binding(
            &[key(KeyCode::Left), ch('h')],
            Action::Decrease,
            "",
            "to earlier steps, where not the whole run is shown",
        ),
        binding(
            &[key(KeyCode::Right), ch('l')],
            Action::Increase,
            "",
            "to later steps, where not the whole run is shown",
        ),
        binding(
            &[ch('z')],
            Action::Zoom,
            "one panel",
            "one panel on the whole screen: this layer, charts, network, signs",
        ),
        binding(&[key(KeyCode::Home)], Action::Home, "", "the first layer"),
        binding(&[key(KeyCode::End)], Action::End, "", "the last layer"),
        run::STEP,
        run::EPOCH,
        run::RESET,
        run::UNDO,
        run::REDO,
        run::FIX,
        run::RATES_TENTH,
        run::BRANCHES,
        run::FASTER,
        run::SLOWER,
        run::LOG,
        binding(&[ch('1')], Action::Go('1'), "train", "back to the Train screen, as Esc"),
    ],
};
