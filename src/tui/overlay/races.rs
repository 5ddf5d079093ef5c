//! A race to open again.
//!
//! ```text
//! ╭ Races ──────────────────────────────────────────────────────╮
//! │ / spi▏                                                      │
//! │ ▸ Two spirals     2 h ago   116/116   adam:lr=0.01          │
//! │   Iris            3 d ago    40/116   sgd                   │
//! │                                                             │
//! │ What ⏎ does with the one under the cursor.                  │
//! ╰─────────────────────────────────────────────────────────────╯
//! ```

use std::sync::Arc;
use std::time::SystemTime;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, Overlay, Request, centred, keys, moved, place, type_into};
use crate::compare::saved::SavedRace;
use crate::experiment::Experiment;
use crate::spec::{Texts, search};
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// The list of kept races with a filter.
#[derive(Debug)]
pub struct Races {
    /// None until it has been read.
    list: Option<Vec<SavedRace>>,
    filter: String,
    cursor: usize,
    top: usize,
    /// Whether a race is under way that ends when another is opened.
    replaces: bool,
}

impl Races {
    /// A list that is still being read. `replaces` says that a race is under way.
    #[must_use]
    pub const fn reading(replaces: bool) -> Self {
        Self { list: None, filter: String::new(), cursor: 0, top: 0, replaces }
    }

    fn shown(&self) -> Vec<&SavedRace> {
        let list: Vec<_> = self.list.iter().flatten().collect();
        let texts =
            list.iter().map(|race| Texts { name: race.name.raw(), title: "", words: Vec::new() });
        search(&self.filter, texts).into_iter().map(|index| list[index]).collect()
    }

    /// Why the list has no rows.
    const fn nothing(&self) -> &'static str {
        match &self.list {
            None => "reading …",
            Some(list) if list.is_empty() => "no race has been kept yet",
            Some(_) => "nothing matches",
        }
    }

    /// What opening a race does.
    fn about(&self, race: &SavedRace) -> String {
        let state = match &race.state {
            Ok(state) => state,
            Err(reason) => return format!("It cannot be opened: {reason}"),
        };
        let missing = state.total.saturating_sub(state.done);
        let follows = match missing {
            0 => "It is finished.".to_owned(),
            1 => "The run that is missing follows.".to_owned(),
            _ => format!("The {missing} runs that are missing follow."),
        };
        let ends =
            if self.replaces { " The race under way ends, and is kept as well." } else { "" };
        let what = if state.plan.tune.is_empty() { "rates" } else { "trials" };
        let (arms, each) = (state.plan.arms.len(), candidates(race));
        format!("{arms} arms over {each} {what}. {follows}{ends}")
    }
}

impl Overlay for Races {
    fn context(&self) -> &'static Context {
        &keys::LIST
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::Next
    }

    fn on_races(&mut self, list: Vec<SavedRace>) {
        self.list = Some(list);
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        if action != Action::Open {
            self.cursor = moved(self.cursor, self.shown().len(), action);
            return Outcome::Stay;
        }
        match self.shown().get(self.cursor).map(|race| &race.state) {
            Some(Ok(state)) => Outcome::Ask(Request::Race(Arc::clone(&state.plan))),
            _ => Outcome::Stay,
        }
    }

    fn text(&mut self, c: char) {
        type_into(&mut self.filter, c);
        self.cursor = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let rows = self.list.as_ref().map_or(0, Vec::len).max(1);
        let area = centred(frame.area(), 90, u16::try_from(rows + 7).unwrap_or(u16::MAX));
        frame.render_widget(Clear, area);
        let [filter, list, _, about] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(Panel::inner(area));
        let height = usize::from(list.height);
        let shown = self.shown();
        let scroll = Scroll::to_show(self.cursor, self.top, height, shown.len());
        let place = place(self.cursor, shown.len(), height);
        let panel = Panel::new(theme, "Races").focused(true).right("⏎ open   esc back");
        frame.render_widget(&panel.below(&place), area);
        let hint = if self.filter.is_empty() { "type to filter" } else { "" };
        let line = Line::from(vec![
            Span::styled("/ ", theme.muted()),
            Span::styled(format!("{}▏", self.filter), theme.accent()),
            Span::styled(hint, theme.muted()),
        ]);
        frame.render_widget(line, filter);
        let now = SystemTime::now();
        let rows = shown.iter().enumerate().skip(scroll.top).take(height);
        let mut lines: Vec<_> = rows
            .map(|(index, race)| {
                row(race, now, index == self.cursor, usize::from(list.width), theme)
            })
            .collect();
        if lines.is_empty() {
            lines.push(Line::styled(format!("  {}", self.nothing()), theme.warn()));
        }
        frame.render_widget(Paragraph::new(lines), list);
        let text = shown.get(self.cursor).map_or_else(String::new, |race| self.about(race));
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), about);
        Some(scroll)
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
    }
}

