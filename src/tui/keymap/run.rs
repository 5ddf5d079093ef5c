//! The keys that mean the same wherever the run is watched; their words in the footer are each
//! screen's own.

use super::{Action, Binding, binding, ch};

/// The key of the remedy.
pub const REMEDY: char = 'f';

/// Runs or pauses.
pub const TOGGLE: Binding = binding(
    &[ch(' ')],
    Action::Toggle,
    "pause",
    "run or pause; in the past: train on from there, on a branch",
);
/// Goes back in time.
pub const EARLIER: Binding = binding(
    &[ch(',')],
    Action::Earlier,
    "rewind",
    "back in time, by an evaluation; held down, faster",
);
/// Goes on in time.
pub const LATER: Binding = binding(&[ch('.')], Action::Later, "", "on in time, by an evaluation");
/// Goes back in time by edits.
pub const EARLIER_EDIT: Binding =
    binding(&[ch('<')], Action::EarlierEdit, "", "back to the edit before");
/// Goes on in time by edits.
pub const LATER_EDIT: Binding = binding(&[ch('>')], Action::LaterEdit, "", "on to the next edit");
/// Goes to the lowest test loss.
pub const BEST: Binding =
    binding(&[ch('b')], Action::Best, "", "to where the test loss was lowest");
/// Shows more steps.
pub const ZOOM_OUT: Binding =
    binding(&[ch('X')], Action::ZoomOut, "", "twice as many steps, at last the whole run");
/// Makes a step.
pub const STEP: Binding = binding(&[ch('s')], Action::Step, "", "one step, then pause");
/// Makes the steps of an epoch.
pub const EPOCH: Binding =
    binding(&[ch('e')], Action::Epoch, "", "to the end of the epoch, then pause");
/// Starts again.
pub const RESET: Binding = binding(
    &[ch('r')],
    Action::Reset,
    "",
    "a branch from exactly the same start, under the present settings",
);
/// Takes a change back.
pub const UNDO: Binding = binding(
    &[ch('u')],
    Action::Undo,
    "",
    "undo the last change: settings and run are as before it",
);
/// Makes a change again.
pub const REDO: Binding =
    binding(&[ch('U')], Action::Redo, "", "make the change again that was undone");
/// Applies the remedy.
pub const FIX: Binding =
    binding(&[ch(REMEDY)], Action::Fix, "", "apply the remedy of the diagnosis; u takes it back");
/// Divides all rates by ten.
pub const RATES_TENTH: Binding = binding(
    &[ch('t')],
    Action::RatesTenth,
    "",
    "all learning rates ÷ 10, and go on if it had diverged",
);
/// Lists the branches.
pub const BRANCHES: Binding = binding(&[ch('B')], Action::Branches, "", "the branches of this run");
/// Sets a higher pace.
pub const FASTER: Binding =
    binding(&[ch(']')], Action::Faster, "", "more steps a second, up to as fast as possible");
/// Sets a lower pace.
pub const SLOWER: Binding = binding(&[ch('[')], Action::Slower, "", "fewer steps a second");
/// Shows the log.
pub const LOG: Binding =
    binding(&[ch('g')], Action::Log, "", "the run's log: what was changed, and when");
