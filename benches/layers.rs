//! What the screens that look inside cost the training thread: its processor time a step with the Layers
//! screen or the network's loss landscape open at 120×40, beside that of a run without a screen.
//!
//! Each runs as fast as it can, in turn. Elapsed time would tell of the other threads as well wherever
//! there are fewer cores than threads, so it is the time of that one thread that is read, from Linux.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use gradlab::experiment::{self, Experiment};
use gradlab::train::{Command, Problem, Session};
use gradlab::tui::drawn::DrawnFrame;
use gradlab::tui::driver::Driver;
use gradlab::tui::effect::Effect;
use gradlab::tui::keymap::Action;
use gradlab::tui::theme::{Depth, Theme};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;
/// What is opened, and how.
const SCREENS: [(&str, &[Action]); 2] =
    [("Layers", &[Action::Go('2')]), ("the loss landscape", &[Action::Go('4'), Action::Landscape])];
/// As in `tui::runner`.
const FRAME: Duration = Duration::from_millis(33);

fn main() -> Result<(), Box<dyn Error>> {
    for name in ["spirals", "digits"] {
        let mut experiment = experiment::load(name)?.experiment;
        experiment.train.eval_every = experiment.train.steps.div_ceil(200);
        experiment.train.steps = u64::MAX / 2;
        let mut alone = Vec::new();
        let mut watched = SCREENS.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            alone.push(headless(&experiment)?);
            for ((_, actions), times) in SCREENS.iter().zip(&mut watched) {
                times.push(with_screen(&experiment, actions)?);
            }
        }
        let alone = median(alone);
        println!("{name}: {alone:.2} µs a step headless");
        for ((screen, _), times) in SCREENS.iter().zip(watched) {
            let watched = median(times);
            println!("  {watched:.2} µs with {screen} open: × {:.3}", watched / alone);
        }
    }
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds of processor time of every thread of this program.
fn threads() -> io::Result<HashMap<String, u64>> {
    let mut times = HashMap::new();
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?;
        let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let time = text.split_whitespace().next().and_then(|time| time.parse().ok());
        times.insert(task.file_name().to_string_lossy().into_owned(), time.unwrap_or(0));
    }
    Ok(times)
}

/// The time of the thread that has worked most since `before`, this one left out.
fn busiest(before: &HashMap<String, u64>) -> io::Result<u64> {
    let this = std::process::id().to_string();
    let since = |(id, time): (String, u64)| {
        (id != this).then(|| time - before.get(&id).copied().unwrap_or(0))
    };
    Ok(threads()?.into_iter().filter_map(since).max().unwrap_or(0))
}

/// Microseconds a step on a thread of its own.
fn headless(experiment: &Experiment) -> Result<f64, Box<dyn Error>> {
    let before = threads()?;
    let mut session = Session::new(experiment, Problem::load(experiment)?);
    let (steps, time) = std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let begun = Instant::now();
            while begun.elapsed() < ROUND {
                for _ in 0..100 {
                    session.step().map_err(|divergence| divergence.to_string())?;
                }
            }
            let time = busiest(&before).map_err(|error| error.to_string())?;
            Ok::<_, String>((session.engine().step_count(), time))
        });
        run.join().map_err(|_| "the run broke down".to_owned())?
    })?;
    Ok(time as f64 / 1000.0 / steps as f64)
}

/// The same under the workbench, after these actions.
fn with_screen(experiment: &Experiment, actions: &[Action]) -> Result<f64, Box<dyn Error>> {
    let before = threads()?;
    let area = Rect::new(0, 0, 120, 40);
    let options = TerminalOptions { viewport: Viewport::Fixed(area) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options)?;
    let (wake, woken) = bounded(1);
    let mut driver = Driver::start(experiment.clone(), None, None, wake);
    driver.apply(Effect::Send(Command::Pace(None)));
    for &action in actions {
        driver.app.act(action);
    }
    let begun = Instant::now();
    while begun.elapsed() < ROUND {
        let mut drawn = DrawnFrame::default();
        terminal.draw(|frame| drawn = driver.app.draw(frame, Theme::new(Depth::True)))?;
        driver.drawn(&drawn);
        let next = Instant::now() + FRAME;
        while let Some(left) = next.checked_duration_since(Instant::now()) {
            let _ = woken.recv_timeout(left);
            driver.news();
        }
    }
    let (steps, time) = (driver.app.workspace.run.step, busiest(&before)?);
    Ok(time as f64 / 1000.0 / steps as f64)
}
