//! The command palette, and the recipe to take along.

use super::App;
use crate::experiment::short_script_recipe;
use crate::tui::effect::Effect;
use crate::tui::keymap::EVERYWHERE;
use crate::tui::overlay::Request;
use crate::tui::overlay::command_palette::{CommandPalette, Scope};
use crate::tui::overlay::page::Page;
use crate::tui::screen::SCREENS;

/// The screens on which the run is seen.
const RUN: [char; 2] = ['1', '2'];

impl App {
    /// Whether nothing is being said, asked or taught.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.overlay.is_none() && self.lecture.is_none() && self.workspace.notice.is_none()
    }

    /// Opens the command palette; what holds here comes first.
    pub(super) fn open_palette(&mut self) {
        let here = [self.screen_context(), &EVERYWHERE];
        let here = here.map(|context| Scope { tab: None, context });
        let others = SCREENS.iter().map(|tab| Scope { tab: Some(tab.key), context: tab.keys });
        let scopes: Vec<Scope> = here.into_iter().chain(others).collect();
        self.overlay = Some(Box::new(CommandPalette::new(&self.workspace, &scopes)));
    }

    /// Does what the command palette calls so. What is done to the run is looked at.
    pub(super) fn command(&mut self, name: String, request: Request) -> Vec<Effect> {
        self.workspace.remember_command(name);
        let of_run = matches!(request, Request::Load(_) | Request::Edit(_));
        if of_run && !RUN.contains(&self.tab().key) {
            self.go(RUN[0]);
        }
        self.carry_out(vec![request])
    }

    /// Copies the recipe of the run, and shows it: not every terminal lets a program copy.
    pub(super) fn copy_recipe(&mut self) -> Vec<Effect> {
        let recipe = short_script_recipe(&self.workspace.script());
        self.overlay = Some(Box::new(Page::recipe(&recipe)));
        vec![Effect::Copy(recipe)]
    }
}
