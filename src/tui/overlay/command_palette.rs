//! The command palette: everything that can be done, chosen or looked up, found by typing.
//!
//! ```text
//! ╭ What to do ────────────────────────────────────────────────╮
//! │ : batch▏                                                   │
//! │ ▸ train.batch_size    Batch size                   setting │
//! │   full batch          all rows in one step         concept │
//! ╰ 1/7 ───────────────────────────────────────────────────────╯
//! ```

mod command;
mod rank;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

pub use self::command::{Command, Scope};
use self::rank::Ranked;
use super::{Outcome, Overlay, Request, centred, keys, moved, place, type_into};
use crate::experiment::Experiment;
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::workspace::Workspace;

/// Columns of the names.
const NAMES: usize = 24;
/// The most rows of the list.
const ROWS: u16 = 18;

/// A list of commands with a filter.
#[derive(Debug)]
pub struct CommandPalette {
    commands: Vec<Command>,
    /// Names of what was done before, the latest last.
    recent: Vec<String>,
    query: String,
    /// Indices of what matches, the best first.
    found: Vec<usize>,
    cursor: usize,
    top: usize,
    error: Option<String>,
}

impl CommandPalette {
    /// All that can be done from `scopes`, the present one first.
    #[must_use]
    pub fn new(workspace: &Workspace, scopes: &[Scope]) -> Self {
        let commands = command::all(&workspace.experiment, scopes);
        let recent = workspace.recent_commands.clone();
        let mut palette = Self {
            commands,
            recent,
            query: String::new(),
            found: Vec::new(),
            cursor: 0,
            top: 0,
            error: None,
        };
        palette.search();
        palette
    }

    /// Finds what matches the query.
    fn search(&mut self) {
        self.found = Ranked::new(&self.query, &self.recent).of(&self.commands);
        self.cursor = 0;
    }

    fn chosen(&self) -> Option<&Command> {
        self.found.get(self.cursor).map(|index| &self.commands[*index])
    }

    fn row(&self, index: usize, width: usize, theme: Theme) -> Line<'_> {
        let command = &self.commands[self.found[index]];
        let here = index == self.cursor;
        let style = if here { theme.selected() } else { theme.text() };
        let pointer = if here { "▸ " } else { "  " };
        let name = format::truncate(&command.name, NAMES);
        let kind = match command.keys.as_str() {
            "" => command.kind.to_owned(),
            keys => theme.charset.key_name(keys),
        };
        let room = width.saturating_sub(NAMES + 4 + format::width(&kind));
        let title = format::truncate(&command.title, room);
        let pad = room.saturating_sub(format::width(&title)) + 1;
        let gap = NAMES.saturating_sub(format::width(&name)) + 1;
        Line::from(vec![
            Span::styled(format!("{pointer}{name}"), style),
            Span::raw(" ".repeat(gap)),
            Span::styled(title, theme.muted()),
            Span::raw(" ".repeat(pad)),
            Span::styled(kind, theme.accent()),
        ])
    }

    fn draw_list(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Scroll {
        let height = usize::from(area.height);
        let scroll = Scroll::to_show(self.cursor, self.top, height, self.found.len());
        let shown = (scroll.top..self.found.len()).take(scroll.height);
        let rows: Vec<Line<'_>> =
            shown.map(|index| self.row(index, usize::from(area.width), theme)).collect();
        match &self.error {
            Some(error) => frame.render_widget(Line::styled(error.as_str(), theme.warn()), area),
            None if rows.is_empty() => {
                frame.render_widget(Line::styled("  nothing matches", theme.warn()), area);
            }
            None => frame.render_widget(Paragraph::new(rows), area),
        }
        scroll
    }
}

impl Overlay for CommandPalette {
    fn context(&self) -> &'static Context {
        &keys::LIST
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::Next
    }

    fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome {
        if action != Action::Open {
            self.cursor = moved(self.cursor, self.found.len(), action);
            return Outcome::Stay;
        }
        let Some(command) = self.chosen() else { return Outcome::Stay };
        match command.request(experiment) {
            Ok(request) => Outcome::Ask(Request::Command(command.name.clone(), Box::new(request))),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }

    fn text(&mut self, c: char) {
        type_into(&mut self.query, c);
        self.error = None;
        self.search();
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let area = centred(frame.area(), 90, ROWS + 3);
        frame.render_widget(Clear, area);
        let [query, list] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(Panel::inner(area));
        let place = place(self.cursor, self.found.len(), usize::from(list.height));
        let panel = Panel::new(theme, "What to do").focused(true).right("⏎ do it   esc back");
        frame.render_widget(&panel.below(&place), area);
        let hint = if self.query.is_empty() { "type what you want" } else { "" };
        let typed = Span::styled(format!("{}▏", self.query), theme.accent());
        let line =
            vec![Span::styled(": ", theme.muted()), typed, Span::styled(hint, theme.muted())];
        frame.render_widget(Line::from(line), query);
        Some(self.draw_list(frame, list, theme))
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
    }
}
