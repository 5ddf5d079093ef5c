//! The use of a [`Schema`]: from the bytes of a file to rows of features.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ndarray::Array2;

use super::Problem;
use super::dialect::Dialect;
use super::facts::{each_row, is_missing, parts};
use super::number::{NumberFormat, short_decimal};
use super::options::{Delimiter, Header, Missing, Options};
use super::records::{Cell, line_at};
use super::schema::{Input, InputKind, LeftOut, Schema, TargetKind};
use super::survey::listed;
use super::text;
use crate::{machine, parallel};

/// Bytes of a number.
const NUMBER: f64 = 8.0;
/// Bytes that are kept of a row beside its features: its line and its target.
const BESIDE: f64 = 24.0;

/// The rows of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The features before standardisation, a row for each row of the file that is not left out. A
    /// missing number is NaN: the mean of the training rows is meant.
    pub x: Array2<f64>,
    /// The line, from 1, on which each of them begins.
    pub lines: Vec<usize>,
    /// Rows that are left out, in the order of the file.
    pub left_out: Vec<LeftOut>,
    /// What was assumed of the file.
    pub notes: Vec<String>,
}

/// Targets as they are gathered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// Real values.
    pub values: Vec<f64>,
    /// Numbers of classes.
    pub labels: Vec<usize>,
}

impl Schema {
    /// The rows of another file with the same columns; the target need not be there, and is not
    /// looked at.
    ///
    /// # Errors
    /// A column that is not there, or a cell that does not fit: the line, the column and what would
    /// be right.
    pub fn read(&self, bytes: &[u8]) -> Result<Rows, Problem> {
        let text = text::decode(bytes)?;
        let header = if self.header { Header::True } else { Header::False };
        let options = Options { header, ..self.options.clone() };
        let dialect = self.dialect(text, &options)?;
        let (mut rows, _) = self.read_rows(text, &dialect, false)?;
        rows.notes.extend(self.left_aside(&dialect));
        Ok(rows)
    }

    /// The layout of another file: by the delimiter that was learned, or by another one if only that
    /// gives the columns.
    fn dialect(&self, text: &str, options: &Options) -> Result<Dialect, Problem> {
        let learned = Dialect::find(text, options, None)?;
        if !self.header || self.places(&learned).is_ok() {
            return Ok(learned);
        }
        let other = Options { delimiter: Delimiter::Auto, ..options.clone() };
        let other = Dialect::find(text, &other, None).ok();
        Ok(other.filter(|other| self.places(other).is_ok()).unwrap_or(learned))
    }

    /// A note of the columns that are neither inputs nor the target.
    fn left_aside(&self, dialect: &Dialect) -> Option<String> {
        let known: HashSet<&str> = self.inputs.iter().map(|input| input.column.as_str()).collect();
        let is_other =
            |name: &String| *name != self.target.column && !known.contains(name.as_str());
        let others = (0..dialect.names.len()).filter(|&index| is_other(&dialect.names[index]));
        let others: Vec<_> = others.collect();
        (self.header && !others.is_empty()).then(|| {
            format!("columns that are not needed are left aside: {}", listed(dialect, &others))
        })
    }

    /// The rows of a text, with their targets if these are wanted; then a row without one is left
    /// out.
    pub(super) fn read_rows(
        &self,
        text: &str,
        dialect: &Dialect,
        with_target: bool,
    ) -> Result<(Rows, Targets), Problem> {
        let (places, target) = self.places(dialect)?;
        let target = target.filter(|_| with_target);
        let width = self.inputs.iter().map(Input::len).sum::<usize>();
        check_memory(text, dialect, width, machine::limit())?;
        let words = self.words();
        let reader = Reader { schema: self, text, dialect, places, target, words, width };
        let read = parallel::each(parts(text, dialect), |part| reader.part(part));
        let parts = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        let count = parts.iter().map(|part| part.lines.len()).sum::<usize>();
        let no_room = Problem::NoRoom { rows: count, features: width };
        let notes = dialect.notes.clone();
        let mut rows =
            Rows { x: Array2::default((0, 0)), lines: Vec::new(), left_out: Vec::new(), notes };
        let (mut targets, mut numbers) = (Targets::default(), Vec::new());
        let mut line = line_at(text, dialect.body);
        for (place, part) in parts.into_iter().enumerate() {
            if place == 0 {
                numbers = part.numbers;
                if numbers.try_reserve_exact(count * width - numbers.len()).is_err() {
                    return Err(no_room);
                }
            } else {
                numbers.extend_from_slice(&part.numbers);
            }
            rows.lines.extend(part.lines.iter().map(|row| line + row));
            let left_out = part.left_out.into_iter();
            rows.left_out.extend(left_out.map(|(row, column)| LeftOut {
                line: line + row,
                column: dialect.names[column].clone(),
            }));
            targets.values.extend(part.targets.values);
            targets.labels.extend(part.targets.labels);
            line += part.line_ends;
        }
        rows.x = Array2::from_shape_vec((count, width), numbers).map_err(|_| no_room)?;
        Ok((rows, targets))
    }

