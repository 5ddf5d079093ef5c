//! Tables in CSV files with a header line: the user's own and the built-in ones.
//!
//! * Cells are separated by `,`, `;` or a tab, whichever the header line has most of; quotes as in
//!   RFC 4180; UTF-8, with or without a byte-order mark.
//! * A cell is missing if it is empty, `NA`, `N/A`, `NaN`, `null` or `?`. Rows with a missing cell
//!   are left out and counted in the notes.
//! * A column is numeric if at least half of its cells read as numbers; a cell in it that does not
//!   is an error. Numeric features are standardised by the training rows when the data is split.
//! * Any other column is text, and gives a feature of 0 or 1 for each of its words.
//! * The target is classes if it is text or holds at most [`MAX_WHOLE_CLASSES`] different whole
//!   numbers, and otherwise real values, standardised in the same way. Classes and words are
//!   sorted, numbers by size, so that the order of the rows does not matter.

use std::collections::HashSet;

use ndarray::Array2;

use super::{Dataset, Scaling, Target};
use crate::spec::nearest;
use column::{Cell, Column};

mod cache;
mod column;
mod error;

pub use cache::{content_hash, load};
pub use error::{Error, Problem};

/// A numeric target with more different values than this, or with fractions, is a regression.
pub const MAX_WHOLE_CLASSES: usize = 20;

/// Fewer rows cannot be split into parts that mean anything.
const MIN_ROWS: usize = 4;
/// More different words in a text column are taken for a mistake: names, free text, dates.
const MAX_WORDS: usize = 64;

/// Reads the text of a file.
///
/// # Errors
/// Any [`Problem`] but [`Problem::Unreadable`].
pub fn parse(name: &str, bytes: &[u8], target: &str) -> Result<Dataset, Problem> {
    let text = text_of(bytes)?;
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(record) => record.iter().map(str::to_owned).collect(),
        Err(error) => return Err(Problem::Syntax { message: error.to_string() }),
    };
    check_header(&header)?;
    let target_index = header
        .iter()
        .position(|column| column == target)
        .ok_or_else(|| unknown_target(target, &header))?;

    let (rows, dropped) = complete_rows(&mut reader, text, &header)?;
    let column = |index: usize| {
        let cells = rows.iter().map(|(line, record)| Cell { line: *line, text: &record[index] });
        Column::of(&header[index], &cells.collect::<Vec<_>>())
    };
    let mut table = Features { rows: rows.len(), ..Features::default() };
    for index in (0..header.len()).filter(|&index| index != target_index) {
        table.push(&header[index], column(index)?);
    }
    let target = target_of(target, column(target_index)?)?;
    let lines = rows.iter().map(|(line, _)| *line).collect();
    Ok(table.dataset(name, target, lines, dropped))
}

fn text_of(bytes: &[u8]) -> Result<&str, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        Problem::NotUtf8 { line: before.split(|&byte| byte == b'\n').count() }
    })?;
    if text.trim().is_empty() { Err(Problem::Empty) } else { Ok(text) }
}

