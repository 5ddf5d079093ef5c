//! Real losses.

use std::sync::Arc;

use crossbeam_channel::bounded;
use gradlab::catalog::Kind;
use gradlab::compare::statistics::{Block, Scale};
use gradlab::compare::{Event, Phase, Plan, Race};
use gradlab::experiment::{self, CompareSpec, Metric, Rates, parse_picks};

/// What is run, on so many seeds each: some of it solved by all of them, some by few, some diverging.
const RUNS: [(&str, &str, u64); 5] = [
    ("spirals", "adam", 4000),
    ("moons", "sgd:lr=0.1", 500),
    ("circles", "rmsprop:lr=0.05", 300),
    ("iris", "adam:lr=0.02", 200),
    ("xor", "sgd:lr=1,momentum=0.9", 100),
];
const SEEDS: usize = 96;

/// For each of the runs the losses of all seeds as a ranking compares them, in their standard deviations.
pub fn pool() -> Result<Vec<Vec<f64>>, String> {
    RUNS.iter().map(|(name, optimizer, steps)| losses(name, optimizer, *steps)).collect()
}

fn losses(name: &str, optimizer: &str, steps: u64) -> Result<Vec<f64>, String> {
    let experiment = experiment::load(name).map_err(|error| error.to_string())?.experiment;
    let spec = CompareSpec {
        optimizers: parse_picks(Kind::Optimizer, optimizer)?,
        rates: Rates::Around(1),
        seeds: SEEDS,
        steps: Some(steps),
        ..CompareSpec::default()
    };
    let plan = Arc::new(Plan::new(&experiment, &spec)?);
    let (wake, _) = bounded(1);
    let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let race = Race::start(plan, jobs, None, &wake);
    let mut blocks = Vec::new();
    for event in &race.events {
        match event {
            Event::Finished { trial, record, .. } if trial.phase == Phase::Final => {
                let block = Block {
                    values: vec![record.last(Metric::TestLoss)],
                    cap: record.points.first().map(|point| point.test_loss),
                };
                blocks.push((trial, block));
            }
            Event::Ended(_) => break,
            _ => {}
        }
    }
    // They finish in any order.
    blocks.sort_by_key(|(trial, _)| *trial);
    let diverged = blocks.iter().filter(|(_, block)| block.values[0].is_infinite()).count();
    let blocks: Vec<Block> = blocks.into_iter().map(|(_, block)| block).collect();
    let values = Scale::Logarithm.compared(&blocks).concat();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let deviation =
        (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    println!(
        "{name} with {optimizer}: {} runs of {steps} steps, {diverged} diverged, test loss {:.3e} to {:.3e}",
        values.len(),
        low.exp(),
        high.exp()
    );
    Ok(values.into_iter().map(|x| x / deviation).collect())
}
