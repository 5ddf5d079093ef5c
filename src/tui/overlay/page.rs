//! Text to read and scroll.
//!
//! ```text
//! ╭ Keys ───────────────────────────────╮
//! │ Train                               │
//! │   space        run or pause         │
//! ╰─────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::{Outcome, Overlay, centred, keys};
use crate::catalog::concept::{Comparison, Concept};
use crate::experiment::Experiment;
use crate::text::visible;
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{self, Action, Context};
use crate::tui::run_view::Entry;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Columns of the left column with what sets it off.
const LEFT: usize = 18;

/// A page with a title.
#[derive(Debug)]
pub struct Page {
    title: &'static str,
    /// (is a heading, left column, right column).
    lines: Vec<(bool, String, String)>,
    /// The rows that are shown, as it was last drawn.
    scroll: Scroll,
}

impl Page {
    /// Every key of `contexts`, by where it holds, those that hold `here` first; `tabs` are the keys
    /// of screens that no row has, with their meaning.
    #[must_use]
    pub fn help(
        here: &'static Context,
        contexts: impl Iterator<Item = &'static Context>,
        tabs: impl Iterator<Item = (char, String)>,
    ) -> Self {
        let mut lines = Vec::new();
        let mut contexts: Vec<_> = contexts.collect();
        contexts.sort_by_key(|context| !std::ptr::eq(*context, here));
        for context in contexts {
            if !lines.is_empty() {
                lines.push((false, String::new(), String::new()));
            }
            lines.push((true, context.title.to_owned(), String::new()));
            let row = |(keys, help): (String, &str)| (false, keys, help.to_owned());
            lines.extend(keymap::lines(context.rows).into_iter().map(row));
        }
        lines.extend(tabs.map(|(key, meaning)| (false, key.to_string(), meaning)));
        lines.push((
            false,
            "mouse".to_owned(),
            "click a field, turn the wheel to change it".to_owned(),
        ));
        Self { title: "Keys", lines, scroll: Scroll::default() }
    }

    /// A recipe that has been copied, if the terminal lets programs do so.
    #[must_use]
    pub fn recipe(recipe: &str) -> Self {
        let line = |text: &str| (false, String::new(), text.to_owned());
        let lines = vec![
            line(&visible(recipe)),
            line(""),
            line("`gradlab` and this in quotes, on any machine, is the same run to the bit."),
            line("It was sent to the terminal's clipboard; not every terminal takes it."),
        ];
        Self { title: "Recipe of the run", lines, scroll: Scroll::default() }
    }

    /// What happened to the run, the latest first.
    #[must_use]
    pub fn log(entries: &[Entry]) -> Self {
        let lines = entries
            .iter()
            .rev()
            .map(|entry| (false, format!("step {}", entry.step), entry.text.clone()))
            .collect();
        Self { title: "Log of the run", lines, scroll: Scroll::default() }
    }

    /// What a word of the field means, and what else there is to know of it.
    #[must_use]
    pub fn concept(concept: &'static Concept) -> Self {
        let mut lines = vec![(false, String::new(), concept.text.to_owned())];
        let mut add = |label: &str, text: &str| {
            if !text.is_empty() {
                lines.push((false, String::new(), String::new()));
                lines.push((false, label.to_owned(), text.to_owned()));
            }
        };
        for (index, line) in concept.formula.lines().enumerate() {
            add(if index == 0 { "formula" } else { "" }, line);
        }
        if let Some(Comparison { titles: [left, right], rows }) = concept.comparison {
            for (label, [of_left, of_right]) in *rows {
                add(label, &format!("{left}: {of_left}; {right}: {of_right}"));
            }
        }
        add("people err", concept.pitfall);
        add("see it", &concept.see.join(", "));
        add("also called", &concept.synonyms.join(", "));
        add("read on", &concept.related.join(", "));
        Self { title: concept.title, lines, scroll: Scroll::default() }
    }

    /// What to know before trusting a ranking.
    #[must_use]
    pub fn warnings(warnings: impl Iterator<Item = String>) -> Self {
        let mut lines: Vec<_> = warnings.map(|text| (false, "▲".to_owned(), text)).collect();
        if lines.is_empty() {
            lines.push((false, String::new(), "there is nothing to warn of".to_owned()));
        }
        Self { title: "Before you trust this ranking", lines, scroll: Scroll::default() }
    }

    /// The rows of the page when it is `width` columns wide.
    fn rows(&self, width: usize, theme: Theme) -> Vec<Line<'_>> {
        let mut rows = Vec::new();
        for (heading, left, right) in &self.lines {
            if *heading {
                rows.push(Line::styled(left.as_str(), theme.accent()));
                continue;
            }
            let mut left = left.as_str();
            let parts = format::wrap(right, width.saturating_sub(LEFT));
            let parts = if parts.is_empty() { vec![String::new()] } else { parts };
            for part in parts {
                let label = theme.charset.key_name(left);
                let label = Span::raw(format!("  {label:<15} "));
                rows.push(Line::from(vec![label, Span::styled(part, theme.muted())]));
                left = "";
            }
        }
        rows
    }
}

impl Overlay for Page {
    fn context(&self) -> &'static Context {
        &keys::PAGE
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        let Scroll { top, height, last } = self.scroll;
        self.scroll.top = match action {
            Action::Up => top.saturating_sub(1),
            Action::Down => (top + 1).min(last),
            Action::PageUp => top.saturating_sub(height),
            Action::PageDown => (top + height).min(last),
            Action::Home => 0,
            Action::End => last,
            _ => top,
        };
        Outcome::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let width = frame.area().width.min(76);
        let rows = self.rows(usize::from(width).saturating_sub(2), theme);
        let area = centred(frame.area(), width, u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, self.title).focused(true).right("↑↓ scroll   esc back");
        let inner = Panel::inner(area);
        frame.render_widget(&panel, area);
        let height = usize::from(inner.height);
        let last = rows.len().saturating_sub(height);
        let top = self.scroll.top.min(last);
        let shown: Vec<Line<'_>> = rows.into_iter().skip(top).take(height).collect();
        frame.render_widget(Paragraph::new(shown), inner);
        Some(Scroll { top, height, last })
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.scroll = scroll;
    }
}
