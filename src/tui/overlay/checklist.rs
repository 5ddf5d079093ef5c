//! What to race, and for how long.
//!
//! ```text
//! ╭ Race this against… ─────────────────── space tick   ⏎ start   esc back ╮
//! │ / type to filter                        Adam                           │
//! │ Settings                                m ← β₁·m + (1 − β₁)·g          │
//! │   steps             ‹ 5,000 ›           …                              │
//! │ Optimizers                                                             │
//! │ ▸ [×] adam:lr=0.01                                                     │
//! │   [ ] lion                                                             │
//! │                                                                        │
//! │ 4 arms × (7 rates × 3 seeds + 5 seeds) = 104 runs of 5,000 steps       │
//! ╰────────────────────────────────────────────────────────────────────────╯
//! ```

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::{Outcome, centred, moved, scrolled, type_into};
use crate::catalog::Kind;
use crate::compare::Plan;
use crate::compare::statistics::seeds_needed;
use crate::experiment::{ArmSpec, CompareSpec, Experiment, Metric, Rates, Target, parse_picks};
use crate::spec::Pick;
use crate::tui::contest::{KNOWN, as_it_is};
use crate::tui::form::{self, Way};
use crate::tui::keymap::Action;
use crate::tui::theme::Theme;
use crate::tui::widgets::format;
use crate::tui::widgets::panel::Panel;

/// Something that can be taken into a race.
#[derive(Debug)]
struct Entry {
    what: What,
    ticked: bool,
}

#[derive(Debug)]
enum What {
    Arm(ArmSpec),
    Pick(Kind, Pick),
}

impl Entry {
    fn name(&self) -> String {
        match &self.what {
            What::Arm(arm) => arm.name.clone(),
            What::Pick(_, pick) => pick.to_string(),
        }
    }

    const fn part(&self) -> Part {
        match self.what {
            What::Arm(_) => Part::Arms,
            What::Pick(Kind::Activation, _) => Part::Activations,
            What::Pick(..) => Part::Optimizers,
        }
    }

    fn matches(&self, filter: &str) -> bool {
        match &self.what {
            What::Arm(arm) => arm.name.to_lowercase().contains(filter),
            What::Pick(_, pick) => {
                pick.to_string().contains(filter)
                    || pick.card().title.to_lowercase().contains(filter)
            }
        }
    }
}

/// The parts of the list, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Settings,
    Arms,
    Optimizers,
    Activations,
}

impl Part {
    const fn title(self) -> &'static str {
        match self {
            Self::Settings => "Settings",
            Self::Arms => "Arms of this experiment",
            Self::Optimizers => "Optimizers, each for all layers",
            Self::Activations => "Activations, each for all hidden layers",
        }
    }
}

/// What can be set by the arrow keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    Steps,
    Rates,
    TuningSeeds,
    Seeds,
    Target,
}

const SETTINGS: [Setting; 5] =
    [Setting::Steps, Setting::Rates, Setting::TuningSeeds, Setting::Seeds, Setting::Target];

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Rates => "learning rates",
            Self::TuningSeeds => "tuning seeds",
            Self::Seeds => "judging seeds",
            Self::Target => "target",
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Steps => {
                "Every run makes so many steps. With more, the ranking says who gets farthest; with \
                 fewer, who is quickest."
            }
            Self::Rates => {
                "Each arm is run at so many learning rates, spread evenly by their logarithm around \
                 its own, and judged at its best one. With 1 there is no tuning."
            }
            Self::TuningSeeds => {
                "Each learning rate is tried on so many seeds; validation rows, carved out of the \
                 training rows, say which is best."
            }
            Self::Seeds => {
                "At its best rate each arm is run again on so many other seeds, the same for all \
                 arms. The test rows judge."
            }
            Self::Target => {
                "What counts as solved: the ranking says after how many steps an arm got there. A \
                 run that never does counts as ∞."
            }
        }
    }
}

/// A row that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Setting(Setting),
    /// An index into the entries.
    Entry(usize),
}

/// The list with its settings.
#[derive(Debug)]
pub struct Checklist {
    /// What is raced: arms are laid over it.
    base: Experiment,
    spec: CompareSpec,
    steps: u64,
    targets: Vec<Option<Target>>,
    entries: Vec<Entry>,
    filter: String,
    cursor: usize,
    top: usize,
    /// Whether another race is given up for it.
    replaces: bool,
    error: Option<String>,
}

