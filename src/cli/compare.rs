//! `gradlab compare`: a fair comparison without a screen.

mod print;
mod progress;
mod shard;
mod watch;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::anyhow;
use crossbeam_channel::{RecvTimeoutError, bounded};

pub use self::print::{Format, print};
use self::progress::Progress;
use self::shard::Sharding;
pub use self::shard::{Shared, WaveArg};
use super::experiment::{Changes, Edits};
use super::failure::{Failure, signalled};
use super::output::say;
use super::output_dir::claim;
use super::run::{MOST_STEPS, parse_duration, watch_signals, without_steps};
use crate::catalog::Kind;
use crate::compare::{Budget, DATA_KEPT, Ending, Event, Plan, Race, Ranking, Results, Store};
use crate::experiment::{CompareSpec, Experiment, Rates, Target, parse_arm, parse_picks};
use crate::export::comparison::{self, Comparison, Summary};
use crate::text::Untrusted;
use crate::train::memory::Estimate;

const EXAMPLES: &str = "\
Examples:
  gradlab compare spirals --optimizers sgd,sgd:momentum=0.9,adam,rmsprop
  gradlab compare digits --activations relu,tanh,gelu --steps 2000 --out digits
  gradlab compare spirals --optimizers sgd,adam --lr-grid 1e-4:1:9 --seeds 8
  gradlab compare moons iris --optimizers sgd,adam --target 'test_loss<0.1'
  gradlab compare spirals --arm adam= --arm switch=@5000:optimizer=sgd:lr=0.05
  gradlab compare spirals --arm plain= \\
    --arm other=schedule=cosine/layers.1.init=kaiming_normal
  gradlab compare digits --optimizers sgd,adam,lion --trials 20 \\
    --tune optimizer.lr,optimizer.momentum,optimizer.betas,optimizer.weight_decay
  gradlab compare digits --optimizers sgd,lion --out d --wave tune --shard 3/7
  gradlab compare --watch d

Each arm is tuned over seven learning rates around its own, and more as long as \
the best one is at an end, on the same seeds, judged by rows held out of the \
training rows. At its best rate it is then run on fresh seeds, which the test \
rows judge. A comma followed by key=value goes on \
with the optimizer before it. With --out, finished runs are kept: the same \
command goes on where it was stopped, and runs nothing twice.

With --tune every arm has as many trials over those of the settings that it has, \
the first at its defaults; `gradlab explain adam` says over which range. It is \
then judged both at the best of them and at its defaults.

One comparison can be shared among machines: `gradlab jobs` writes the script.";

/// What says how a comparison is run, and so nothing of one that is only watched.
const NOT_WATCHED: [&str; 18] = [
    "experiments",
    "optimizers",
    "activations",
    "arms",
    "lr_grid",
    "tune",
    "trials",
    "seeds",
    "tuning_seeds",
    "steps",
    "target",
    "budget",
    "jobs",
    "out",
    "wave",
    "overrides",
    "seed",
    "edits",
];

/// Compare optimizers or activations fairly
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Presets, .toml files or recipes
    #[arg(required_unless_present = "watch", value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    /// Contenders, each for all layers: sgd,sgd:momentum=0.9,adam
    #[arg(long, value_name = "LIST")]
    optimizers: Option<String>,
    /// Contenders, each for all hidden layers: relu,tanh,gelu
    #[arg(long, value_name = "LIST")]
    activations: Option<String>,
    /// A contender as what is different in it, or different from a later step on:
    /// switch=@5000:optimizer=sgd:lr=0.05; may be repeated
    #[arg(long = "arm", value_name = "NAME=ASSIGNMENT[/…]")]
    arms: Vec<String>,
    /// Learning rates: LOW:HIGH:POINTS, or POINTS around each arm's own [default: auto, 7 and more
    /// until the best one is inside]
    #[arg(long, value_name = "GRID")]
    lr_grid: Option<Rates>,
    /// Settings to search together for each arm that has them, in place of its learning rates:
    /// optimizer.lr,optimizer.momentum,optimizer.weight_decay
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    tune: Vec<String>,
    /// Settings to try for each arm by --tune, the first its own [default: 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    trials: Option<u64>,
    /// Fresh seeds to judge each arm on [default: 16]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: Option<u64>,
    /// Seeds to try each rate on [default: 5, at most --seeds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    tuning_seeds: Option<u64>,
    /// Steps of each run, if not the experiment's own
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_STEPS))]
    steps: Option<u64>,
    /// What counts as solved, as in test_loss<0.1 or test_accuracy>0.95
    #[arg(long, value_name = "TARGET")]
    target: Option<Target>,
    /// Time for all, shared equally, instead of steps: halve the rates round by round
    #[arg(long, value_name = "TIME", visible_alias = "time", value_parser = parse_duration)]
    #[arg(conflicts_with = "steps")]
    budget: Option<Duration>,
    /// Runs at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write results, tables and charts into this folder, and go on with what is there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show how far the comparison in this folder is, which shards or another process are filling: on
    /// the Compare screen, or without a terminal once in print
    #[arg(long, value_name = "DIR", conflicts_with_all = NOT_WATCHED)]
    watch: Option<PathBuf>,
    #[command(flatten)]
    sharding: Sharding,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    edits: Edits,
}

