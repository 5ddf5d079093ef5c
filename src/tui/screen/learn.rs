//! The Learn screen: the courses and lessons there are, how far each has been taken, and claims to be put to
//! the test.

mod about;
mod claim;
mod keys;
mod layout;
mod rows;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

pub use self::keys::{KEYS, PREDICT};
use self::rows::Row;
use super::Screen;
use crate::compare::claims::{Claim, Judgement};
use crate::tui::drawn::Drawn;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Request;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// What is offered in the footer at a claim.
type Offer = (Action, &'static str);

const PREDICTS: Offer = (Action::Answer(1), "… 4 predict");
const TEST: Offer = (Action::Open, "test it");
const CHOOSE: Offer = (Action::Down, "choose");
const AGAIN: Offer = (Action::Restart, "predict anew");
const STOP: Offer = (Action::Back, "stop the test");
const BACK: Offer = (Action::Back, "back");

/// The list, and the cursor in it.
#[derive(Debug)]
pub struct LearnScreen {
    cursor: usize,
    /// The first row in sight.
    top: usize,
    /// Where each row was drawn.
    targets: Vec<(Rect, usize)>,
    /// Whether the claim under the cursor waits for a prediction.
    asks: bool,
}

impl Default for LearnScreen {
    fn default() -> Self {
        Self { cursor: rows::first(), top: 0, targets: Vec::new(), asks: false }
    }
}

impl LearnScreen {
    /// The row under the cursor.
    fn row(&self) -> Row {
        rows::all()[self.cursor]
    }

    fn go(&mut self, cursor: usize, workspace: &Workspace) {
        self.cursor = cursor;
        self.ask(workspace);
    }

    /// Looks whether the claim under the cursor waits for a prediction.
    fn ask(&mut self, workspace: &Workspace) {
        self.asks = match self.row() {
            Row::Claim(claim) => workspace.progress.predicted(claim).is_none(),
            _ => false,
        };
    }

    /// Begins what is under the cursor, or goes on with it.
    fn begin(&mut self, again: bool, workspace: &mut Workspace) -> Vec<Request> {
        match self.row() {
            Row::Heading(_) => Vec::new(),
            Row::Course(course) => vec![Request::Course(course, again)],
            Row::Lesson(_, lesson) => vec![Request::Learn(lesson, again)],
            Row::Claim(claim) if again => self.forget(claim, workspace),
            Row::Claim(claim) => self.test(claim, workspace),
        }
    }

    /// Puts a claim to the test of which a verdict was predicted.
    fn test(&self, claim: &'static Claim, workspace: &mut Workspace) -> Vec<Request> {
        let complaint = if self.asks {
            "predict first, by 1 to 4"
        } else if workspace.is_judging(claim) {
            "it is being tested; Esc stops that"
        } else if workspace.progress.judged(claim).is_some() {
            "it was tested; r predicts anew"
        } else {
            return vec![Request::Judge(claim)];
        };
        workspace.complain(complaint);
        Vec::new()
    }

    /// Takes the prediction of this number, from 1.
    fn predict(&mut self, number: u8, workspace: &mut Workspace) -> Vec<Request> {
        let predicted = Judgement::ALL.get(usize::from(number).wrapping_sub(1));
        let (Row::Claim(claim), Some(predicted), true) = (self.row(), predicted, self.asks) else {
            return Vec::new();
        };
        workspace.progress.predict(claim, *predicted);
        self.asks = false;
        vec![Request::Effect(Effect::KeepProgress)]
    }

    /// Forgets what was predicted of a claim and found, so that it can be predicted anew.
    fn forget(&mut self, claim: &'static Claim, workspace: &mut Workspace) -> Vec<Request> {
        if workspace.is_judging(claim) {
            workspace.complain("it is being tested; Esc stops that");
            return Vec::new();
        }
        workspace.progress.forget(claim);
        self.asks = true;
        vec![Request::Effect(Effect::KeepProgress)]
    }
}

impl Screen for LearnScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        match action {
            Action::Open => return self.begin(false, workspace),
            Action::Restart => return self.begin(true, workspace),
            Action::Answer(number) => return self.predict(number, workspace),
            Action::Back if workspace.judging.is_some() => return vec![Request::StopJudging],
            Action::Back => return vec![Request::Go('1')],
            _ => self.go(rows::moved(self.cursor, action), workspace),
        }
        Vec::new()
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        let at = Position::new(mouse.column, mouse.row);
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).map(|(_, row)| *row);
        match (mouse.kind, hit) {
            (MouseEventKind::Down(MouseButton::Left), Some(row)) if row == self.cursor => {
                return self.begin(false, workspace);
            }
            (MouseEventKind::Down(MouseButton::Left), Some(row)) => self.go(row, workspace),
            (MouseEventKind::ScrollUp, _) => return self.act(Action::Up, workspace),
            (MouseEventKind::ScrollDown, _) => return self.act(Action::Down, workspace),
            _ => {}
        }
        Vec::new()
    }

    fn draw(
        &self,
        workspace: &Workspace,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Drawn {
        layout::draw(self, workspace, frame, area, theme)
    }

    fn drawn(&mut self, drawn: &Drawn, _: &Workspace) {
        self.top = drawn.scroll.map_or(self.top, |scroll| scroll.top);
        self.targets.clone_from(&drawn.targets);
    }

    fn brief(&self, workspace: &Workspace, _: Theme) -> Line<'static> {
        Line::raw(format!("{} lessons done", about::done(workspace)))
    }

    fn keys(&self) -> Option<&'static Context> {
        self.asks.then_some(&PREDICT)
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        let begun = |name: &str| workspace.progress.of(name).is_some_and(|it| !it.done);
        match (action, self.row()) {
            (Action::Back, _) if workspace.judging.is_some() => Some(STOP.1),
            (Action::Open, Row::Lesson(_, lesson)) => begun(lesson.name).then_some("go on"),
            (Action::Open, Row::Course(course)) => {
                let progress = &workspace.progress;
                let begun = course.get().lessons.iter().any(|it| progress.of(it.name).is_some());
                let all = course.get().lessons.iter().all(|it| progress.is_done(it.name));
                (begun && !all).then_some("go on")
            }
            (Action::Restart, Row::Course(_)) => Some("from lesson 1"),
            _ => None,
        }
    }

    fn footer(&self, workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        let Row::Claim(claim) = self.row() else { return None };
        let progress = &workspace.progress;
        Some(match (workspace.judging.is_some(), progress.judged(claim).is_some()) {
            (true, _) if self.asks => &[PREDICTS, CHOOSE, STOP],
            (true, _) => &[CHOOSE, STOP],
            (false, _) if self.asks => &[PREDICTS, CHOOSE, BACK],
            (false, false) => &[TEST, CHOOSE, AGAIN, BACK],
            (false, true) => &[CHOOSE, AGAIN, BACK],
        })
    }

    fn tab_note(&self, workspace: &Workspace) -> String {
        let judging = workspace.judging.as_ref();
        judging.map_or_else(String::new, |it| format!(" {}%", it.percent()))
    }

    fn shows_claims(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
