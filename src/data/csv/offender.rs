//! Columns that are no features.

use std::fmt;

use crate::spec::Plain;

/// More different words in a column of features are taken for a mistake: names, free text.
pub const MAX_WORDS: usize = 64;
/// Different words that are counted; of more it is only known that there are more.
pub const COUNTED: usize = 10_000;

/// A column that cannot be a feature as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Offender {
    /// Its name.
    pub column: String,
    /// The reason.
    pub reason: Reason,
}

/// The reason for which a column cannot be a feature.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Words that are all different: names, numbers of tickets.
    AllDifferent,
    /// More different words than can be told apart.
    TooManyWords {
        /// How many; none if they were not counted to the end.
        different: Option<usize>,
    },
    /// Most cells are missing.
    Empty {
        /// How many.
        missing: usize,
        /// Of how many.
        rows: usize,
    },
    /// Dates or times of day.
    Dates,
    /// Words among numbers.
    Mixed {
        /// The line of the first word.
        line: u64,
        /// The word.
        value: String,
        /// Numbers in the column.
        numbers: usize,
        /// Cells that are not missing.
        cells: usize,
    },
    /// Numbers that are not all written in one way.
    Conventions {
        /// The line of the first that is written in another way.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// Numbers whose commas or points may separate thousands or decimals.
    Ambiguous {
        /// The line of the first such number.
        line: u64,
        /// What stands there.
        value: String,
        /// Its value with decimal points.
        point: f64,
        /// Its value with decimal commas.
        comma: f64,
    },
    /// A number that is infinite or too large for training.
    Infinite {
        /// Where.
        line: u64,
        /// What stands there.
        value: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllDifferent => f.write_str("texts that are all different, as names are"),
            Self::TooManyWords { different: Some(different) } => {
                write!(f, "{different} different texts; at most {MAX_WORDS} can be told apart")
            }
            Self::TooManyWords { different: None } => write!(
                f,
                "more than {COUNTED} different texts; at most {MAX_WORDS} can be told apart"
            ),
            Self::Empty { missing, rows } => write!(
                f,
                "{missing} of {rows} cells are missing (data.missing=mean or data.missing=category \
                 would keep them)"
            ),
            Self::Dates => {
                f.write_str("dates or times; a number, such as days, could be learned from")
            }
            Self::Mixed { line, value, numbers, cells } => write!(
                f,
                "line {line} holds `{value}`, which is not a number, but {numbers} of {cells} cells \
                 are; leave it empty if it is not known"
            ),
            Self::Conventions { line, value } => write!(
                f,
                "line {line} holds `{value}`, a number that is not written as the others of the \
                 column; write all in one way"
            ),
            Self::Ambiguous { line, value, point, comma } => write!(
                f,
                "line {line} holds `{value}`, which may be {} (data.decimal=point) or {} \
                 (data.decimal=comma)",
                Plain(*point),
                Plain(*comma)
            ),
            Self::Infinite { line, value } => {
                write!(
                    f,
                    "line {line} holds `{value}`, which is infinite or too large for training"
                )
            }
        }
    }
}

/// Names of columns as `--set` and recipes take a list of them: joined by colons, with what would
/// be taken for a separator as a percent sign and two hexadecimal digits.
#[must_use]
pub fn join_names(names: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push(':');
        }
        for c in name.as_ref().chars() {
            match c {
                ':' | ',' | '%' => out += &format!("%{:02X}", u32::from(c)),
                c => out.push(c),
            }
        }
    }
    out
}

/// The names in a list that is joined by colons or commas, as [`join_names`] writes it. A percent
/// sign without two hexadecimal digits stands for itself.
#[must_use]
pub fn split_names(text: &str) -> Vec<String> {
    let names = text.split([':', ',']).map(|name| decoded(name.trim()));
    names.filter(|name| !name.is_empty()).collect()
}

fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [byte, after @ ..] = rest {
        let digit = |index: usize| after.get(index).and_then(|&digit| (digit as char).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            bytes.push((16 * high + low) as u8);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}