/// Runs the command.
///
/// # Errors
/// If an experiment or an arm is not valid, or a result cannot be written.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if let Some(folder) = &args.watch {
        return watch::run(folder, args.format, args.changes.memory());
    }
    if args.sharding.is_asked_for() {
        return shard::run(args);
    }
    let plans = args
        .experiments
        .iter()
        .map(|name| args.plan(name, false))
        .collect::<Result<Vec<_>, _>>()?;
    for (_, plan) in &plans {
        args.check_memory(plan, plan.total(&Results::default()))?;
    }
    let folders = args.folders(&plans)?;
    let signal = watch_signals()?;
    let mut done: Vec<(Untrusted, Arc<Plan>, Results)> = Vec::new();
    let mut failure = None;
    for ((name, plan), folder) in plans.into_iter().zip(folders) {
        let plan = Arc::new(plan);
        let mut results = Results::default();
        let store = folder.map(|folder| Store::create(&folder, &plan.base)).transpose();
        let raced = match store {
            Ok(store) => args.race((&name, &plan), store, &signal, &mut results),
            Err(error) if done.is_empty() => return Err(Failure::Input(error.into())),
            Err(error) => Raced { not_kept: None, broken: Some(error.to_string()) },
        };
        let Raced { not_kept, broken } = raced;
        done.push((name, plan, results));
        let goes_on = broken.is_none() && signal.load(Ordering::Relaxed) == 0;
        failure = failure.or(not_kept).or(broken);
        if !goes_on {
            break;
        }
    }
    // What is finished is told of all the same, and then what went wrong first.
    let reported = args.report(&done);
    if let Some(reason) = failure {
        return Err(Failure::Work(anyhow!(reason)));
    }
    reported?;
    Ok(match signal.load(Ordering::Relaxed) {
        0 => ExitCode::SUCCESS,
        number => {
            if args.out.is_some() {
                say("note: the same command goes on from here");
            }
            signalled(number as i32)
        }
    })
}

/// What went wrong with a comparison.
struct Raced {
    /// Why finished runs could not be written.
    not_kept: Option<String>,
    /// Why it ended before its time.
    broken: Option<String>,
}

