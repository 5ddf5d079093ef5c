//! A race beside the screens, and the races that were kept.

use std::sync::Arc;

use super::App;
use crate::compare::saved::SavedRace;
use crate::compare::{DATA_KEPT, Ending, Plan, RaceStatus};
use crate::parallel;
use crate::train::Command;
use crate::train::memory::Estimate;
use crate::tui::effect::Effect;
use crate::tui::overlay::races::Races;
use crate::tui::race_view::RaceView;
use crate::tui::run_view::Status;

impl App {
    /// Goes to a new race. A run under way rests meanwhile: it would take time from the racers.
    pub(in crate::tui) fn race(&mut self, plan: Arc<Plan>) -> Vec<Effect> {
        let arms = plan.arms.iter().map(|arm| &arm.script);
        let jobs = parallel::threads();
        let estimate = Estimate::of_several(arms, (jobs, jobs + DATA_KEPT));
        if !self.workspace.allows(&estimate) {
            return Vec::new();
        }
        self.watch(RaceView::new(plan.base.start().name(), Arc::clone(&plan)));
        let workspace = &mut self.workspace;
        if matches!(workspace.run.status, Status::Running | Status::Loading) {
            workspace.rests = true;
        }
        if workspace.rests {
            workspace.say("training rests during the race, and goes on after it".to_owned());
        }
        vec![Effect::Send(Command::Pause), Effect::StartRace(plan)]
    }

    /// Goes to the screen of races, with this one on it.
    pub(in crate::tui) fn watch(&mut self, race: RaceView) {
        self.screens.iter_mut().for_each(|screen| screen.on_race(&race));
        self.workspace.race = Some(race);
        let watching = self.screens.iter().position(|screen| screen.shows_race());
        self.shown = watching.unwrap_or(self.shown);
    }

    /// Takes in how the race stands. Returns whether there is anything new to see, and what
    /// follows.
    pub fn on_race_status(&mut self, status: Box<RaceStatus>) -> (bool, Option<Effect>) {
        let watched = self.screen().shows_race();
        let Some(race) = &mut self.workspace.race else { return (false, None) };
        let before = (race.percent(), race.goes_on());
        let news = status.not_kept.clone().filter(|_| race.status.not_kept.is_none());
        race.status = status;
        let asked = self.overlay.as_mut().is_some_and(|overlay| overlay.on_race(race));
        let seen = asked || watched || news.is_some() || before != (race.percent(), race.goes_on());
        let over = before.1 && race.status.ending == Some(Ending::Complete);
        let ended = !race.goes_on();
        if over && !watched {
            self.workspace.say("the race is over: c shows it".to_owned());
        }
        if let Some(reason) = news {
            self.workspace.complain(&format!("the race goes on, but is not kept: {reason}"));
        }
        let seen = seen | self.tell_lesson();
        (seen, if ended { self.workspace.go_on_after_work() } else { None })
    }

    /// Opens the list of kept races, which is read meanwhile.
    pub(super) fn list_races(&mut self) -> Vec<Effect> {
        let replaces = self.workspace.race.as_ref().is_some_and(RaceView::is_run_here);
        self.overlay = Some(Box::new(Races::reading(replaces)));
        vec![Effect::ListRaces]
    }

    /// Takes in the list of kept races.
    pub fn on_races(&mut self, list: Vec<SavedRace>) {
        if let Some(overlay) = &mut self.overlay {
            overlay.on_races(list);
        }
    }
}
