//! An entry of the catalog to choose, with its picture, its parameters and what to know of it.
//!
//! ```text
//! ╭ Activation of layer 1 ─────────────────────────────────────────────────╮
//! │ / re▏                      Leaky ReLU                                  │
//! │   relu                     f(x) = x if x > 0, else s·x                 │
//! │ ▸ leaky_relu               (the curve of f and f′)                     │
//! │                            negative_slope   0.01   slope for …         │
//! │                            hidden layers in which plain ReLU units die │
//! ╰────────────────────────────────────────────────────────────────────────╯
//! ```

mod seen;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use self::seen::Seen;
use super::choice::{Choice, Slot};
use super::together::chosen;
use super::{Outcome, Overlay, Request, centred, formula_lines, keys, moved, place, type_into};
use crate::catalog::{self, Kind};
use crate::experiment::Experiment;
use crate::experiment::settings::{Place, Way, ladder};
use crate::spec::{Card, Pick, search};
use crate::train::probe::View;
use crate::tui::drawn::Scroll;
use crate::tui::form;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;
use crate::tui::widgets::curve::{Curve, Line as CurveLine};
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;
use crate::tui::widgets::relief::{Heights, Relief, Window};
use crate::tui::workspace::Workspace;

/// How far an activation is drawn to both sides of 0 where nothing of its inputs is known.
const REACH: f64 = 4.0;
/// Heights across and up that the map of a surface is drawn from.
const MAP: (usize, usize) = (61, 41);
/// Rows before the list: the filter, and air.
const LIST_FROM: u16 = 2;

/// What is picked for.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// A setting of the experiment.
    Setting(Place),
    /// A setting of a walk.
    Walk(Slot),
}

