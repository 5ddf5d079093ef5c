//! Results from a CSV file: arms, seeds and values.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use crate::cli::failure::Failure;
use crate::compare::statistics::{Block, Scale, quantile};
use crate::file;
use crate::machine;
use crate::spec::nearest;
use crate::text::visible;

/// The columns that are read; the last one may be missing.
const COLUMNS: [&str; 4] = ["arm", "seed", "value", "task"];
/// Words for a run that has no value.
const DIVERGED: [&str; 8] = ["", "nan", "na", "inf", "+inf", "infinity", "null", "diverged"];

/// Which values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Those of a loss.
    LowerIsBetter,
    /// Those of a score.
    HigherIsBetter,
}

/// What is compared.
#[derive(Debug)]
pub struct Given {
    /// The arms.
    pub names: Vec<String>,
    /// What is compared of each, block by block: smaller is better.
    pub values: Vec<Vec<f64>>,
    /// The median of each arm's values as they were given, or the mean of what is compared over tasks.
    pub medians: Vec<f64>,
    /// What that is.
    pub average: &'static str,
    /// What one block is called, and several.
    pub block: (&'static str, &'static str),
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// A value with the line that it is on; none of a diverged run.
type Cell = (usize, Option<f64>);
/// Cells by task, seed and arm.
type Cells = BTreeMap<String, BTreeMap<String, BTreeMap<usize, Cell>>>;

impl Given {
    /// The logarithms of losses, seed by seed.
    pub fn of_logarithms(names: Vec<String>, values: Vec<Vec<f64>>) -> Self {
        let medians = (0..names.len()).map(|arm| median(values.iter().map(|row| row[arm])));
        Self {
            medians: medians.collect(),
            names,
            values,
            average: "median",
            block: ("seed", "seeds"),
            notes: Vec::new(),
        }
    }

    /// Reads a file.
    pub fn read(path: &Path, direction: Direction) -> Result<Self, Failure> {
        let origin = visible(&path.display().to_string()).into_owned();
        let text = file::read_text(path, machine::limit() / 8)
            .with_context(|| format!("cannot read `{origin}`"))
            .map_err(Failure::Input)?;
        let wrong = |reason: String| Failure::input(format!("{origin}: {reason}"));
        let (names, cells) = cells(&text).map_err(wrong)?;
        if names.len() < 2 {
            return Err(wrong("there is one arm only, so there is nothing to compare".to_owned()));
        }
        Self::of(names, &cells, direction).map_err(wrong)
    }

    fn of(names: Vec<String>, cells: &Cells, direction: Direction) -> Result<Self, String> {
        let mut notes = Vec::new();
        let all = || cells.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values);
        let scale = match direction {
            Direction::HigherIsBetter => Scale::Negated,
            Direction::LowerIsBetter => Scale::of_losses(all().filter_map(|cell| cell.1)),
        };
        if scale == Scale::Plain {
            notes.push("some values are negative, so they are compared as they are".to_owned());
        }
        let diverged = all().filter(|cell| cell.1.is_none()).count();
        if diverged > 0 {
            let runs = if diverged == 1 { "1 run has" } else { &format!("{diverged} runs have") };
            notes.push(format!("{runs} no value: they count as the worst of their task"));
        }
        let (mut tasks, mut left_out) = (Vec::new(), 0);
        for seeds in cells.values() {
            let whole: Vec<_> = seeds.values().filter(|arms| arms.len() == names.len()).collect();
            left_out += seeds.len() - whole.len();
            let block = |arms: &&BTreeMap<usize, Cell>| Block {
                values: arms.values().map(|cell| cell.1.unwrap_or(f64::INFINITY)).collect(),
                cap: None,
            };
            let blocks: Vec<Block> = whole.iter().map(block).collect();
            if !blocks.is_empty() {
                tasks.push(scale.compared(&blocks));
            }
        }
        if left_out > 0 {
            let seeds = if left_out == 1 { "1 seed is" } else { &format!("{left_out} seeds are") };
            notes.push(format!("{seeds} left out, on which not every arm has a value"));
        }
        if tasks.is_empty() {
            return Err("on no seed does every arm have a value".to_owned());
        }
        Ok(if tasks.len() == 1 {
            let shown = |cell: &Cell| cell.1.unwrap_or(f64::INFINITY);
            let seeds = cells.values().flat_map(BTreeMap::values);
            let whole = seeds.filter(|arms| arms.len() == names.len()).collect::<Vec<_>>();
            let medians =
                (0..names.len()).map(|arm| median(whole.iter().map(|arms| shown(&arms[&arm]))));
            Self {
                medians: medians.collect(),
                notes,
                ..Self::of_logarithms(names, tasks.remove(0))
            }
        } else {
            let mean = |rows: &Vec<Vec<f64>>| -> Vec<f64> {
                let sum = |arm: usize| rows.iter().map(|row| row[arm]).sum::<f64>();
                (0..names.len()).map(|arm| sum(arm) / rows.len() as f64).collect()
            };
            let values: Vec<Vec<f64>> = tasks.iter().map(mean).collect();
            Self {
                average: if scale == Scale::Logarithm { "mean log" } else { "mean" },
                block: ("task", "tasks"),
                notes,
                ..Self::of_logarithms(names, values)
            }
        })
    }

    /// The arms, the best first.
    pub fn order(&self) -> Vec<usize> {
        let mean = |arm: usize| self.values.iter().map(|row| row[arm]).sum::<f64>();
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|&a, &b| mean(a).total_cmp(&mean(b)));
        order
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    quantile(&values, 0.5).unwrap_or(f64::NAN)
}

/// The arms in the order in which they come, and all cells.
fn cells(text: &str) -> Result<(Vec<String>, Cells), String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let places = places(&header)?;
    let (mut names, mut cells): (Vec<String>, Cells) = Default::default();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line) as usize;
        let of = |column: usize| places[column].and_then(|place| record.get(place)).unwrap_or("");
        let [name, seed, value, task] = [0, 1, 2, 3].map(of);
        for (column, text) in [("arm", name), ("seed", seed)] {
            if text.is_empty() {
                return Err(format!("line {line}: column `{column}` is empty"));
            }
        }
        let value = number(value).map_err(|reason| format!("line {line}: {reason}"))?;
        let name = visible(name).into_owned();
        let arm = names.iter().position(|it| *it == name).unwrap_or_else(|| {
            names.push(name.clone());
            names.len() - 1
        });
        let arms = cells.entry(task.to_owned()).or_default().entry(seed.to_owned()).or_default();
        if let Some((before, _)) = arms.insert(arm, (line, value)) {
            let seed = visible(seed);
            return Err(format!(
                "line {line}: arm `{name}` has a value for seed `{seed}` on line {before} already"
            ));
        }
    }
    Ok((names, cells))
}

/// Where the columns stand.
fn places(header: &csv::StringRecord) -> Result<[Option<usize>; 4], String> {
    let mut places = [None; 4];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = header.iter().position(|name| name.eq_ignore_ascii_case(column));
        if place.is_none() && column != "task" {
            let hint = nearest(column, header.iter()).map_or_else(String::new, |name| {
                format!("; is it the one named `{}`?", visible(name))
            });
            return Err(format!("line 1: there is no column `{column}`{hint}"));
        }
    }
    Ok(places)
}

/// A value; none of a diverged run.
fn number(text: &str) -> Result<Option<f64>, String> {
    if DIVERGED.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) => Ok(value.is_finite().then_some(value)),
        Err(_) => Err(format!("value `{}` is no number", visible(text))),
    }
}
