//! How long a run is to be, where the command line says so.

use std::num::NonZeroU64;
use std::time::Duration;

use super::{MOST_STEPS, parse_duration};
use crate::cli::failure::Failure;
use crate::experiment::{Experiment, Script};

/// How long to train, if not for the experiment's own steps.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
pub struct Length {
    /// So many steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_STEPS))]
    pub steps: Option<u64>,
    /// So many passes over the training rows
    #[arg(long, value_name = "N")]
    pub epochs: Option<NonZeroU64>,
    /// So long, as in 20s, 1.5m or 500ms; a schedule still goes by the experiment's own steps
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub time: Option<Duration>,
}

impl Length {
    /// The script with this length, on so many rows.
    ///
    /// # Errors
    /// If an edit says otherwise, or there would be too many steps.
    pub fn applied(&self, script: Script, rows: usize) -> Result<Script, Failure> {
        if self.time.is_some() {
            script.segments().try_for_each(|(_, experiment)| without_steps(experiment))?;
        }
        let option = if self.epochs.is_some() { "--epochs" } else { "--steps" };
        let Some(steps) = self.steps_of(&script, rows)? else { return Ok(script) };
        refuse_edit(&script, option, "train.steps", "--until ends the run at a step", |it| {
            it.train.steps
        })?;
        Ok(script.map(|it| of_steps(it, steps)))
    }

    /// The number of steps that it says.
    fn steps_of(&self, script: &Script, rows: usize) -> Result<Option<u64>, Failure> {
        let Some(epochs) = self.epochs else { return Ok(self.steps) };
        refuse_edit(script, "--epochs", "train.batch_size", "use --steps", |it| {
            it.train.batch_size as u64
        })?;
        let per_epoch = (rows as u64).div_ceil(script.start().train.batch_size as u64);
        let steps = epochs.get().checked_mul(per_epoch).filter(|steps| *steps <= MOST_STEPS);
        steps.map(Some).ok_or_else(|| {
            let most = MOST_STEPS / per_epoch.max(1);
            Failure::input(format!("{epochs} epochs are too many; at most {most} are possible"))
        })
    }
}

/// The experiment with so many steps.
pub fn of_steps(experiment: &Experiment, steps: u64) -> Experiment {
    let mut experiment = experiment.clone();
    experiment.train.steps = steps;
    experiment
}

/// Sees to it that no edit is of the setting at `path`, on which the length that `option` gives bears.
fn refuse_edit(
    script: &Script,
    option: &str,
    path: &str,
    instead: &str,
    value: impl Fn(&Experiment) -> u64,
) -> Result<(), Failure> {
    let edited = script.pairs().find(|(before, edit)| value(before) != value(&edit.experiment));
    let Some((_, edit)) = edited else { return Ok(()) };
    Err(Failure::input(format!(
        "{option} cannot be given with an edit of `{path}`, as there is at step {}; {instead}, or \
         leave the edit out",
        edit.step
    )))
}

/// Whether `experiment` can be run for a time instead of a number of steps.
///
/// # Errors
/// If its schedule needs that number.
pub fn without_steps(experiment: &Experiment) -> Result<(), Failure> {
    if experiment.paced_by_steps() {
        let name = experiment.schedule.key();
        return Err(Failure::input(format!(
            "the schedule `{name}` goes by the number of steps, which a time does not give; use \
             --steps, or --set schedule=none"
        )));
    }
    Ok(())
}
