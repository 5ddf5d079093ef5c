//! Lessons: each is played from its first key to its last, through the workbench and its threads, with
//! right answers and wrong ones, and what it expects is held against what it measures.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gradlab::experiment::lesson::{Answer, CURVE_POINTS, LESSONS, Lesson, MOST_WORDS, parse};
use gradlab::experiment::load;
use gradlab::train::Command;
use gradlab::tui::driver::Driver;
use gradlab::tui::effect::Effect;
use gradlab::tui::learn::{Lecture, Phase};
use gradlab::tui::picture;
use gradlab::tui::theme::{Depth, Theme};

/// The longest that a page may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// The numbers that were right, by page.
type Numbers = BTreeMap<usize, f64>;

/// A lesson being played.
struct Play {
    driver: Driver,
    woken: Receiver<()>,
    /// What was answered, as it goes to the file of answers.
    given: Vec<bool>,
}

impl Play {
    fn new((name, lesson): &(String, Lesson), seed: Option<u64>) -> Self {
        let (wake, woken) = bounded(1);
        let start = load("xor/2-tanh/1-sigmoid/steps=20").unwrap().experiment;
        let driver = Driver::start(start, None, None, wake);
        let mut play = Self { driver, woken, given: Vec::new() };
        let effects = play.driver.app.learn(name, lesson.clone(), Some(0), seed);
        play.apply(effects);
        play
    }

    fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Answered(given) = &effect {
                self.given.push(given.right);
            }
            self.driver.apply(effect);
        }
    }

    fn lecture(&self) -> &Lecture {
        self.driver.app.lecture().unwrap()
    }

    fn press(&mut self, code: KeyCode) {
        let event = Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
        let effects = self.driver.app.on_input(&event);
        self.apply(effects);
    }

    fn look(&mut self) {
        let _ = picture::draw(&mut self.driver.app, (120, 40), Theme::new(Depth::None));
        self.driver.news();
    }

    /// Waits until the worker has taken up what the page set up.
    fn settle(&mut self) {
        let begun = Instant::now();
        loop {
            self.look();
            let workspace = &self.driver.app.workspace;
            let settled = workspace.run.experiment.as_deref() == Some(&workspace.experiment)
                && !workspace.run.running();
            if settled {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.lecture().page().name);
            let _ = self.woken.recv_timeout(Duration::from_millis(5));
        }
    }

    /// Runs what the page asks to be run, to its end.
    fn run(&mut self) {
        self.settle();
        for _ in 0..12 {
            if self.lecture().walk().is_some() {
                self.press(KeyCode::Char(']'));
            }
        }
        self.press(KeyCode::Char(' '));
        // Not at the pace of a reader, which the page has set.
        self.driver.apply(Effect::Send(Command::Pace(None)));
        let begun = Instant::now();
        while self.lecture().phase() == Phase::Run {
            let _ = self.woken.recv_timeout(Duration::from_millis(5));
            self.look();
            let page = self.lecture().index() + 1;
            assert!(
                begun.elapsed() < PATIENCE,
                "{} page {page} never ends: {:?} at step {}",
                self.lecture().name(),
                self.driver.app.workspace.run.status,
                self.driver.app.workspace.run.step
            );
        }
    }

    /// Answers the question of the page, right or wrong.
    fn answer(&mut self, right: bool, known: &Numbers) {
        let page = self.lecture().index();
        match self.lecture().answer().unwrap().clone() {
            Answer::Choice { choices, right: index } => {
                let index = if right { index } else { (index + 1) % choices.len() };
                self.press(KeyCode::Char(char::from(b'1' + index as u8)));
            }
            Answer::Number { within, .. } => {
                let number = known.get(&page).copied().unwrap_or(0.0);
                let number = if right { number } else { number + 3.0 * within + 1.0 };
                // As many digits as can be typed.
                for c in format!("{number:.4}").chars().take(10) {
                    self.press(KeyCode::Char(c));
                }
                self.press(KeyCode::Enter);
            }
            answer @ Answer::Curve { .. } => {
                let Answer::Curve { activation, slope, across, up, .. } = answer else { return };
                let curve = gradlab::catalog::activation_curve(&activation, across, CURVE_POINTS);
                let values = if slope { curve.slope } else { curve.y };
                for value in values.into_iter().take(if right { CURVE_POINTS } else { 0 }) {
                    // The pointer begins in the middle, and there are 20 levels.
                    let level = ((value - up.0) / (up.1 - up.0) * 20.0).round() as i32;
                    let key = if level > 10 { KeyCode::Up } else { KeyCode::Down };
                    for _ in 0..(level - 10).abs() {
                        self.press(key);
                    }
                    self.press(KeyCode::Right);
                }
                self.press(KeyCode::Enter);
            }
        }
        assert_ne!(self.lecture().phase(), Phase::Ask, "page {}", page + 1);
    }

    /// Plays the page, and checks it against what it measures. Returns the number that was asked for.
    fn page(&mut self, right: bool, known: &Numbers) -> Option<f64> {
        let before = self.given.len();
        while self.lecture().phase() != Phase::Over {
            match self.lecture().phase() {
                Phase::Ask => self.answer(right, known),
                Phase::Run => self.run(),
                Phase::Hidden => self.press(KeyCode::Enter),
                Phase::Over => {}
            }
        }
        let lecture = self.lecture();
        let (name, page) = (lecture.name(), lecture.index() + 1);
        let asked = lecture.page().question.is_some();
        assert_eq!(self.given.len() - before, usize::from(asked), "{name} page {page}");
        if asked {
            assert_eq!(lecture.is_right(), Some(right), "{name} page {page}");
            assert_eq!(self.given.last(), Some(&right), "{name} page {page}");
        }
        let texts = [Some(&lecture.page().text), lecture.page().reveal.as_ref()];
        for text in texts.into_iter().flatten() {
            let shown = lecture.filled(text);
            println!("{name} {page}: {}", shown.replace('\n', " "));
            assert!(
                !shown.contains("(not run)"),
                "{name} page {page} quotes what is not known: {shown}"
            );
            assert!(shown.split_whitespace().count() <= MOST_WORDS + 5, "{name} page {page}");
        }
        let surprises: Vec<_> = lecture.surprises().collect();
        assert!(surprises.is_empty(), "{name} page {page}: {surprises:?}");
        match lecture.answer()? {
            Answer::Number { right, .. } => right.value(&|name| lecture.number(name)),
            _ => None,
        }
    }

    /// Plays the whole lesson.
    fn whole(&mut self, right: bool, known: &Numbers) -> Numbers {
        let pages = self.lecture().lesson().pages.len();
        let mut numbers = Numbers::new();
        for page in 0..pages {
            assert_eq!(self.lecture().index(), page);
            if let Some(number) = self.page(right, known) {
                numbers.insert(page, number);
            }
            self.press(KeyCode::Enter);
        }
        assert!(self.driver.app.lecture().is_none(), "the lesson goes on behind its last page");
        assert!(self.driver.app.workspace.progress.iter().any(|(_, reached)| reached.done));
        numbers
    }
}

