//! A value to type, with the meaning of the setting or what is wrong with the value.
//!
//! ```text
//! ╭ learning rate of layer 2 ──────────╮
//! │ 0.05▏                              │
//! │ must be 0 or more                  │
//! ╰────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::choice::{Choice, Slot};
use super::together::chosen;
use super::{Outcome, Overlay, Request, centred, keys, type_into};
use crate::experiment::Experiment;
use crate::experiment::settings::Place;
use crate::tui::drawn::Scroll;
use crate::tui::form;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;

/// What is typed for.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// A setting of the experiment.
    Setting(Place),
    /// A setting of a walk.
    Walk(Slot),
}

/// A field whose value is being typed.
#[derive(Debug)]
pub struct Prompt {
    target: Target,
    title: String,
    /// The setting's meaning.
    help: &'static str,
    text: String,
    /// Whether the text is still the old value, which the first typed character replaces.
    untouched: bool,
    error: Option<String>,
}

impl Prompt {
    /// A prompt for a setting, with its present value.
    #[must_use]
    pub fn new(place: Place, experiment: &Experiment) -> Self {
        let help = place.within(experiment).help();
        let text = form::typed(place, experiment);
        Self::of(Target::Setting(place), form::title(place), help, text)
    }

    /// A prompt for a setting of a walk, with its present value; what is typed is judged by the screen.
    #[must_use]
    pub fn of_walk(slot: Slot, title: &str, help: &'static str, text: String) -> Self {
        Self::of(Target::Walk(slot), title.to_owned(), help, text)
    }

    const fn of(target: Target, title: String, help: &'static str, text: String) -> Self {
        Self { target, title, help, text, untouched: true, error: None }
    }
}

impl Overlay for Prompt {
    fn context(&self) -> &'static Context {
        &keys::PROMPT
    }

    fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome {
        if action != Action::Open {
            return Outcome::Stay;
        }
        let asked = match self.target {
            Target::Setting(place) => {
                chosen(experiment, form::with_text(place, &self.text, experiment))
            }
            Target::Walk(slot) => Ok(Request::Choose(Choice::Text(slot, self.text.clone()))),
        };
        match asked {
            Ok(request) => Outcome::Ask(request),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }

    fn text(&mut self, c: char) {
        if std::mem::take(&mut self.untouched) && c != super::BACKSPACE {
            self.text.clear();
        }
        self.error = None;
        type_into(&mut self.text, c);
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let area = centred(frame.area(), 50, 6);
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, &self.title).focused(true).right("⏎ set   esc back");
        let inner = Panel::inner(area);
        frame.render_widget(&panel, area);
        let style = if self.untouched { theme.selected() } else { theme.accent() };
        let mut lines =
            vec![Line::from(vec![Span::styled(self.text.as_str(), style), Span::raw("▏")])];
        lines.push(match &self.error {
            Some(error) => Line::styled(error.as_str(), theme.bad()),
            None => Line::styled(self.help, theme.muted()),
        });
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
        None
    }
}