    /// The number of each word, for each input and then the target.
    fn words(&self) -> Vec<HashMap<&str, usize>> {
        let of_inputs = self.inputs.iter().map(|input| match &input.kind {
            InputKind::Number(_) => HashMap::new(),
            InputKind::Words(words) => by_number(words),
        });
        let of_target = match &self.target.kind {
            TargetKind::Words(words) => by_number(words),
            TargetKind::Values(_) | TargetKind::Numbers(..) => HashMap::new(),
        };
        of_inputs.chain([of_target]).collect()
    }
}

/// Checks that the rows of a text, `features` wide, are held by `limit` bytes together with the text.
fn check_memory(text: &str, dialect: &Dialect, features: usize, limit: u64) -> Result<(), Problem> {
    let row = NUMBER * features as f64 + BESIDE;
    let needed = |rows: usize| text.len() as f64 + rows as f64 * row;
    // A row takes a byte for each cell, that of the delimiter or the line's end.
    if needed(text.len() / dialect.width().max(1) + 1) <= limit as f64 {
        return Ok(());
    }
    let counts = parallel::each(parts(text, dialect), |part| {
        let mut rows = 0;
        each_row(text, part, dialect, |_, _| {
            rows += 1;
            Ok(())
        })
        .map(|_| rows)
    });
    let rows = counts.into_iter().sum::<Result<usize, Problem>>()?;
    let needed = needed(rows);
    if needed <= limit as f64 {
        return Ok(());
    }
    Err(Problem::TooMuchMemory { rows, features, needed, limit })
}

fn by_number(words: &[String]) -> HashMap<&str, usize> {
    words.iter().enumerate().map(|(number, word)| (word.as_str(), number)).collect()
}

/// What is needed to read rows.
struct Reader<'a> {
    schema: &'a Schema,
    text: &'a str,
    dialect: &'a Dialect,
    /// The place of each input.
    places: Vec<usize>,
    target: Option<usize>,
    words: Vec<HashMap<&'a str, usize>>,
    /// Features of a row.
    width: usize,
}

/// The rows of a part of a text; lines count from 0.
#[derive(Default)]
struct Part {
    numbers: Vec<f64>,
    lines: Vec<usize>,
    /// Lines with the place of the missing cell.
    left_out: Vec<(usize, usize)>,
    targets: Targets,
    line_ends: usize,
}

