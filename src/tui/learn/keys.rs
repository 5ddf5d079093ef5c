//! The keys of a lesson while it has the focus; all others are the screen's.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Action, Binding, Context, binding, ch, key, run};

const GO_ON: Binding =
    binding(&[key(KeyCode::Enter)], Action::GoOn, "go on", "show the answer, then the next page");
/// Where it refuses until the question is answered.
const SHOW: Binding = Binding { label: "", ..GO_ON };
/// Turns to the next page.
pub const SKIP: Binding =
    binding(&[key(KeyCode::PageDown)], Action::Skip, "", "the next page, whatever is left to do");
const PAGE_BACK: Binding =
    binding(&[key(KeyCode::PageUp)], Action::PageBack, "", "the page before");
/// Leaves the keys to the screen.
pub const CONTROLS: Binding = binding(
    &[key(KeyCode::Tab)],
    Action::ToScreen,
    "controls",
    "to the screen beside it; 5 comes back",
);
const LEAVE: Binding =
    binding(&[key(KeyCode::Esc)], Action::LeaveLesson, "leave", "leave it; it stays where it was");

/// While nothing is asked.
pub static LESSON: Context = Context {
    title: "Lesson",
    takes_text: false,
    rows: &[GO_ON, run::TOGGLE, CONTROLS, SKIP, PAGE_BACK, LEAVE],
};

/// While one of several choices is asked for.
pub static CHOICES: Context = Context {
    title: "Lesson: a question with choices",
    takes_text: false,
    rows: &[
        binding(&[ch('1')], Action::Answer(1), "answer", "the first answer"),
        binding(&[ch('2')], Action::Answer(2), "", "the second answer"),
        binding(&[ch('3')], Action::Answer(3), "", "the third answer"),
        binding(&[ch('4')], Action::Answer(4), "", "the fourth answer"),
        CONTROLS,
        SKIP,
        PAGE_BACK,
        SHOW,
        LEAVE,
    ],
};

/// While a number is asked for.
pub static NUMBER: Context = Context {
    title: "Lesson: a question for a number",
    takes_text: true,
    rows: &[
        binding(&[key(KeyCode::Enter)], Action::GoOn, "answer", "answer with what was typed"),
        CONTROLS,
        SKIP,
        PAGE_BACK,
        LEAVE,
    ],
};

/// While a curve is asked for.
pub static CURVE: Context = Context {
    title: "Lesson: a curve to be drawn",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Right), ch('l')], Action::Increase, "point", "the next point"),
        binding(&[key(KeyCode::Left), ch('h')], Action::Decrease, "", "the point before"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "move", "the point higher"),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "", "the point lower"),
        binding(&[key(KeyCode::Enter)], Action::GoOn, "done", "answer with this curve"),
        CONTROLS,
        SKIP,
        PAGE_BACK,
        LEAVE,
    ],
};

/// All of them, in the order in which help shows them.
pub static CONTEXTS: [&Context; 4] = [&LESSON, &CHOICES, &NUMBER, &CURVE];
