//! What the cells of a column are: numbers or words.

use super::{MAX_WORDS, Problem};

/// A cell that is not missing.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The line on which its row begins, from 1.
    pub line: u64,
    /// What stands in it.
    pub text: &'a str,
}

/// A column by its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// A number a row, finite.
    Numbers(Vec<f64>),
    /// A word a row.
    Words {
        /// The number of each row's word.
        which: Vec<usize>,
        /// The different words, sorted.
        words: Vec<String>,
    },
}

impl Column {
    /// Numbers if at least half of `cells` are.
    ///
    /// # Errors
    /// A cell that is no finite number among numbers, or too many different words.
    pub fn of(name: &str, cells: &[Cell<'_>]) -> Result<Self, Problem> {
        let numeric = cells.iter().filter(|cell| cell.text.parse::<f64>().is_ok()).count();
        if 2 * numeric >= cells.len() {
            let numbers = cells.iter().map(|cell| number(name, *cell));
            return Ok(Self::Numbers(numbers.collect::<Result<_, _>>()?));
        }
        let mut words: Vec<String> = cells.iter().map(|cell| cell.text.to_owned()).collect();
        words.sort();
        words.dedup();
        if words.len() > MAX_WORDS {
            return Err(Problem::TooManyWords {
                column: name.to_owned(),
                found: words.len(),
                example: words.swap_remove(0),
            });
        }
        let place = |cell: &Cell| words.partition_point(|word| word.as_str() < cell.text);
        Ok(Self::Words { which: cells.iter().map(place).collect(), words })
    }

    /// Turns numbers into words, sorted by size, if all are whole and at most `limit` differ.
    pub fn classes_if_few(self, limit: usize) -> Self {
        match self {
            Self::Numbers(numbers) if numbers.iter().all(|x| x.fract() == 0.0) => {
                let mut different = numbers.clone();
                different.sort_by(f64::total_cmp);
                different.dedup();
                if different.len() > limit {
                    return Self::Numbers(numbers);
                }
                let place = |x: &f64| different.partition_point(|other| other < x);
                Self::Words {
                    which: numbers.iter().map(place).collect(),
                    words: different.iter().map(f64::to_string).collect(),
                }
            }
            other => other,
        }
    }
}

fn number(column: &str, Cell { line, text }: Cell<'_>) -> Result<f64, Problem> {
    let (column, value) = (column.to_owned(), text.to_owned());
    match text.parse::<f64>() {
        Err(_) => Err(Problem::NotANumber { line, column, value }),
        Ok(x) if !x.is_finite() => Err(Problem::NotFinite { line, column, value }),
        // Adding 0 turns −0 into 0.
        Ok(x) => Ok(x + 0.0),
    }
}
