//! The keys of the Learn screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Context, binding, ch, key};

/// The keys of the Learn screen.
pub static KEYS: Context = Context {
    title: "Learn",
    takes_text: false,
    rows: &[
        binding(
            &[key(KeyCode::Enter), ch(' ')],
            Action::Open,
            "begin",
            "the lesson under the cursor, where it was left",
        ),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "choose", "a row down"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
        binding(&[ch('r')], Action::Restart, "from page 1", "the lesson from its first page"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "to the top"),
        binding(&[key(KeyCode::End)], Action::End, "", "to the bottom"),
        binding(&[key(KeyCode::Esc)], Action::Back, "", "back to the run"),
    ],
};