impl Reader<'_> {
    fn part(&self, part: Range<usize>) -> Result<Part, Problem> {
        let mut found = Part::default();
        let line_ends = each_row(self.text, part, self.dialect, |line, cells| {
            if let Some(column) = self.first_missing(cells) {
                found.left_out.push((line, column));
                return Ok(());
            }
            if found.numbers.try_reserve(self.width).is_err() {
                return Err(Problem::NoRoom { rows: found.lines.len(), features: self.width });
            }
            found.lines.push(line);
            for (number, input) in self.schema.inputs.iter().enumerate() {
                self.input(number, input, &cells[self.places[number]], &mut found.numbers)?;
            }
            match self.target {
                Some(place) => self.target(&cells[place], &mut found.targets),
                None => Ok(()),
            }
        })?;
        Ok(Part { line_ends, ..found })
    }

    /// The column of the cell for which a row is left out.
    fn first_missing(&self, cells: &[Cell]) -> Option<usize> {
        let drop = self.schema.options.missing == Missing::Drop;
        let inputs = if drop { self.places.as_slice() } else { &[] };
        let missing = |place: &usize| {
            let cell = &cells[*place];
            let number =
                matches!(cell.bytes(self.text), [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
            !number && is_missing(&cell.text(self.text))
        };
        inputs.iter().copied().chain(self.target).find(missing)
    }

    /// Adds the features of a cell.
    fn input(
        &self,
        number: usize,
        input: &Input,
        cell: &Cell,
        row: &mut Vec<f64>,
    ) -> Result<(), Problem> {
        if input.kind == InputKind::Number(NumberFormat::PLAIN)
            && !input.marks_missing
            && let Some(x) = short_decimal(cell.bytes(self.text))
        {
            row.push(x);
            return Ok(());
        }
        let text = cell.text(self.text);
        let mut missing = is_missing(&text);
        match &input.kind {
            InputKind::Number(_) if missing => row.push(f64::NAN),
            InputKind::Number(format) => {
                row.push(self.number(&text, format, cell, &input.column)?);
            }
            InputKind::Words(words) => {
                let found = self.words[number].get(text.as_ref()).copied();
                if found.is_none() && !missing {
                    if self.schema.options.missing != Missing::Category {
                        return Err(Problem::UnknownWord {
                            line: self.line(cell),
                            column: input.column.clone(),
                            value: text.into_owned(),
                            known: words.clone(),
                        });
                    }
                    missing = true;
                }
                let first = row.len();
                row.resize(first + words.len(), 0.0);
                if let Some(found) = found.filter(|_| !missing) {
                    row[first + found] = 1.0;
                }
            }
        }
        if input.marks_missing {
            row.push(f64::from(u8::from(missing)));
        }
        Ok(())
    }

    fn number(
        &self,
        text: &str,
        format: &NumberFormat,
        cell: &Cell,
        column: &str,
    ) -> Result<f64, Problem> {
        let read = format.read(text);
        if let Some(x) = read.filter(|x| x.is_finite()) {
            return Ok(x);
        }
        let (line, column, value) = (self.line(cell), column.to_owned(), text.to_owned());
        Err(match read {
            None => Problem::NotANumber { line, column, value, format: *format },
            Some(_) => Problem::NotFinite { line, column, value },
        })
    }

    fn target(&self, cell: &Cell, targets: &mut Targets) -> Result<(), Problem> {
        let text = cell.text(self.text);
        let column = &self.schema.target.column;
        let unknown = |known: Vec<String>| Problem::UnknownWord {
            line: self.line(cell),
            column: column.clone(),
            value: text.clone().into_owned(),
            known,
        };
        match &self.schema.target.kind {
            TargetKind::Values(format) => {
                targets.values.push(self.number(&text, format, cell, column)?);
            }
            TargetKind::Words(words) => {
                let found = self.words.last().and_then(|words| words.get(text.as_ref()));
                targets.labels.push(*found.ok_or_else(|| unknown(words.clone()))?);
            }
            TargetKind::Numbers(format, numbers) => {
                let x = self.number(&text, format, cell, column)?;
                let found = numbers.binary_search_by(|other| other.total_cmp(&x));
                let known = || self.schema.target.kind.classes().unwrap_or_default();
                targets.labels.push(found.map_err(|_| unknown(known()))?);
            }
        }
        Ok(())
    }

    fn line(&self, cell: &Cell) -> u64 {
        line_at(self.text, cell.start) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_held_to_the_limit_before_they_are_read() {
        let text = "a,b\n".to_owned() + &"1.5,2.5\n".repeat(1000);
        let dialect = Dialect::find(&text, &Options::default(), None).unwrap();
        let needed = text.len() as u64 + 1000 * (2 * 8 + 24);
        check_memory(&text, &dialect, 2, needed).unwrap();
        let error = check_memory(&text, &dialect, 2, needed - 1).unwrap_err();
        assert!(matches!(error, Problem::TooMuchMemory { rows: 1000, features: 2, .. }));
        let message = error.to_string();
        assert!(message.contains("--max-memory 51kB") && message.contains("48 kB"), "{message}");
    }
}
