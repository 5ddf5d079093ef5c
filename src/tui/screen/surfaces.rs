//! The screen of surfaces: optimizers on a test surface, or the network's own loss landscape.

use std::time::Instant;

use crossterm::event::MouseEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::landscape::LandscapeScreen;
use super::surface::SurfaceScreen;
use super::{Screen, WalkState};
use crate::train::probe::View;
use crate::tui::drawn::Drawn;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::{Request, choice::Choice};
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// Both, and which of them is shown.
#[derive(Debug, Default)]
pub struct SurfacesScreen {
    walks: SurfaceScreen,
    landscape: LandscapeScreen,
    own_loss: bool,
}

impl SurfacesScreen {
    fn shown(&self) -> &dyn Screen {
        if self.own_loss { &self.landscape } else { &self.walks }
    }

    fn shown_mut(&mut self) -> &mut dyn Screen {
        if self.own_loss { &mut self.landscape } else { &mut self.walks }
    }
}

impl Screen for SurfacesScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        if action == Action::Landscape {
            self.shown_mut().on_leave(workspace);
            self.own_loss = !self.own_loss;
            return Vec::new();
        }
        self.shown_mut().act(action, workspace)
    }

    fn on_mouse(&mut self, mouse: MouseEvent, workspace: &mut Workspace) -> Vec<Request> {
        self.shown_mut().on_mouse(mouse, workspace)
    }

    fn draw(
        &self,
        workspace: &Workspace,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Drawn {
        self.shown().draw(workspace, frame, area, theme)
    }

    fn drawn(&mut self, drawn: &Drawn, workspace: &Workspace) {
        self.shown_mut().drawn(drawn, workspace);
    }

    fn header(&self, workspace: &Workspace, width: u16, theme: Theme) -> (String, Line<'static>) {
        self.shown().header(workspace, width, theme)
    }

    fn brief(&self, workspace: &Workspace, theme: Theme) -> Line<'static> {
        self.shown().brief(workspace, theme)
    }

    fn keys(&self) -> Option<&'static Context> {
        self.shown().keys()
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        self.shown().label(action, workspace)
    }

    fn footer(&self, workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        self.shown().footer(workspace)
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        self.shown().trouble(workspace)
    }

    fn walk(&self) -> Option<WalkState> {
        self.walks.walk()
    }

    fn on_choice(&mut self, choice: Choice, workspace: &mut Workspace) {
        self.own_loss = false;
        self.walks.on_choice(choice, workspace);
    }

    fn tick_due(&self) -> Option<Instant> {
        self.shown().tick_due()
    }

    fn tick(&mut self, now: Instant) -> bool {
        self.shown_mut().tick(now)
    }

    fn on_leave(&mut self, workspace: &mut Workspace) {
        self.shown_mut().on_leave(workspace);
    }

    fn view(&self) -> Option<View> {
        self.shown().view()
    }
}
