//! The one table of keys. Handlers, footer, help overlay and the README's table come from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key, a click or a menu asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// End the program.
    Quit,
    /// Stop the program for a while.
    Suspend,
    /// Close what is open on top.
    Back,
    /// Show every key.
    Help,
    /// Show what happened to the run.
    Log,
    /// Choose another experiment.
    Presets,
    /// Run or pause.
    Toggle,
    /// One step, then pause.
    Step,
    /// To the end of the epoch, then pause.
    Epoch,
    /// Back to exactly the same start.
    Reset,
    /// A new start from another seed.
    NewSeed,
    /// The next field.
    Next,
    /// The field before.
    Previous,
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the top.
    Home,
    /// To the bottom.
    End,
    /// The next value of the field.
    Increase,
    /// The value before.
    Decrease,
    /// Open the field, or choose.
    Open,
    /// A layer more.
    AddLayer,
    /// A layer less.
    RemoveLayer,
    /// The layer's next norm.
    Norm,
    /// More dropout behind the layer.
    Dropout,
    /// All learning rates × 2.
    RatesUp,
    /// All learning rates ÷ 2.
    RatesDown,
    /// All learning rates ÷ 10, and go on.
    RatesTenth,
    /// More steps a second.
    Faster,
    /// Fewer steps a second.
    Slower,
    /// Loss on a linear or logarithmic axis.
    LogAxis,
    /// One panel on the whole screen, the next at each press.
    Zoom,
    /// Write the run to files.
    Save,
    /// To the Train screen.
    Train,
    /// To the Compare screen, or to what is to be compared.
    Compare,
    /// Take into the race or leave out; show or hide.
    Tick,
    /// Hide all arms but one.
    Solo,
    /// Show the network of an arm beside that of another.
    NetworkView,
    /// Curves by step, epoch or seconds.
    XAxis,
    /// That axis linear or logarithmic.
    LogXAxis,
    /// Curves of another number.
    Metric,
    /// Rest the race or go on.
    Rest,
    /// End the race.
    EndRace,
    /// The race again over more learning rates.
    Widen,
    /// Choose a race that was kept.
    Races,
}

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Everywhere, unless text is being typed.
    Everywhere,
    /// On the Train screen.
    Train,
    /// On the Compare screen.
    Compare,
    /// In a list on top of the screen.
    List,
    /// In a page to read on top of the screen.
    Page,
    /// In the list of what is to be raced.
    Checklist,
    /// At a question.
    Question,
    /// While a value is being typed.
    Prompt,
}

impl Context {
    /// All of them, in the order in which help shows them.
    pub const ALL: [Self; 8] = [
        Self::Train,
        Self::Compare,
        Self::List,
        Self::Page,
        Self::Checklist,
        Self::Prompt,
        Self::Question,
        Self::Everywhere,
    ];

    /// The heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Train => "Train",
            Self::Compare => "Compare",
            Self::List => "Lists",
            Self::Page => "Pages",
            Self::Checklist => "What to race",
            Self::Prompt => "Typing a value",
            Self::Question => "Questions",
        }
    }

    /// Whether letters are text.
    const fn takes_text(self) -> bool {
        matches!(self, Self::List | Self::Checklist | Self::Prompt)
    }
}

/// A row of [`KEYS`].
#[derive(Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys, the first of which is shown first.
    pub keys: &'static [(KeyModifiers, KeyCode)],
    /// What they ask for.
    pub action: Action,
    /// The word in the footer; empty for those that are not there.
    pub label: &'static str,
    /// The line in the help.
    pub help: &'static str,
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;

const fn key(code: KeyCode) -> (KeyModifiers, KeyCode) {
    (NONE, code)
}

const fn ch(c: char) -> (KeyModifiers, KeyCode) {
    (NONE, KeyCode::Char(c))
}

const fn binding(
    context: Context,
    keys: &'static [(KeyModifiers, KeyCode)],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, label, help }
}

use Context::{Checklist, Compare, Everywhere, List, Page, Prompt, Question, Train};

