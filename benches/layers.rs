//! What the screens that look inside cost the training thread: its processor time a step with the Layers
//! screen or the network's loss landscape open at 120×40, beside that of a run without a screen.
//!
//! Each runs as fast as it can, in turn, and is measured once it is under way.

mod common;

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use common::{Threads, median};
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

const ROUND: Duration = Duration::from_secs(4);
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

/// A run's first moments, in which memory comes from the system for the first time.
const BEGINNING: Duration = Duration::from_secs(2);

/// Microseconds a step on a thread of its own.
fn headless(experiment: &Experiment) -> Result<f64, Box<dyn Error>> {
    let mut session = Session::new(experiment, Problem::load(experiment)?);
    std::thread::scope(|scope| {
        let run = scope.spawn(move || {
            advance(&mut session, BEGINNING)?;
            let (before, first) = (threads()?, session.engine().step_count());
            advance(&mut session, ROUND)?;
            let time = before.busiest_since().map_err(|error| error.to_string())?;
            Ok::<_, String>(time as f64 / 1000.0 / (session.engine().step_count() - first) as f64)
        });
        run.join().map_err(|_| "the run broke down".to_owned())?.map_err(Into::into)
    })
}

fn threads() -> Result<Threads, String> {
    Threads::now().map_err(|error| error.to_string())
}

fn advance(session: &mut Session, time: Duration) -> Result<(), String> {
    let begun = Instant::now();
    while begun.elapsed() < time {
        for _ in 0..100 {
            session.step().map_err(|divergence| divergence.to_string())?;
        }
    }
    Ok(())
}

/// The same under the workbench, after these actions.
fn with_screen(experiment: &Experiment, actions: &[Action]) -> Result<f64, Box<dyn Error>> {
    let area = Rect::new(0, 0, 120, 40);
    let options = TerminalOptions { viewport: Viewport::Fixed(area) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options)?;
    let (wake, woken) = bounded(1);
    let mut driver = Driver::start(experiment.clone(), None, None, wake);
    driver.apply(Effect::Send(Command::Pace(None)));
    for &action in actions {
        driver.app.act(action);
    }
    let mut watch = |time: Duration| -> Result<u64, Box<dyn Error>> {
        let begun = Instant::now();
        while begun.elapsed() < time {
            let mut drawn = DrawnFrame::default();
            terminal.draw(|frame| drawn = driver.app.draw(frame, Theme::new(Depth::True)))?;
            driver.drawn(&drawn);
            let next = Instant::now() + FRAME;
            while let Some(left) = next.checked_duration_since(Instant::now()) {
                let _ = woken.recv_timeout(left);
                driver.news();
            }
        }
        Ok(driver.app.workspace.run.step)
    };
    let first = watch(BEGINNING)?;
    let before = Threads::now()?;
    let last = watch(ROUND)?;
    Ok(before.busiest_since()? as f64 / 1000.0 / (last - first) as f64)
}
