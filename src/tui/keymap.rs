//! Keys: what they ask for, and how they are looked up. The rows of each context stand beside the
//! screen or overlay in which they hold; handlers, footer, help and `docs/KEYS.md` come from them.

pub mod bound;
pub mod run;
pub mod spelling;

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
    /// Look a word of the field up.
    Concepts,
    /// Find anything that can be done, chosen or looked up.
    Palette,
    /// Copy the recipe of the run.
    CopyRecipe,
    /// Show few things large, or everything.
    Projector,
    /// Show what happened to the run.
    Log,
    /// Choose another experiment.
    Presets,
    /// Run or pause.
    Toggle,
    /// One step, then pause.
    Step,
    /// Look into one step, at a neuron and one of its weights.
    Inside,
    /// The next sample of the batch.
    NextSample,
    /// The sample before.
    PreviousSample,
    /// To the end of the epoch, then pause.
    Epoch,
    /// Back to exactly the same start.
    Reset,
    /// A new start from other weights, on the same data.
    NewWeights,
    /// A new start on other data, from the same weights.
    NewData,
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
    /// Apply the remedy that the diagnosis names.
    Fix,
    /// More steps a second.
    Faster,
    /// Fewer steps a second.
    Slower,
    /// Take the latest change back.
    Undo,
    /// Make the change again that was taken back last.
    Redo,
    /// The evaluation before.
    Earlier,
    /// The next evaluation.
    Later,
    /// The edit before.
    EarlierEdit,
    /// The next edit.
    LaterEdit,
    /// Where the test loss was lowest.
    Best,
    /// List the branches of the run.
    Branches,
    /// Delete what is under the cursor.
    Delete,
    /// Loss on a linear or logarithmic axis.
    LogAxis,
    /// Show or hide the settings that are at their defaults.
    AllSettings,
    /// To the neurons of the network drawn, or back from them.
    Neurons,
    /// The plane by decided classes alone, or with their confidence.
    Decided,
    /// The next held-out sequence.
    NextSequence,
    /// One panel on the whole screen, the next at each press.
    Zoom,
    /// Fewer steps on every chart of the run.
    ZoomIn,
    /// More steps on every chart of the run.
    ZoomOut,
    /// Write the run to files.
    Save,
    /// To the screen of this key.
    Go(char),
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
    /// Another race.
    NewRace,
    /// Rest the race or go on.
    Rest,
    /// End the race.
    EndRace,
    /// The race again over more learning rates.
    Widen,
    /// Choose a race that was kept.
    Races,
    /// Choose another surface.
    Surface,
    /// Choose another walk.
    Walks,
    /// Choose the schedule of the walker's rate.
    Schedule,
    /// A walker more.
    AddWalker,
    /// A walker less.
    RemoveWalker,
    /// The map farther to the left.
    PanLeft,
    /// The map farther to the right.
    PanRight,
    /// The map farther up.
    PanUp,
    /// The map farther down.
    PanDown,
    /// Go between test surfaces and the network's own loss.
    Landscape,
    /// Look at another plane.
    Plane,
    /// Paint points on the plane.
    Paint,
    /// Set points of this class.
    Point(u8),
    /// A brush of more points.
    WiderBrush,
    /// A brush of fewer points.
    NarrowerBrush,
    /// Delete all points.
    Clear,
    /// Answer with the choice of this number.
    Answer(u8),
    /// Show the answer, or the next page of the lesson.
    GoOn,
    /// The next page of the lesson, whatever is left to do.
    Skip,
    /// The page of the lesson before.
    PageBack,
    /// From the lesson to the screen beside it.
    ToScreen,
    /// Leave the lesson.
    LeaveLesson,
    /// The lesson from its first page.
    Restart,
}

/// A key with its modifiers.
pub type Key = (KeyModifiers, KeyCode);

/// The keys that hold in one place: on a screen, in a kind of overlay, or everywhere.
#[derive(Debug)]
pub struct Context {
    /// The heading in the help.
    pub title: &'static str,
    /// Whether letters are text.
    pub takes_text: bool,
    /// The keys, those that matter most first.
    pub rows: &'static [Binding],
}

