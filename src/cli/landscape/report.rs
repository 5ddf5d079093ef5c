//! A landscape, as it is printed.

use std::io::{self, Write};

use serde::Serialize;

use super::picture;
use crate::cli::table::{number, table};
use crate::cli::text::Page;
use crate::export::{svg, text};
use crate::text::Untrusted;
use crate::train::landscape::{Map, PathPoint};
use crate::tui::theme::Depth;

/// Points of the path that are listed, at most.
const LISTED: usize = 9;

/// A map with the path of a run.
#[derive(Debug)]
pub(super) struct Report {
    /// The experiment's name.
    pub name: Untrusted,
    /// Training rows that the loss goes by.
    pub rows: usize,
    pub map: Map,
    /// The present point is the last.
    pub path: Vec<PathPoint>,
}

#[derive(Serialize)]
struct Answer<'a> {
    plane: &'static str,
    variance: Option<[f64; 2]>,
    x: &'a [f64],
    y: &'a [f64],
    loss: Vec<&'a [f64]>,
    path: Vec<Point>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eigenvalues: Option<[f64; 2]>,
}

#[derive(Serialize)]
struct Point {
    step: u64,
    x: f64,
    y: f64,
    loss: f64,
    plane_loss: f64,
}

impl Report {
    /// As one JSON object.
    pub fn json(&self) -> impl Serialize {
        let Map { kind, grid, variance, eigenvalues, .. } = &self.map;
        let point = |it: &PathPoint| {
            let PathPoint { step, at: [x, y], loss, plane_loss } = *it;
            Point { step, x, y, loss, plane_loss }
        };
        Answer {
            plane: kind.name(),
            variance: *variance,
            x: grid.x(),
            y: grid.y(),
            loss: grid.rows().collect(),
            path: self.path.iter().map(point).collect(),
            eigenvalues: *eigenvalues,
        }
    }

    /// As CSV, the points of the plane before those of the path.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let grid = &self.map.grid;
        writeln!(out, "kind,step,x,y,loss,plane_loss")?;
        let step = self.map.step;
        for (y, row) in grid.y().iter().zip(grid.rows()) {
            for (x, loss) in grid.x().iter().zip(row) {
                writeln!(out, "grid,{step},{x},{y},{loss},")?;
            }
        }
        for PathPoint { step, at: [x, y], loss, plane_loss } in &self.path {
            writeln!(out, "path,{step},{x},{y},{loss},{plane_loss}")?;
        }
        Ok(())
    }

    /// As a picture.
    pub fn svg(&self) -> String {
        let buffer = picture::map(&self.map, &self.path, Depth::True);
        let title = format!(
            "Loss landscape of {}, {} plane",
            self.name.on_terminal(),
            self.map.kind.name()
        );
        svg::buffer_to_svg(&buffer, &title)
    }

    /// As text, with a map.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let page = Page::stdout();
        let Map { kind, step, grid, plane, .. } = &self.map;
        let title = format!("{} after {step} steps", self.name.on_terminal());
        writeln!(out, "{}", page.heading(&title))?;
        let (width, height) = (grid.x().len(), grid.y().len());
        writeln!(out, "{} trained numbers, {} training rows", plane.origin().len(), self.rows)?;
        writeln!(out, "plane of {width} × {height} points: {}\n", kind.directions())?;
        for line in self.facts() {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
        for line in self.points() {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "\n{}", page.heading("Map: ○ start of the path, A here"))?;
        let buffer = picture::map(&self.map, &self.path, Depth::None);
        write!(out, "{}", text::buffer_to_text(&buffer))
    }

    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(here) = self.path.last() {
            facts.push(format!("true loss here       {}", number(here.loss)));
            facts.push(format!("plane's loss here    {}", number(here.plane_loss)));
        }
        facts.push(match self.map.variance {
            Some([a, b]) => {
                let [a, b, sum] = [a, b, a + b].map(|share| 100.0 * share);
                format!(
                    "variance of the path {sum:.1} % on the plane ({a:.1} % across, {b:.1} % up)"
                )
            }
            None => "variance of the path none: it stays where it is".to_owned(),
        });
        if let Some([a, b]) = self.map.eigenvalues {
            facts.push(format!("eigenvalues          {} across, {} up", number(a), number(b)));
        }
        facts
    }

    /// Points of the path, evenly spread.
    fn points(&self) -> Vec<String> {
        let last = self.path.len().saturating_sub(1);
        let mut chosen: Vec<usize> = (0..LISTED).map(|index| index * last / (LISTED - 1)).collect();
        chosen.dedup();
        let chosen = || chosen.iter().filter_map(|&index| self.path.get(index));
        let column = |of: &dyn Fn(&PathPoint) -> String| chosen().map(of).collect::<Vec<_>>();
        table(&[
            ("step", column(&|point| point.step.to_string())),
            ("x", column(&|point| number(point.at[0]))),
            ("y", column(&|point| number(point.at[1]))),
            ("true loss", column(&|point| number(point.loss))),
            ("plane's loss", column(&|point| number(point.plane_loss))),
        ])
    }
}