/// A row of the list.
#[derive(Clone, Copy, Debug)]
enum Row {
    /// The heading of a group.
    Heading(&'static str),
    /// An entry, with its place among them.
    Card(usize, &'static Card),
}

/// A list of entries, one of which is being looked at.
#[derive(Debug)]
pub struct Picker {
    target: Target,
    kind: Kind,
    title: String,
    /// The rate and the steps of the run, of which a schedule makes something.
    run: (f64, u64),
    /// The setting's present entry.
    present: Pick,
    /// What is under the cursor, with its parameters as edited here.
    pick: Pick,
    filter: String,
    cursor: usize,
    top: usize,
    /// The parameter under the cursor, while the cursor is among them.
    param: Option<usize>,
    /// The value being typed into it.
    typed: Option<String>,
    error: Option<String>,
    /// What it has seen of the run, if it picks for that.
    run_seen: Option<Seen>,
}

impl Picker {
    /// A picker for a setting, if it is picked from the catalog.
    #[must_use]
    pub fn new(place: Place, experiment: &Experiment) -> Option<Self> {
        let (kind, present) = form::picked(place, experiment)?;
        Some(Self {
            title: form::title(place),
            run: (experiment.optimizer.number("lr"), experiment.train.steps),
            run_seen: Some(Seen::new(place, kind)),
            ..Self::of(Target::Setting(place), kind, present)
        })
    }

    /// A picker for a setting of a walk that is `present` now; a schedule is drawn for a rate and
    /// a number of steps.
    #[must_use]
    pub fn of_walk(slot: Slot, title: &str, kind: Kind, present: Pick, run: (f64, u64)) -> Self {
        Self { title: title.to_owned(), run, ..Self::of(Target::Walk(slot), kind, present) }
    }

    fn of(target: Target, kind: Kind, present: Pick) -> Self {
        let cards = kind.cards_by_use();
        let cursor = cards.iter().position(|card| card.key == present.key()).unwrap_or(0);
        Self {
            target,
            kind,
            title: String::new(),
            run: (0.0, 0),
            pick: present.clone(),
            present,
            filter: String::new(),
            cursor,
            top: 0,
            param: None,
            typed: None,
            error: None,
            run_seen: None,
        }
    }

    /// Whether what is under the cursor can be tuned.
    fn has_parameters(&self) -> bool {
        !self.shown().is_empty() && !self.pick.card().params.is_empty()
    }

    fn shown(&self) -> Vec<&'static Card> {
        let cards = self.kind.cards_by_use();
        let found = search(&self.filter, cards.iter().map(|card| card.texts()));
        found.into_iter().map(|index| cards[index]).collect()
    }

    /// The rows of the list: what is found by the filter, or without one all under the headings of their
    /// groups.
    fn rows(&self) -> Vec<Row> {
        if !self.filter.is_empty() {
            return self
                .shown()
                .into_iter()
                .enumerate()
                .map(|(at, it)| Row::Card(at, it))
                .collect();
        }
        let (mut rows, mut at) = (Vec::new(), 0..);
        for group in self.kind.groups() {
            rows.extend(Some(group.title).filter(|it| !it.is_empty()).map(Row::Heading));
            rows.extend(group.cards.into_iter().zip(&mut at).map(|(it, at)| Row::Card(at, it)));
        }
        rows
    }

    /// Looks at the entry under the cursor.
    fn look(&mut self) {
        if let Some(card) = self.shown().get(self.cursor)
            && card.key != self.pick.key()
        {
            self.pick =
                if card.key == self.present.key() { self.present.clone() } else { Pick::new(card) };
        }
        self.error = None;
    }

    fn choose(&mut self, experiment: &Experiment) -> Outcome {
        if !self.take_typed() || self.shown().is_empty() {
            return Outcome::Stay;
        }
        let pick = self.pick.clone();
        let checked = catalog::check(&pick).map_err(|error| error.to_string());
        let asked = checked.and_then(|()| match self.target {
            Target::Setting(place) => chosen(experiment, experiment.with_pick(place, Some(pick))),
            Target::Walk(slot) => Ok(Request::Choose(Choice::Pick(slot, pick))),
        });
        match asked {
            Ok(request) => Outcome::Ask(request),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }

    fn nudge(&mut self, index: usize, way: Way) {
        self.typed = None;
        let next = self.pick.params().nth(index);
        if let Some((key, value)) =
            next.map(|(p, value)| (p.key, ladder::next_value(p, value, way)))
        {
            self.error = self.pick.set(key, value).err().map(|error| error.to_string());
        }
    }

    /// Sets the value that was being typed; returns whether it was valid (or there was none).
    fn take_typed(&mut self) -> bool {
        if let (Some(text), Some(index)) = (self.typed.take(), self.param) {
            let key = self.pick.card().params[index].key;
            self.error = self.pick.set_text(key, text.trim()).err().map(|error| error.to_string());
            return self.error.is_none();
        }
        true
    }

    fn draw_list(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Scroll {
        let [filter, list] =
            Layout::vertical([Constraint::Length(LIST_FROM), Constraint::Min(0)]).areas(area);
        let hint = if self.filter.is_empty() { "type to filter" } else { "" };
        let line = Line::from(vec![
            Span::styled("/ ", theme.muted()),
            Span::styled(format!("{}▏", self.filter), theme.accent()),
            Span::styled(hint, theme.muted()),
        ]);
        frame.render_widget(line, filter);
        let rows = self.rows();
        let at = |wanted: usize| {
            rows.iter().position(|row| matches!(row, Row::Card(index, _) if *index == wanted))
        };
        let (cursor, height) = (at(self.cursor).unwrap_or(0), usize::from(list.height));
        // A heading is seen with the first entry below it.
        let headed = cursor.checked_sub(1).filter(|row| matches!(rows[*row], Row::Heading(_)));
        let top = Scroll::to_show(headed.unwrap_or(cursor), self.top, height, rows.len()).top;
        let scroll = Scroll::to_show(cursor, top, height, rows.len());
        let line = |row: &Row| match row {
            Row::Heading(title) => Line::styled(*title, theme.muted()),
            Row::Card(index, card) => {
                let here = *index == self.cursor;
                let style = if here { theme.selected() } else { theme.text() };
                let pointer = if here { "▸ " } else { "  " };
                Line::styled(format!("{pointer}{:<18}", card.key), style)
            }
        };
        let lines: Vec<Line<'_>> =
            rows.iter().skip(scroll.top).take(scroll.height).map(line).collect();
        if lines.is_empty() {
            frame.render_widget(Line::styled("  nothing matches", theme.warn()), list);
        }
        frame.render_widget(Paragraph::new(lines), list);
        scroll
    }

    fn draw_card(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let card = self.pick.card();
        let mut head = vec![Line::styled(card.title, theme.accent())];
        head.extend(formula_lines(card.formula, area.width.into()).into_iter().map(Line::raw));
        let mut tail = self.param_lines(usize::from(area.width), theme);
        if let Some(seen) = &self.run_seen {
            tail.extend(seen.lines(&self.pick, &self.present, theme));
        }
        tail.push(Line::raw(""));
        if let Some(error) = &self.error {
            tail.push(Line::styled(error.clone(), theme.bad()));
        }
        tail.push(Line::raw(card.usage));
        if let Some(caution) = card.caution {
            tail.push(Line::styled(format!("! {caution}"), theme.warn()));
        }
        if let Some(differs) = card.differs {
            tail.push(Line::styled(format!("≠ {differs}"), theme.muted()));
        }
        tail.push(Line::styled(format!("← {}", card.source), theme.muted()));
        let lines_of = |lines: &[Line<'_>]| -> u16 {
            let width = usize::from(area.width.max(1));
            lines.iter().map(|line| line.width().div_ceil(width).max(1) as u16).sum()
        };
        let taken = lines_of(&head) + lines_of(&tail) + 1;
        head.extend(self.diagram(area, taken).map(|line| Line::styled(line, theme.muted())));
        let pictured = matches!(self.kind, Kind::Activation | Kind::Schedule | Kind::Surface);
        let seen = self.run_seen.as_ref().map_or(0, Seen::rows);
        let picture = if pictured { 14 + seen } else { 0 };
        let [top, middle, bottom] = Layout::vertical([
            Constraint::Length(lines_of(&head)),
            Constraint::Max(picture),
            Constraint::Min(lines_of(&tail) + 1),
        ])
        .areas(area);
        frame.render_widget(Paragraph::new(head).wrap(Wrap { trim: false }), top);
        if pictured && middle.height >= 4 {
            let [middle] =
                Layout::vertical([Constraint::Percentage(100)]).vertical_margin(1).areas(middle);
            self.draw_curve(frame, middle, theme);
        }
        frame.render_widget(Paragraph::new(tail).wrap(Wrap { trim: false }), bottom);
    }

    /// The picture of a step of a layer, with air above it, if there is one and room for it in `area`
    /// beside so many rows of text.
    fn diagram(&self, area: Rect, taken: u16) -> impl Iterator<Item = &'static str> + use<> {
        let diagram =
            if self.kind == Kind::Layer { catalog::layer(&self.pick).diagram } else { "" };
        let rows = diagram.lines().count() as u16 + 1;
        let wide = diagram.lines().map(format::width).max().unwrap_or(0);
        let fits = wide > 0 && wide <= usize::from(area.width) && taken + rows <= area.height;
        let lines = fits.then(|| std::iter::once("").chain(diagram.lines()));
        lines.into_iter().flatten()
    }

    fn draw_curve(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        if self.kind == Kind::Surface {
            self.draw_map(frame, area, theme);
        } else if self.kind == Kind::Schedule {
            let (rate, steps) = self.run;
            let points =
                catalog::schedule_curve(&self.pick, rate, steps, 2 * u64::from(area.width));
            let lines = [CurveLine { name: "rate", style: theme.accent(), points: &points }];
            frame.render_widget(&Curve { theme, lines: &lines, dots: &[] }, area);
        } else {
            let seen = self.run_seen.as_ref().map(|seen| seen.draw(frame, area, theme));
            let (reach, area) = seen.unwrap_or((REACH, area));
            let points = 2 * usize::from(area.width);
            let curve = catalog::activation_curve(&self.pick, (-reach, reach), points);
            let points = |ys: &[f64]| curve.x.iter().copied().zip(ys.iter().copied()).collect();
            let (y, slope): (Vec<_>, Vec<_>) = (points(&curve.y), points(&curve.slope));
            let lines = [
                CurveLine { name: "f′", style: theme.muted(), points: &slope },
                CurveLine { name: "f", style: theme.accent(), points: &y },
            ];
            frame.render_widget(&Curve { theme, lines: &lines, dots: &[] }, area);
        }
    }

    /// The usual map of the surface, with its minima.
    fn draw_map(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let entry = catalog::surface(&self.pick);
        let built = entry.build(&self.pick);
        let window = Window { x: entry.scene.x, y: entry.scene.y };
        let heights = Heights::of(|x, y| built.value([x, y]), window, MAP);
        let minima: Vec<(f64, f64)> = entry.scene.minima.iter().map(|[x, y]| (*x, *y)).collect();
        let relief = Relief { theme, heights: &heights, window, trails: &[], marked: &minima };
        frame.render_widget(&relief, area);
    }

    /// A line for each parameter, with what it means as far as there is room; in full for the one
    /// under the cursor.
    fn param_lines(&self, width: usize, theme: Theme) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        for (index, (param, value)) in self.pick.params().enumerate() {
            let here = self.param == Some(index);
            let style = if here { theme.selected() } else { theme.text() };
            let pointer = if here { "▸ " } else { "  " };
            let value = match (&self.typed, here) {
                (Some(typed), true) => format!("{typed}▏"),
                _ => value.to_string(),
            };
            let setting = format!("{pointer}{:<16} {value:<10}", param.key);
            let room = width.saturating_sub(format::width(&setting) + 1);
            let meaning = format::truncate(param.meaning, room);
            let cut = here && meaning != param.meaning;
            lines.push(Line::from(vec![
                Span::styled(setting, style),
                Span::styled(format!(" {meaning}"), theme.muted()),
            ]));
            if cut {
                lines.push(Line::styled(format!("  {}", param.meaning), theme.muted()));
            }
        }
        lines
    }
}

impl Overlay for Picker {
    fn context(&self) -> &'static Context {
        &keys::LIST
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::Next || self.has_parameters()
    }