/// A row of a [`Context`].
#[derive(Debug)]
pub struct Binding {
    /// The keys, the first of which is shown first.
    pub keys: &'static [Key],
    /// What they ask for.
    pub action: Action,
    /// The word in the footer; empty for those that are not there.
    pub label: &'static str,
    /// The line in the help.
    pub help: &'static str,
}

impl Binding {
    /// The keys in force: those that the user has chosen, else those of the table.
    #[must_use]
    pub fn keys(&self) -> &'static [Key] {
        bound::of(self.action).unwrap_or(self.keys)
    }

    /// The name of its key, for a text that tells of it.
    #[must_use]
    pub fn name(&self) -> String {
        self.keys().first().map_or_else(String::new, |key| name(*key))
    }
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;

/// A key without modifiers.
#[must_use]
pub const fn key(code: KeyCode) -> Key {
    (NONE, code)
}

/// The key of a character.
#[must_use]
pub const fn ch(c: char) -> Key {
    (NONE, KeyCode::Char(c))
}

/// A row of a [`Context`].
#[must_use]
pub const fn binding(
    keys: &'static [Key],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { keys, action, label, help }
}

/// Opens the command palette.
pub const PALETTE: Binding = binding(
    &[ch(':'), (CTRL, KeyCode::Char('p'))],
    Action::Palette,
    "",
    "find anything: an action, a setting, a preset, an entry, a word",
);

/// The keys that hold everywhere, unless text is being typed.
pub static EVERYWHERE: Context = Context {
    title: "Everywhere",
    takes_text: false,
    rows: &[
        binding(&[ch('?'), key(KeyCode::F(1))], Action::Help, "all keys", "this page"),
        binding(&[ch('/')], Action::Concepts, "", "look a word up: what does it mean?"),
        PALETTE,
        binding(
            &[ch('Y')],
            Action::CopyRecipe,
            "",
            "copy the recipe of the run, from which anyone gets the same bits",
        ),
        binding(
            &[key(KeyCode::F(5))],
            Action::Projector,
            "",
            "for a projector: few panels, large numbers and thick lines; or all again",
        ),
        binding(&[key(KeyCode::Esc)], Action::Back, "", "back"),
        binding(&[ch('q'), (CTRL, KeyCode::Char('c'))], Action::Quit, "quit", "quit"),
        binding(
            &[(CTRL, KeyCode::Char('z'))],
            Action::Suspend,
            "",
            "stop for a while (`fg` comes back)",
        ),
    ],
};

/// The key of an event. Terminals disagree on whether Shift is reported with a capital letter.
#[must_use]
pub fn pressed(event: KeyEvent) -> Key {
    (event.modifiers - KeyModifiers::SHIFT, event.code)
}

/// The action that `event` asks for in `context`. While text is being typed (lists filter, prompts
/// take a value), letters are text: only keys that are no characters count, those with Ctrl, and
/// those that the context itself takes.
#[must_use]
pub fn action(context: &Context, event: KeyEvent) -> Option<Action> {
    let pressed = pressed(event);
    let is_text = matches!(pressed, (NONE, KeyCode::Char(_)));
    let elsewhere: &[Binding] = if context.takes_text && is_text { &[] } else { EVERYWHERE.rows };
    let mut rows = context.rows.iter().chain(elsewhere);
    // A letter that the user has chosen is text where text is typed.
    let keys = |row: &Binding| if context.takes_text && is_text { row.keys } else { row.keys() };
    rows.find(|row| keys(row).contains(&pressed)).map(|row| row.action)
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

/// The keys and the meaning of each of `rows`, as help shows them: in one where several in a row mean
/// the same.
#[must_use]
pub fn lines(rows: &[Binding]) -> Vec<(String, &'static str)> {
    let mut lines: Vec<(String, &'static str)> = Vec::new();
    for row in rows {
        match lines.last_mut().filter(|(_, help)| *help == row.help) {
            Some((keys, _)) => *keys = format!("{keys} {}", names(row)),
            None => lines.push((names(row), row.help)),
        }
    }
    lines
}

/// All keys of a row, as help shows them.
#[must_use]
pub fn names(binding: &Binding) -> String {
    binding.keys().iter().map(|&key| name(key)).collect::<Vec<_>>().join(" ")
}
