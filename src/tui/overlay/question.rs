//! Something to be sure of before it is done.

use ratatui::Frame;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, centred};
use crate::tui::contest::referee::Order;
use crate::tui::keymap::Action;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;

/// A question with what follows if it is answered with yes.
#[derive(Debug)]
pub struct Question {
    title: &'static str,
    text: String,
    yes: Order,
}

impl Question {
    /// Whether to end a race.
    #[must_use]
    pub fn end_race(done: usize, total: usize) -> Self {
        let text = format!("{done} of {total} runs are done and stay. The others are given up.");
        Self { title: "End the race?", text, yes: Order::Stop }
    }

    pub(super) fn act(&self, action: Action) -> Outcome {
        if action == Action::Open { Outcome::Order(self.yes) } else { Outcome::Stay }
    }

    pub(super) fn draw(&self, frame: &mut Frame<'_>, theme: Theme) {
        let area = centred(frame.area(), 50, 4);
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, self.title).focused(true).right("⏎ yes   esc no");
        frame.render_widget(&panel, area);
        let text = Paragraph::new(self.text.as_str()).wrap(Wrap { trim: true });
        frame.render_widget(text, Panel::inner(area));
    }
}
