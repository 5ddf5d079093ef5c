//! `gradlab bench`: how fast training is here.

use std::io::Write;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::{Builder, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use serde_json::json;

use super::failure::Failure;
use super::memory::Limit;
use super::output::{self, Format};
use crate::parallel::no_thread;
use crate::spec::nearest;
use crate::train::Engine;
use crate::train::memory::{Estimate, Watched};
use crate::train::workload::{ALL, Workload};

const EXAMPLES: &str = "\
Examples:
  gradlab bench
  gradlab bench mnist --format json
  gradlab bench playground --replicas 64

Workloads: playground, classroom, digits, mnist, wide; rnn, gru, lstm; words, whose inputs are \
nearly all 0, and words-dense, of the same size, for comparison (GFLOP/s count the products with 0 as \
well). Each is trained on random data by the engine that the workbench uses: batches gathered and reshuffled, forward, loss, backward, optimizer. \
Reported is the best of three rounds after a warm-up. With --replicas, that many runs with seeds of \
their own share the cores, one a thread, and the steps of all are counted.";

/// How long a round takes.
const ROUND: Duration = Duration::from_millis(700);
/// Rounds, of which the best counts.
const ROUNDS: usize = 3;

/// Measure training steps a second
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to train; all of them if left out
    #[arg(value_name = "WORKLOAD", value_parser = parse_workload)]
    workload: Option<&'static Workload>,
    /// Train so many at once
    #[arg(long, value_name = "R")]
    replicas: Option<NonZeroUsize>,
    #[command(flatten)]
    memory: Limit,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn parse_workload(name: &str) -> Result<&'static Workload, String> {
    ALL.iter().find(|workload| workload.name == name).ok_or_else(|| {
        match nearest(name, ALL.iter().map(|workload| workload.name)) {
            Some(near) => format!("no such workload; did you mean `{near}`?"),
            None => "no such workload; see `gradlab bench --help`".to_owned(),
        }
    })
}

/// Runs the command.
///
/// # Errors
/// If a run diverges or the result cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let chosen = args.workload.map_or(&ALL[..], std::slice::from_ref);
    for workload in chosen {
        let experiment = workload.experiment(0)?;
        let one = Estimate::on_rows(&experiment, workload.rows, Watched::No);
        args.memory.check_aloud(&one.times(args.replicas.map_or(1, NonZeroUsize::get), 1))?;
    }
    let mut out = output::stdout();
    if args.format == Format::Text {
        writeln!(out, "workload    layers             batch  threads      steps/s   GFLOP/s")?;
    }
    for workload in chosen {
        let fleet = Fleet::new(workload, args.replicas)?;
        let threads = fleet.threads;
        let speed = fleet.speed().map_err(Failure::Work)?;
        let gflops = speed * workload.flop() / 1e9;
        match args.format {
            Format::Json => output::write_json(
                &mut out,
                &json!({
                    "workload": workload.name,
                    "steps_per_s": speed,
                    "gflop_per_s": gflops,
                    "threads": threads,
                    "replicas": args.replicas,
                }),
            )?,
            Format::Text => writeln!(
                out,
                "{:<11} {:<17} {:>6} {threads:>8} {speed:>12.0} {gflops:>9.1}",
                workload.name,
                workload.shape(),
                workload.batch,
            )?,
        }
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Engines that are timed together.
struct Fleet {
    /// One share a thread.
    shares: Vec<Vec<Engine>>,
    /// Threads that compute, be it each its own share or all of them the one engine's products.
    threads: usize,
}

impl Fleet {
    /// One engine, or `replicas` of them shared out among the cores.
    fn new(workload: &Workload, replicas: Option<NonZeroUsize>) -> Result<Self, Failure> {
        let problem = workload.problem();
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let count = replicas.map_or(1, NonZeroUsize::get);
        // Each share is made by a thread of its own, so that no two lie on the same cache lines.
        let share = |first: usize, step: usize| -> Result<Vec<Engine>, Failure> {
            (first..count)
                .step_by(step)
                .map(|seed| {
                    let experiment = workload.experiment(seed as u64)?;
                    let mut engine = Engine::new(&experiment, Arc::clone(&problem));
                    engine.set_single_threaded(replicas.is_some());
                    Ok(engine)
                })
                .collect()
        };
        let step = cores.min(count);
        let shares = std::thread::scope(|scope| {
            let start = |first| {
                Builder::new().spawn_scoped(scope, move || share(first, step)).map_err(no_thread)
            };
            let threads = (0..step).map(start).collect::<Result<Vec<_>, _>>()?;
            threads.into_iter().map(joined).collect::<Result<Vec<_>, Failure>>()
        })?;
        let threads = match shares.as_slice() {
            [share] => share.iter().map(Engine::threads).max().unwrap_or(1),
            shares => shares.len(),
        };
        Ok(Self { shares, threads })
    }

    /// Steps a second of all engines together, the best of several rounds.
    fn speed(mut self) -> anyhow::Result<f64> {
        let engines: usize = self.shares.iter().map(Vec::len).sum();
        let mut steps = 1;
        // Rounds grow until one is long enough: that is the warm-up.
        while self.round(steps)? < ROUND / 2 {
            steps *= 2;
        }
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            best = best.min(self.round(steps)?);
        }
        Ok((steps * engines) as f64 / best.as_secs_f64())
    }

    /// Takes every engine through so many steps.
    fn round(&mut self, steps: usize) -> anyhow::Result<Duration> {
        let train = |engines: &mut Vec<Engine>| -> anyhow::Result<()> {
            for engine in engines {
                for _ in 0..steps {
                    engine.step().map_err(|divergence| anyhow!("{divergence}"))?;
                }
            }
            Ok(())
        };
        let begun = Instant::now();
        match self.shares.as_mut_slice() {
            [share] => train(share)?,
            shares => std::thread::scope(|scope| {
                let start = |share| {
                    Builder::new().spawn_scoped(scope, move || train(share)).map_err(no_thread)
                };
                let threads = shares.iter_mut().map(start).collect::<Result<Vec<_>, _>>()?;
                threads.into_iter().try_for_each(joined)
            })?,
        }
        Ok(begun.elapsed())
    }
}

/// What a thread comes to.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