/// The separator that the header line has most of outside quotes; a comma if it has none.
fn delimiter(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let plain: String = header.split('"').step_by(2).collect();
    let count = |separator: u8| plain.bytes().filter(|&byte| byte == separator).count();
    // The last of equal maxima wins.
    [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn check_header(header: &[String]) -> Result<(), Problem> {
    if header.iter().all(|name| name.parse::<f64>().is_ok()) {
        return Err(Problem::NoHeader);
    }
    let mut seen = HashSet::new();
    for (index, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(Problem::UnnamedColumn { number: index + 1 });
        }
        if !seen.insert(name) {
            return Err(Problem::DuplicateColumn { column: name.clone() });
        }
    }
    if header.len() < 2 {
        return Err(Problem::OneColumn { column: header.concat() });
    }
    Ok(())
}

fn unknown_target(given: &str, header: &[String]) -> Problem {
    let same = header.iter().map(String::as_str).find(|name| name.eq_ignore_ascii_case(given));
    let nearest = same.or_else(|| nearest(given, header.iter().map(String::as_str)));
    Problem::UnknownTarget {
        given: given.to_owned(),
        nearest: nearest.map(str::to_owned),
        columns: header.to_owned(),
    }
}

fn is_missing(cell: &str) -> bool {
    ["", "na", "n/a", "nan", "null", "?"].contains(&cell.to_ascii_lowercase().as_str())
}

/// A record with the line on which it begins.
type Row = (u64, ::csv::StringRecord);

/// The rows in which no cell is missing, and how many rows were left out.
fn complete_rows(
    reader: &mut ::csv::Reader<&[u8]>,
    text: &str,
    header: &[String],
) -> Result<(Vec<Row>, usize), Problem> {
    let mut rows = Vec::new();
    let mut missing = vec![0; header.len()];
    let mut dropped = 0;
    for record in reader.records() {
        let record = record.map_err(|error| Problem::Syntax { message: error.to_string() })?;
        let line = record.position().map_or(0, |position| line_of(position, text));
        if record.len() != header.len() {
            return Err(Problem::Ragged { line, expected: header.len(), found: record.len() });
        }
        for (cell, missing) in record.iter().zip(&mut missing) {
            *missing += usize::from(is_missing(cell));
        }
        if record.iter().any(is_missing) {
            dropped += 1;
        } else {
            rows.push((line, record));
        }
    }
    if rows.len() >= MIN_ROWS {
        return Ok((rows, dropped));
    }
    let worst = header.iter().zip(missing).max_by_key(|(_, missing)| *missing);
    Err(match worst {
        Some((column, missing)) if dropped > 0 => Problem::TooFewComplete {
            rows: rows.len() + dropped,
            complete: rows.len(),
            column: column.clone(),
            missing,
        },
        _ if rows.is_empty() => Problem::NoRows,
        _ => Problem::TooFewRows { rows: rows.len() },
    })
}

/// The line on which a record begins. The reader gives the end of the record before, so the line
/// ends and empty lines between the two are still to be counted.
fn line_of(position: &::csv::Position, text: &str) -> u64 {
    let rest = &text.as_bytes()[(position.byte() as usize).min(text.len())..];
    let between = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    position.line() + between.filter(|&&byte| byte == b'\n').count() as u64
}

fn target_of(name: &str, column: Column) -> Result<Target, Problem> {
    match column.classes_if_few(MAX_WHOLE_CLASSES) {
        Column::Numbers(numbers) if numbers.iter().any(|&x| x != numbers[0]) => {
            Ok(Target::Values {
                values: numbers.into_iter().map(|x| [x]).collect::<Vec<_>>().into(),
                names: vec![name.to_owned()],
                scaling: vec![Scaling::Pending],
            })
        }
        Column::Words { which, words } if words.len() > 1 => {
            Ok(Target::Classes { labels: which, names: words })
        }
        _ => Err(Problem::ConstantTarget { column: name.to_owned() }),
    }
}

/// Features as they are gathered, column after column.
#[derive(Default)]
struct Features {
    rows: usize,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    scaling: Vec<Scaling>,
    one_hot: Vec<String>,
}

impl Features {
    fn push(&mut self, name: &str, column: Column) {
        match column {
            Column::Numbers(numbers) => {
                self.add(name.to_owned(), numbers, Scaling::Pending);
            }
            Column::Words { which, words } => {
                for (number, word) in words.iter().enumerate() {
                    let indicator =
                        which.iter().map(|&w| f64::from(u8::from(w == number))).collect();
                    self.add(format!("{name}={word}"), indicator, Scaling::AsIs);
                }
                self.one_hot.push(format!("{name} ({} words)", words.len()));
            }
        }
    }

    fn add(&mut self, name: String, column: Vec<f64>, scaling: Scaling) {
        self.names.push(name);
        self.columns.push(column);
        self.scaling.push(scaling);
    }

    fn dataset(self, name: &str, target: Target, lines: Vec<u64>, dropped: usize) -> Dataset {
        let shape = (self.rows, self.columns.len());
        let mut notes = Vec::new();
        if dropped > 0 {
            let all = self.rows + dropped;
            notes.push(format!("{dropped} of {all} rows left out: cells are missing"));
        }
        if !self.one_hot.is_empty() {
            notes.push(format!("text made one-hot: {}", self.one_hot.join(", ")));
        }
        if self.scaling.contains(&Scaling::Pending) {
            notes.push("numeric features standardised by the training rows".to_owned());
        }
        Dataset {
            name: name.to_owned(),
            x: Array2::from_shape_fn(shape, |(row, column)| self.columns[column][row]),
            target,
            features: self.names,
            scaling: self.scaling,
            image: None,
            lines,
            notes,
        }
    }
}

#[cfg(test)]
mod tests;
