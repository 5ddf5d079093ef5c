//! A lesson under way: which page is shown, what was answered, and what was measured.

use std::sync::Arc;

use super::draft::{self, Draft};
use super::keys;
use super::measures::Measures;
use crate::compare::Plan;
use crate::experiment::Experiment;
use crate::experiment::lesson::measure::Unit;
use crate::experiment::lesson::{Answer, Expression, Lesson, Page, Piece, Setup, Template, Until};
use crate::experiment::walk::Walk;
use crate::tui::answers::Given;
use crate::tui::keymap::{Action, Context};
use crate::tui::progress::Reached;
use crate::tui::widgets::format;

/// What stands in the place of a number that is not known.
const NOT_RUN: &str = "(not run)";

/// What is next on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its question is to be answered.
    Ask,
    /// It is to be run.
    Run,
    /// The answer is hidden until a key.
    Hidden,
    /// Nothing is left to do.
    Over,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A choice, from 0.
    Choice(usize),
    /// A number.
    Number(f64),
    /// The points of a curve.
    Curve(Vec<(f64, f64)>),
    /// None: it was left out.
    Skipped,
}

/// How far the run of a page has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Ahead,
    Begun,
    Measured,
}

/// A lesson under way.
#[derive(Debug)]
pub struct Lecture {
    name: String,
    lesson: Lesson,
    /// The seed of its experiments and walks, if it is not their own.
    seed: Option<u64>,
    page: usize,
    farthest: usize,
    done: bool,
    focused: bool,
    /// The page whose setup is in force.
    set_up: Option<usize>,
    draft: Draft,
    reply: Option<Reply>,
    shown: bool,
    /// The run of the worker that was there before the setup.
    before: u64,
    stage: Stage,
    /// The race that was begun.
    plan: Option<Arc<Plan>>,
    /// What was measured: on this page, and on named ones before it.
    measured: Measures,
    winner: Option<String>,
    /// The step of the walk that is under way.
    walked: Option<u64>,
    /// The title of the lesson of a course that follows.
    next: Option<String>,
}

impl Lecture {
    /// The lesson called `name`, to be gone on with from where it was left.
    #[must_use]
    pub fn new(name: &str, lesson: Lesson, reached: Option<&Reached>, seed: Option<u64>) -> Self {
        let last = lesson.pages.len().saturating_sub(1);
        let reached = reached.cloned().unwrap_or_default();
        let mut lecture = Self {
            name: name.to_owned(),
            seed,
            page: 0,
            farthest: reached.farthest.min(last),
            done: reached.done,
            focused: true,
            set_up: None,
            draft: Draft::None,
            reply: None,
            shown: false,
            before: 0,
            stage: Stage::Ahead,
            plan: None,
            measured: reached.measured,
            winner: None,
            walked: None,
            next: None,
            lesson,
        };
        lecture.open(reached.page.min(last));
        lecture
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Itself.
    #[must_use]
    pub const fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The page that is shown.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.lesson.pages[self.page]
    }

