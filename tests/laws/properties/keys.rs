//! Streams of keys: whatever is typed, clicked or pasted, the workbench draws, the experiment on it is
//! one that can be written and read, and nothing that a terminal acts on is drawn.

use std::sync::OnceLock;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use gradlab::experiment::parse_recipe;
use gradlab::export::text::buffer_to_text;
use gradlab::train::{Command, Event as RunEvent, Problem};
use gradlab::tui::app::App;
use gradlab::tui::effect::Effect;
use gradlab::tui::picture;
use gradlab::tui::theme::{Depth, Theme};

use super::experiment::{is_small, round_trips};
use super::text::assert_clean;

/// The most keys of a stream.
pub const MOST: usize = 256;

/// Sizes of the terminal, the last ones too small for anything.
const SIZES: [(u16, u16); 8] =
    [(80, 24), (120, 40), (100, 30), (40, 12), (60, 10), (39, 9), (1, 1), (200, 60)];

/// Keys that are no characters.
const KEYS: [KeyCode; 14] = [
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::Delete,
];

/// Pasted texts: what no keyboard types.
const PASTED: [&str; 6] =
    ["\u{1b}]0;x\u{7}", "\u{202e}abc", "e\u{301}\u{301}\u{301}", "a\nb\tc", "\u{9b}31m", "%00/=,"];

/// The properties of a stream: a byte is a key, or a click, a paste or another size of the terminal.
pub fn stream(bytes: &[u8]) {
    let mut app = app();
    let mut size = SIZES[0];
    for (index, &byte) in bytes.iter().take(MOST).enumerate() {
        let next = bytes.get(index + 1).copied().unwrap_or(0);
        if let (0xf0..=0xff, n) = (byte, next) {
            size = SIZES[usize::from(n) % SIZES.len()];
        }
        for effect in app.on_input(&event(byte, next, size)) {
            take(&mut app, effect);
        }
        if index % 4 == 0 || byte >= 0xe0 {
            draw(&mut app, size);
        }
    }
    draw(&mut app, size);
    round_trips(&app.workspace.experiment);
}

fn app() -> App {
    static PROBLEM: OnceLock<std::sync::Arc<Problem>> = OnceLock::new();
    let recipe = "moons:samples=24/3-tanh/2-softmax/title=Two%20moons,steps=50";
    let experiment = parse_recipe(recipe).unwrap().experiment;
    let problem = PROBLEM.get_or_init(|| Problem::load(&experiment).unwrap()).clone();
    let mut app = App::new(experiment.clone());
    app.workspace.run.on_event(RunEvent::Started {
        run: 1,
        experiment: Box::new(experiment),
        problem,
        changes: Vec::new(),
        obeyed: 0,
    });
    app.workspace.run.on_event(RunEvent::Running(true));
    app
}

fn event(byte: u8, next: u8, size: (u16, u16)) -> Event {
    let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
    match byte {
        0x20..=0x7e => key(KeyCode::Char(char::from(byte)), KeyModifiers::NONE),
        0x80..=0x9f => key(KeyCode::Char(char::from(b'a' + byte % 26)), KeyModifiers::CONTROL),
        0xa0..=0xaf => Event::Paste(
            PASTED[usize::from(next) % PASTED.len()].repeat(1 + usize::from(byte & 7) * 10),
        ),
        0xb0..=0xcf => key(
            KeyCode::Char(char::from_u32(0x2000 + u32::from(next)).unwrap_or('x')),
            KeyModifiers::NONE,
        ),
        0xd0..=0xef => Event::Mouse(MouseEvent {
            kind: [
                MouseEventKind::Down(MouseButton::Left),
                MouseEventKind::Up(MouseButton::Left),
                MouseEventKind::Drag(MouseButton::Left),
                MouseEventKind::ScrollUp,
                MouseEventKind::ScrollDown,
                MouseEventKind::Moved,
            ][usize::from(byte) % 6],
            column: u16::from(next) % size.0.max(1),
            row: u16::from(next / 3) % size.1.max(1),
            modifiers: KeyModifiers::NONE,
        }),
        0xf0..=0xff => Event::Resize(size.0, size.1),
        _ => key(KEYS[usize::from(byte) % KEYS.len()], KeyModifiers::NONE),
    }
}

/// Answers an effect as the worker would, without a thread.
fn take(app: &mut App, effect: Effect) {
    let Effect::Send(Command::Apply(experiment, _)) = effect else { return };
    round_trips(&experiment);
    if !is_small(&experiment) {
        return;
    }
    if let Ok(problem) = Problem::load(&experiment) {
        let run = app.workspace.run.run + 1;
        app.workspace.run.on_event(RunEvent::Started {
            run,
            experiment,
            problem,
            changes: Vec::new(),
            obeyed: 0,
        });
    }
}

fn draw(app: &mut App, size: (u16, u16)) {
    let buffer = picture::draw(app, size, Theme::new(Depth::True));
    assert_clean(&buffer_to_text(&buffer), "the screen");
}
