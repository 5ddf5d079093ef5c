//! Something to be sure of before it is done.

use ratatui::Frame;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, Overlay, Request, centred, keys};
use crate::compare::Order;
use crate::experiment::Experiment;
use crate::tui::drawn::Scroll;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Context};
use crate::tui::race_view::RaceView;
use crate::tui::theme::Theme;
use crate::tui::widgets::panel::Panel;

/// A question with what follows if it is answered with yes.
#[derive(Debug)]
pub struct Question {
    about: About,
    /// How many runs of the race are done, of how many.
    runs: (usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    EndRace,
    Quit {
        /// Whether finished runs can be found again.
        kept: bool,
    },
}

impl Question {
    /// Whether to end a race.
    #[must_use]
    pub const fn end_race(runs: (usize, usize)) -> Self {
        Self { about: About::EndRace, runs }
    }

    /// Whether to quit in the middle of a race, of which finished runs are kept or not.
    #[must_use]
    pub const fn quit(runs: (usize, usize), kept: bool) -> Self {
        Self { about: About::Quit { kept }, runs }
    }

    const fn title(&self) -> &'static str {
        match self.about {
            About::EndRace => "End the race?",
            About::Quit { .. } => "Quit?",
        }
    }

    fn text(&self) -> String {
        let (done, total) = self.runs;
        let follows = match self.about {
            About::EndRace => "and stay. The others are given up.",
            About::Quit { kept: true } => "and stay. Later c, then Ctrl-o, goes on with them.",
            About::Quit { kept: false } => "and are lost; w in the race writes them first.",
        };
        format!("{done} of {total} runs are done {follows}")
    }
}

impl Overlay for Question {
    fn context(&self) -> &'static Context {
        &keys::QUESTION
    }

    fn confirms_quit(&self) -> bool {
        matches!(self.about, About::Quit { .. })
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        let effect = match (action, self.about) {
            (Action::Open, About::EndRace) => Effect::Race(Order::Stop),
            (Action::Open, About::Quit { .. }) => Effect::Quit,
            _ => return Outcome::Stay,
        };
        Outcome::Ask(Request::Effect(effect))
    }

    fn on_race(&mut self, race: &RaceView) -> bool {
        self.runs = race.runs();
        true
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let area = centred(frame.area(), 50, 4);
        frame.render_widget(Clear, area);
        let panel = Panel::new(theme, self.title()).focused(true).right("⏎ yes   esc no");
        frame.render_widget(&panel, area);
        let text = Paragraph::new(self.text()).wrap(Wrap { trim: true });
        frame.render_widget(text, Panel::inner(area));
        None
    }
}
