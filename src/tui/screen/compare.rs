//! The Compare screen: a race, and how it is being looked at.

mod curves;
mod keys;
mod layout;
mod networks;
mod ranking;
mod scene;
mod sensitivity;
mod status;

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub use self::keys::KEYS;
use self::scene::{Scene, XAxis};
use super::{RaceSight, Screen};
use crate::compare::{Ending, Order};
use crate::experiment::{CompareSpec, Experiment, Metric};
use crate::export::comparison;
use crate::train::probe::View;
use crate::tui::drawn::Drawn;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, run};
use crate::tui::overlay::checklist::{Checklist, proposal::proposal};
use crate::tui::overlay::page::Page;
use crate::tui::overlay::question::Question;
use crate::tui::overlay::{Overlay, Request};
use crate::tui::race_view::RaceView;
use crate::tui::theme::Theme;
use crate::tui::workspace::Workspace;

/// A panel that has the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Everything at once.
    Off,
    /// Loss by learning rate.
    Sensitivity,
    /// What two networks make of their data.
    Networks,
    /// Loss over time.
    Curves,
    /// The ranking.
    Ranking,
}

impl Zoom {
    /// First what a small screen leaves out.
    const fn next(self) -> Self {
        match self {
            Self::Off => Self::Sensitivity,
            Self::Sensitivity => Self::Networks,
            Self::Networks => Self::Curves,
            Self::Curves => Self::Ranking,
            Self::Ranking => Self::Off,
        }
    }
}

/// How a race is being looked at.
#[derive(Debug)]
pub struct CompareScreen {
    /// The arm under the cursor.
    arm: usize,
    /// Arms whose curves are not drawn.
    hidden: BTreeSet<usize>,
    /// What the curves show.
    metric: Metric,
    /// What their x axis counts.
    x_axis: XAxis,
    /// Whether that axis is logarithmic.
    log_x_axis: bool,
    /// Whether losses are on a logarithmic axis.
    log_loss: bool,
    /// The evaluation at which values are read, if not the last.
    cursor: Option<usize>,
    /// The panel that has the whole screen.
    zoom: Zoom,
    /// The arms whose networks are shown.
    pair: [usize; 2],
    /// The room there is for a picture of a network; none where none is drawn.
    view: Option<View>,
    /// The first row of the ranking that is shown.
    top: usize,
}

impl Default for CompareScreen {
    fn default() -> Self {
        Self {
            arm: 0,
            hidden: BTreeSet::new(),
            metric: Metric::TestLoss,
            x_axis: XAxis::Step,
            log_x_axis: false,
            log_loss: true,
            cursor: None,
            zoom: Zoom::Off,
            pair: [0, 0],
            view: None,
            top: 0,
        }
    }
}

impl CompareScreen {
    /// Changes how `race` is looked at.
    fn look(&mut self, action: Action, race: &RaceView) {
        let scene = |screen| Scene { race, screen };
        match action {
            Action::Tick if !self.hidden.remove(&self.arm) => {
                self.hidden.insert(self.arm);
            }
            Action::Solo => self.solo(race),
            Action::Up => self.arm = scene(self).arm_at(-1).unwrap_or(self.arm),
            Action::Down => self.arm = scene(self).arm_at(1).unwrap_or(self.arm),
            Action::Increase => self.cursor = scene(self).cursor_moved(1),
            Action::Decrease => self.cursor = scene(self).cursor_moved(-1),
            Action::Home => self.cursor = Some(0),
            Action::End => self.cursor = None,
            Action::XAxis => self.x_axis = self.x_axis.next(),
            Action::LogXAxis => self.log_x_axis = !self.log_x_axis,
            Action::LogAxis => self.log_loss = !self.log_loss,
            Action::Metric => self.metric = scene(self).next_metric(),
            Action::NetworkView if !self.pair.contains(&self.arm) => {
                self.pair = [self.pair[1], self.arm];
            }
            Action::Zoom => self.zoom = self.zoom.next(),
            _ => {}
        }
    }

    /// Takes the arm to the Train screen, at its best learning rate so far.
    fn trained(&self, workspace: &mut Workspace) -> Vec<Request> {
        let Some(race) = &workspace.race else { return Vec::new() };
        let standings = &race.status.score.ranking.standings;
        let best = standings.iter().find(|it| it.arm == self.arm).and_then(|it| it.best);
        let Some((place, _)) = best else {
            workspace.say("no run of this arm has ended yet".to_owned());
            return Vec::new();
        };
        let script = race.plan.arms[self.arm].at(place);
        if let Some(edit) = script.edits().first() {
            workspace.say(format!("as it starts: its edit at step {} is left to you", edit.step));
        }
        let experiment = Experiment { compare: None, ..script.start().clone() };
        vec![Request::Load(Box::new(experiment)), Request::Go('1')]
    }

    /// Hides all others, or none if they are.
    fn solo(&mut self, race: &RaceView) {
        let others: BTreeSet<_> =
            (0..race.plan.arms.len()).filter(|arm| *arm != self.arm).collect();
        self.hidden = if self.hidden == others { BTreeSet::new() } else { others };
    }
}

