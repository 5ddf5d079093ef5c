//! The branches of the run.
//!
//! ```text
//! ╭ Branches ───── ⏎ go there   c race over seeds   esc back ╮
//! │                              steps   test loss   lowest │
//! │ ● layer 1 relu → tanh @5,000  12,400  0.0410   0.0391   │
//! │ ▸ from the start              15,000  0.0520   0.0500   │
//! │                                                         │
//! │ The whole name of the one under the cursor.             │
//! ╰─────────────────────────────────────────────────────────╯
//! ```

mod race;

use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, Overlay, Request, centred, keys, moved, place};
use crate::experiment::Experiment;
use crate::train::Command;
use crate::train::timeline::{BranchId, BranchView, TimelineView};
use crate::tui::branch;
use crate::tui::drawn::Scroll;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// The list of branches, the present one first, then the latest ones.
#[derive(Debug)]
pub struct Branches {
    timeline: TimelineView,
    cursor: usize,
    top: usize,
    /// The branch that goes if the key that deletes is pressed again.
    doomed: Option<BranchId>,
    /// Those that are to be raced; all if none is chosen.
    ticked: BTreeSet<BranchId>,
    /// What could not be done.
    error: String,
}

impl Branches {
    /// The list of these.
    #[must_use]
    pub fn new(timeline: TimelineView) -> Self {
        let (ticked, error) = (BTreeSet::new(), String::new());
        Self { timeline, cursor: 0, top: 0, doomed: None, ticked, error }
    }

    fn rows(&self) -> Vec<&BranchView> {
        let (present, mut others): (Vec<_>, Vec<_>) =
            self.timeline.branches.iter().partition(|branch| branch.present);
        others.reverse();
        [present, others].concat()
    }

    fn delete(&mut self) -> Outcome {
        let Some(row) = self.rows().get(self.cursor).map(|row| (row.id, row.present)) else {
            return Outcome::Stay;
        };
        let sure = self.doomed.take() == Some(row.0);
        match row {
            (_, true) => {
                self.error.push_str("this is the present branch: go to another one first");
            }
            (id, false) if sure => {
                return Outcome::Keep(Effect::Send(Command::Delete(id)));
            }
            (id, false) => self.doomed = Some(id),
        }
        Outcome::Stay
    }

    /// Asks for a race of the chosen branches over seeds.
    fn race(&mut self) -> Outcome {
        let mut rows = self.rows();
        rows.retain(|row| self.ticked.is_empty() || self.ticked.contains(&row.id));
        match race::plan(&rows, &self.timeline) {
            Ok(plan) => Outcome::Ask(Request::Race(Arc::new(plan))),
            Err(error) => {
                self.error = error;
                Outcome::Stay
            }
        }
    }

    /// The lines below the list.
    fn about(&self, theme: Theme) -> Line<'static> {
        let rows = self.rows();
        match rows.get(self.cursor) {
            _ if !self.error.is_empty() => Line::styled(self.error.clone(), theme.warn()),
            Some(row) if self.doomed == Some(row.id) => {
                Line::styled("d again deletes it; it cannot be undone", theme.warn())
            }
            Some(row) => Line::styled(branch::name(row, &self.timeline), theme.muted()),
            None => Line::styled("there is no run yet", theme.warn()),
        }
    }
}