impl Checklist {
    /// A list for races on `base` in which what `spec` names is ticked.
    #[must_use]
    pub fn new(base: Experiment, spec: CompareSpec, replaces: bool) -> Self {
        let entries = entries(&base, &spec);
        let targets = targets(spec.target);
        let steps = spec.steps.unwrap_or(base.train.steps);
        let cursor = SETTINGS.len();
        Self {
            base,
            spec,
            steps,
            targets,
            entries,
            filter: String::new(),
            cursor,
            top: 0,
            replaces,
            error: None,
        }
    }

    /// What the filter leaves.
    fn rows(&self) -> Vec<Row> {
        let filter = self.filter.to_lowercase();
        let fits = |index: &usize| self.entries[*index].matches(&filter);
        let entries = (0..self.entries.len()).filter(fits).map(Row::Entry);
        SETTINGS.into_iter().map(Row::Setting).chain(entries).collect()
    }

    fn part(&self, row: Row) -> Part {
        match row {
            Row::Setting(_) => Part::Settings,
            Row::Entry(index) => self.entries[index].part(),
        }
    }

    pub(super) fn act(&mut self, action: Action) -> Outcome {
        self.error = None;
        let rows = self.rows();
        match (action, rows.get(self.cursor).copied()) {
            (Action::Open, _) => return self.start(),
            (Action::Next, Some(here)) => {
                let other = |row: &Row| self.part(*row) != self.part(here);
                let next = rows.iter().skip(self.cursor).position(other);
                self.cursor = next.map_or(0, |distance| self.cursor + distance);
            }
            (Action::Increase, Some(Row::Setting(setting))) => self.nudge(setting, Way::Up),
            (Action::Decrease, Some(Row::Setting(setting))) => self.nudge(setting, Way::Down),
            (Action::Tick | Action::Increase | Action::Decrease, Some(Row::Entry(index))) => {
                self.entries[index].ticked = match action {
                    Action::Increase => true,
                    Action::Decrease => false,
                    _ => !self.entries[index].ticked,
                };
            }
            (action, _) => self.cursor = moved(self.cursor, rows.len(), action),
        }
        Outcome::Stay
    }

    pub(super) fn text(&mut self, c: char) {
        type_into(&mut self.filter, c);
        self.error = None;
        // The first entry that is left; the last setting if none is.
        self.cursor = SETTINGS.len().min(self.rows().len() - 1);
    }

    fn nudge(&mut self, setting: Setting, way: Way) {
        const SEEDS: [usize; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100];
        const POINTS: [usize; 10] = [1, 2, 3, 5, 7, 9, 11, 13, 17, 21];
        let spec = &mut self.spec;
        match setting {
            Setting::Steps => {
                self.steps = form::one_two_five(self.steps as f64, way).clamp(1.0, 1e9) as u64;
            }
            Setting::Seeds => spec.seeds = form::step(&SEEDS, spec.seeds, way),
            Setting::TuningSeeds => spec.tuning_seeds = form::step(&SEEDS, spec.tuning_seeds, way),
            Setting::Rates => {
                spec.rates = match spec.rates {
                    Rates::Around(points) => Rates::Around(form::step(&POINTS, points, way)),
                    Rates::Span { low, high, points } => {
                        Rates::Span { low, high, points: form::step(&POINTS[1..], points, way) }
                    }
                };
            }
            Setting::Target => {
                let here = self.targets.iter().position(|it| *it == spec.target).unwrap_or(0);
                let distance = if way == Way::Up { 1 } else { -1 };
                let next = (here as isize + distance).rem_euclid(self.targets.len() as isize);
                spec.target = self.targets[next as usize];
            }
        }
    }

    /// What is ticked and set.
    fn chosen(&self) -> CompareSpec {
        let picks = |kind: Kind| {
            let picks = self.entries.iter().filter(|entry| entry.ticked);
            let pick = move |entry: &Entry| match &entry.what {
                What::Pick(it, pick) if *it == kind => Some(pick.clone()),
                _ => None,
            };
            picks.filter_map(pick).collect()
        };
        let arm = |entry: &Entry| match &entry.what {
            What::Arm(arm) => Some(arm.clone()),
            What::Pick(..) => None,
        };
        CompareSpec {
            optimizers: picks(Kind::Optimizer),
            activations: picks(Kind::Activation),
            arms: self.entries.iter().filter(|entry| entry.ticked).filter_map(arm).collect(),
            steps: Some(self.steps),
            ..self.spec.clone()
        }
    }

