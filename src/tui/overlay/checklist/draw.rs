//! The checklist on the screen.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Checklist, Row, Setting, What};
use crate::compare::statistics::fewest_blocks;
use crate::experiment::Rates;
use crate::tui::drawn::Scroll;
use crate::tui::overlay::{centred, formula_lines, place};
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

impl Checklist {
    pub(super) fn draw_all(&self, frame: &mut Frame<'_>, theme: Theme) -> Scroll {
        let area = centred(frame.area(), 110, 44);
        frame.render_widget(Clear, area);
        let right = "space tick   ⏎ start   esc back";
        let inner = Panel::inner(area);
        let [filter, body, _, summary] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(inner);
        let place = self.place(usize::from(body.height));
        let panel = Panel::new(theme, "Race this against…").focused(true).right(right);
        frame.render_widget(&panel.below(&place), area);
        let hint = if self.filter.is_empty() { "type to filter" } else { "" };
        let line = Line::from(vec![
            Span::styled("/ ", theme.muted()),
            Span::styled(format!("{}▏", self.filter), theme.accent()),
            Span::styled(hint, theme.muted()),
        ]);
        frame.render_widget(line, filter);
        let card = if inner.width >= 70 { inner.width / 2 - 2 } else { 0 };
        let [list, _, card] = Layout::horizontal([
            Constraint::Min(0),
            Constraint::Length(u16::from(card > 0) * 2),
            Constraint::Length(card),
        ])
        .areas(body);
        let scroll = self.draw_list(frame, list, theme);
        self.draw_card(frame, card, theme);
        frame.render_widget(self.summary(theme).wrap(Wrap { trim: true }), summary);
        scroll
    }

    /// The place in the list, headings not counted.
    fn place(&self, height: usize) -> String {
        let rows = self.rows();
        let mut parts: Vec<_> = rows.iter().map(|row| self.part(*row)).collect();
        parts.dedup();
        let cut = height.saturating_sub(parts.len());
        place(self.cursor, rows.len(), cut)
    }

    fn draw_list(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) -> Scroll {
        let width = usize::from(area.width);
        let mut lines: Vec<Line<'_>> = Vec::new();
        let (mut part, mut place) = (None, 0);
        for (index, row) in self.rows().into_iter().enumerate() {
            if part != Some(self.part(row)) {
                part = Some(self.part(row));
                let title = self.part(row).title();
                lines.push(Line::styled(format::truncate(title, width), theme.muted()));
            }
            let here = index == self.cursor;
            if here {
                place = lines.len();
            }
            let pointer = if here { "▸" } else { " " };
            let text = match row {
                Row::Setting(setting) => {
                    format!("{pointer} {:<14} ‹ {} ›", setting.name(), self.value(setting))
                }
                Row::Entry(entry) => {
                    let entry = &self.entries[entry];
                    let tick = if entry.ticked { "×" } else { " " };
                    format!("{pointer} [{tick}] {}", entry.name())
                }
            };
            let ticked = matches!(row, Row::Entry(entry) if self.entries[entry].ticked);
            let style = match (here, ticked) {
                (true, _) => theme.selected(),
                (false, true) => theme.accent(),
                (false, false) => theme.text(),
            };
            lines.push(Line::styled(format::truncate(&text, width), style));
        }
        let height = usize::from(area.height);
        // The heading of the first row is shown with it.
        let cursor = if place == 1 { 0 } else { place };
        let scroll = Scroll::to_show(cursor, self.top, height, lines.len());
        let shown: Vec<_> = lines.into_iter().skip(scroll.top).take(height).collect();
        frame.render_widget(Paragraph::new(shown), area);
        scroll
    }

    /// What there is to know of what is under the cursor.
    fn draw_card(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let lines = match self.rows().get(self.cursor) {
            Some(Row::Setting(setting)) => vec![
                Line::styled(setting.name(), theme.accent()),
                Line::raw(""),
                Line::raw(setting.meaning()),
            ],
            Some(Row::Entry(index)) => match &self.entries[*index].what {
                What::Arm(arm) => {
                    let set = arm.set.iter().map(|line| Line::raw(line.clone()));
                    let none = arm.set.is_empty().then(|| Line::raw("nothing is changed"));
                    let head = Line::styled(arm.name.on_terminal().into_owned(), theme.accent());
                    [head, Line::raw("")].into_iter().chain(none).chain(set).collect()
                }
                What::Pick(_, pick) => {
                    let card = pick.card();
                    let mut lines = vec![Line::styled(card.title, theme.accent())];
                    let formula = formula_lines(card.formula, area.width.into());
                    lines.extend(formula.into_iter().map(Line::raw));
                    lines.push(Line::raw(""));
                    lines.push(Line::raw(card.usage));
                    lines.extend(
                        card.caution.map(|text| Line::styled(format!("! {text}"), theme.warn())),
                    );
                    lines.push(Line::styled(format!("← {}", card.source), theme.muted()));
                    lines
                }
            },
            None => Vec::new(),
        };
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
    }

    fn value(&self, setting: Setting) -> String {
        match setting {
            Setting::Steps => format::thousands(self.steps as f64),
            Setting::Seeds => self.spec.seeds.to_string(),
            Setting::TuningSeeds => self.spec.tuning_seeds.to_string(),
            Setting::Rates if self.spec.tune.is_empty() => self.spec.rates.to_string(),
            Setting::Rates => format!("{} trials", self.spec.trials),
            Setting::Target => {
                self.spec.target.map_or_else(|| "none".to_owned(), |target| target.to_string())
            }
        }
    }

    fn summary(&self, theme: Theme) -> Paragraph<'_> {
        if let Some(error) = &self.error {
            return Paragraph::new(Line::styled(error.as_str(), theme.bad()));
        }
        let spec = self.chosen();
        let (arms, points) = (spec.arms_count(), spec.candidates());
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let seeds = plural(spec.seeds, "seed");
        let searched = !spec.tune.is_empty();
        let more = match (searched, spec.rates) {
            (true, _) => " at least",
            (false, Rates::Auto) => " or more",
            (false, _) => "",
        };
        let what = if searched { "trials" } else { "rates" };
        let (runs, tuning) = if points > 1 {
            let tuning =
                format!("({points} {what} × {} + {seeds})", plural(spec.tuning_seeds, "seed"));
            (points * spec.tuning_seeds + spec.seeds, tuning)
        } else {
            (spec.seeds, seeds)
        };
        let runs = format!(
            "{} × {tuning} = {} runs{more} of {} steps.",
            plural(arms, "arm"),
            format::thousands((arms * runs) as f64),
            format::thousands(self.steps as f64)
        );
        let needed = fewest_blocks();
        let mut notes = String::new();
        if arms > 1 && spec.seeds < needed {
            notes += &format!(
                " So few seeds cannot tell {arms} arms apart for certain: {needed} could."
            );
        }
        if self.replaces {
            notes += " The race under way ends.";
        }
        Paragraph::new(Line::from(vec![Span::raw(runs), Span::styled(notes, theme.warn())]))
    }
}
