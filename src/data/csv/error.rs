//! What can be wrong with a CSV file.

use std::path::PathBuf;

use super::{MAX_WORDS, MIN_ROWS};

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct Error {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a file. Lines count from 1, and a row's line is the one on which it begins.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be opened or read.
    #[error("cannot be read: {source}")]
    Unreadable {
        /// Why.
        source: std::io::Error,
    },
    /// Bytes that are no text.
    #[error("line {line}: not UTF-8; save the file as UTF-8 text")]
    NotUtf8 {
        /// Where.
        line: usize,
    },
    /// Nothing but white space.
    #[error("the file is empty; it must begin with a line of column names")]
    Empty,
    /// The file is no CSV in another way.
    #[error("not a CSV file: {message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// The first line holds numbers only.
    #[error("line 1: holds numbers, but must be a header that names the columns")]
    NoHeader,
    /// A column without a name.
    #[error("line 1: column {number} has no name; name it or take it out")]
    UnnamedColumn {
        /// Which, from 1.
        number: usize,
    },
    /// Two columns of one name.
    #[error("line 1: there are two columns called `{column}`")]
    DuplicateColumn {
        /// Their name.
        column: String,
    },
    /// No column but one.
    #[error(
        "line 1: `{column}` is the only column; there must be a target and at least one feature, \
         separated by `,`, `;` or tabs"
    )]
    OneColumn {
        /// Its name.
        column: String,
    },
    /// The target is not among the columns.
    #[error("there is no column called `{given}`{}; the columns are {}",
        suggestion(nearest.as_deref()), columns.join(", "))]
    UnknownTarget {
        /// What was asked for.
        given: String,
        /// The closest column.
        nearest: Option<String>,
        /// All columns.
        columns: Vec<String>,
    },
    /// A row with more or fewer cells than the header.
    #[error("line {line}: {found} cells, but the header has {expected}")]
    Ragged {
        /// Where.
        line: u64,
        /// Columns in the header.
        expected: usize,
        /// Cells in the row.
        found: usize,
    },
    /// A header and nothing else.
    #[error("there are no rows under the header")]
    NoRows,
    /// Too few rows to learn from.
    #[error("there are only {rows} rows; at least {MIN_ROWS} are needed")]
    TooFewRows {
        /// How many.
        rows: usize,
    },
    /// Too few rows without a hole.
    #[error(
        "only {complete} of {rows} rows have no missing cell; at least {MIN_ROWS} are needed \
         (`{column}` is missing in {missing})"
    )]
    TooFewComplete {
        /// How many in all.
        rows: usize,
        /// How many without a missing cell.
        complete: usize,
        /// The column with most missing cells.
        column: String,
        /// How many those are.
        missing: usize,
    },
    /// Text among numbers.
    #[error(
        "line {line}, column `{column}`: `{value}` is not a number, but most cells of the column \
         are; leave it empty if it is not known"
    )]
    NotANumber {
        /// Where.
        line: u64,
        /// In which column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// An infinite number, or one too large for 64 bits.
    #[error("line {line}, column `{column}`: `{value}` is infinite or too large for training")]
    NotFinite {
        /// Where.
        line: u64,
        /// In which column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A text column that cannot be made one-hot sensibly.
    #[error(
        "column `{column}` holds {found} different texts (`{example}` …); at most {MAX_WORDS} can \
         be told apart: take the column out, or write numbers with a decimal point"
    )]
    TooManyWords {
        /// Which.
        column: String,
        /// Different texts in it.
        found: usize,
        /// One of them.
        example: String,
    },
    /// Nothing to be learned.
    #[error("the target `{column}` is the same in every row; there is nothing to predict")]
    ConstantTarget {
        /// Its name.
        column: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
