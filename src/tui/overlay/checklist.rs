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
//! │ 4 arms × (7 rates × 5 seeds + 16 seeds) = 204 runs of 5,000 steps      │
//! ╰────────────────────────────────────────────────────────────────────────╯
//! ```

use std::sync::Arc;

use ratatui::Frame;

use self::proposal::{KNOWN, as_it_is};
use super::{Outcome, Overlay, Request, keys, moved, type_into};
use crate::catalog::Kind;
use crate::compare::Plan;
use crate::experiment::settings::{Way, ladder};
use crate::experiment::{
    ArmSpec, CompareSpec, Experiment, Metric, Rates, Script, Target, parse_picks,
};
use crate::spec::{Pick, Texts, search};
use crate::tui::drawn::Scroll;
use crate::tui::keymap::{Action, Context};
use crate::tui::theme::Theme;

mod draw;
pub mod proposal;

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
            What::Arm(arm) => arm.name.on_terminal().into_owned(),
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

    /// The texts by which it is found, given its name.
    fn texts<'a>(&self, name: &'a str) -> Texts<'a> {
        match &self.what {
            What::Arm(_) => Texts { name, title: "", words: Vec::new() },
            What::Pick(_, pick) => Texts { name, ..pick.card().texts() },
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
                 its own, and judged at its best one. With 1 there is no tuning; auto is 7, and more as \
                 long as the best one is at an end. Where the experiment names settings to \
                 tune, it is the number of trials over these."
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
    base: Script,
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
    pub fn new(base: impl Into<Script>, spec: CompareSpec, replaces: bool) -> Self {
        let base: Script = base.into();
        let entries = entries(base.start(), &spec);
        let targets = targets(spec.target);
        let steps = spec.steps.unwrap_or(base.start().train.steps);
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

    /// The rows that the filter leaves, those that match best first within each part.
    fn rows(&self) -> Vec<Row> {
        let settings = SETTINGS.into_iter().map(Row::Setting);
        settings.chain(self.ranked().1.into_iter().map(Row::Entry)).collect()
    }

    /// The entry that matches best, and all that match: best first within each part.
    fn ranked(&self) -> (Option<usize>, Vec<usize>) {
        let names: Vec<String> = self.entries.iter().map(Entry::name).collect();
        let texts = self.entries.iter().zip(&names).map(|(entry, name)| entry.texts(name));
        let mut found = search(&self.filter, texts);
        let best = found.first().copied();
        let first = |index: usize| {
            let part = self.entries[index].part();
            self.entries.iter().position(|entry| entry.part() == part)
        };
        found.sort_by_key(|&index| first(index));
        (best, found)
    }

    fn part(&self, row: Row) -> Part {
        match row {
            Row::Setting(_) => Part::Settings,
            Row::Entry(index) => self.entries[index].part(),
        }
    }

    fn nudge(&mut self, setting: Setting, way: Way) {
        const SEEDS: [usize; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100];
        const TRIALS: [usize; 8] = [1, 5, 10, 20, 50, 100, 200, 500];
        const POINTS: [usize; 10] = [1, 2, 3, 5, 7, 9, 11, 13, 17, 21];
        let spec = &mut self.spec;
        match setting {
            Setting::Steps => {
                self.steps = ladder::one_two_five(self.steps as f64, way).clamp(1.0, 1e9) as u64;
            }
            Setting::Seeds => spec.seeds = ladder::step(&SEEDS, spec.seeds, way),
            Setting::TuningSeeds => {
                spec.tuning_seeds = ladder::step(&SEEDS, spec.tuning_seeds, way);
            }
            Setting::Rates if !spec.tune.is_empty() => {
                spec.trials = ladder::step(&TRIALS, spec.trials, way);
            }
            Setting::Rates => {
                spec.rates = match spec.rates {
                    Rates::Auto | Rates::Around(_) => {
                        let auto = Rates::Auto.points();
                        match ladder::step(&POINTS, spec.rates.points(), way) {
                            points if points == auto => Rates::Auto,
                            points => Rates::Around(points),
                        }
                    }
                    Rates::Span { low, high, points } => {
                        Rates::Span { low, high, points: ladder::step(&POINTS[1..], points, way) }
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
        if spec.arms_count() == 1 && spec.candidates() == 1 {
            self.error = Some("one arm alone is no race: tick another with space".to_owned());
            return Outcome::Stay;
        }
        match Plan::new(&self.base, &spec) {
            Ok(plan) => Outcome::Ask(Request::Race(Arc::new(plan))),
            Err(error) => {
                self.error = Some(error);
                Outcome::Stay
            }
        }
    }
}

impl Overlay for Checklist {
    fn context(&self) -> &'static Context {
        &keys::CHECKLIST
    }

    fn act(&mut self, action: Action, _: &Experiment) -> Outcome {
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

    fn text(&mut self, c: char) {
        type_into(&mut self.filter, c);
        self.error = None;
        // The entry that matches best; the last setting if none does.
        let best = self.ranked().0.map(Row::Entry);
        let at = self.rows().iter().position(|row| Some(*row) == best);
        self.cursor = at.unwrap_or(SETTINGS.len() - 1);
    }

    fn draw(&self, frame: &mut Frame<'_>, theme: Theme) -> Option<Scroll> {
        Some(self.draw_all(frame, theme))
    }

    fn drawn(&mut self, scroll: Scroll) {
        self.top = scroll.top;
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
        let cards = kind.cards_by_use();
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
mod tests;
