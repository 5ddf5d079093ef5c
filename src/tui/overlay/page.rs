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
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, centred};
use crate::tui::keymap::{self, Action, Context, KEYS};
use crate::tui::theme::Theme;
use crate::tui::watch::Entry;
use crate::tui::widgets::panel::Panel;

/// A page with a title.
#[derive(Debug)]
pub struct Page {
    title: &'static str,
    /// (is a heading, left column, right column).
    lines: Vec<(bool, String, String)>,
    top: usize,
}

impl Page {
    /// Every key, by where it holds.
    #[must_use]
    pub fn help() -> Self {
        let mut lines = Vec::new();
        for context in Context::ALL {
            if !lines.is_empty() {
                lines.push((false, String::new(), String::new()));
            }
            lines.push((true, context.title().to_owned(), String::new()));
            for binding in KEYS.iter().filter(|binding| binding.context == context) {
                lines.push((false, keymap::names(binding), binding.help.to_owned()));
            }
        }
        lines.push((
            false,
            "mouse".to_owned(),
            "click a field, turn the wheel to change it".to_owned(),
        ));
        Self { title: "Keys", lines, top: 0 }
    }

    /// What happened to the run, the latest first.
    #[must_use]
    pub fn log(entries: &[Entry]) -> Self {
        let lines = entries
            .iter()
            .rev()
            .map(|entry| (false, format!("step {}", entry.step), entry.text.clone()))
            .collect();
        Self { title: "Log of the run", lines, top: 0 }
    }

    pub(super) fn act(&mut self, action: Action) -> Outcome {
        let last = self.lines.len().saturating_sub(1);
        match action {
            Action::Open => return Outcome::Close,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::Down => self.top = (self.top + 1).min(last),
            Action::PageUp => self.top = self.top.saturating_sub(10),
            Action::PageDown => self.top = (self.top + 10).min(last),
            Action::Home => self.top = 0,
            Action::End => self.top = last,
            _ => {}
        }
        Outcome::Stay
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, theme: Theme) {
        let height = self.lines.len() as u16 + 2;
        let area = centred(frame.area(), 76, height.min(frame.area().height));
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, self.title).focused(true).right("↑↓ scroll   esc back");
        let inner = Panel::inner(area);
        frame.render_widget(&panel, area);
        // Scrolling stops when the last line is at the bottom.
        self.top = self.top.min(self.lines.len().saturating_sub(usize::from(inner.height)));
        let lines: Vec<Line<'_>> = self
            .lines
            .iter()
            .skip(self.top)
            .take(usize::from(inner.height))
            .map(|(heading, left, right)| {
                if *heading {
                    Line::styled(left.as_str(), theme.accent())
                } else {
                    Line::from(vec![
                        Span::raw(format!("  {left:<15} ")),
                        Span::styled(right.as_str(), theme.muted()),
                    ])
                }
            })
            .collect();
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
    }
}