impl Overlay for Branches {
    fn context(&self) -> &'static Context {
        &keys::BRANCHES
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
        self.error.clear();
        if action == Action::Delete {
            return self.delete();
        }
        self.doomed = None;
        let rows = self.rows();
        let here = rows.get(self.cursor).map(|row| row.id);
        match (action, here) {
            (Action::Open, Some(id)) => return Outcome::Ask(Request::GoTo(id)),
            (Action::NewRace, _) => return self.race(),
            (Action::Tick, Some(id)) => {
                if !self.ticked.remove(&id) {
                    self.ticked.insert(id);
                }
            }
            _ => self.cursor = moved(self.cursor, rows.len(), action),
        }
        Outcome::Stay
    }

    fn on_timeline(&mut self, timeline: TimelineView) {
        let here = self.rows().get(self.cursor).map(|row| row.id);
        self.timeline = timeline;
        let rows = self.rows();
        let kept = rows.iter().position(|row| Some(row.id) == here);
        self.cursor = kept.unwrap_or_else(|| self.cursor.min(rows.len().saturating_sub(1)));
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let rows = self.rows();
        let height = u16::try_from(rows.len() + 6).unwrap_or(u16::MAX);
        let area = centred(frame.area(), 90, height);
        frame.render_widget(Clear, area);
        let [heading, list, _, about] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(Panel::inner(area));
        let height = usize::from(list.height);
        let scroll = Scroll::to_show(self.cursor, self.top, height, rows.len());
        let place = place(self.cursor, rows.len(), height);
        let panel = Panel::new(theme, "Branches")
            .focused(true)
            .right("⏎ go there   c race over seeds   esc back");
        frame.render_widget(&panel.below(&place), area);
        let columns = Columns::of(usize::from(list.width));
        frame.render_widget(Line::styled(columns.heading(), theme.muted()), heading);
        let shown = rows.iter().enumerate().skip(scroll.top).take(height);
        let lines: Vec<_> = shown
            .map(|(index, row)| {
                let name = branch::name(row, &self.timeline);
                columns.row(
                    (row, &name),
                    index == self.cursor,
                    self.ticked.contains(&row.id),
                    theme,
                )
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), list);
        frame.render_widget(Paragraph::new(self.about(theme)).wrap(Wrap { trim: true }), about);
        Some(scroll)
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
    }
}

/// Columns of numbers, each with the space before it; the widest ones drop away first.
const STEPS: usize = 12;
const LOSS: usize = 11;
const LOWEST: usize = 22;
/// The least columns of a name.
const NAME: usize = 24;

/// The columns that there is room for.
struct Columns {
    name: usize,
    loss: bool,
    lowest: bool,
}

impl Columns {
    fn of(width: usize) -> Self {
        let room = |columns: usize| width >= NAME + 4 + columns;
        let loss = room(STEPS + LOSS);
        let lowest = room(STEPS + LOSS + LOWEST);
        let numbers = STEPS + usize::from(loss) * LOSS + usize::from(lowest) * LOWEST;
        Self { name: width.saturating_sub(numbers + 4), loss, lowest }
    }

    fn heading(&self) -> String {
        let Self { name, loss, lowest } = *self;
        let loss = if loss { format!("{:>LOSS$}", "test loss") } else { String::new() };
        let lowest = if lowest { format!("{:>LOWEST$}", "lowest") } else { String::new() };
        format!("    {:<name$}{:>STEPS$}{loss}{lowest}", "", "steps")
    }

    fn row(
        &self,
        (branch, name): (&BranchView, &str),
        here: bool,
        ticked: bool,
        theme: Theme,
    ) -> Line<'static> {
        let measure = |loss: f64| format::measure(loss).trim().to_owned();
        let mut numbers = format!("{:>STEPS$}", format::thousands(branch.step as f64));
        if self.loss {
            let loss = branch.test_loss.map_or_else(|| "–".to_owned(), measure);
            numbers += &format!("{loss:>LOSS$}");
        }
        if self.lowest {
            let best = branch.best.map_or_else(
                || "–".to_owned(),
                |(step, loss)| format!("{} @{}", measure(loss), format::thousands(step as f64)),
            );
            numbers += &format!("{best:>LOWEST$}");
        }
        let shown = ending(name, self.name);
        let blank = " ".repeat(self.name.saturating_sub(format::width(&shown)));
        let pointer = if here { "▸" } else { " " };
        let mark = if branch.present { "● " } else { "  " };
        let style = if here { theme.selected() } else { theme.text() };
        Line::from(vec![
            Span::styled(pointer, theme.accent()),
            Span::styled(if ticked { "✓" } else { " " }, theme.accent()),
            Span::styled(mark, theme.good()),
            Span::styled(shown, style),
            Span::raw(blank),
            Span::raw(numbers),
        ])
    }
}

