//! Text from outside in everything that lies on top of a screen: every cell stays printable.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crossterm::event::{Event, KeyCode};
use gradlab::compare::Results;
use gradlab::compare::saved::{Progress, SavedRace};
use gradlab::experiment::{self, Experiment};
use gradlab::export::text::buffer_to_text;
use gradlab::text::is_unprintable;
use gradlab::tui::app::App;
use gradlab::tui::keymap::Action;
use gradlab::tui::picture;
use gradlab::tui::theme::{Depth, Theme};
use unicode_width::UnicodeWidthChar;

use super::{press, typed};

const SIZES: [(u16, u16); 2] = [(80, 24), (40, 12)];

/// Sequences that a terminal acts on, characters that turn or hide others, a flood of accents, markup
/// and a line's end.
const HOSTILE: &str =
    "=1\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{200b}\u{feff}\u{2028}\r|<b>\u{ad}\u{7f}";

/// The same between plain words, with an end of a line, a flood of accents and a width beyond any
/// terminal.
fn hostile(word: &str) -> String {
    let (flood, wide) = ("\u{301}".repeat(60), "\u{65e5}\u{672c}".repeat(100));
    format!("{word}{HOSTILE}{word}e{flood}\n{HOSTILE}\u{1b}[2J{word} {wide}")
}

/// A text as TOML writes it, with all but letters spelled by their numbers.
fn quoted(text: &str) -> String {
    let spelled = |c: char| {
        if c.is_alphanumeric() { c.to_string() } else { format!("\\U{:08X}", u32::from(c)) }
    };
    format!("\"{}\"", text.chars().map(spelled).collect::<String>())
}

/// An experiment on a file, with nothing plain in its title, text, arms, columns, classes and path.
fn open(folder: &Path) -> Experiment {
    let (column, target) = (hostile("column"), hostile("target"));
    let mut table = format!("\"{column}\",\"second{HOSTILE}\",\"{target}\"\n");
    for row in 0..24 {
        let class = hostile(if row % 2 == 0 { "even" } else { "odd" });
        table += &format!("{row}.5,{}.25,\"{class}\"\n", row * 7 % 11);
    }
    let file = format!("rows{HOSTILE}.csv");
    fs::write(folder.join(&file), table).unwrap();
    let text = format!(
        "title = {title}\nabout = {about}\n[data]\ncsv = {file}\ntarget = {target}\n[train]\n\
         steps = 20\n[optimizer]\nname = \"adam\"\n[[layers]]\nunits = 3\nactivation = \"tanh\"\n\
         [[layers]]\nunits = 2\nactivation = \"softmax\"\n[compare]\nseeds = 1\ntuning_seeds = 1\n\
         [[compare.arms]]\nname = {first}\nset = [\"optimizer=sgd\"]\n\
         [[compare.arms]]\nname = {second}\nset = [\"optimizer=adam\"]\n",
        title = quoted(&hostile("title")),
        about = quoted(&format!("{}\n\n{}", hostile("about"), hostile("more"))),
        file = quoted(&file),
        target = quoted(&target),
        first = quoted(&hostile("first").replace(['\n', '\r'], " ")),
        second = quoted(&hostile("second").replace(['\n', '\r'], " ")),
    );
    let path = folder.join(format!("experiment{HOSTILE}.toml"));
    fs::write(&path, text).unwrap();
    experiment::load(path.to_str().unwrap()).unwrap_or_else(|error| panic!("{error}")).experiment
}

/// Draws at every size and looks at each cell.
fn assert_printable(app: &mut App, name: &str) {
    for size in SIZES {
        let buffer = picture::draw(app, size, Theme::new(Depth::True));
        for cell in buffer.content() {
            let symbol = cell.symbol();
            let marks = symbol.chars().filter(|c| c.width() == Some(0)).count();
            let clean = !symbol.contains(is_unprintable) && marks <= gradlab::text::MOST_MARKS;
            assert!(clean, "{name} at {size:?}: {symbol:?} in\n{}", buffer_to_text(&buffer));
        }
    }
}

/// Asserts that what lies on top has the keys of this title, then draws it.
fn on_top(app: &mut App, keys: &str, name: &str) {
    let found = app.context().title;
    let notice = app.workspace.notice.as_ref().map(|notice| notice.text.clone());
    assert_eq!(found, keys, "{name}: {notice:?}");
    assert_printable(app, name);
}

#[test]
fn overlays_of_the_train_screen_hold_printable_cells_only() {
    use KeyCode::{Char, Down, End, Enter, Esc, Tab, Up};
    let folder = tempfile::tempdir().unwrap();
    let experiment = open(folder.path());
    let mut app = picture::trained(&experiment, 10, SIZES[0]).unwrap();
    assert_printable(&mut app, "the screen");
    let data = [vec![End], vec![Up; 8]].concat();
    for (keys, title, name) in [
        (vec![Char('p')], "Lists", "presets"),
        (vec![Tab, Enter], "Lists", "the picker"),
        (vec![Tab, Tab, Enter], "Lists", "the picker with parameters"),
        (vec![Enter], "Typing a value", "the prompt"),
        (vec![Char('?')], "Pages", "keys"),
        (vec![Char('g')], "Pages", "the log"),
        (data, "Train", "the settings"),
    ] {
        // From the first layer on, below the inputs.
        press(&mut app, &[KeyCode::Home, Down]);
        press(&mut app, &keys);
        on_top(&mut app, title, name);
        app.on_input(&Event::Paste(hostile("pasted")));
        press(&mut app, &typed("xy"));
        assert_printable(&mut app, name);
        press(&mut app, &[Esc, Esc]);
    }
    app.workspace.complain(&hostile("notice"));
    assert_printable(&mut app, "a notice");
    // One output for two classes needs another loss.
    press(&mut app, &[KeyCode::Home, Down, Down, Enter, KeyCode::Backspace, Char('1'), Enter]);
    on_top(&mut app, "An edit that needs others", "edits together");
}

#[test]
fn overlays_of_a_race_hold_printable_cells_only() {
    use KeyCode::{Char, Down, Esc};
    let folder = tempfile::tempdir().unwrap();
    let experiment = open(folder.path());
    let (plan, results) = picture::raced(&experiment, 4).unwrap();
    let mut app = picture::comparing(&plan, &results, SIZES[0]).unwrap();
    assert_printable(&mut app, "a race");
    for (keys, title, name) in [
        (vec![Char('c'), Down], "What to race", "the checklist"),
        (vec![Char('g')], "Pages", "warnings"),
        (vec![Char('?')], "Pages", "keys"),
    ] {
        press(&mut app, &keys);
        on_top(&mut app, title, name);
        press(&mut app, &[Esc]);
    }
    let race = |state| SavedRace { name: hostile("kept").into(), used: SystemTime::now(), state };
    let progress =
        Progress { plan: plan.clone(), done: 1, total: 4, first: Some(hostile("first").into()) };
    app.act(Action::Races);
    app.on_races(vec![race(Ok(progress)), race(Err(hostile("reason")))]);
    on_top(&mut app, "Lists", "races");
    press(&mut app, &[Down]);
    on_top(&mut app, "Lists", "a race that cannot be opened");
    let mut app = picture::comparing(&plan, &Results::default(), SIZES[0]).unwrap();
    for action in [Action::Quit, Action::EndRace] {
        app.act(action);
        on_top(&mut app, "Questions", "a question");
        press(&mut app, &[Esc]);
    }
}
