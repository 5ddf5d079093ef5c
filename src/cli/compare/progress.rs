//! How far a comparison is, and who is ahead, on stderr.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::output::{say, stderr_is_terminal};
use crate::compare::{Plan, Ranking, Results, letter};
use crate::export::comparison::number;
use crate::text::Untrusted;

/// Where stderr is no terminal, a line is written this often, and one as soon as each arm has a
/// result.
const EVERY: Duration = Duration::from_secs(15);

/// The next ranking waits this many times as long as the last one took: with many results that is
/// milliseconds, and the runs want the core.
const SHARE: u32 = 50;

/// Arms named in a line.
const LEADERS: usize = 5;

/// A bar on a terminal, now and then a line elsewhere.
pub struct Progress {
    bar: ProgressBar,
    terminal: bool,
    begun: Instant,
    /// Runs that were in the results file already.
    kept: usize,
    /// When the arms are to be ranked next.
    due: Instant,
    /// There are results that the last ranking did not have.
    stale: bool,
}

impl Progress {
    pub fn new(name: &Untrusted, plan: &Plan) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar =
            ProgressBar::with_draw_target(Some(plan.total(&Results::default()) as u64), target);
        if let Ok(style) = ProgressStyle::with_template(
            " {prefix}: {pos} of {len} runs {bar:20} {eta} left\n {wide_msg}",
        ) {
            bar.set_style(style);
        }
        bar.set_prefix(name.on_terminal().into_owned());
        let terminal = stderr_is_terminal();
        let begun = Instant::now();
        Self { bar, terminal, begun, kept: 0, due: begun, stale: false }
    }

    /// A run is done.
    pub fn finished(&mut self, plan: &Plan, results: &Results, kept: bool) {
        self.kept += usize::from(kept);
        if kept {
            // Found, not run: it says nothing about how long the others take.
            self.begun = Instant::now();
            self.bar.reset_eta();
        }
        self.bar.set_position(results.len() as u64);
        self.bar.set_length(plan.total(results) as u64);
        self.stale = true;
        self.rank(plan, results);
    }

    /// Tells who is ahead, if that may have changed and it is time to.
    fn rank(&mut self, plan: &Plan, results: &Results) {
        let now = Instant::now();
        if !self.stale || now < self.due {
            return;
        }
        self.stale = false;
        let ranking = Ranking::of(plan, results);
        self.due = now + now.elapsed() * SHARE;
        let Some(leaders) = leaders(plan, &ranking) else { return };
        if self.terminal {
            self.bar.set_message(leaders);
        } else if results.len() > self.kept {
            self.due = self.due.max(now + EVERY);
            let (done, total) = (ranking.done, ranking.total);
            let left = self.left(done, total);
            say(format_args!("{done} of {total} runs, {left} s left; {leaders}"));
        }
    }

    /// Time passes.
    pub fn tick(&mut self, plan: &Plan, results: &Results) {
        self.rank(plan, results);
        self.bar.tick();
    }

    /// Leaves the line.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Seconds to go, by the runs so far.
    fn left(&self, done: usize, total: usize) -> u64 {
        let each = self.begun.elapsed().as_secs_f64() / (done - self.kept).max(1) as f64;
        (each * (total - done) as f64).ceil() as u64
    }
}

/// The first arms with their losses, once each arm has a result.
fn leaders(plan: &Plan, ranking: &Ranking) -> Option<String> {
    let loss = |index: usize| Some(ranking.standings.get(index)?.test_loss?.median);
    loss(ranking.standings.len().checked_sub(1)?)?;
    let named =
        ranking.standings.iter().enumerate().take(LEADERS).filter_map(|(index, standing)| {
            let name = plan.arms[standing.arm].name.on_terminal();
            Some(format!("{} {} {name} {}", index + 1, letter(standing.arm), number(loss(index)?)))
        });
    Some(format!("provisional: {}", named.collect::<Vec<_>>().join("  ")))
}
