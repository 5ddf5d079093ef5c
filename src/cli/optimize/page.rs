//! A path over a surface, for reading.

use std::io::{self, Write};

use super::map;
use crate::catalog;
use crate::cli::table::{rounded, table};
use crate::cli::text::Page;
use crate::experiment::walk::Walk;
use crate::export::text::buffer_to_text;
use crate::spec::Pick;
use crate::surface::Point;
use crate::train::descent::{Outcome, Path};
use crate::tui::theme::Depth;

/// The start and each point of a path, with the height there.
pub fn places(surface: &Pick, path: &Path) -> impl Iterator<Item = (Point, f64)> {
    let surface = catalog::surface(surface).build(surface);
    let points = std::iter::once(path.start).chain(path.points.clone());
    points.map(move |point| (point, surface.value(point)))
}

/// Writes what was asked, chosen steps, where it ended, and the map.
///
/// # Errors
/// If it cannot be written.
pub fn write_page(out: &mut impl Write, page: Page, walk: &Walk, path: &Path) -> io::Result<()> {
    let surface = &walk.surface;
    let walkers: String = walk.walkers.iter().map(ToString::to_string).collect();
    writeln!(out, "{}", page.heading(&format!("{walkers} on {surface}")))?;
    write_formula(out, surface)?;
    writeln!(out)?;
    let places: Vec<_> = places(surface, path).collect();
    let mut columns = [("step", vec![]), ("x", vec![]), ("y", vec![]), ("height", vec![])];
    for step in chosen(places.len() - 1) {
        let ([x, y], height) = places[step];
        let cells = [step.to_string(), rounded(x), rounded(y), rounded(height)];
        for ((_, column), cell) in columns.iter_mut().zip(cells) {
            column.push(cell);
        }
    }
    for line in table(&columns) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for line in page.beside("", 0, &format!("It {}.", ending(surface, path))) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n{}", page.heading("Map: ○ start, a path, A end, × minimum"))?;
    let path = std::slice::from_ref(path);
    write!(out, "{}", buffer_to_text(&map::of_walk(walk, path, Depth::None)))
}

/// Writes the formula of a surface.
///
/// # Errors
/// If it cannot be written.
pub fn write_formula(out: &mut impl Write, surface: &Pick) -> io::Result<()> {
    for line in surface.card().formula.lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// How a path ended: where, and how far that is from the nearest minimum.
#[must_use]
pub fn ending(surface: &Pick, path: &Path) -> String {
    let entry = catalog::surface(surface);
    let Outcome { arrived, left, diverged, .. } = path.outcome;
    if let Some(step) = diverged {
        return format!("diverged at step {step}: place or height are no longer finite");
    }
    let [x, y] = path.end;
    let height = entry.build(surface).value(path.end);
    let averaged = path.points.last().is_some_and(|last| *last != path.end);
    let (at, average) = (show(path.end), if averaged { ", the average it keeps" } else { "" });
    let distance = |minimum: &&Point| ((x - minimum[0]).powi(2) + (y - minimum[1]).powi(2)).sqrt();
    let nearest = entry.scene.minima.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    let nearest = nearest.map_or_else(
        || "the surface has no minimum".to_owned(),
        |minimum| format!("{} from the minimum at {}", rounded(distance(&minimum)), show(*minimum)),
    );
    let reach = rounded(path.outcome.reach());
    let since = match (arrived, left) {
        (Some(step), _) => format!("; within {reach} of a minimum from step {step} on"),
        (None, Some(step)) => format!("; off the map from step {step} on"),
        (None, None) => String::new(),
    };
    format!("ended at {at}{average}, at height {}; {nearest}{since}", rounded(height))
}

/// Writes where to start, where it is lowest, and the map without a path.
///
/// # Errors
/// If it cannot be written.
pub fn write_scene(out: &mut impl Write, page: Page, surface: &Pick) -> io::Result<()> {
    let entry = catalog::surface(surface);
    let built = entry.build(surface);
    let place = |point: Point| format!("{}, height {}", show(point), rounded(built.value(point)));
    writeln!(out, "\n{}\n  {}", page.heading("Usual start"), place(entry.scene.start))?;
    writeln!(out, "\n{}", page.heading("Lowest"))?;
    for minimum in entry.scene.minima {
        writeln!(out, "  {}", place(*minimum))?;
    }
    if entry.scene.minima.is_empty() {
        writeln!(out, "  nowhere: it falls for ever")?;
    }
    writeln!(out, "\n{}", page.heading("Map (× minimum)"))?;
    write!(out, "{}", buffer_to_text(&map::of_surface(surface, Depth::None)))?;
    let key = entry.card.key;
    writeln!(out, "\n{}", page.heading("Try it"))?;
    writeln!(out, "  gradlab optimize {key} --optimizer adam:lr=0.1")
}

/// The steps worth a line: 0, 1, 2, 5, 10, 20, 50 … and the last.
#[must_use]
pub fn chosen(last: usize) -> Vec<usize> {
    let decades = (0..).map(|power| 10_usize.pow(power));
    let round = decades.flat_map(|decade| [decade, 2 * decade, 5 * decade]);
    let mut steps = vec![0];
    steps.extend(round.take_while(|step| *step < last));
    steps.push(last);
    steps
}

fn show([x, y]: Point) -> String {
    format!("({}, {})", rounded(x), rounded(y))
}
