//! The keys of the Compare screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Context, binding, ch, key};

/// The keys of the Compare screen.
pub static KEYS: Context = Context {
    title: "Compare",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "arm", "the next arm of the ranking"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "the arm before"),
        binding(&[ch(' ')], Action::Tick, "hide", "hide this arm's curve, or show it again"),
        binding(&[ch('s')], Action::Solo, "solo", "this arm's curve alone, or all again"),
        binding(
            &[key(KeyCode::Right), ch('l')],
            Action::Increase,
            "cursor",
            "the cursor an evaluation to the right: every arm's value is in the ranking",
        ),
        binding(
            &[key(KeyCode::Left), ch('h')],
            Action::Decrease,
            "",
            "the cursor an evaluation to the left",
        ),
        binding(
            &[ch('z')],
            Action::Zoom,
            "zoom",
            "one panel on the whole screen: sensitivity, networks, curves, ranking",
        ),
        binding(
            &[key(KeyCode::Enter)],
            Action::Open,
            "",
            "this arm at its best learning rate on the Train screen",
        ),
        binding(&[ch('w')], Action::Save, "write", "write report, tables and charts to a folder"),
        binding(
            &[ch('1')],
            Action::Go('1'),
            "train",
            "back to the Train screen, as Esc; the race goes on, and c returns to it",
        ),
        binding(&[key(KeyCode::Home)], Action::Home, "", "the cursor to the start"),
        binding(&[key(KeyCode::End)], Action::End, "", "no cursor: the last values"),
        binding(&[ch('x')], Action::XAxis, "", "curves by step, by epoch, by seconds"),
        binding(&[ch('X')], Action::LogXAxis, "", "that axis linear or logarithmic"),
        binding(&[ch('y')], Action::LogAxis, "", "losses on a linear or logarithmic axis"),
        binding(
            &[ch('m')],
            Action::Metric,
            "",
            "curves of test loss, test accuracy, train loss, train accuracy",
        ),
        binding(
            &[ch('b')],
            Action::NetworkView,
            "",
            "this arm's network beside that of the one chosen before",
        ),
        binding(&[ch('g')], Action::Log, "", "all warnings in full"),
        binding(&[ch('p')], Action::Rest, "", "let the race rest, or go on"),
        binding(&[ch('e')], Action::EndRace, "", "end the race; finished runs are kept"),
        binding(&[ch('c'), ch('3')], Action::NewRace, "", "another race"),
        binding(&[ch('+')], Action::Widen, "", "the same race over more learning rates"),
        binding(&[ch('o')], Action::Races, "", "open a race that was run before"),
    ],
};
