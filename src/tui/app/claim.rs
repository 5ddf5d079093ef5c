//! A claim put to the test beside the screens.

use super::App;
use crate::compare::DATA_KEPT;
use crate::compare::claims::{Claim, Progress, Told};
use crate::parallel;
use crate::train::Command;
use crate::train::memory::Estimate;
use crate::tui::effect::Effect;
use crate::tui::run_view::Status;
use crate::tui::workspace::Judging;

impl App {
    /// Begins to judge `claim`, one at a time. A run under way rests meanwhile.
    pub(super) fn judge(&mut self, claim: &'static Claim) -> Vec<Effect> {
        if self.workspace.judging.is_some() {
            self.workspace.complain("another claim is being tested; Esc stops that");
            return Vec::new();
        }
        let jobs = parallel::threads();
        for duel in claim.duels {
            let allowed = match duel.plan() {
                Ok(plan) => {
                    let arms = plan.arms.iter().map(|arm| &arm.script);
                    let estimate = Estimate::of_several(arms, (jobs, jobs + DATA_KEPT));
                    self.workspace.allows(&estimate)
                }
                Err(reason) => {
                    self.workspace.complain(&reason);
                    false
                }
            };
            if !allowed {
                return Vec::new();
            }
        }
        let workspace = &mut self.workspace;
        workspace.judging = Some(Judging { claim, progress: Progress::default() });
        if matches!(workspace.run.status, Status::Running | Status::Loading) {
            workspace.rests = true;
        }
        vec![Effect::Send(Command::Pause), Effect::Judge(claim)]
    }

    /// Gives up the runs by which a claim is being judged.
    pub(super) fn stop_judging(&mut self) -> Vec<Effect> {
        if self.workspace.judging.take().is_none() {
            return Vec::new();
        }
        self.workspace.say("the test was stopped; nothing of it is kept".to_owned());
        let go_on = self.workspace.go_on_after_work();
        [Effect::StopJudging].into_iter().chain(go_on).collect()
    }

    /// Takes in what is told of the claim that is being judged. Returns what follows.
    pub fn on_told(&mut self, told: Told) -> Vec<Effect> {
        let seen = self.screen().shows_claims();
        let workspace = &mut self.workspace;
        let mut effects = vec![Effect::StopJudging];
        match told {
            Told::Progress(progress) => {
                if let Some(judging) = &mut workspace.judging {
                    judging.progress = progress;
                }
                return Vec::new();
            }
            Told::Judged(judged) => {
                workspace.progress.test(judged.claim, &judged.evidence);
                if !seen {
                    workspace.say("a claim is tested: the Learn screen shows it".to_owned());
                }
                effects.push(Effect::KeepProgress);
            }
            Told::Failed(reason) => {
                workspace.complain(&format!("the claim cannot be tested: {reason}"));
            }
        }
        workspace.judging = None;
        effects.extend(workspace.go_on_after_work());
        effects
    }
}