    fn start(&mut self) -> Outcome {
        let spec = self.chosen();
        if arms(&spec) == 1 && points(spec.rates) == 1 {
            self.error = Some("one arm alone is no race: tick another with space".to_owned());
            return Outcome::Stay;
        }
        match Plan::new(&self.base, &spec) {
            Ok(plan) => Outcome::Race(Arc::new(plan)),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, theme: Theme) {
        let area = centred(frame.area(), 110, 44);
        frame.render_widget(Clear, area);
        let right = "space tick   ⏎ start   esc back";
        let panel = Panel::new(theme, "Race this against…").focused(true).right(right);
        let inner = Panel::inner(area);
        frame.render_widget(&panel, area);
        let [filter, body, _, summary] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(2),
        ])
        .areas(inner);
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
        self.draw_list(frame, list, theme);
        self.draw_card(frame, card, theme);
        frame.render_widget(self.summary(theme).wrap(Wrap { trim: true }), summary);
    }

    fn draw_list(&mut self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
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
        self.top = scrolled(self.top, if place == 1 { 0 } else { place }, height);
        let shown: Vec<_> = lines.into_iter().skip(self.top).take(height).collect();
        frame.render_widget(Paragraph::new(shown), area);
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
                    let head = Line::styled(arm.name.clone(), theme.accent());
                    [head, Line::raw("")].into_iter().chain(none).chain(set).collect()
                }
                What::Pick(_, pick) => {
                    let card = pick.card();
                    let mut lines = vec![Line::styled(card.title, theme.accent())];
                    lines.extend(card.formula.lines().map(Line::raw));
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
            Setting::Rates => self.spec.rates.to_string(),
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
        let (arms, points) = (arms(&spec), points(spec.rates));
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let seeds = plural(spec.seeds, "seed");
        let (runs, tuning) = if points > 1 {
            let tuning =
                format!("({points} rates × {} + {seeds})", plural(spec.tuning_seeds, "seed"));
            (points * spec.tuning_seeds + spec.seeds, tuning)
        } else {
            (spec.seeds, seeds)
        };
        let runs = format!(
            "{} × {tuning} = {} runs of {} steps.",
            plural(arms, "arm"),
            format::thousands((arms * runs) as f64),
            format::thousands(self.steps as f64)
        );
        let needed = seeds_needed(arms.saturating_sub(1).max(1));
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

/// How many arms `spec` comes to.
fn arms(spec: &CompareSpec) -> usize {
    let (optimizers, activations) = (spec.optimizers.len(), spec.activations.len());
    let pairs =
        if optimizers + activations == 0 { 0 } else { optimizers.max(1) * activations.max(1) };
    spec.arms.len() + pairs
}

const fn points(rates: Rates) -> usize {
    match rates {
        Rates::Around(points) | Rates::Span { points, .. } => points,
    }
}

/// All that can be ticked: in each part first what `spec` names, then the present choice, then the
/// catalog.
fn entries(base: &Experiment, spec: &CompareSpec) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut add = |what: What, ticked: bool| {
        let known = match (&what, entries.as_slice()) {
            (What::Arm(arm), all) => {
                all.iter().any(|it| matches!(&it.what, What::Arm(other) if other.name == arm.name))
            }
            (What::Pick(kind, pick), all) => all.iter().any(
                |it| matches!(&it.what, What::Pick(other, its) if other == kind && its == pick),
            ),
        };
        if !known {
            entries.push(Entry { what, ticked });
        }
    };
    spec.arms.iter().for_each(|arm| add(What::Arm(arm.clone()), true));
    if base.layers.iter().any(|layer| layer.optimizer.is_some()) {
        add(What::Arm(as_it_is()), false);
    }
    let known = parse_picks(Kind::Optimizer, KNOWN).unwrap_or_default();
    let mut kinds = [
        (Kind::Optimizer, &spec.optimizers, [vec![base.optimizer.clone()], known].concat()),
        (Kind::Activation, &spec.activations, Vec::new()),
    ];
    // What is ticked must not be out of sight.
    kinds.sort_by_key(|(_, named, _)| named.is_empty());
    for (kind, named, present) in kinds {
        for pick in named {
            add(What::Pick(kind, pick.clone()), true);
        }
        let cards = kind.cards();
        let cards = cards.into_iter().map(Pick::new);
        let offered: Vec<_> = present.into_iter().chain(cards).collect();
        for pick in offered {
            add(What::Pick(kind, pick), false);
        }
    }
    entries
}

