//! One shard of a comparison that is shared among machines.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::anyhow;
use crossbeam_channel::{RecvTimeoutError, bounded};

use super::Args;
use crate::cli::failure::{Failure, signalled};
use crate::cli::output::say;
use crate::cli::run::watch_signals;
use crate::compare::shards::{self, Opened, ShardFile, Share, Wave};
use crate::compare::{Ending, Event, Plan, Race, Store, Trial};
use crate::text::Untrusted;

/// Which part of a comparison is run.
#[derive(Debug, Default, clap::Args)]
pub struct Sharding {
    /// Run one of N parts, perhaps on another machine: I/N, or N if a scheduler's environment says
    /// which (HQ_TASK_ID or SLURM_ARRAY_TASK_ID from 1, JOB_COMPLETION_INDEX from 0)
    #[arg(long, value_name = "I/N", requires = "wave")]
    shard: Option<String>,
    /// The runs that are shared: tune tries all rates, judge needs the results of all of these
    #[arg(long, value_enum, requires = "out", conflicts_with = "budget")]
    wave: Option<WaveArg>,
}

/// A wave, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum WaveArg {
    /// Try all learning rates, or all trials, of all arms
    Tune,
    /// Judge each arm at its best one
    Judge,
}

impl From<WaveArg> for Wave {
    fn from(typed: WaveArg) -> Self {
        match typed {
            WaveArg::Tune => Self::Tune,
            WaveArg::Judge => Self::Judge,
        }
    }
}

impl Sharding {
    /// Whether a part is to be run, and not all.
    #[must_use]
    pub const fn is_asked_for(&self) -> bool {
        self.wave.is_some()
    }
}

/// A comparison that is shared among machines.
#[derive(Debug)]
pub struct Shared<'a> {
    /// What it is called.
    pub name: Untrusted,
    /// What is run.
    pub plan: Plan,
    /// Where its shards go.
    pub folder: &'a Path,
    /// Runs at a time in a shard, if that is said.
    pub jobs: Option<usize>,
}

impl Args {
    /// The comparison as it is shared among machines.
    ///
    /// # Errors
    /// If it cannot be.
    pub fn shared(&self) -> Result<Shared<'_>, Failure> {
        let ([argument], Some(folder), None) = (&self.experiments[..], &self.out, self.budget)
        else {
            return Err(Failure::input(
                "a comparison can be shared if it has one EXPERIMENT, --out and no --budget",
            ));
        };
        let (name, plan) = self.plan(argument, true)?;
        Ok(Shared { name, plan, folder, jobs: self.jobs.map(NonZeroUsize::get) })
    }

    /// Whether it is one shard only.
    #[must_use]
    pub const fn is_shard(&self) -> bool {
        self.sharding.is_asked_for()
    }
}

/// The variables by which schedulers number the tasks of an array, the innermost first, and the number of
/// the first task.
const TASKS: [(&str, usize); 3] =
    [("HQ_TASK_ID", 1), ("SLURM_ARRAY_TASK_ID", 1), ("JOB_COMPLETION_INDEX", 0)];

/// The shard that `typed` and the environment name.
fn share(
    typed: Option<&str>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Share, String> {
    let number = |name: &str| environment(name)?.parse::<usize>().ok();
    let count = match typed {
        Some(typed) if typed.contains('/') => return typed.parse(),
        Some(typed) => typed.parse().map_err(|_| format!("`{typed}` is no shard; write I/N"))?,
        None => {
            let slurm = ["MIN", "MAX", "COUNT"].map(|it| number(&format!("SLURM_ARRAY_TASK_{it}")));
            match slurm {
                [Some(1), Some(most), Some(count)] if most == count => count,
                _ => {
                    return Err("say which shard is to be run by --shard I/N, or by --shard N in \
                                task I of a scheduler's array; only an array of Slurm that goes \
                                from 1 to N says both"
                        .to_owned());
                }
            }
        }
    };
    let task = TASKS.iter().find_map(|(name, first)| Some((name, number(name)?, first)));
    let Some((name, task, first)) = task else {
        return Err(format!(
            "`--shard {count}` leaves the number of the shard to a scheduler, and none of {} is set; \
             write I/N",
            TASKS.map(|(name, _)| name).join(", ")
        ));
    };
    let index = task.checked_sub(*first).map_or(0, |task| task.saturating_add(1));
    Share::new(index, count).map_err(|error| format!("{name} is {task}: {error}"))
}

/// Runs one shard.
///
/// # Errors
/// If it cannot be run, or another process runs it.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let Sharding { shard, wave: Some(wave) } = &args.sharding else {
        return Err(Failure::input("name a wave by --wave tune or --wave judge"));
    };
    let wave = Wave::from(*wave);
    let share = share(shard.as_deref(), |name| std::env::var(name).ok()).map_err(Failure::input)?;
    let Shared { name, plan, folder, .. } = args.shared()?;
    let plan = shards::claim(folder, &plan).map_err(Failure::input)?;
    let trials = match wave {
        Wave::Tune => plan.tuning_trials(),
        Wave::Judge => plan.judging_trials(&shards::choose(folder, &plan).map_err(Failure::input)?),
    };
    let own = share.of(&trials);
    args.check_memory(&plan, own.len())?;
    let title = format!("shard {share} of the wave {}", wave.name());
    match ShardFile::open(folder, (&plan, &name), wave, share) {
        Ok(Opened::Whole) => {
            say(format_args!("note: {title} is done already"));
            Ok(ExitCode::SUCCESS)
        }
        Ok(Opened::Unfinished(file, store)) => {
            let (runs, done) = (own.len(), store.kept());
            say(format_args!("note: {title}: {runs} runs, of which {done} are done"));
            work(args, (plan, own), (file, store))
        }
        Err(error) => Err(Failure::Input(error.into())),
    }
}

