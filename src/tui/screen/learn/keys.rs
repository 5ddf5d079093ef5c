//! The keys of the Learn screen, those that matter most first.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Binding, Context, binding, ch, key};

const BEGIN: Binding = binding(
    &[key(KeyCode::Enter), ch(' ')],
    Action::Open,
    "begin",
    "the course or lesson under the cursor, where it was left; the claim: put it to the test",
);
const DOWN: Binding = binding(&[key(KeyCode::Down), ch('j')], Action::Down, "choose", "a row down");
const UP: Binding = binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up");
const AGAIN: Binding = binding(
    &[ch('r')],
    Action::Restart,
    "from page 1",
    "the course or lesson from its beginning; the claim: predict anew",
);
const HOME: Binding = binding(&[key(KeyCode::Home)], Action::Home, "", "to the top");
const END: Binding = binding(&[key(KeyCode::End)], Action::End, "", "to the bottom");
const BACK: Binding = binding(
    &[key(KeyCode::Esc)],
    Action::Back,
    "back",
    "stop the test of a claim; else back to the run",
);

/// The keys of the Learn screen.
pub static KEYS: Context =
    Context { title: "Learn", takes_text: false, rows: &[BEGIN, DOWN, UP, AGAIN, HOME, END, BACK] };

/// Those while a claim waits for a prediction.
pub static PREDICT: Context = Context {
    title: "Learn: a claim to be predicted",
    takes_text: false,
    rows: &[
        binding(&[ch('1')], Action::Answer(1), "predict", "it holds"),
        binding(&[ch('2')], Action::Answer(2), "", "it holds here, but not there"),
        binding(&[ch('3')], Action::Answer(3), "", "it does not hold"),
        binding(&[ch('4')], Action::Answer(4), "", "nothing can be told"),
        DOWN,
        UP,
        BEGIN,
        HOME,
        END,
        BACK,
    ],
};