/// A name in `width` columns: branches begin alike, so its end is what is kept, from an edit on if one
/// fits.
fn ending(name: &str, width: usize) -> String {
    if format::width(name) <= width {
        return name.to_owned();
    }
    let edits: Vec<_> = name.split(", ").collect();
    let tails = (1..edits.len()).map(|from| format!("…, {}", edits[from..].join(", ")));
    let fits = tails.into_iter().find(|tail| format::width(tail) <= width);
    fits.unwrap_or_else(|| format::truncate(edits.last().unwrap_or(&name), width))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::experiment::{Script, load};
    use crate::train::telemetry::History;
    use crate::tui::theme::Depth;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    pub fn branch(id: u32, present: bool, set: &[(u64, &str)]) -> BranchView {
        let mut script = Script::from(load("xor/4-tanh/2").unwrap().experiment);
        for (step, set) in set {
            let edited = script.end().with_overrides(&[set]).unwrap();
            script.edit(*step, edited).unwrap();
        }
        BranchView {
            id: BranchId(id),
            present,
            from: set.last().map_or(0, |edit| edit.0),
            step: 12_400,
            script: Arc::new(script),
            test_loss: Some(0.041),
            best: Some((9_000, 0.039)),
            history: Arc::new(History::new(8)),
        }
    }

    pub fn timeline() -> TimelineView {
        let branches = vec![
            branch(1, false, &[]),
            branch(2, true, &[(5000, "layers.1.activation=relu")]),
            branch(4, false, &[(5000, "layers.1.activation=relu"), (8000, "train.clip_norm=1")]),
        ];
        TimelineView { branches, ..TimelineView::default() }
    }

    fn act(list: &mut Branches, action: Action) -> Outcome {
        list.act(action, &load("xor/4-tanh/2").unwrap().experiment)
    }

    fn picture(list: &Branches, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme::new(Depth::None);
        let frame = terminal
            .draw(|frame| {
                let _ = list.draw(frame, theme);
            })
            .unwrap();
        crate::export::text::buffer_to_text(frame.buffer)
    }

    #[test]
    fn branches_are_known_by_their_edits() {
        let drawn = picture(&Branches::new(timeline()), (80, 24));
        for part in [
            "▸ ● layer 1 tanh → relu @5,000",
            "from the start, without edits",
            "…, clip norm none → 1 @8,000",
            "12,400",
            "0.0410",
        ] {
            assert!(drawn.contains(part), "no `{part}` in\n{drawn}");
        }
        let wide = picture(&Branches::new(timeline()), (120, 40));
        assert!(wide.contains("0.0390 @9,000"), "{wide}");
        for size in [(1, 1), (5, 3), (20, 5), (40, 12), (200, 60)] {
            let _ = picture(&Branches::new(timeline()), size);
        }
    }

    #[test]
    fn the_ticked_ones_are_raced() {
        let mut list = Branches::new(timeline());
        act(&mut list, Action::Tick);
        assert!(matches!(act(&mut list, Action::NewRace), Outcome::Stay));
        assert!(picture(&list, (80, 24)).contains("tick another with space"));
        act(&mut list, Action::Down);
        act(&mut list, Action::Tick);
        let raced = act(&mut list, Action::NewRace);
        let Outcome::Ask(Request::Race(plan)) = raced else { panic!("{raced:?}") };
        assert_eq!(plan.arms.len(), 2);
    }

    #[test]
    fn one_is_gone_to_and_one_is_deleted_at_the_second_press() {
        let mut list = Branches::new(timeline());
        assert!(matches!(act(&mut list, Action::Delete), Outcome::Stay));
        assert!(matches!(act(&mut list, Action::Delete), Outcome::Stay), "the present one");
        assert!(picture(&list, (80, 24)).contains("go to another one first"));
        act(&mut list, Action::Down);
        assert!(matches!(act(&mut list, Action::Delete), Outcome::Stay));
        assert!(picture(&list, (80, 24)).contains("d again deletes it"));
        let deleted = act(&mut list, Action::Delete);
        let Outcome::Keep(Effect::Send(Command::Delete(BranchId(4)))) = deleted else {
            panic!("{deleted:?}");
        };
        act(&mut list, Action::Down);
        let mut left = timeline();
        left.branches.retain(|it| it.id != BranchId(4));
        list.on_timeline(left);
        let gone_to = act(&mut list, Action::Open);
        assert!(matches!(gone_to, Outcome::Ask(Request::GoTo(BranchId(1)))), "{gone_to:?}");
    }
}