/// The lessons in the folder, in their order.
fn lessons() -> Vec<(String, Lesson)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets/lessons");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let lesson = parse(&name, &std::fs::read_to_string(&path).unwrap());
        (name, lesson.unwrap_or_else(|error| panic!("{error}")))
    };
    files.into_iter().map(read).collect()
}

/// Plays every lesson whose place in the list leaves `rest` when divided by 3: tests run side by side.
fn play(rest: usize) {
    // One alone, by a word of its name, while it is being written.
    let wanted = std::env::var("LESSON").unwrap_or_default();
    let all = lessons();
    assert_eq!(all.len(), LESSONS.all().len());
    let chosen = all.iter().enumerate().filter(|(index, _)| index % 3 == rest);
    for (_, lesson) in chosen.filter(|(_, (name, _))| name.contains(&wanted)) {
        let numbers = Play::new(lesson, None).whole(false, &Numbers::new());
        Play::new(lesson, None).whole(true, &numbers);
        for seed in [1, 2] {
            Play::new(lesson, Some(seed)).whole(false, &Numbers::new());
        }
    }
}

#[test]
fn lessons_one_four_seven_come_out_as_they_say() {
    play(0);
}

#[test]
fn lessons_two_five_eight_come_out_as_they_say() {
    play(1);
}

#[test]
fn lessons_three_six_nine_come_out_as_they_say() {
    play(2);
}