/// The targets to choose from, `own` among them.
fn targets(own: Option<Target>) -> Vec<Option<Target>> {
    let of = |metric, value| Some(Target { metric, value });
    let accuracies = [0.8, 0.9, 0.95, 0.98, 0.99].map(|value| of(Metric::TestAccuracy, value));
    let losses = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].map(|value| of(Metric::TestLoss, value));
    let mut targets: Vec<_> = [None].into_iter().chain(accuracies).chain(losses).collect();
    if !targets.contains(&own) {
        targets.insert(1, own);
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load;
    use crate::tui::contest::proposal;

    fn checklist(name: &str) -> Checklist {
        let experiment = load(name).unwrap().experiment;
        let spec = proposal(&experiment, None);
        Checklist::new(experiment, spec, false)
    }

    fn race(checklist: &mut Checklist) -> Arc<Plan> {
        match checklist.act(Action::Open) {
            Outcome::Race(plan) => plan,
            other => panic!("{other:?}, {:?}", checklist.error),
        }
    }

    #[test]
    fn what_an_experiment_asks_for_is_what_starts() {
        for preset in [
            "optimizers-on-spirals",
            "optimizers-on-digits",
            "activations-on-deep-net",
            "rates-of-adam",
            "per-layer-mix",
        ] {
            let mut checklist = checklist(preset);
            let plan = race(&mut checklist);
            let asked = load(preset).unwrap().experiment;
            let asked = Plan::new(&asked, asked.compare.as_ref().unwrap()).unwrap();
            let names =
                |plan: &Plan| plan.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&plan), names(&asked), "{preset}");
            assert_eq!((plan.steps, plan.target), (asked.steps, asked.target), "{preset}");
            assert_eq!(plan.total(), asked.total(), "{preset}");
        }
    }

    #[test]
    fn ticking_filtering_and_setting() {
        let mut checklist = checklist("spirals");
        "lion".chars().for_each(|c| checklist.text(c));
        checklist.act(Action::Tick);
        checklist.act(Action::Home);
        checklist.act(Action::Decrease);
        checklist.act(Action::Down);
        checklist.act(Action::Decrease);
        let plan = race(&mut checklist);
        assert_eq!(plan.arms.last().unwrap().name, "lion");
        assert_eq!(plan.steps, 2000);
        assert_eq!(plan.arms[0].rates.len(), 5);
    }

    #[test]
    fn tab_goes_from_part_to_part() {
        let mut checklist = checklist("per-layer-mix");
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(checklist.part(checklist.rows()[checklist.cursor]));
            checklist.act(Action::Next);
        }
        assert_eq!(seen, [Part::Arms, Part::Optimizers, Part::Activations, Part::Settings]);
        let mut checklist = self::checklist("activations-on-deep-net");
        assert_eq!(checklist.part(checklist.rows()[checklist.cursor]), Part::Activations);
        checklist.act(Action::Next);
        assert_eq!(checklist.part(checklist.rows()[checklist.cursor]), Part::Optimizers);
    }

    #[test]
    fn nothing_to_race_is_refused_in_words() {
        let mut checklist = checklist("spirals");
        checklist.entries.iter_mut().for_each(|entry| entry.ticked = false);
        assert!(matches!(checklist.act(Action::Open), Outcome::Stay));
        assert!(checklist.error.as_ref().is_some_and(|error| error.contains("nothing to compare")));
        checklist.act(Action::Tick);
        checklist.spec.rates = Rates::Around(1);
        assert!(matches!(checklist.act(Action::Open), Outcome::Stay));
        assert!(checklist.error.as_ref().is_some_and(|error| error.contains("no race")));
        "zzzz".chars().for_each(|c| checklist.text(c));
        checklist.act(Action::End);
        checklist.act(Action::Tick);
        assert_eq!(checklist.entries.iter().filter(|entry| entry.ticked).count(), 1);
    }

    #[test]
    fn settings_stay_within_bounds() {
        let mut checklist = checklist("rates-of-adam");
        for setting in SETTINGS {
            for way in [Way::Up, Way::Down] {
                (0..60).for_each(|_| checklist.nudge(setting, way));
            }
        }
        assert_eq!((checklist.steps, points(checklist.spec.rates)), (1, 2));
        race(&mut checklist);
    }
}