    fn act(&mut self, action: Action, experiment: &Experiment) -> Outcome {
        match (action, self.param) {
            (Action::Open, _) => return self.choose(experiment),
            (Action::Next, None) if self.has_parameters() => self.param = Some(0),
            (Action::Next, Some(_)) => {
                self.take_typed();
                self.param = None;
            }
            (Action::Increase, Some(index)) => self.nudge(index, Way::Up),
            (Action::Decrease, Some(index)) => self.nudge(index, Way::Down),
            (_, Some(index)) => {
                self.take_typed();
                self.param = Some(moved(index, self.pick.card().params.len(), action));
            }
            (_, None) => {
                self.cursor = moved(self.cursor, self.shown().len(), action);
                self.look();
            }
        }
        Outcome::Stay
    }

    fn view(&self, view: View) -> View {
        self.run_seen.as_ref().map_or(view, |seen| seen.view(view, &self.pick))
    }

    fn on_run(&mut self, workspace: &Workspace) {
        if let (Some(own), Some(seen)) = (&mut self.run_seen, &workspace.run.seen) {
            own.take(seen);
        }
    }

    fn text(&mut self, c: char) {
        if self.param.is_some() {
            type_into(self.typed.get_or_insert_default(), c);
        } else {
            type_into(&mut self.filter, c);
            self.cursor = 0;
            self.look();
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        let area = centred(frame.area(), 96, 30);
        frame.render_widget(Clear, area);
        let note = if self.has_parameters() {
            "⏎ choose   tab parameters   esc back"
        } else {
            "⏎ choose   esc back"
        };
        let inner = Panel::inner(area);
        let rows = usize::from(inner.height.saturating_sub(LIST_FROM));
        let place = place(self.cursor, self.shown().len(), rows);
        let panel = Panel::new(theme, &self.title).focused(true).right(note).below(&place);
        frame.render_widget(&panel, area);
        let [list, _, card] = Layout::horizontal([
            Constraint::Length(if area.width < 90 { 20 } else { 24 }),
            Constraint::Length(1),
            Constraint::Min(0),
        ])
        .areas(inner);
        let scroll = self.draw_list(frame, list, theme);
        if !self.shown().is_empty() {
            self.draw_card(frame, card, theme);
        }
        Some(scroll)
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
    }
}