/// Every key there is, those that matter most first.
pub static KEYS: &[Binding] = &[
    binding(Train, &[ch(' ')], Action::Toggle, "pause", "run or pause"),
    binding(
        Train,
        &[key(KeyCode::Right), ch('l')],
        Action::Increase,
        "change",
        "the field's next value",
    ),
    binding(
        Train,
        &[key(KeyCode::Left), ch('h')],
        Action::Decrease,
        "",
        "the field's value before",
    ),
    binding(
        Train,
        &[key(KeyCode::Enter)],
        Action::Open,
        "edit",
        "choose from a list with pictures, or type a value",
    ),
    binding(Train, &[ch('s')], Action::Step, "step", "one step, then pause"),
    binding(Train, &[ch('e')], Action::Epoch, "", "to the end of the epoch, then pause"),
    binding(
        Train,
        &[ch('r')],
        Action::Reset,
        "reset",
        "back to exactly the same start, edits kept",
    ),
    binding(Train, &[ch('R')], Action::NewSeed, "", "a new start from another seed"),
    binding(Everywhere, &[ch('?'), key(KeyCode::F(1))], Action::Help, "all keys", "this page"),
    binding(Train, &[key(KeyCode::Tab)], Action::Next, "", "the next field"),
    binding(Train, &[key(KeyCode::BackTab)], Action::Previous, "", "the field before"),
    binding(Train, &[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
    binding(Train, &[key(KeyCode::Down), ch('j')], Action::Down, "", "a row down"),
    binding(Train, &[key(KeyCode::Home)], Action::Home, "", "the first field"),
    binding(Train, &[key(KeyCode::End)], Action::End, "", "the last field"),
    binding(Train, &[ch('a')], Action::AddLayer, "", "add a layer after this one, and start again"),
    binding(
        Train,
        &[ch('d'), key(KeyCode::Delete)],
        Action::RemoveLayer,
        "",
        "remove this layer, and start again",
    ),
    binding(Train, &[ch('n')], Action::Norm, "", "the layer's next norm: batch, layer, rms, none"),
    binding(Train, &[ch('o')], Action::Dropout, "", "more dropout behind the layer; ← for less"),
    binding(Train, &[ch('+'), ch('=')], Action::RatesUp, "", "all learning rates × 2"),
    binding(Train, &[ch('-')], Action::RatesDown, "", "all learning rates ÷ 2"),
    binding(
        Train,
        &[ch('t')],
        Action::RatesTenth,
        "",
        "all learning rates ÷ 10, and go on if it had diverged",
    ),
    binding(
        Train,
        &[ch(']'), ch('>')],
        Action::Faster,
        "",
        "more steps a second, up to as fast as possible",
    ),
    binding(Train, &[ch('['), ch('<')], Action::Slower, "", "fewer steps a second"),
    binding(Train, &[ch('y')], Action::LogAxis, "", "loss on a linear or logarithmic axis"),
    binding(
        Train,
        &[ch('z')],
        Action::Zoom,
        "zoom",
        "one panel on the whole screen, then the next",
    ),
    binding(Train, &[ch('p')], Action::Presets, "presets", "choose another experiment"),
    binding(
        Train,
        &[ch('c'), ch('3')],
        Action::Compare,
        "race",
        "race this against other optimizers or activations; back to a race under way",
    ),
    binding(Train, &[ch('g')], Action::Log, "", "the run's log: what was changed, and when"),
    binding(
        Train,
        &[ch('w')],
        Action::Save,
        "",
        "write experiment and log to a file in this folder",
    ),
    binding(
        Compare,
        &[key(KeyCode::Down), ch('j')],
        Action::Down,
        "arm",
        "the next arm of the ranking",
    ),
    binding(Compare, &[key(KeyCode::Up), ch('k')], Action::Up, "", "the arm before"),
    binding(Compare, &[ch(' ')], Action::Tick, "hide", "hide this arm's curve, or show it again"),
    binding(Compare, &[ch('s')], Action::Solo, "solo", "this arm's curve alone, or all again"),
    binding(
        Compare,
        &[key(KeyCode::Right), ch('l')],
        Action::Increase,
        "cursor",
        "the cursor an evaluation to the right: every arm's value is in the ranking",
    ),
    binding(
        Compare,
        &[key(KeyCode::Left), ch('h')],
        Action::Decrease,
        "",
        "the cursor an evaluation to the left",
    ),
    binding(
        Compare,
        &[ch('z')],
        Action::Zoom,
        "zoom",
        "one panel on the whole screen: sensitivity, networks, curves, ranking",
    ),
    binding(
        Compare,
        &[ch('w')],
        Action::Save,
        "write",
        "write report, tables and charts to a folder",
    ),
    binding(
        Compare,
        &[ch('1')],
        Action::Train,
        "train",
        "back to the Train screen, as Esc; the race goes on, and c returns to it",
    ),
    binding(Compare, &[key(KeyCode::Home)], Action::Home, "", "the cursor to the start"),
    binding(Compare, &[key(KeyCode::End)], Action::End, "", "no cursor: the last values"),
    binding(Compare, &[ch('x')], Action::XAxis, "", "curves by step, by epoch, by seconds"),
    binding(Compare, &[ch('X')], Action::LogXAxis, "", "that axis linear or logarithmic"),
    binding(Compare, &[ch('y')], Action::LogAxis, "", "losses on a linear or logarithmic axis"),
    binding(
        Compare,
        &[ch('m')],
        Action::Metric,
        "",
        "curves of test loss, test accuracy, train loss, train accuracy",
    ),
    binding(
        Compare,
        &[ch('b')],
        Action::NetworkView,
        "",
        "this arm's network beside that of the one chosen before",
    ),
    binding(Compare, &[ch('g')], Action::Log, "", "all warnings in full"),
    binding(Compare, &[ch('p')], Action::Rest, "", "let the race rest, or go on"),
    binding(Compare, &[ch('e')], Action::EndRace, "", "end the race; finished runs are kept"),
    binding(Compare, &[ch('c'), ch('3')], Action::Compare, "", "another race"),
    binding(Compare, &[ch('+')], Action::Widen, "", "the same race over more learning rates"),
    binding(Compare, &[ch('o')], Action::Races, "", "open a race that was run before"),
    binding(List, &[key(KeyCode::Enter)], Action::Open, "choose", "choose"),
    binding(List, &[key(KeyCode::Up)], Action::Up, "", "a row up"),
    binding(List, &[key(KeyCode::Down)], Action::Down, "", "a row down"),
    binding(List, &[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
    binding(List, &[key(KeyCode::PageDown)], Action::PageDown, "", "a page down"),
    binding(List, &[key(KeyCode::Home)], Action::Home, "", "to the top"),
    binding(List, &[key(KeyCode::End)], Action::End, "", "to the bottom"),
    binding(
        List,
        &[key(KeyCode::Tab), key(KeyCode::BackTab)],
        Action::Next,
        "parameters",
        "between the list and the entry's parameters",
    ),
    binding(List, &[key(KeyCode::Right)], Action::Increase, "", "the parameter's next value"),
    binding(List, &[key(KeyCode::Left)], Action::Decrease, "", "the parameter's value before"),
    binding(List, &[key(KeyCode::Esc)], Action::Back, "back", "close without choosing"),
    binding(Page, &[key(KeyCode::Down), ch('j')], Action::Down, "scroll", "a row down"),
    binding(Page, &[key(KeyCode::Up), ch('k')], Action::Up, "", "a row up"),
    binding(Page, &[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
    binding(Page, &[key(KeyCode::PageDown), ch(' ')], Action::PageDown, "", "a page down"),
    binding(Page, &[key(KeyCode::Home)], Action::Home, "", "to the top"),
    binding(Page, &[key(KeyCode::End)], Action::End, "", "to the bottom"),
    binding(
        Page,
        &[key(KeyCode::Esc), key(KeyCode::Enter), ch('q')],
        Action::Back,
        "back",
        "close the page",
    ),
    binding(Checklist, &[ch(' ')], Action::Tick, "tick", "take it into the race, or leave it out"),
    binding(Checklist, &[key(KeyCode::Enter)], Action::Open, "start", "start the race"),
    binding(
        Checklist,
        &[key(KeyCode::Right)],
        Action::Increase,
        "change",
        "the setting's next value, or tick",
    ),
    binding(Checklist, &[key(KeyCode::Left)], Action::Decrease, "", "the setting's value before"),
    binding(Checklist, &[key(KeyCode::Up)], Action::Up, "", "a row up"),
    binding(Checklist, &[key(KeyCode::Down)], Action::Down, "", "a row down"),
    binding(Checklist, &[key(KeyCode::PageUp)], Action::PageUp, "", "a page up"),
    binding(Checklist, &[key(KeyCode::PageDown)], Action::PageDown, "", "a page down"),
    binding(Checklist, &[key(KeyCode::Home)], Action::Home, "", "to the top"),
    binding(Checklist, &[key(KeyCode::End)], Action::End, "", "to the bottom"),
    binding(
        Checklist,
        &[key(KeyCode::Tab)],
        Action::Next,
        "part",
        "to the next part: settings, optimizers, activations",
    ),
    binding(
        Checklist,
        &[(CTRL, KeyCode::Char('o'))],
        Action::Races,
        "races",
        "open a race that was run before",
    ),
    binding(Checklist, &[key(KeyCode::Esc)], Action::Back, "back", "close without a race"),
    binding(Prompt, &[key(KeyCode::Enter)], Action::Open, "set", "take the value"),
    binding(Prompt, &[key(KeyCode::Esc)], Action::Back, "back", "leave it as it was"),
    binding(Question, &[key(KeyCode::Enter), ch('y')], Action::Open, "yes", "yes"),
    binding(Question, &[key(KeyCode::Esc), ch('n')], Action::Back, "no", "no"),
    binding(Everywhere, &[key(KeyCode::Esc)], Action::Back, "", "back"),
    binding(Everywhere, &[ch('q'), (CTRL, KeyCode::Char('c'))], Action::Quit, "quit", "quit"),
    binding(
        Everywhere,
        &[(CTRL, KeyCode::Char('z'))],
        Action::Suspend,
        "",
        "stop for a while (`fg` comes back)",
    ),
];

/// What `event` asks for in `context`. While text is being typed (lists filter, prompts take a
/// value), letters are text: only keys that are no characters count, those with Ctrl, and those
/// that the context itself takes.
#[must_use]
pub fn action(context: Context, event: KeyEvent) -> Option<Action> {
    // Terminals disagree on whether Shift is reported with a capital letter.
    let modifiers = event.modifiers - KeyModifiers::SHIFT;
    let is_text = matches!(event.code, KeyCode::Char(_)) && modifiers == NONE;
    let typed = context.takes_text() && is_text;
    KEYS.iter()
        .filter(|it| it.context == context || (it.context == Everywhere && !typed))
        .find(|binding| binding.keys.contains(&(modifiers, event.code)))
        .map(|binding| binding.action)
}

/// The name of a key as it is printed on a keyboard.
#[must_use]
pub fn name((modifiers, code): (KeyModifiers, KeyCode)) -> String {
    let base = match code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "⏎".to_owned(),
        KeyCode::Left => "←".to_owned(),
        KeyCode::Right => "→".to_owned(),
        KeyCode::Up => "↑".to_owned(),
        KeyCode::Down => "↓".to_owned(),
        KeyCode::BackTab => "Shift-Tab".to_owned(),
        KeyCode::PageUp => "PgUp".to_owned(),
        KeyCode::PageDown => "PgDn".to_owned(),
        KeyCode::Delete => "Del".to_owned(),
        KeyCode::F(n) => format!("F{n}"),
        other => format!("{other:?}"),
    };
    if modifiers.contains(CTRL) { format!("Ctrl-{base}") } else { base }
}

/// All keys of a binding, as help shows them.
#[must_use]
pub fn names(binding: &Binding) -> String {
    binding.keys.iter().map(|&key| name(key)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for context in Context::ALL {
            let mut seen = Vec::new();
            for binding in KEYS.iter().filter(|b| b.context == context) {
                for key in binding.keys {
                    assert!(!seen.contains(key), "{} in {context:?}", name(*key));
                    seen.push(*key);
                }
            }
        }
    }

    #[test]
    fn letters_are_text_while_typing() {
        let q = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(action(Context::Train, q), Some(Action::Quit));
        assert_eq!(action(Context::List, q), None);
        assert_eq!(action(Context::Prompt, q), None);
        let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(action(Context::Prompt, ctrl_c), Some(Action::Quit));
        let space = KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE);
        assert_eq!(action(Context::List, space), None);
        assert_eq!(action(Context::Checklist, space), Some(Action::Tick));
        assert_eq!(action(Context::Checklist, q), None);
        assert_eq!(action(Context::Question, q), Some(Action::Quit));
    }

    #[test]
    fn capitals_work_with_and_without_a_reported_shift() {
        for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
            let event = KeyEvent::new(KeyCode::Char('R'), modifiers);
            assert_eq!(action(Context::Train, event), Some(Action::NewSeed));
        }
    }
}
