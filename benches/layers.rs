//! What the Layers screen costs the training thread: its processor time a step with the screen open at
//! 120×40, beside that of a run without a screen.
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
/// As in `tui::runner`.
const FRAME: Duration = Duration::from_millis(33);

fn main() -> Result<(), Box<dyn Error>> {
    for name in ["spirals", "digits"] {
        let mut experiment = experiment::load(name)?.experiment;
        experiment.train.eval_every = experiment.train.steps.div_ceil(200);
        experiment.train.steps = u64::MAX / 2;
        let (mut alone, mut watched) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            alone.push(headless(&experiment)?);
            watched.push(with_layers(&experiment)?);
        }
        let (alone, watched) = (median(alone), median(watched));
        println!(
            "{name}: {alone:.2} µs a step headless, {watched:.2} µs with Layers open: × {:.3}",
            watched / alone
        );
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

/// The same under the workbench, with Layers open.
fn with_layers(experiment: &Experiment) -> Result<f64, Box<dyn Error>> {
    let area = Rect::new(0, 0, 120, 40);
    let options = TerminalOptions { viewport: Viewport::Fixed(area) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options)?;
    let (wake, woken) = bounded(1);
    let mut driver = Driver::start(experiment.clone(), None, None, wake);
    driver.apply(Effect::Send(Command::Pace(None)));
    driver.app.act(Action::Go('2'));
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
