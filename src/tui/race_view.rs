//! The race as the user interface knows it.

use std::sync::Arc;

use crate::compare::{Plan, RaceStatus};
use crate::experiment::Script;
use crate::text::Untrusted;

/// The latest race.
#[derive(Debug)]
pub struct RaceView {
    /// The name of the experiment that is compared on.
    pub name: Untrusted,
    /// What is run.
    pub plan: Arc<Plan>,
    /// What each arm runs, at its own rate.
    pub scripts: Arc<[Script]>,
    /// How it stands.
    pub status: Box<RaceStatus>,
    /// Whether other processes run it, and it is only watched.
    pub watched: bool,
}

impl RaceView {
    /// The race of `plan`, called `name`, before its first run.
    #[must_use]
    pub fn new(name: Untrusted, plan: Arc<Plan>) -> Self {
        let scripts = plan.arms.iter().map(|arm| arm.script.clone()).collect();
        Self { name, status: Box::new(RaceStatus::new(&plan)), plan, scripts, watched: false }
    }

    /// Whether runs are still to come.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        self.status.ending.is_none()
    }

    /// Whether runs are still to come, by this program.
    #[must_use]
    pub const fn is_run_here(&self) -> bool {
        self.goes_on() && !self.watched
    }

    /// How many runs are done, of how many.
    #[must_use]
    pub fn runs(&self) -> (usize, usize) {
        (self.status.score.ranking.done, self.status.score.ranking.total)
    }

    /// How far it is, in percent.
    #[must_use]
    pub fn percent(&self) -> u32 {
        (self.status.progress(&self.plan) * 100.0).floor() as u32
    }
}
