//! The keys of what lies on top of a screen.

use crossterm::event::{KeyCode, KeyModifiers};

use crate::tui::keymap::{Action, Context, binding, ch, key, run};

/// All of them, in the order in which help shows them.
pub static CONTEXTS: [&Context; 8] =
    [&LIST, &BRANCHES, &PAGE, &ONE_STEP, &CHECKLIST, &PROMPT, &QUESTION, &TOGETHER];

/// In a list that is filtered by typing.
pub static LIST: Context = Context {
    title: "Lists",
    takes_text: true,
    rows: &[
        binding(&[key(KeyCode::Enter)], Action::Open, "choose", "choose"),
        binding(&[key(KeyCode::Up)], Action::Up, "", "a row up"),
        binding(&[key(KeyCode::Down)], Action::Down, "", "a row down"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
        binding(&[key(KeyCode::PageDown)], Action::PageDown, "", "a page down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "to the top"),
        binding(&[key(KeyCode::End)], Action::End, "", "to the bottom"),
        binding(
            &[key(KeyCode::Tab), key(KeyCode::BackTab)],
            Action::Next,
            "parameters",
            "between the list and the entry's parameters",
        ),
        binding(&[key(KeyCode::Right)], Action::Increase, "", "the parameter's next value"),
        binding(&[key(KeyCode::Left)], Action::Decrease, "", "the parameter's value before"),
        binding(&[key(KeyCode::Esc)], Action::Back, "back", "close without choosing"),
    ],
};

/// In the list of branches.
pub static BRANCHES: Context = Context {
    title: "Branches",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Enter)], Action::Open, "go there", "go on with this branch"),
        binding(
            &[ch('c')],
            Action::NewRace,
            "race",
            "race the ticked branches, or all, over seeds: each at its own learning rates",
        ),
        binding(&[ch(' ')], Action::Tick, "tick", "take it into the race, or leave it out"),
        binding(
            &[ch('d'), key(KeyCode::Delete)],
            Action::Delete,
            "delete",
            "delete this branch, at the second press",
        ),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "", "a row down"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
        binding(&[key(KeyCode::PageDown)], Action::PageDown, "", "a page down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "to the top"),
        binding(&[key(KeyCode::End)], Action::End, "", "to the bottom"),
        binding(&[key(KeyCode::Esc), ch('B')], Action::Back, "back", "close the list"),
    ],
};

/// In a page to read.
pub static PAGE: Context = Context {
    title: "Pages",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "scroll", "a row down"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
        binding(&[key(KeyCode::PageDown), ch(' ')], Action::PageDown, "", "a page down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "to the top"),
        binding(&[key(KeyCode::End)], Action::End, "", "to the bottom"),
        binding(
            &[key(KeyCode::Esc), key(KeyCode::Enter), ch('q')],
            Action::Back,
            "back",
            "close the page",
        ),
    ],
};

/// Inside a step.
pub static ONE_STEP: Context = Context {
    title: "One step, in numbers",
    takes_text: false,
    rows: &[
        binding(&[ch('s')], Action::Step, "step", "make the step: the numbers move"),
        binding(&[key(KeyCode::Right), ch('l')], Action::Increase, "neuron", "the next neuron"),
        binding(&[key(KeyCode::Left), ch('h')], Action::Decrease, "", "the neuron before"),
        binding(
            &[key(KeyCode::Down), ch('j')],
            Action::Down,
            "weight",
            "the next weight of the list",
        ),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "the weight before"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "ten weights up"),
        binding(&[key(KeyCode::PageDown)], Action::PageDown, "", "ten weights down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "the first weight of the list"),
        binding(&[key(KeyCode::End)], Action::End, "", "the last weight of the list"),
        binding(&[key(KeyCode::Tab)], Action::Next, "layer", "the next layer"),
        binding(&[key(KeyCode::BackTab)], Action::Previous, "", "the layer before"),
        binding(&[ch('n')], Action::NextSample, "sample", "the next sample of the batch"),
        binding(&[ch('N')], Action::PreviousSample, "", "the sample before"),
        binding(&[key(KeyCode::Esc), ch('i')], Action::Back, "back", "back to the screen"),
        binding(&[ch('z')], Action::Zoom, "close", "the loss over the step alone; again: farther"),
        binding(&[ch(' ')], Action::Toggle, "run/pause", "run or pause; it follows the run"),
        run::EPOCH,
        binding(&[ch(',')], Action::Earlier, "", "back in time, by an evaluation"),
        run::LATER,
        run::EARLIER_EDIT,
        run::LATER_EDIT,
        run::BEST,
    ],
};

/// In the list of what is to be raced.
pub static CHECKLIST: Context = Context {
    title: "What to race",
    takes_text: true,
    rows: &[
        binding(&[ch(' ')], Action::Tick, "tick", "take it into the race, or leave it out"),
        binding(&[key(KeyCode::Enter)], Action::Open, "start", "start the race"),
        binding(
            &[key(KeyCode::Right)],
            Action::Increase,
            "change",
            "the setting's next value, or tick",
        ),
        binding(&[key(KeyCode::Left)], Action::Decrease, "", "the setting's value before"),
        binding(&[key(KeyCode::Up)], Action::Up, "", "a row up"),
        binding(&[key(KeyCode::Down)], Action::Down, "", "a row down"),
        binding(&[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
        binding(&[key(KeyCode::PageDown)], Action::PageDown, "", "a page down"),
        binding(&[key(KeyCode::Home)], Action::Home, "", "to the top"),
        binding(&[key(KeyCode::End)], Action::End, "", "to the bottom"),
        binding(
            &[key(KeyCode::Tab)],
            Action::Next,
            "part",
            "to the next part: settings, optimizers, activations",
        ),
        binding(
            &[(KeyModifiers::CONTROL, KeyCode::Char('o'))],
            Action::Races,
            "races",
            "open a race that was run before",
        ),
        binding(&[key(KeyCode::Esc)], Action::Back, "back", "close without a race"),
    ],
};

/// While a value is being typed.
pub static PROMPT: Context = Context {
    title: "Typing a value",
    takes_text: true,
    rows: &[
        binding(&[key(KeyCode::Enter)], Action::Open, "set", "take the value"),
        binding(&[key(KeyCode::Esc)], Action::Back, "back", "leave it as it was"),
    ],
};

/// At a question.
pub static QUESTION: Context = Context {
    title: "Questions",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Enter), ch('y')], Action::Open, "yes", "yes"),
        binding(&[key(KeyCode::Esc), ch('n')], Action::Back, "no", "no"),
    ],
};

/// At an edit that needs others.
pub static TOGETHER: Context = Context {
    title: "An edit that needs others",
    takes_text: false,
    rows: &[
        binding(&[key(KeyCode::Enter), ch('y')], Action::Open, "make them", "make them together"),
        binding(&[key(KeyCode::Up), ch('k')], Action::Up, "", "the way before"),
        binding(&[key(KeyCode::Down), ch('j')], Action::Down, "", "another way"),
        binding(&[key(KeyCode::Esc), ch('n')], Action::Back, "no", "leave everything as it was"),
    ],
};
