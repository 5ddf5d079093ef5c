//! The share of training speed that is kept with the workbench open at 120×40.
//!
//! The default preset trains as fast as it can, in turn without a screen and under the workbench's
//! worker, observer and drawing, at the rhythm of `tui::runner` and into a terminal that swallows
//! everything. Both evaluate as often as the experiment asks for.

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{bounded, select};
use gradlab::experiment::{self, Experiment, preset};
use gradlab::train::worker::Worker;
use gradlab::train::{Command, Problem, Session};
use gradlab::tui::app::App;
use gradlab::tui::drawn::DrawnFrame;
use gradlab::tui::theme::{Depth, Theme};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

const ROUND: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 6;
/// As in `tui::runner`.
const FRAME: Duration = Duration::from_millis(33);
const LOOK: Duration = Duration::from_millis(66);

fn main() -> Result<(), Box<dyn Error>> {
    let mut experiment = experiment::load(preset::DEFAULT)?.experiment;
    // Evaluations keep their rhythm while the budget outlasts every round.
    experiment.train.eval_every = experiment.train.steps.div_ceil(200);
    experiment.train.steps = u64::MAX / 2;
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(headless(&experiment)?);
        watched.push(under_the_workbench(&experiment)?);
    }
    let (alone, watched) = (median(alone), median(watched));
    println!("headless            {alone:>10.0} steps/s");
    println!("workbench at 120×40 {watched:>10.0} steps/s");
    println!("share kept          {:>10.1} %", 100.0 * watched / alone);
    Ok(())
}

fn median(mut speeds: Vec<f64>) -> f64 {
    speeds.sort_by(f64::total_cmp);
    speeds[speeds.len() / 2]
}

fn headless(experiment: &Experiment) -> Result<f64, Box<dyn Error>> {
    let mut session = Session::new(experiment, Problem::load(experiment)?);
    let begun = Instant::now();
    while begun.elapsed() < ROUND {
        for _ in 0..100 {
            session.step()?;
        }
    }
    Ok(session.engine().step_count() as f64 / begun.elapsed().as_secs_f64())
}

fn under_the_workbench(experiment: &Experiment) -> Result<f64, Box<dyn Error>> {
    let area = Rect::new(0, 0, 120, 40);
    let options = TerminalOptions { viewport: Viewport::Fixed(area) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options)?;
    let mut app = App::new(experiment.clone());
    let (wake, woken) = bounded(1);
    let worker = Worker::spawn(experiment.clone(), &wake);
    worker.send(Command::Pace(None));
    worker.send(Command::Run);
    let begun = Instant::now();
    let (mut next_frame, mut next_look) = (begun, begun);
    let mut looking = false;
    while begun.elapsed() < ROUND {
        let now = Instant::now();
        if now >= next_frame {
            let mut drawn = DrawnFrame::default();
            terminal.draw(|frame| drawn = app.draw(frame, Theme::new(Depth::True)))?;
            app.drawn(&drawn);
            next_frame = now + FRAME;
        }
        if now >= next_look && !looking {
            worker.observer.set_view(app.view());
            worker.send(Command::Observe);
            (looking, next_look) = (true, now + LOOK);
        }
        let timeout = crossbeam_channel::at(next_frame);
        select! {
            recv(woken) -> _ => {}
            recv(timeout) -> _ => {}
        }
        for event in worker.events.try_iter() {
            app.workspace.run.on_event(event);
        }
        if let Some(latest) = worker.mailbox.take(app.workspace.run.run) {
            app.workspace.run.on_latest(&latest);
        }
        if let Some(observation) = worker.observer.take() {
            looking = false;
            app.workspace.run.on_observation(observation);
        }
    }
    // The step that the last message told of: at most a sixtieth of a second old.
    Ok(app.workspace.run.step as f64 / begun.elapsed().as_secs_f64())
}