/// Candidates of each arm, at most.
fn candidates(race: &SavedRace) -> usize {
    let arms = race.state.as_ref().map(|state| &*state.plan.arms).unwrap_or_default();
    arms.iter().map(|arm| arm.candidates.points()).max().unwrap_or(0)
}

/// Columns of what follows a name: when, and how far.
const BETWEEN: usize = 10 + 12;

fn row(race: &SavedRace, now: SystemTime, here: bool, width: usize, theme: Theme) -> Line<'static> {
    let column = (width.saturating_sub(BETWEEN + 2) / 2).max(8);
    let name = format::truncate(&race.name.on_terminal(), column);
    let blank = " ".repeat(column.saturating_sub(format::width(&name)));
    let when = format::ago(now.duration_since(race.used).unwrap_or_default());
    let (far, first) = match &race.state {
        Ok(state) => (
            format!("{}/{}", state.done, state.total),
            state
                .first
                .as_ref()
                .map_or_else(String::new, |name| format!("1. {}", name.on_terminal())),
        ),
        Err(_) => ("–".to_owned(), String::new()),
    };
    let pointer = if here { "▸ " } else { "  " };
    let style = if here { theme.selected() } else { theme.text() };
    Line::from(vec![
        Span::styled(format!("{pointer}{name}{blank}"), style),
        Span::styled(format!("{when:>10}{far:>10}  "), theme.muted()),
        Span::styled(first, theme.text()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Plan;
    use crate::compare::Results;
    use crate::compare::saved::Progress;
    use crate::experiment::load;
    use crate::tui::overlay::checklist::proposal::proposal;
    use crate::tui::theme::Depth;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use std::time::Duration;

    fn race(name: &str, hours: u64, done: usize) -> SavedRace {
        let experiment = load(name).unwrap().experiment;
        let plan = Arc::new(Plan::new(&experiment, &proposal(&experiment, None)).unwrap());
        let state = Progress {
            total: plan.total(&Results::default()),
            done,
            first: Some("adam".into()),
            plan,
        };
        SavedRace {
            name: state.plan.base.start().name(),
            used: SystemTime::now() - Duration::from_secs(3600 * hours + 5),
            state: Ok(state),
        }
    }

    fn picture(races: &mut Races, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut scroll = None;
        let frame =
            terminal.draw(|frame| scroll = races.draw(frame, Theme::new(Depth::None))).unwrap();
        let text = crate::export::text::buffer_to_text(frame.buffer);
        if let Some(scroll) = scroll {
            races.drawn(scroll);
        }
        text
    }

    fn act(races: &mut Races, action: Action) -> Outcome {
        races.act(action, &load("moons").unwrap().experiment)
    }

    #[test]
    fn a_list_is_shown_filtered_and_opened() {
        let mut races = Races::reading(true);
        assert!(picture(&mut races, (80, 24)).contains("reading …"));
        assert!(matches!(act(&mut races, Action::Open), Outcome::Stay));
        races.on_races(vec![race("spirals", 0, 5), race("moons", 2, 40), race("iris", 50, 0)]);
        let text = picture(&mut races, (80, 24));
        for part in
            ["▸ Two spirals", "just now", "2 h ago", "2 d ago", "/204", "1. adam", "missing"]
        {
            assert!(text.contains(part), "no `{part}` in\n{text}");
        }
        "moo".chars().for_each(|c| races.text(c));
        assert!(!picture(&mut races, (80, 24)).contains("spirals"));
        match act(&mut races, Action::Open) {
            Outcome::Ask(Request::Race(plan)) => assert_eq!(plan.base.start().name(), "Two moons"),
            other => panic!("{other:?}"),
        }
        "zz".chars().for_each(|c| races.text(c));
        assert!(picture(&mut races, (80, 24)).contains("nothing matches"));
    }

    #[test]
    fn one_that_cannot_be_opened_says_why() {
        let mut races = Races::reading(false);
        let broken = SavedRace { state: Err("no such file".to_owned()), ..race("moons", 1, 0) };
        races.on_races(vec![broken]);
        assert!(picture(&mut races, (80, 24)).contains("cannot be opened: no such file"));
        assert!(matches!(act(&mut races, Action::Open), Outcome::Stay));
    }

    #[test]
    fn any_size() {
        let mut races = Races::reading(false);
        races.on_races((0..40).map(|hours| race("moons", hours, 3)).collect());
        for size in [(1, 1), (5, 3), (20, 5), (40, 12), (200, 60)] {
            act(&mut races, Action::End);
            let _ = picture(&mut races, size);
        }
    }
}
