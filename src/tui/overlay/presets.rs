//! An experiment or a walk to choose.
//!
//! ```text
//! ╭ Experiments ───────────────────────────────────────────────╮
//! │ / spi▏                                                      │
//! │ ▸ spirals            Two spirals                            │
//! │                                                             │
//! │ What to watch, for the one under the cursor.                │
//! ╰─────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::choice::Choice;
use super::page::Page;
use super::{Outcome, Overlay, Request, centred, keys, moved, place, type_into};
use crate::catalog::concept::{self, Concept};
use crate::experiment::Experiment;
use crate::experiment::preset::PRESETS;
use crate::experiment::shelf::{Shelved, Shipped};
use crate::experiment::walk::WALKS;
use crate::spec::{Texts, search};
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// A list of what comes with the program, with a filter.
#[derive(Debug)]
pub struct Presets {
    title: &'static str,
    all: Vec<Item>,
    open: fn(&str) -> Result<Request, String>,
    filter: String,
    cursor: usize,
    top: usize,
    error: Option<String>,
}

/// Something to choose.
#[derive(Debug)]
struct Item {
    name: &'static str,
    title: &'static str,
    about: &'static str,
}

impl Item {
    fn of<T: Shelved>(it: &'static Shipped<T>) -> Self {
        Self { name: it.name, title: it.title(), about: it.about() }
    }
}

impl Presets {
    /// The experiments.
    #[must_use]
    pub fn experiments() -> Self {
        let open = |name: &str| {
            let loaded = crate::experiment::load(name).map_err(|error| error.to_string())?;
            Ok(Request::Load(Box::new(loaded.experiment)))
        };
        Self::of("Experiments", PRESETS.all().iter().map(Item::of).collect(), open)
    }

    /// The walks.
    #[must_use]
    pub fn walks() -> Self {
        let open = |name: &str| {
            let walk = WALKS.find(name).map_err(|error| error.to_string())?.get();
            Ok(Request::Choose(Choice::Walk(Box::new(walk.clone()))))
        };
        Self::of("Walks", WALKS.all().iter().map(Item::of).collect(), open)
    }

    /// The words of the field, each with what it means.
    #[must_use]
    pub fn concepts() -> Self {
        let item = |it: &'static Concept| Item { name: it.key, title: it.title, about: it.text };
        let open = |name: &str| {
            let concept = concept::all().find(|it| it.key == name);
            let concept = concept.ok_or_else(|| format!("there is no concept called {name}"))?;
            Ok(Request::Open(Box::new(Page::concept(concept))))
        };
        Self::of("What does it mean?", concept::all().map(item).collect(), open)
    }

    const fn of(
        title: &'static str,
        all: Vec<Item>,
        open: fn(&str) -> Result<Request, String>,
    ) -> Self {
        Self { title, all, open, filter: String::new(), cursor: 0, top: 0, error: None }
    }

    fn shown(&self) -> Vec<&Item> {
        let texts = self.all.iter().map(|it| Texts {
            name: it.name,
            title: it.title,
            words: vec![it.about],
        });
        search(&self.filter, texts).into_iter().map(|index| &self.all[index]).collect()
    }
}

impl Overlay for Presets {
    fn context(&self) -> &'static Context {
        &keys::LIST
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::Next
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        if action != Action::Open {
            self.cursor = moved(self.cursor, self.shown().len(), action);
            return Outcome::Stay;
        }
        let Some(name) = self.shown().get(self.cursor).map(|preset| preset.name) else {
            return Outcome::Stay;
        };
        match (self.open)(name) {
            Ok(request) => Outcome::Ask(request),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }

    fn text(&mut self, c: char) {
        type_into(&mut self.filter, c);
        self.cursor = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let height = self.all.len() as u16 + 9;
        let area = centred(frame.area(), 76, height);
        frame.render_widget(Clear, area);
        let inner = Panel::inner(area);
        let [filter, list, _, about] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(4),
        ])
        .areas(inner);
        let typed = Span::styled(format!("{}▏", self.filter), theme.accent());
        let hint = if self.filter.is_empty() { "type to filter" } else { "" };
        let line =
            vec![Span::styled("/ ", theme.muted()), typed, Span::styled(hint, theme.muted())];
        let shown = self.shown();
        let scroll = Scroll::to_show(self.cursor, self.top, usize::from(list.height), shown.len());
        let place = place(self.cursor, shown.len(), usize::from(list.height));
        let panel = Panel::new(theme, self.title).focused(true).right("⏎ open   esc back");
        frame.render_widget(&panel.below(&place), area);
        frame.render_widget(Line::from(line), filter);
        let names = self.all.iter().map(|preset| format::width(preset.name));
        let column = names.max().unwrap_or(0) + 2;
        let lines: Vec<Line<'_>> = shown
            .iter()
            .enumerate()
            .skip(scroll.top)
            .take(scroll.height)
            .map(|(index, preset)| {
                let here = index == self.cursor;
                let style = if here { theme.selected() } else { theme.text() };
                let pointer = if here { "▸ " } else { "  " };
                Line::from(vec![
                    Span::styled(format!("{pointer}{:<column$}", preset.name), style),
                    Span::styled(preset.title, theme.muted()),
                ])
            })
            .collect();
        if lines.is_empty() {
            frame.render_widget(Line::styled("  nothing matches", theme.warn()), list);
        } else {
            frame.render_widget(Paragraph::new(lines), list);
        }
        let text = self.error.as_deref().or_else(|| shown.get(self.cursor).map(|p| p.about));
        let text = text.unwrap_or_default();
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), about);
        Some(scroll)
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
    }
}
