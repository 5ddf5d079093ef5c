//! Thousands of random keys, clicks, pastes and sizes, on every screen and in every overlay, against
//! the real threads.

use std::collections::BTreeSet;
use std::sync::Arc;

use crossbeam_channel::{Receiver, bounded};
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::compare::testing::plan;
use crate::experiment::lesson::LESSONS;
use crate::experiment::load;
use crate::tui::app::contexts;
use crate::tui::keymap::{Action, EVERYWHERE, Key};
use crate::tui::theme::{Depth, Theme};

/// Events before another experiment is opened.
const CHAPTER: usize = 250;
const CHAPTERS: usize = 40;

const EXPERIMENTS: [&str; 6] = [
    "moons:samples=60/4-tanh/2-softmax/steps=3000,seed=1",
    "sine/6-tanh/1-identity/steps=500",
    "iris/4-relu+batch_norm/3-softmax/steps=200",
    "xor/1-sigmoid/steps=50",
    "spirals",
    "moons:samples=60/3-tanh/1-sigmoid/loss=bce,steps=300",
];

const TEXTS: [&str; 8] = ["0.1", "12", "tanh", "adam:lr=1e9", "漢字", "\u{202e}", "-", "1e-3"];

/// The workbench under random input.
struct Trial {
    driver: Driver,
    woken: Receiver<()>,
    terminal: Terminal<TestBackend>,
    rng: ChaCha8Rng,
    keys: Vec<Key>,
    /// Titles of the screens and overlays that were on top.
    seen: BTreeSet<&'static str>,
    /// The latest events, to be named when something breaks.
    latest: Vec<Event>,
}

fn terminal((width, height): (u16, u16)) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(width, height)).unwrap()
}

fn open(recipe: &str) -> (Driver, Receiver<()>) {
    let (wake, woken) = bounded(1);
    (Driver::start(load(recipe).unwrap().experiment, None, None, wake), woken)
}

impl Trial {
    fn new(seed: u64) -> Self {
        let (driver, woken) = open(EXPERIMENTS[0]);
        let rows = contexts().flat_map(|context| context.rows);
        Self {
            driver,
            woken,
            terminal: terminal((120, 40)),
            rng: ChaCha8Rng::seed_from_u64(seed),
            keys: rows.flat_map(|row| row.keys).copied().collect(),
            seen: BTreeSet::new(),
            latest: Vec::new(),
        }
    }

    fn key(&mut self) -> Event {
        let (modifiers, code) = match self.rng.random_range(0..100) {
            0..75 => *self.keys.choose(&mut self.rng).unwrap(),
            75..80 => (KeyModifiers::NONE, KeyCode::Esc),
            80..84 => (KeyModifiers::NONE, KeyCode::Backspace),
            84..86 => (KeyModifiers::ALT, KeyCode::Char('a')),
            _ => {
                let c = char::from(self.rng.random_range(b' '..=b'~'));
                (KeyModifiers::NONE, KeyCode::Char(c))
            }
        };
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn mouse(&mut self) -> Event {
        let kinds = [
            MouseEventKind::Down(MouseButton::Left),
            MouseEventKind::Down(MouseButton::Left),
            MouseEventKind::Down(MouseButton::Right),
            MouseEventKind::Up(MouseButton::Left),
            MouseEventKind::ScrollUp,
            MouseEventKind::ScrollDown,
        ];
        let kind = *kinds.choose(&mut self.rng).unwrap();
        let size = self.terminal.size().unwrap();
        Event::Mouse(MouseEvent {
            kind,
            column: self.rng.random_range(0..=size.width),
            row: self.rng.random_range(0..=size.height),
            modifiers: KeyModifiers::NONE,
        })
    }

    fn event(&mut self) -> Event {
        match self.rng.random_range(0..100) {
            0..84 => self.key(),
            84..94 => self.mouse(),
            94..97 => {
                let n = self.rng.random_range(0..4);
                let texts = (0..n).filter_map(|_| TEXTS.choose(&mut self.rng).copied());
                Event::Paste(texts.collect())
            }
            _ => {
                let sizes = [(80, 24), (120, 40), (200, 60), (39, 9), (72, 18), (1, 1), (100, 28)];
                let any = (self.rng.random_range(1..=160), self.rng.random_range(1..=50));
                let size = if self.rng.random_bool(0.5) {
                    any
                } else {
                    *sizes.choose(&mut self.rng).unwrap()
                };
                self.terminal = terminal(size);
                Event::Resize(size.0, size.1)
            }
        }
    }

    /// Carries out effects, but for those that write files.
    fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if !matches!(effect, Effect::Save | Effect::Report) {
                self.driver.apply(effect);
            }
        }
    }

    /// Draws what there is, and takes in what the threads left.
    fn look(&mut self) {
        let (app, theme) = (&self.driver.app, Theme::new(Depth::True));
        let mut drawn = DrawnFrame::default();
        self.terminal.draw(|frame| drawn = app.draw(frame, theme)).unwrap();
        self.driver.drawn(&drawn);
        let _ = self.woken.try_recv();
        self.driver.news();
        let status = &self.driver.app.workspace.run.status;
        let broken = matches!(status, Status::Failed(_)) || !self.driver.worker.is_alive();
        assert!(!broken, "{status:?} after {:?}", self.latest);
    }

    fn chapter(&mut self, number: usize) {
        (self.driver, self.woken) = open(EXPERIMENTS[number % EXPERIMENTS.len()]);
        self.latest.clear();
        if number % 4 == 1 {
            let effects = self.driver.app.race(Arc::new(plan(60)));
            self.apply(effects);
        }
        if number % 4 == 2 {
            for action in [Action::Go('4'), Action::Landscape] {
                let effects = self.driver.app.act(action);
                self.apply(effects);
            }
            self.look();
        }
        if number % 4 == 3 {
            // Pages of every kind of question.
            let lesson = &LESSONS.all()[number / 4 % LESSONS.all().len()];
            let page = number / 4 % lesson.get().pages.len();
            let taken = lesson.get().clone();
            let effects = self.driver.app.learn(lesson.name, taken, Some(page), None);
            self.apply(effects);
            self.look();
        }
        for count in 0..CHAPTER {
            let event = self.event();
            self.latest.push(event.clone());
            let effects = self.driver.app.on_input(&event);
            self.apply(effects);
            self.seen.insert(self.driver.app.context().title);
            if self.rng.random_bool(0.25) || count + 1 == CHAPTER {
                self.look();
            }
        }
    }
}

/// The places that a trial has come to.
fn seen(seed: u64) -> BTreeSet<&'static str> {
    let mut trial = Trial::new(seed);
    (0..CHAPTERS).for_each(|number| trial.chapter(number));
    trial.seen
}

#[test]
fn random_input_does_no_harm() {
    let seen: BTreeSet<_> = std::thread::scope(|scope| {
        let trials = [1, 2, 3, 4].map(|seed| scope.spawn(move || seen(seed)));
        trials.into_iter().flat_map(|trial| trial.join().unwrap()).collect()
    });
    let places = contexts().filter(|context| context.title != EVERYWHERE.title);
    let unseen: Vec<_> = places.map(|it| it.title).filter(|it| !seen.contains(it)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}
