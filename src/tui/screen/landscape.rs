//! The network's own loss landscape: a map of the loss on a plane through the weights, which follows
//! the run.

mod facts;
pub mod keys;
mod layout;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use self::keys::KEYS;
use super::train::{keys::IN_THE_PAST, status};
use super::{Screen, run_keys};
use crate::train::landscape::PlaneKind;
use crate::train::probe::{Requests, View};
use crate::tui::drawn::Drawn;
use crate::tui::keymap::{Action, Context};
use crate::tui::overlay::Request;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// How the landscape is being looked at.
#[derive(Debug, Default)]
pub struct LandscapeScreen {
    /// Which plane.
    plane: PlaneKind,
    /// Whether the map has the whole screen.
    alone: bool,
    /// Points that there is room for, across and up.
    map: (usize, usize),
}

impl Screen for LandscapeScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        if let Some(requests) = run_keys::act(action, workspace) {
            return requests;
        }
        match action {
            Action::Plane => self.plane = self.plane.next(),
            Action::Zoom => self.alone = !self.alone,
            Action::Back if self.alone => self.alone = false,
            Action::Back => return vec![Request::Go('1')],
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
        self.map = drawn.view.map(|view| view.map).unwrap_or_default();
    }

    fn keys(&self) -> Option<&'static Context> {
        Some(&KEYS)
    }

    fn label(&self, action: Action, workspace: &Workspace) -> Option<&'static str> {
        (action == Action::Toggle).then(|| run_keys::toggle_label(workspace))
    }

    fn footer(&self, workspace: &Workspace) -> Option<&'static [(Action, &'static str)]> {
        workspace.past.is_some().then_some(&IN_THE_PAST)
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        status::trouble(workspace)
    }

    fn view(&self) -> Option<View> {
        // Before anything is drawn there is no room for a map.
        let landscape = self.map != (0, 0);
        let requests = Requests { landscape, scores: true, examined: true, ..Requests::NONE };
        Some(View { plane: self.plane, map: self.map, ..View::of(requests) })
    }
}
