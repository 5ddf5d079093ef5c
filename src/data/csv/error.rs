//! What can be wrong with a CSV file.

use std::path::PathBuf;

use super::MIN_ROWS;
use super::number::NumberFormat;
use super::offender::{Offender, Reason, join_names};
use super::options::Delimiter;
use super::records::{Unclosed, line_at};
use crate::machine::{Bytes, enough};
use crate::text::shell_word;

/// Things that are listed at most.
const LISTED: usize = 10;
/// Columns that a setting which is offered names at most.
const MOST_NAMED: usize = 60;

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
    #[error(
        "line {line}: not UTF-8; save the file as UTF-8 text, or convert it: \
         iconv -f latin1 -t utf-8 OLD.csv > NEW.csv"
    )]
    NotUtf8 {
        /// Where.
        line: usize,
    },
    /// Text in another encoding.
    #[error(
        "the file is in UTF-16; save it as UTF-8 text (in Excel: CSV UTF-8), or convert it: \
         iconv -f utf-16 -t utf-8 OLD.csv > NEW.csv"
    )]
    Utf16,
    /// A byte 0.
    #[error("line {line}: holds a byte 0, so this is no text; save the table as CSV in UTF-8")]
    Binary {
        /// Where.
        line: usize,
    },
    /// Nothing but white space.
    #[error("the file is empty; it must begin with a line of column names")]
    Empty,
    /// A quote that is not closed.
    #[error("line {line}: a quote opens here and is not closed; write a quote inside quotes twice")]
    Unclosed {
        /// Where.
        line: u64,
    },
    /// More columns than can be used.
    #[error("the first line has more than {most} cells, which is the most that can be used")]
    TooManyColumns {
        /// The most.
        most: usize,
    },
    /// More memory is needed than there is leave to take.
    #[error(
        "about {} of memory would be needed for {rows} rows of {features} features, and the limit is \
         {}; leave columns out by data.exclude, use fewer rows, or allow it with --max-memory {}",
        Bytes(*.needed), Bytes(*.limit as f64), enough(*.needed)
    )]
    TooMuchMemory {
        /// Rows.
        rows: usize,
        /// Features.
        features: usize,
        /// Bytes that are needed.
        needed: f64,
        /// Bytes that may be taken.
        limit: u64,
    },
    /// The system does not give the memory.
    #[error(
        "the system does not give the memory for {rows} rows of {features} features; leave columns \
         out by data.exclude, or use fewer rows"
    )]
    NoRoom {
        /// Rows so far.
        rows: usize,
        /// Features.
        features: usize,
    },
    /// Two columns of one name.
    #[error(
        "line {line}: columns {first} and {second} are both called `{column}`; rename one, or use \
         data.header=false if this is no line of names"
    )]
    DuplicateColumn {
        /// Where.
        line: u64,
        /// Their name.
        column: String,
        /// The first, from 1.
        first: usize,
        /// The second, from 1.
        second: usize,
    },
    /// No column but one.
    #[error(
        "`{column}` is the only column, since no line is separated by `,`, `;`, `|`, tabs or white \
         space as the first one is; there must be a target and at least one feature; \
         data.delimiter names another separator"
    )]
    OneColumn {
        /// Its name.
        column: String,
    },
    /// The target is not among the columns.
    #[error("there is no column called `{given}`{}; {}{}",
        suggestion(nearest.as_deref()), among(columns), no_header(*data_at_top, columns.len()))]
    UnknownTarget {
        /// What was asked for.
        given: String,
        /// The closest column.
        nearest: Option<String>,
        /// All columns.
        columns: Vec<String>,
        /// True if the line of names looks like data.
        data_at_top: bool,
    },
    /// A column that a setting names is not there.
    #[error("`data.{setting}` names `{given}`, but there is no such column{}; {}",
        suggestion(nearest.as_deref()), among(columns))]
    UnknownColumn {
        /// The setting's key.
        setting: &'static str,
        /// What was asked for.
        given: String,
        /// The closest column.
        nearest: Option<String>,
        /// All columns.
        columns: Vec<String>,
    },
    /// The target is excluded or an input.
    #[error("`data.{setting}` names `{column}`, which is the target")]
    TargetNamed {
        /// The setting's key.
        setting: &'static str,
        /// The target.
        column: String,
    },
    /// No column is left but the target.
    #[error("no column is left to learn `{target}` from: see data.exclude and data.columns")]
    NothingLeft {
        /// The target.
        target: String,
    },
    /// A row with more or fewer cells than the header.
    #[error("line {line}: {}; cells are separated by {}, which data.delimiter can change; a cell \
        that holds the separator stands in quotes",
        lengths(*found, *expected, *header), delimiter.words())]
    Ragged {
        /// Where.
        line: u64,
        /// Columns in the header.
        expected: usize,
        /// Cells in the row.
        found: usize,
        /// The separator.
        delimiter: Delimiter,
        /// True if there is a header.
        header: bool,
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
         (`{column}` is missing in {missing}); leave columns out by data.exclude, or keep the rows \
         by data.missing=mean or data.missing=category"
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
    /// Columns that are no features.
    #[error("{}", no_features(offenders, exclude, keep))]
    NoFeatures {
        /// Each with the reason.
        offenders: Vec<Offender>,
        /// The columns that would have to be left out, with those that are already.
        exclude: Vec<String>,
        /// The columns that would be left to learn from.
        keep: Vec<String>,
    },
    /// A target that is neither numbers of one kind nor words.
    #[error("the target `{column}`: {reason}")]
    UnclearTarget {
        /// Its name.
        column: String,
        /// The reason.
        reason: Reason,
    },
    /// Text among numbers.
    #[error(
        "line {line}, column `{column}`: `{value}` is not a number with {}; leave it empty if \
        it is not known",
        format_words(format)
    )]
    NotANumber {
        /// Where.
        line: u64,
        /// In which column.
        column: String,
        /// What stands there.
        value: String,
        /// The way in which numbers of this column are written.
        format: NumberFormat,
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
    /// A word that the network does not know.
    #[error(
        "line {line}, column `{column}`: `{value}` is none of the words that the network was \
        trained with: {}",
        few(known)
    )]
    UnknownWord {
        /// Where.
        line: u64,
        /// In which column.
        column: String,
        /// What stands there.
        value: String,
        /// The words that it knows.
        known: Vec<String>,
    },
    /// A column that the network needs is not there.
    #[error(
        "there is no column called `{column}`, which the network was trained with; {}",
        among(columns)
    )]
    ColumnGone {
        /// Its name.
        column: String,
        /// All columns.
        columns: Vec<String>,
    },
    /// Another number of columns than that of the file that was trained on.
    #[error(
        "there are {found} columns, but the file that the network was trained with has {expected}, \
         of which the target may be left out"
    )]
    OtherWidth {
        /// Columns in the file that was trained on.
        expected: usize,
        /// Columns in this file.
        found: usize,
    },
    /// Nothing to be learned.
    #[error("the target `{column}` is the same in every row; there is nothing to predict")]
    ConstantTarget {
        /// Its name.
        column: String,
    },
    /// Words that are to be quantities.
    #[error(
        "the target `{column}` holds words, which are no quantity; data.task=regression does not \
         suit it"
    )]
    NoQuantity {
        /// Its name.
        column: String,
    },
    /// More classes than make sense.
    #[error("the target `{column}` has more than {most} different classes")]
    TooManyClasses {
        /// Its name.
        column: String,
        /// The most.
        most: usize,
    },
}