impl Args {
    fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.map_or_else(cores, NonZeroUsize::get)
    }

    /// Sees to it that so many runs of `plan` have the memory that they need.
    fn check_memory(&self, plan: &Plan, runs: usize) -> Result<(), Failure> {
        let arms = plan.arms.iter().map(|arm| &arm.script);
        let jobs = self.jobs().min(runs);
        self.changes.memory().check_aloud(&Estimate::of_several(arms, (jobs, jobs + DATA_KEPT)))
    }

    /// The comparison on one experiment, and what to call it; `shared` among machines, its rates cannot
    /// depend on results.
    fn plan(&self, argument: &str, shared: bool) -> Result<(Untrusted, Plan), Failure> {
        let script = self.changes.load(argument, &self.edits)?;
        let mut spec = self.spec(script.start())?;
        if shared && spec.tune.is_empty() {
            spec.rates = spec.rates.fixed();
        }
        let mut plan = Plan::new(&script, &spec).map_err(Failure::input)?;
        if let Some(wall) = self.budget {
            for (_, experiment) in plan.arms.iter().flat_map(|arm| arm.script.segments()) {
                without_steps(experiment)?;
            }
            plan.budget = Some(Budget { wall, jobs: self.jobs() });
        }
        let title = Some(script.start().title.clone()).filter(|title| !title.is_empty());
        Ok((title.unwrap_or_else(|| argument.into()), plan))
    }

    /// What the experiment asks for, less what the command line says otherwise. Arms named there
    /// take the place of all of the experiment's own.
    fn spec(&self, experiment: &Experiment) -> Result<CompareSpec, Failure> {
        let mut spec = experiment.compare.clone().unwrap_or_default();
        let picks = |kind, list: &Option<String>| match list {
            Some(list) => parse_picks(kind, list).map_err(Failure::input),
            None => Ok(Vec::new()),
        };
        if self.optimizers.is_some() || self.activations.is_some() || !self.arms.is_empty() {
            spec.arms = self.arms.iter().map(|arm| parse_arm(arm)).collect::<Result<_, _>>()?;
            spec.optimizers = picks(Kind::Optimizer, &self.optimizers)?;
            spec.activations = picks(Kind::Activation, &self.activations)?;
        }
        if spec.arms.is_empty() && spec.optimizers.is_empty() && spec.activations.is_empty() {
            return Err(Failure::input(
                "there is nothing to compare; name contenders as in --optimizers sgd,adam, \
                 --activations relu,tanh or --arm slow=optimizer.lr=0.001",
            ));
        }
        self.candidates(&mut spec)?;
        spec.seeds = self.seeds.map_or(spec.seeds, |n| n as usize);
        spec.tuning_seeds =
            self.tuning_seeds.map_or(spec.tuning_seeds.min(spec.seeds), |n| n as usize);
        spec.steps = self.steps.or(spec.steps);
        spec.target = self.target.or(spec.target);
        Ok(spec)
    }

    /// Puts in what is to be tried for each arm. A grid and a search each take the place of what the
    /// experiment asks for.
    fn candidates(&self, spec: &mut CompareSpec) -> Result<(), Failure> {
        match (self.lr_grid, &self.tune[..]) {
            (Some(_), [_, ..]) => {
                return Err(Failure::input(
                    "--tune searches the learning rate together with other settings, so that --lr-grid \
                     says nothing beside it; leave one of them out",
                ));
            }
            (Some(rates), []) => (spec.rates, spec.tune) = (rates, Vec::new()),
            (None, [_, ..]) => (spec.rates, spec.tune) = (Rates::default(), self.tune.clone()),
            (None, []) => {}
        }
        if self.trials.is_some() && spec.tune.is_empty() {
            return Err(Failure::input(
                "--trials is the number of settings that --tune tries; name some, as in --tune \
                 optimizer.lr,optimizer.weight_decay",
            ));
        }
        if self.budget.is_some() && !spec.tune.is_empty() {
            return Err(Failure::input(
                "--budget halves the learning rates of a grid round by round, so that it cannot search \
                 other settings; give --steps instead, or leave out --tune",
            ));
        }
        if let Some(twice) = (1..spec.tune.len()).find(|&i| spec.tune[..i].contains(&spec.tune[i]))
        {
            return Err(Failure::input(format!("`{}` is named twice in --tune", spec.tune[twice])));
        }
        spec.trials = self.trials.map_or(spec.trials, |n| n as usize);
        Ok(())
    }

    /// Where the files of each comparison go; made now, so that no work is lost for want of it.
    fn folders(&self, plans: &[(Untrusted, Plan)]) -> Result<Vec<Option<PathBuf>>, Failure> {
        let Some(out) = &self.out else { return Ok(vec![None; plans.len()]) };
        let folders: Vec<_> = match plans.len() {
            1 => vec![out.clone()],
            count => (1..=count).map(|number| out.join(number.to_string())).collect(),
        };
        for (folder, (_, plan)) in folders.iter().zip(plans) {
            claim(folder, &plan.base, &[])?;
        }
        Ok(folders.into_iter().map(Some).collect())
    }

    /// Runs one comparison to its end, to a signal, or to what broke it.
    fn race(
        &self,
        (name, plan): (&Untrusted, &Arc<Plan>),
        store: Option<Store>,
        signal: &AtomicUsize,
        results: &mut Results,
    ) -> Raced {
        let (wake, _) = bounded(1);
        let race = Race::start(Arc::clone(plan), self.jobs(), store, &wake);
        let mut progress = Progress::new(name, plan);
        let mut not_kept = None;
        let ending = loop {
            match race.events.recv_timeout(Duration::from_millis(50)) {
                Ok(Event::Finished { trial, record, kept }) => {
                    results.insert(trial, record);
                    progress.finished(plan, results, kept);
                }
                Ok(Event::NotKept(reason)) => {
                    not_kept = Some(format!("not all runs could be kept: {reason}"));
                }
                Ok(Event::Ended(ending)) => break ending,
                Err(RecvTimeoutError::Timeout) => progress.tick(plan, results),
                Err(RecvTimeoutError::Disconnected) => {
                    break Ending::Failed("its threads are gone".to_owned());
                }
            }
            if signal.load(Ordering::Relaxed) != 0 {
                race.cancel();
            }
        };
        progress.clear();
        let broken = match ending {
            Ending::Complete | Ending::Cancelled => None,
            Ending::Failed(reason) => Some(format!("the comparison ended: {reason}")),
        };
        Raced { not_kept, broken }
    }

    /// Prints what is known, and writes it into the folder; a full disk is no reason to print
    /// nothing.
    fn report(&self, done: &[(Untrusted, Arc<Plan>, Results)]) -> Result<(), Failure> {
        let rankings: Vec<_> =
            done.iter().map(|(_, plan, results)| Ranking::of(plan, results)).collect();
        let comparisons: Vec<_> = done
            .iter()
            .zip(&rankings)
            .map(|((name, plan, results), ranking)| Comparison { name, plan, results, ranking })
            .collect();
        let summary = Summary::of(&comparisons);
        let printed = print(self.format, &comparisons, &summary);
        if let Some(folder) = &self.out {
            match comparisons.as_slice() {
                [one] => comparison::write(folder, one)?,
                several => {
                    for (number, one) in (1..).zip(several) {
                        comparison::write(&folder.join(number.to_string()), one)?;
                    }
                    summary.write(folder)?;
                }
            }
        }
        printed
    }
}