/// Runs the trials to their end or to a signal.
fn work(
    args: &Args,
    (plan, trials): (Plan, Vec<Trial>),
    (file, store): (ShardFile, Store),
) -> Result<ExitCode, Failure> {
    let signal = watch_signals()?;
    let (wake, _) = bounded(1);
    let race = Race::of_trials(Arc::new(plan), trials, args.jobs(), Some(store), &wake);
    let mut not_kept = None;
    let ending = loop {
        match race.events.recv_timeout(Duration::from_millis(50)) {
            Ok(Event::NotKept(reason)) => {
                not_kept = Some(reason);
                race.cancel();
            }
            Ok(Event::Ended(ending)) => break ending,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                break Ending::Failed("its threads are gone".to_owned());
            }
        }
        if signal.load(Ordering::Relaxed) != 0 {
            race.cancel();
        }
    };
    match (not_kept, ending, signal.load(Ordering::Relaxed)) {
        (Some(reason), ..) => Err(Failure::Work(anyhow!("runs could not be kept: {reason}"))),
        (None, Ending::Failed(reason), _) => {
            Err(Failure::Work(anyhow!("the shard ended: {reason}")))
        }
        (None, Ending::Complete, _) => {
            file.finish().map_err(|error| Failure::Work(error.into()))?;
            Ok(ExitCode::SUCCESS)
        }
        (None, Ending::Cancelled, number) => {
            say("note: the same command goes on from here");
            Ok(signalled(number as i32))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_named_by_flag_or_environment() {
        let named = |typed: Option<&str>, set: &[(&str, &str)]| {
            let found = |name: &str| {
                set.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned())
            };
            share(typed, found).map(|share| share.to_string())
        };
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_MAX", "7"),
            ("SLURM_ARRAY_TASK_COUNT", "7"),
        ];
        assert_eq!(named(Some("3/7"), &[]).as_deref(), Ok("3/7"));
        assert_eq!(named(None, &slurm).as_deref(), Ok("3/7"));
        assert_eq!(named(Some("9"), &slurm).as_deref(), Ok("3/9"));
        assert_eq!(named(Some("9"), &[("HQ_TASK_ID", "9")]).as_deref(), Ok("9/9"));
        assert_eq!(named(Some("9"), &[("JOB_COMPLETION_INDEX", "0")]).as_deref(), Ok("1/9"));
        // Workers of HyperQueue may run within a task of Slurm.
        let both = [("SLURM_ARRAY_TASK_ID", "3"), ("HQ_TASK_ID", "5")];
        assert_eq!(named(Some("9"), &both).as_deref(), Ok("5/9"));
        let part = [("SLURM_ARRAY_TASK_MAX", "9"), slurm[0], slurm[1], slurm[3]];
        for (typed, set, said) in [
            (None, &[][..], "--shard I/N"),
            (None, &part, "only an array of Slurm that goes from 1"),
            (Some("7"), &[], "none of HQ_TASK_ID"),
            (Some("0/7"), &[], "go from 1 to 7"),
            (Some("8/7"), &[], "go from 1 to 7"),
            (Some("1/0"), &[], "not 0"),
            (Some("x"), &[], "write I/N"),
            (Some("2"), &slurm, "SLURM_ARRAY_TASK_ID is 3: there is no shard 3 of 2"),
            (Some("2"), &[("HQ_TASK_ID", "0")], "HQ_TASK_ID is 0"),
            (Some("2"), &[("JOB_COMPLETION_INDEX", "2")], "JOB_COMPLETION_INDEX is 2"),
        ] {
            let error = named(typed, set).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