    /// The index of that page.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.page
    }

    /// Whether keys go to it.
    #[must_use]
    pub const fn is_focused(&self) -> bool {
        self.focused
    }

    /// Lets keys go to it, or to the screen beside it.
    pub const fn focus(&mut self, focused: bool) {
        self.focused = focused;
    }

    /// The answer as far as it is given.
    #[must_use]
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The answer that was given.
    #[must_use]
    pub const fn reply(&self) -> Option<&Reply> {
        self.reply.as_ref()
    }

    /// Whether its run was begun on this page.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.stage != Stage::Ahead
    }

    /// How far it has been taken.
    #[must_use]
    pub fn reached(&self) -> Reached {
        let named = |(name, _): &(&String, &f64)| {
            let page = name.split('.').next().unwrap_or_default();
            self.lesson.pages.iter().any(|it| it.name.as_deref() == Some(page))
        };
        let measured = self.measured.iter().filter(named).filter(|(_, value)| value.is_finite());
        Reached {
            page: if self.done && self.page + 1 == self.lesson.pages.len() { 0 } else { self.page },
            farthest: self.farthest,
            done: self.done,
            measured: measured.map(|(name, value)| (name.clone(), *value)).collect(),
        }
    }

    /// What is next on the page.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let page = self.page();
        if page.question.is_some() && self.reply.is_none() {
            Phase::Ask
        } else if page.runs() && self.stage != Stage::Measured {
            Phase::Run
        } else if (page.question.is_some() || page.reveal.is_some()) && !self.shown {
            Phase::Hidden
        } else {
            Phase::Over
        }
    }

    /// The keys that hold while it has the focus.
    #[must_use]
    pub fn keys(&self) -> &'static Context {
        let answer = self.page().question.as_ref().map(|question| &question.answer);
        match answer.filter(|_| self.phase() == Phase::Ask) {
            None => &keys::LESSON,
            Some(Answer::Choice { .. }) => &keys::CHOICES,
            Some(Answer::Number { .. }) => &keys::NUMBER,
            Some(Answer::Curve { .. }) => &keys::CURVE,
        }
    }

    /// Opens a page. What it needs of pages before it is set up by [`Lecture::due_setup`].
    fn open(&mut self, page: usize) {
        self.page = page;
        self.farthest = self.farthest.max(page);
        let question = self.page().question.as_ref();
        self.draft = Draft::of(question.map(|question| &question.answer));
        (self.reply, self.shown, self.stage) = (None, false, Stage::Ahead);
        (self.winner, self.plan, self.walked) = (None, None, None);
        let names: Vec<_> = self.lesson.pages.iter().filter_map(|page| page.name.clone()).collect();
        let named = |name: &str| names.iter().any(|page| name.split('.').next() == Some(page));
        self.measured.retain(|name, _| named(name));
    }

    /// What is to be set up for the page that was just opened; `run` is the worker's present one.
    pub fn due_setup(&mut self, run: u64) -> Option<Setup> {
        let due = self.lesson.setup_of(self.page)?;
        if self.set_up == Some(due) && due != self.page {
            return None;
        }
        self.set_up = Some(due);
        self.before = run;
        let mut setup = self.lesson.pages[due].setup.clone()?;
        if let Some(seed) = self.seed {
            match &mut setup {
                Setup::Experiment(experiment)
                | Setup::Race(experiment)
                | Setup::Edit(experiment) => experiment.seed = seed,
                Setup::Walk(walk) => walk.seed = seed,
            }
        }
        Some(setup)
    }

    /// Turns to the next page, if there is one; the end of the lesson else.
    pub fn turn(&mut self) -> bool {
        if self.page + 1 < self.lesson.pages.len() {
            self.open(self.page + 1);
            true
        } else {
            self.done = true;
            false
        }
    }

    /// The page before, if there is one. One that goes on with the run of the page before that needs
    /// that too.
    pub fn back(&mut self) -> bool {
        if self.page == 0 {
            return false;
        }
        self.open(self.page - 1);
        true
    }

    /// Leaves out what is left to do on the page.
    pub fn skip(&mut self) {
        self.reply = Some(Reply::Skipped);
    }

    /// Takes a typed character; `None` deletes the last one.
    pub fn type_in(&mut self, c: Option<char>) {
        self.draft.type_in(c);
    }

    /// Whether a curve is being drawn, by the arrow keys.
    #[must_use]
    pub fn is_drawing(&self) -> bool {
        self.phase() == Phase::Ask && matches!(self.draft, Draft::Curve(..))
    }

    /// Moves a point of a curve.
    pub fn shift(&mut self, action: Action) {
        self.draft.shift(action);
    }

    /// Answers with the choice of this number, from 1. Returns whether there is one.
    pub fn choose(&mut self, number: u8) -> bool {
        let Some(Answer::Choice { choices, .. }) = self.answer() else { return false };
        let index = usize::from(number).wrapping_sub(1);
        let known = index < choices.len();
        if known {
            self.reply = Some(Reply::Choice(index));
        }
        known
    }

    /// Answers with what was typed or drawn. Returns whether that is an answer.
    pub fn submit(&mut self) -> bool {
        let reply = match (&self.draft, self.answer()) {
            (Draft::Number(text), _) => {
                text.parse().ok().filter(|x: &f64| x.is_finite()).map(Reply::Number)
            }
            (Draft::Curve(..), Some(Answer::Curve { across, up, .. })) => {
                Some(Reply::Curve(self.draft.points(*across, *up)))
            }
            _ => None,
        };
        self.reply = reply.or(self.reply.take());
        self.reply.is_some()
    }

    /// The answers that its question takes.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.page().question.as_ref().map(|question| &question.answer)
    }

    /// The setup that is in force on the page.
    #[must_use]
    pub fn setup(&self) -> Option<&Setup> {
        self.lesson.pages[self.lesson.setup_of(self.page)?].setup.as_ref()
    }

    /// How far the run of the page goes, where it is one of the present experiment.
    #[must_use]
    pub fn until(&self) -> Option<Until> {
        self.page().until
    }

    /// The experiment that is to be raced on the page, before that has begun.
    #[must_use]
    pub fn race(&self) -> Option<&Experiment> {
        match &self.page().setup {
            Some(Setup::Race(experiment)) if self.plan.is_none() => Some(experiment),
            _ => None,
        }
    }

    /// The walk that the page is about.
    #[must_use]
    pub fn walk(&self) -> Option<&Walk> {
        match &self.page().setup {
            Some(Setup::Walk(walk)) => Some(walk),
            _ => None,
        }
    }

    /// Takes in the step of its walk, while that goes on. Returns whether it is another one.
    pub fn see_walk(&mut self, step: Option<u64>) -> bool {
        std::mem::replace(&mut self.walked, step) != step
    }

    /// The step of its walk, while that goes on.
    #[must_use]
    pub const fn walked(&self) -> Option<u64> {
        self.walked
    }

    /// Notes the title of the lesson that follows in a course.
    pub fn lead_on(&mut self, next: Option<String>) {
        self.next = next;
    }

    /// The title of the lesson of a course that follows.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Takes in that the run of the page, or the race of `plan`, has begun.
    pub fn start(&mut self, plan: Option<Arc<Plan>>) {
        self.stage = Stage::Begun;
        self.plan = plan;
    }

    /// Whether `plan` is the race of the page.
    #[must_use]
    pub fn is_of(&self, plan: &Arc<Plan>) -> bool {
        self.plan.as_ref().is_some_and(|own| Arc::ptr_eq(own, plan))
    }

    /// Whether `run` of the worker was begun by the page or after it.
    #[must_use]
    pub const fn is_own_run(&self, run: u64) -> bool {
        matches!(self.stage, Stage::Begun) && run > self.before
    }

    /// Takes in what was measured when the run came to its end. Returns whether the page was waiting
    /// for it: a page that quotes what is not known yet goes on waiting.
    pub fn measure(&mut self, measures: &Measures, winner: Option<String>) -> bool {
        if self.phase() != Phase::Run || !self.wanted().all(|name| measures.contains_key(name)) {
            return false;
        }
        self.stage = Stage::Measured;
        self.winner = winner;
        for (name, value) in measures {
            self.measured.insert(name.clone(), *value);
            if let Some(page) = self.page().name.clone() {
                self.measured.insert(format!("{page}.{name}"), *value);
            }
        }
        true
    }

    /// What the page quotes of the layers, which is seen a little after the run came to rest.
    fn wanted(&self) -> impl Iterator<Item = &str> {
        let page = self.page();
        let quoted = page.reveal.iter().flat_map(Template::values);
        let expected = page.expect.iter().flat_map(|it| [&it.left, &it.right]);
        let names = quoted.chain(expected).flat_map(Expression::names);
        names.filter(|name| ["first_gradient", "last_gradient", "dead_units"].contains(name))
    }

    /// Shows the answer. Returns what was answered, if anything was.
    pub fn show(&mut self) -> Option<Given> {
        self.shown = true;
        let right = self.is_right()?;
        let choice = match (self.reply.as_ref()?, self.answer()) {
            (Reply::Choice(index), Some(Answer::Choice { choices, .. })) => {
                choices.get(*index)?.raw().to_owned()
            }
            (Reply::Number(number), _) => number.to_string(),
            (Reply::Curve(points), _) => {
                let levels = points.iter().map(|(_, y)| format::significant(*y, 3));
                levels.collect::<Vec<_>>().join(" ")
            }
            _ => return None,
        };
        Some(Given { lesson: self.name.clone(), page: self.page + 1, choice, right })
    }

    /// Whether the answer that was given is right; none before it is known.
    #[must_use]
    pub fn is_right(&self) -> Option<bool> {
        let reply = self.reply.as_ref()?;
        Some(match (reply, self.answer()?) {
            (Reply::Choice(given), Answer::Choice { right, .. }) => given == right,
            (Reply::Number(given), Answer::Number { right, within }) => {
                (right.value(&|name| self.number(name))? - given).abs() <= *within
            }
            (Reply::Curve(points), answer @ Answer::Curve { .. }) => draft::is_near(answer, points),
            (Reply::Skipped, _) => return None,
            _ => false,
        })
    }

    /// What was measured under `name`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.measured.get(name).copied()
    }

    /// What was expected of the run and did not come about.
    pub fn surprises(&self) -> impl Iterator<Item = &str> {
        let failed = self.page().expect.iter().filter(|it| {
            self.stage == Stage::Measured && it.holds(&|name| self.number(name)) != Some(true)
        });
        failed.map(|it| it.text.as_str())
    }

    /// A text with what was measured in its places; what is not known is a dash.
    #[must_use]
    pub fn filled(&self, template: &Template) -> String {
        let filled = template.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Winner => self.winner.clone().unwrap_or_else(|| NOT_RUN.to_owned()),
            Piece::Value(value) => value
                .value(&|name| self.number(name))
                .map_or_else(|| NOT_RUN.to_owned(), |number| written(number, value.unit())),
        });
        filled.collect()
    }
}

/// A number as it is quoted, with the minus sign of the text around it.
#[must_use]
pub fn written(number: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Share => format!("{:.1}%", number * 100.0),
        Unit::Count => format::thousands(number),
        // Not every reader knows powers of ten.
        Unit::Real if (1e-5..1e-3).contains(&number.abs()) => short(&format!("{number:.6}")),
        Unit::Real => short(&format::significant(number, 3)),
    };
    text.strip_prefix('-').map_or_else(|| text.clone(), |amount| format!("−{amount}"))
}

/// A number without zeros at the end of its fraction: `1` rather than `1.00`.
fn short(text: &str) -> String {
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}