impl Problem {
    /// The problem of a quote in `text` that is not closed.
    pub(super) fn unclosed(text: &str, Unclosed(at): Unclosed) -> Self {
        Self::Unclosed { line: line_at(text, at) as u64 }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Some of the columns.
fn among(columns: &[String]) -> String {
    format!("the columns are {}", few(columns))
}

fn few(names: &[String]) -> String {
    let more = names.len().saturating_sub(2 * LISTED);
    let first = names[..names.len() - more].join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

fn no_header(data_at_top: bool, columns: usize) -> String {
    if !data_at_top {
        return String::new();
    }
    format!(
        "; if that line is data, data.header=false calls the columns c1 to c{columns}, as in \
         target=c{columns}"
    )
}

fn lengths(found: usize, expected: usize, header: bool) -> String {
    let plural = if found == 1 { "" } else { "s" };
    let other = if header { "but the header has" } else { "but other rows have" };
    format!("{found} cell{plural}, {other} {expected}")
}

fn format_words(format: &NumberFormat) -> String {
    let unit = format.unit.map_or_else(String::new, |unit| format!(" and the sign {unit}"));
    format!("{}{unit}", format.convention)
}

/// The list of columns, and the setting that leaves them out.
fn no_features(offenders: &[Offender], exclude: &[String], keep: &[String]) -> String {
    let mut lines = vec!["columns that cannot be learned from as they are:".to_owned()];
    let shown = offenders.iter().take(LISTED);
    lines.extend(shown.map(|offender| format!("  `{}`: {}", offender.column, offender.reason)));
    if offenders.len() > LISTED {
        lines.push(format!("  and {} more", offenders.len() - LISTED));
    }
    let setting = if keep.is_empty() {
        "nothing would be left to learn from without them".to_owned()
    } else if exclude.len() <= MOST_NAMED {
        format!(
            "leave them out: --set {}",
            shell_word(&format!("data.exclude={}", join_names(exclude)))
        )
    } else if keep.len() <= MOST_NAMED {
        let assignment = format!("data.columns={}", join_names(keep));
        format!("learn from the others: --set {}", shell_word(&assignment))
    } else {
        "name those to learn from in data.columns".to_owned()
    };
    lines.push(setting);
    lines.join("\n")
}
