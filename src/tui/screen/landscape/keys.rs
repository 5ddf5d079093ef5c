//! The keys of the loss landscape, those that matter most first.

use crate::tui::keymap::{Action, Binding, Context, binding, ch, run};

/// Goes between the test surfaces and the network's own loss.
pub const LANDSCAPE: Binding = binding(
    &[ch('n')],
    Action::Landscape,
    "own loss",
    "between the test surfaces and this network's own loss",
);

/// The keys of the loss landscape.
pub static KEYS: Context = Context {
    title: "Loss landscape",
    takes_text: false,
    rows: &[
        run::TOGGLE,
        binding(
            &[ch('m')],
            Action::Plane,
            "plane",
            "a plane of random directions, of the path, of the largest curvature",
        ),
        Binding { label: "surfaces", ..LANDSCAPE },
        run::EARLIER,
        run::LATER,
        run::EARLIER_EDIT,
        run::LATER_EDIT,
        run::BEST,
        run::STEP,
        run::EPOCH,
        run::RESET,
        run::UNDO,
        run::REDO,
        run::FIX,
        run::BRANCHES,
        run::FASTER,
        run::SLOWER,
        run::LOG,
        binding(&[ch('z')], Action::Zoom, "", "the map on the whole screen"),
        binding(&[ch('1')], Action::Go('1'), "train", "back to the Train screen, as Esc"),
    ],
};
