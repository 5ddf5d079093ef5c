//! Going back in a run: how long it takes to reach an earlier evaluation, what keyframes take of
//! memory, and what they cost a training step. `cargo bench --bench time_travel -- visits` (or `memory`, or
//! `cost`) measures one of them alone.

mod common;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Threads, median};
use crossbeam_channel::bounded;
use gradlab::experiment::{self, Experiment, preset};
use gradlab::train::journal::Journal;
use gradlab::train::timeline::BOUND;
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Event};

/// A run's first moments, in which memory comes from the system for the first time.
const BEGINNING: Duration = Duration::from_secs(2);
/// As long as it takes until the journal keeps a state again.
const ROUND: Duration = Duration::from_secs(10);
const ROUNDS: usize = 5;
const VISITS: u64 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench` of its own.
    let names: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let chosen = |name: &str| names.is_empty() || names.iter().any(|it| it == name);
    if chosen("visits") {
        for name in [preset::DEFAULT, "digits"] {
            let experiment = experiment::load(name)?.experiment;
            visits(name, &experiment)?;
        }
    }
    let mut endless = experiment::load(preset::DEFAULT)?.experiment;
    endless.train.eval_every = endless.train.steps.div_ceil(200);
    endless.train.steps = u64::MAX / 2;
    if chosen("memory") {
        long_run(&endless)?;
    }
    if chosen("cost") {
        cost(&endless)?;
    }
    Ok(())
}

fn wait(worker: &Worker, wanted: impl Fn(&Event) -> bool) -> Result<(), Box<dyn Error>> {
    while !wanted(&worker.events.recv()?) {}
    Ok(())
}

/// A worker that has made so many steps.
fn trained(experiment: &Experiment, steps: u64) -> Result<Worker, Box<dyn Error>> {
    let worker = Worker::spawn(experiment.clone(), &bounded(1).0);
    worker.send(Command::Steps(steps));
    wait(&worker, |event| matches!(event, Event::Running(false)))?;
    Ok(worker)
}

/// Visits evaluations all over the run, in an order without neighbours.
fn times(worker: &Worker, steps: u64) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut times = Vec::new();
    for visit in 0..VISITS {
        let target = (visit * 77 % VISITS) * steps / VISITS;
        let begun = Instant::now();
        worker.send(Command::Visit(target));
        wait(worker, |event| matches!(event, Event::Visiting { .. }))?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times)
}

fn visits(name: &str, experiment: &Experiment) -> Result<(), Box<dyn Error>> {
    let mut experiment = experiment.clone();
    let steps = experiment.train.steps;
    experiment.train.eval_every = steps.div_ceil(VISITS);
    let times = times(&trained(&experiment, steps)?, steps)?;
    let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{name}: {VISITS} visits, median {median:.1?}, p99 {late:.1?}");
    Ok(())
}

fn long_run(experiment: &Experiment) -> Result<(), Box<dyn Error>> {
    let steps = 10_000_000;
    let before = resident();
    let worker = trained(experiment, steps)?;
    let after = resident();
    let times = times(&worker, steps)?;
    println!(
        "10⁷ steps: {:.1} MB more resident; then {VISITS} visits, median {:.1?}, p99 {:.1?}",
        (after - before) as f64 / 1e6,
        times[times.len() / 2],
        times[times.len() * 99 / 100],
    );
    Ok(())
}

/// Bytes of memory that this program has, where the system tells.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<i64>().ok());
    pages.unwrap_or_default() * 4096
}

/// Microseconds of the training thread a step, with a journal in `folder` and all keyframes, or with
/// next to nothing of both.
fn round(experiment: &Experiment, folder: Option<&Path>) -> Result<f64, Box<dyn Error>> {
    let wake = bounded(1).0;
    let journal = folder.map(|folder| Journal::open(folder, &wake));
    let memory = if journal.is_some() { BOUND } else { 0 };
    let worker = Worker::with_journal(experiment.clone(), journal, &wake);
    worker.send(Command::KeyframeMemory(memory));
    worker.send(Command::Run);
    let step = || worker.mailbox.take(1).map(|latest| latest.step).ok_or("nothing was made");
    std::thread::sleep(BEGINNING);
    let (before, first) = (Threads::now()?, step()?);
    std::thread::sleep(ROUND);
    let (time, last) = (before.busiest_since()?, step()?);
    Ok(time as f64 / 1000.0 / (last - first) as f64)
}

fn cost(experiment: &Experiment) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        without.push(round(experiment, None)?);
        with.push(round(experiment, Some(folder.path()))?);
    }
    let (without, with) = (median(without), median(with));
    println!(
        "{without:.2} µs a step, {with:.2} µs with keyframes and a journal: × {:.3}",
        with / without
    );
    Ok(())
}
