//! The way of the Train screen into painting, through it and out of it.

use ratatui::layout::Rect;

use super::{Outcome, Painter};
use crate::catalog::Kind;
use crate::experiment::settings::Section;
use crate::tui::keymap::Action;
use crate::tui::overlay::Request;
use crate::tui::screen::train::{TrainScreen, Zoom};
use crate::tui::workspace::Workspace;

impl TrainScreen {
    /// The part of the screen that is painted on, if there is painting.
    pub(in super::super) fn canvas(&self, inner: Rect) -> Option<Rect> {
        self.painter.as_ref().map(|_| inner)
    }

    /// Begins to paint, if the data is such; another panel than the plane makes room for it.
    pub(in super::super) fn begin_painting(&mut self, workspace: &mut Workspace) {
        match Painter::begin(workspace) {
            Ok(painter) => self.painter = Some(painter),
            Err(reason) => return workspace.complain(&reason),
        }
        self.neuron = None;
        if self.tiny {
            self.zoom = Zoom::Predictions;
        } else if self.zoom != Zoom::Predictions {
            self.zoom = Zoom::Off;
        }
    }

    /// Paints, if there is painting and `action` is of it.
    pub(in super::super) fn painted(
        &mut self,
        action: Action,
        workspace: &mut Workspace,
    ) -> Option<Vec<Request>> {
        let outcome = self.painter.as_mut()?.act(action, workspace);
        if let Outcome::Other = outcome {
            match action {
                Action::Back if workspace.past.is_none() => self.painter = None,
                Action::Zoom => {
                    let whole = self.zoom == Zoom::Predictions;
                    self.zoom = if whole { Zoom::Off } else { Zoom::Predictions };
                }
                _ => return None,
            }
            return Some(Vec::new());
        }
        Some(self.stroke(outcome, workspace))
    }

    /// Asks for the run on what was painted.
    pub(in super::super) fn stroke(
        &mut self,
        outcome: Outcome,
        workspace: &mut Workspace,
    ) -> Vec<Request> {
        match outcome {
            Outcome::Painted(edited) => self.take(Action::Paint, *edited, workspace),
            Outcome::Shown | Outcome::Other => Vec::new(),
        }
    }

    /// Whether what is under the cursor are the points of the data.
    pub(in super::super) fn is_at_data(&self, workspace: &Workspace) -> bool {
        let row = self.focus(workspace).row;
        self.zoom == Zoom::Predictions
            || row.section == Section::Data
            || row.picks() == Some(Kind::Dataset)
    }
}