/// The list of what to race: as it was for the last race, if that was of the same kind.
fn list_for_race(workspace: &Workspace) -> Box<dyn Overlay> {
    let experiment = &workspace.experiment;
    let before = workspace.race.as_ref().map(|race| race.plan.base.start());
    let alike = |before: &&Experiment| {
        before.data == experiment.data
            && before.layers == experiment.layers
            && before.optimizer == experiment.optimizer
    };
    let spec = before.filter(alike).and_then(|before| before.compare.clone());
    let spec = spec.unwrap_or_else(|| proposal(experiment, workspace.run.problem.as_deref()));
    let replaces = workspace.race.as_ref().is_some_and(RaceView::is_run_here);
    Box::new(Checklist::new(experiment.clone(), spec, replaces))
}

/// The list of what to race: the same again, over more rates or with more trials.
fn list_with_more_rates(race: &RaceView) -> Box<dyn Overlay> {
    let base = race.plan.base.clone();
    let mut spec: CompareSpec = base.start().compare.clone().unwrap_or_default();
    if spec.tune.is_empty() {
        spec.rates = spec.rates.wider();
    } else {
        spec.trials = (2 * spec.trials).min(CompareSpec::MOST_TRIALS);
    }
    Box::new(Checklist::new(base, spec, race.is_run_here()))
}

impl Screen for CompareScreen {
    fn act(&mut self, action: Action, workspace: &mut Workspace) -> Vec<Request> {
        let Some(race) = &workspace.race else { return vec![Request::Go('1')] };
        let request = match action {
            Action::Back if self.zoom != Zoom::Off => {
                self.zoom = Zoom::Off;
                return Vec::new();
            }
            Action::Back => Request::Go('1'),
            Action::Log => {
                let warnings = race.status.score.ranking.warnings(&race.plan);
                let said = warnings.iter().map(|it| comparison::concern(it, &race.plan));
                Request::Open(Box::new(Page::warnings(said)))
            }
            Action::EndRace if race.is_run_here() => {
                Request::Open(Box::new(Question::end_race(race.runs())))
            }
            Action::NewRace => Request::Open(list_for_race(workspace)),
            Action::Widen => Request::Open(list_with_more_rates(race)),
            Action::Rest if race.is_run_here() => {
                Request::Effect(Effect::Race(Order::Pause(!race.status.paused)))
            }
            Action::Save => Request::Effect(Effect::Report),
            Action::Open => return self.trained(workspace),
            _ => {
                self.look(action, race);
                return Vec::new();
            }
        };
        vec![request]
    }

    fn draw(
        &self,
        workspace: &Workspace,
        frame: &mut Frame<'_>,
        area: Rect,
        theme: Theme,
    ) -> Drawn {
        let Some(race) = &workspace.race else { return Drawn::default() };
        layout::draw(Scene { race, screen: self }, frame, area, theme)
    }

    fn drawn(&mut self, drawn: &Drawn, _: &Workspace) {
        self.view = drawn.view;
        self.top = drawn.scroll.map_or(self.top, |scroll| scroll.top);
    }

    fn header(&self, workspace: &Workspace, width: u16, theme: Theme) -> (String, Line<'static>) {
        let Some(race) = &workspace.race else { return Default::default() };
        (race.name.on_terminal().into_owned(), status::line(race, width, theme))
    }

    fn brief(&self, workspace: &Workspace, theme: Theme) -> Line<'static> {
        workspace.race.as_ref().map_or_else(Line::default, |race| status::brief(race, theme))
    }

    fn tab_note(&self, workspace: &Workspace) -> String {
        workspace.race.as_ref().map_or_else(String::new, |race| format!(" {}%", race.percent()))
    }

    fn label(&self, action: Action, _: &Workspace) -> Option<&'static str> {
        (action == Action::Tick && self.hidden.contains(&self.arm)).then_some("show")
    }

    fn trouble(&self, workspace: &Workspace) -> Option<String> {
        match workspace.race.as_ref()?.status.ending.as_ref()? {
            Ending::Failed(reason) => Some(format!("Failed: {reason}")),
            Ending::Complete | Ending::Cancelled => None,
        }
    }

    fn instead(&self, workspace: &Workspace) -> Option<Box<dyn Overlay>> {
        workspace.race.is_none().then(|| list_for_race(workspace))
    }

    fn on_leave(&mut self, workspace: &mut Workspace) {
        if workspace.race.as_ref().is_some_and(RaceView::is_run_here) {
            let rests = if workspace.rests {
                format!(". Training rests meanwhile: {} runs it", run::TOGGLE.name())
            } else {
                String::new()
            };
            workspace.say(format!("the race goes on: c returns to it{rests}"));
        }
    }

    fn on_race(&mut self, race: &RaceView) {
        *self =
            Self { pair: [0, 1.min(race.plan.arms.len().saturating_sub(1))], ..Self::default() };
    }

    fn shows_race(&self) -> bool {
        true
    }

    fn race_sight(&self) -> Option<RaceSight> {
        Some((self.pair, self.view))
    }
}

#[cfg(test)]
mod tests;
