//! The paths of several optimizers from the same start.

use std::io::{self, Write};

use serde::Serialize;

use super::map;
use super::page::{chosen, ending, places, write_formula};
use crate::cli::table::{rounded, table};
use crate::cli::text::Page;
use crate::experiment::walk::Walk;
use crate::export::text::buffer_to_text;
use crate::surface::Point;
use crate::train::descent::Path;
use crate::tui::theme::{Depth, mark};

/// The answer as JSON.
#[derive(Debug, Serialize)]
pub struct Answers<'a> {
    walkers: Vec<Answer<'a>>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    optimizer: String,
    path: &'a [Point],
    loss_before_step: &'a [f64],
    arrived: Option<u64>,
    diverged: Option<u64>,
}

impl<'a> Answers<'a> {
    /// The paths of the walkers of `walk`.
    pub fn of(walk: &Walk, paths: &'a [Path]) -> Self {
        let answers = walk.walkers.iter().zip(paths).map(|(walker, path)| Answer {
            optimizer: walker.to_string(),
            path: &path.points,
            loss_before_step: &path.losses,
            arrived: path.outcome.arrived,
            diverged: path.outcome.diverged,
        });
        Self { walkers: answers.collect() }
    }
}

/// Writes a row for the start and for each step of each walker.
///
/// # Errors
/// If it cannot be written.
pub fn write_csv(out: &mut impl Write, walk: &Walk, paths: &[Path]) -> io::Result<()> {
    writeln!(out, "walker,step,x,y,loss")?;
    for (walker, path) in walk.walkers.iter().zip(paths) {
        for (step, ([x, y], loss)) in places(&walk.surface, path).enumerate() {
            // A name may have commas; it has no quotes.
            writeln!(out, "\"{walker}\",{step},{x},{y},{loss}")?;
        }
    }
    Ok(())
}

/// Writes heights by step, a column a walker; what became of each; and the map with all paths.
///
/// # Errors
/// If it cannot be written.
pub fn write_page(out: &mut impl Write, page: Page, walk: &Walk, paths: &[Path]) -> io::Result<()> {
    let Walk { title, about, surface, .. } = walk;
    let heading = if title.is_empty() {
        format!("{} optimizers on {surface}", paths.len())
    } else {
        format!("{}: {surface}", title.on_terminal())
    };
    writeln!(out, "{}", page.heading(&heading))?;
    write_formula(out, surface)?;
    let [x, y] = walk.start.map(rounded);
    let noise = if walk.noise > 0.0 {
        format!(", noise of σ = {} on the gradient, seed {}", rounded(walk.noise), walk.seed)
    } else {
        String::new()
    };
    writeln!(out, "  from ({x}, {y}){noise}\n")?;
    if !about.is_empty() {
        for line in page.beside("", 0, &about.on_terminal()) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    let letters: Vec<String> =
        (0..paths.len()).map(|index| mark(index).to_ascii_uppercase().to_string()).collect();
    writeln!(out, "{}", page.heading("Height after each step"))?;
    let heights: Vec<Vec<f64>> =
        paths.iter().map(|path| places(surface, path).map(|it| it.1).collect()).collect();
    let steps = chosen(heights.iter().map(Vec::len).max().unwrap_or(1) - 1);
    let mut columns = vec![("step", steps.iter().map(ToString::to_string).collect())];
    for (letter, heights) in letters.iter().zip(&heights) {
        let cells = steps.iter().map_while(|step| heights.get(*step)).copied().map(rounded);
        columns.push((letter.as_str(), cells.collect()));
    }
    for line in table(&columns) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for ((letter, walker), path) in letters.iter().zip(&walk.walkers).zip(paths) {
        let text = format!("{walker} {}.", ending(surface, path));
        for line in page.beside(letter, 2, &text) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out, "\n{}", page.heading("Map: ○ start, a … paths, A … ends, × minimum"))?;
    write!(out, "{}", buffer_to_text(&map::of_walk(walk, paths, Depth::None)))
}
