//! How much of a run and of a race is training steps, and whether steps stay as fast as they begin.
//!
//! `cargo bench --bench bookkeeping -- [run|race|long]` measures one of the three alone.

use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use gradlab::aligned::Aligned;
use gradlab::compare::{Ending, Event, Plan, Race};
use gradlab::experiment::load_script;
use gradlab::optim;
use gradlab::train::{Engine, Problem};

#[global_allocator]
static ALLOCATOR: Aligned = Aligned;

const STEPS: u64 = 2000;
const ROUNDS: usize = 20;
/// Steps of the long runs, in tenths that are timed one by one.
const TENTH: u64 = 100_000;
const REPEATS: usize = 3;
/// Of its 16 units in a layer most are dead soon, at a rate that is too high.
const DEAD: &str = "moons/16-relu/16-relu/2-softmax/optimizer=";
/// Networks whose answers become so sure that numbers on the way would be subnormal.
const SURE: [&str; 3] = [
    "xor/8-relu/1-sigmoid/optimizer=adam,lr=0.05",
    "moons/16-gelu/16-gelu/2-softmax/optimizer=adam,lr=0.03",
    "moons/16-tanh_exp/16-tanh_exp/2-softmax/optimizer=adam,lr=0.03",
];

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let wanted = |part: &str| asked.is_empty() || asked.iter().any(|it| it == part);
    if wanted("run") {
        run()?;
    }
    if wanted("race") {
        race("optimizers-on-spirals")?;
        race("optimizers-on-digits")?;
    }
    if wanted("long") {
        long()?;
    }
    Ok(())
}

/// The least of what `measure` gives in some rounds.
fn least(
    rounds: usize,
    mut measure: impl FnMut() -> Result<Duration, Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let first = measure()?;
    (1..rounds).try_fold(first, |least, _| Ok(least.min(measure()?)))
}

/// `gradlab run spirals` as a program, beside the steps alone.
fn run() -> Result<(), Box<dyn Error>> {
    let program = |steps: u64| {
        let begun = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradlab"));
        command.args(["run", "spirals", "--steps", &steps.to_string()]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() { Ok(begun.elapsed()) } else { Err(status.to_string().into()) }
    };
    let script = load_script("spirals", &[] as &[&str], &[] as &[&str])?.script;
    let problem = Problem::load(script.start())?;
    let steps = least(ROUNDS, || {
        let mut engine = Engine::new(script.start(), Arc::clone(&problem));
        let begun = Instant::now();
        for _ in 0..STEPS {
            engine.step().map_err(|divergence| divergence.to_string())?;
        }
        Ok(begun.elapsed())
    })?;
    let (whole, start) = (least(ROUNDS, || program(STEPS))?, least(ROUNDS, || program(1))?);
    println!(
        "run spirals, {STEPS} steps: {whole:.1?}, of which {start:.1?} before the first step; steps alone \
         {steps:.1?}: {:.0} %, {:.0} % without the start",
        100.0 * steps.as_secs_f64() / whole.as_secs_f64(),
        100.0 * steps.as_secs_f64() / whole.saturating_sub(start).as_secs_f64()
    );
    Ok(())
}

/// A race of one run at a time.
fn race(preset: &str) -> Result<(), Box<dyn Error>> {
    let set = format!("train.steps={STEPS}");
    let script = load_script(preset, &[set], &[] as &[&str])?.script;
    let spec = script.start().compare.clone().ok_or("the preset compares nothing")?;
    let plan = Arc::new(Plan::new(script, &spec)?);
    let (mut best, mut told) = (0.0, String::new());
    for _ in 0..REPEATS {
        let (wake, _) = bounded(1);
        let begun = Instant::now();
        let race = Race::start(Arc::clone(&plan), 1, None, &wake);
        let (mut steps, mut runs, mut evaluations) = (0.0, 0, 0);
        for event in &race.events {
            match event {
                Event::Finished { record, .. } => {
                    steps += record.wall_seconds;
                    runs += 1;
                    evaluations += record.points.len();
                }
                Event::NotKept(_) => {}
                Event::Ended(Ending::Complete) => break,
                Event::Ended(ending) => return Err(format!("{ending:?}").into()),
            }
        }
        let whole = begun.elapsed();
        let share = steps / whole.as_secs_f64();
        if share > best {
            best = share;
            told = format!("{runs} runs and {evaluations} evaluations in {whole:.1?}");
        }
    }
    println!("race {preset}, {STEPS} steps each: {told}: steps are {:.1} % of it", 100.0 * best);
    Ok(())
}

/// Rules that divide by a running mean of squares, for 10⁶ steps on a network with dead units; and
/// networks whose answers are sure.
fn long() -> Result<(), Box<dyn Error>> {
    let family = |key: &str| optim::TABLE.iter().find(|it| it.card.key == key).map(|it| it.family);
    let families = [family("adam"), family("rmsprop")];
    let rules = optim::TABLE.iter().filter(|it| families.contains(&Some(it.family)));
    let dead = rules.map(|entry| format!("{DEAD}{},lr=0.1", entry.card.key));
    for recipe in dead.chain(SURE.map(str::to_owned)) {
        let Ok(loaded) = load_script(&recipe, &[] as &[&str], &[] as &[&str]) else { continue };
        let problem = Problem::load(loaded.script.start())?;
        let mut tenths = [Duration::MAX; 10];
        let mut diverged = false;
        for _ in 0..REPEATS {
            let mut engine = Engine::new(loaded.script.start(), Arc::clone(&problem));
            for least in &mut tenths {
                let begun = Instant::now();
                diverged |= (0..TENTH).any(|_| engine.step().is_err());
                *least = begun.elapsed().min(*least);
            }
        }
        let [first, .., last] = tenths;
        let pace = 100.0 * first.as_secs_f64() / last.as_secs_f64();
        let told = if diverged { " (diverged)" } else { "" };
        println!("{recipe}: the last tenth at {pace:.1} % of the first's pace{told}");
    }
    Ok(())
}
