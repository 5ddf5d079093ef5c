//! The keys of the Layers screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Context, binding, ch, key};
use crate::tui::screen::diagnosis::FIX;

/// The keys of the Layers screen.
pub static KEYS: Context = Context {
    title: "Layers",
    takes_text: false,
    rows: &[
        binding(
            &[ch(' ')],
            Action::Toggle,
            "pause",
            "run or pause; in the past: train on from there, on a branch",
        ),
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
        binding(
            &[ch(',')],
            Action::Earlier,
            "rewind",
            "back in time, by an evaluation; held down, faster",
        ),
        binding(&[ch('.')], Action::Later, "", "on in time, by an evaluation"),
        binding(&[ch('<')], Action::EarlierEdit, "", "back to the edit before"),
        binding(&[ch('>')], Action::LaterEdit, "", "on to the next edit"),
        binding(&[ch('b')], Action::Best, "", "to where the test loss was lowest"),
        binding(
            &[ch('x')],
            Action::ZoomIn,
            "zoom in",
            "half as many steps, around the moment shown or up to the present",
        ),
        binding(&[ch('X')], Action::ZoomOut, "", "twice as many steps, at last the whole run"),
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
        binding(&[ch('s')], Action::Step, "", "one step, then pause"),
        binding(&[ch('e')], Action::Epoch, "", "to the end of the epoch, then pause"),
        binding(
            &[ch('r')],
            Action::Reset,
            "",
            "a branch from exactly the same start, under the present settings",
        ),
        binding(
            &[ch('u')],
            Action::Undo,
            "",
            "undo the last change: settings and run are as before it",
        ),
        binding(&[ch('U')], Action::Redo, "", "make the change again that was undone"),
        binding(&[ch(FIX)], Action::Fix, "", "apply the remedy of the diagnosis; u takes it back"),
        binding(&[ch('B')], Action::Branches, "", "the branches of this run"),
        binding(&[ch(']')], Action::Faster, "", "more steps a second, up to as fast as possible"),
        binding(&[ch('[')], Action::Slower, "", "fewer steps a second"),
        binding(&[ch('g')], Action::Log, "", "the run's log: what was changed, and when"),
        binding(&[ch('1')], Action::Go('1'), "train", "back to the Train screen, as Esc"),
    ],
};
