//! The Learn screen: the lessons there are, and how far each has been taken.

mod keys;
mod layout;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

pub use self::keys::KEYS;
use super::Screen;
use crate::experiment::lesson::preset::{self, LessonPreset};
use crate::tui::drawn::Drawn;
use crate::tui::keymap::Action;
use crate::tui::overlay::Request;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::workspace::Workspace;

/// The list of lessons, and the cursor in it.
#[derive(Debug, Default)]
pub struct LearnScreen {
    cursor: usize,
    /// The first row in sight.
    top: usize,
    /// Where each row was drawn.
    targets: Vec<(Rect, usize)>,
}

impl LearnScreen {
    /// The lesson under the cursor.
    fn lesson(&self) -> Option<&'static LessonPreset> {
        preset::all().get(self.cursor)
    }

    fn begin(&self, again: bool) -> Vec<Request> {
        self.lesson().map(|lesson| Request::Learn(lesson, again)).into_iter().collect()
    }
}

impl Screen for LearnScreen {
    fn act(&mut self, action: Action, _: &mut Workspace) -> Vec<Request> {
        let last = preset::all().len().saturating_sub(1);
        self.cursor = match action {
            Action::Up => self.cursor.saturating_sub(1),
            Action::Down => (self.cursor + 1).min(last),
            Action::Home => 0,
            Action::End => last,
            Action::Open => return self.begin(false),
            Action::Restart => return self.begin(true),
            Action::Back => return vec![Request::Go('1')],
            _ => self.cursor,
        };
        Vec::new()
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        let at = Position::new(mouse.column, mouse.row);
        let hit = self.targets.iter().find(|(area, _)| area.contains(at)).map(|(_, row)| *row);
        match (mouse.kind, hit) {
            (MouseEventKind::Down(MouseButton::Left), Some(row)) if row == self.cursor => {
                return self.begin(false);
            }
            (MouseEventKind::Down(MouseButton::Left), Some(row)) => self.cursor = row,
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
        let done = |it: &&LessonPreset| workspace.progress.of(it.name).is_some_and(|it| it.done);
        let (done, all) = (preset::all().iter().filter(done).count(), preset::all().len());
        Line::raw(format!("{} of {all} lessons done", format::thousands(done as f64)))
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        let begun = self.lesson().and_then(|lesson| workspace.progress.of(lesson.name));
        (action == Action::Open && begun.is_some_and(|it| !it.done)).then_some("go on")
    }
}
