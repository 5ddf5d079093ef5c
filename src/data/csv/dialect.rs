//! The layout of a text: its delimiter, and the line that names its columns.

use std::collections::HashMap;

use super::Problem;
use super::number::{Conventions, Stripped};
use super::options::{Delimiter, Header, Options};
use super::records::{Cell, Records};

/// Records by which delimiters are tried.
const SAMPLE: usize = 200;
/// Bytes by which delimiters are tried, if the records are long.
const SAMPLE_BYTES: usize = 1 << 20;
/// The most columns.
const MAX_COLUMNS: usize = 1_000_000;
/// Delimiters that are tried; of those that suit equally, the first.
const CANDIDATES: [Delimiter; 5] = [
    Delimiter::Byte(b'\t'),
    Delimiter::Byte(b';'),
    Delimiter::Byte(b'|'),
    Delimiter::Byte(b','),
    Delimiter::Whitespace,
];

/// The layout of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The separator of cells, never [`Delimiter::Auto`].
    pub delimiter: Delimiter,
    /// True if a line names the columns.
    pub header: bool,
    /// The names of the columns.
    pub names: Vec<String>,
    /// The first byte after the header.
    pub body: usize,
    /// What was assumed.
    pub notes: Vec<String>,
}

impl Dialect {
    /// Columns.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// The layout of `text`, by what the options say and what fits. Without a target, a first line
    /// that looks like names is one.
    ///
    /// # Errors
    /// There is no table, or its columns have no proper names.
    pub fn find(text: &str, options: &Options, target: Option<&str>) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::Empty);
        }
        let mut notes = Vec::new();
        let (start, declared) = opening(text, &mut notes);
        let (given, assumed) = match (options.delimiter, declared) {
            (Delimiter::Auto, Some(declared)) => (Some(declared), false),
            (Delimiter::Auto, None) => (None, true),
            (given, _) => (Some(given), false),
        };
        let delimiter = given.unwrap_or_else(|| detect(text, start));
        if assumed && !matches!(delimiter, Delimiter::Byte(b',')) {
            notes.push(format!("cells are separated by {}", delimiter.words()));
        }
        let mut records = Records::new(text, start..text.len(), delimiter);
        let mut cells = Vec::new();
        let first = records.read(&mut cells).map_err(|it| Problem::unclosed(text, it))?;
        let first = first.map_or(start, |first| first.at);
        if cells.len() > MAX_COLUMNS {
            return Err(Problem::TooManyColumns { most: MAX_COLUMNS });
        }
        let first_line = super::records::line_at(text, first) as u64;
        let words: Vec<_> = cells.iter().map(|cell| cell.text(text).into_owned()).collect();
        let numbered = |name: &str| {
            let number = name.strip_prefix('c').and_then(|rest| rest.parse::<usize>().ok());
            number.is_some_and(|number| (1..=words.len()).contains(&number))
        };
        let header = match (options.header, target) {
            (Header::True, _) => true,
            (Header::False, _) => false,
            (Header::Auto, Some(target)) if words.iter().any(|word| word == target) => true,
            (Header::Auto, Some(target)) => !numbered(target),
            (Header::Auto, None) => looks_like_names(&words),
        };
        if !header {
            let width = sample_width(text, first, delimiter)?;
            if options.header == Header::Auto {
                notes.push(format!("no header: the columns are called c1 to c{width}"));
            }
            let names = (1..=width).map(|number| format!("c{number}")).collect();
            return Ok(Self { delimiter, header, names, body: first, notes });
        }
        let names = names(words, first_line, &mut notes)?;
        Ok(Self { delimiter, header, names, body: records.position(), notes })
    }
}

/// True if no cell of the first line is a number or missing, and all differ.
pub fn looks_like_names(words: &[String]) -> bool {
    let number =
        |word: &str| Stripped::of(word).is_some_and(|it| !it.fits(Conventions::ALL).is_none());
    let mut seen = std::collections::HashSet::new();
    words.iter().all(|word| !number(word) && word != "?" && (word.is_empty() || seen.insert(word)))
}

/// The names of a header. Empty cells at its end are no columns; a column without a name is called
/// by its number.
fn names(
    mut words: Vec<String>,
    line: u64,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, Problem> {
    while words.len() > 1 && words.last().is_some_and(String::is_empty) {
        words.pop();
    }
    let mut unnamed = Vec::new();
    for (index, word) in words.iter_mut().enumerate() {
        if word.is_empty() {
            *word = format!("c{}", index + 1);
            unnamed.push(word.clone());
        }
    }
    if !unnamed.is_empty() {
        let more = if unnamed.len() > 10 { " …" } else { "" };
        unnamed.truncate(10);
        notes.push(format!("columns without a name are called {}{more}", unnamed.join(", ")));
    }
    let mut seen = HashMap::new();
    for (index, name) in words.iter().enumerate() {
        if let Some(before) = seen.insert(name.as_str(), index) {
            let (first, second) = (before + 1, index + 1);
            return Err(Problem::DuplicateColumn { line, column: name.clone(), first, second });
        }
    }
    Ok(words)
}

/// The place of the first record, and the delimiter that the file declares: spreadsheets understand
/// a first line `sep=;`. A remark in the first line, after `#` or `|`, is passed over.
fn opening(text: &str, notes: &mut Vec<String>) -> (usize, Option<Delimiter>) {
    let begin = text.len() - text.trim_start_matches(['\n', '\r']).len();
    let rest = &text[begin..];
    let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let after = text.len() - rest[end..].trim_start_matches(['\n', '\r']).len();
    if let Some(delimiter) = declared(&rest[..end]) {
        return (after, Some(delimiter));
    }
    if rest.starts_with(['#', '|']) && after < text.len() {
        let delimiter = detect(text, after);
        let cells = |start| lengths(text, start, delimiter).first().map_or(0, |length| length.1);
        if cells(begin) < cells(after) {
            notes.push("the first line is taken for a remark".to_owned());
            return (after, None);
        }
    }
    (begin, None)
}

/// The delimiter of a line `sep=;`, in quotes or not.
fn declared(line: &str) -> Option<Delimiter> {
    let line = line.trim_matches('"');
    let (key, value) = line.split_once('=')?;
    // A tab is white space, which is trimmed only around words.
    let value = if value.len() == 1 { value } else { value.trim() };
    let found = if key.trim().eq_ignore_ascii_case("sep") { value } else { return None };
    if found == "\\t" {
        return Some(Delimiter::Byte(b'\t'));
    }
    (found.len() == 1).then(|| Delimiter::from_word(found)).flatten()
}

/// The cells of the first records, without empty ones at their ends and with them.
fn lengths(text: &str, start: usize, delimiter: Delimiter) -> Vec<(usize, usize)> {
    let mut end = text.len().min(start.saturating_add(SAMPLE_BYTES));
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let mut records = Records::new(text, start..end, delimiter);
    let mut cells: Vec<Cell> = Vec::new();
    let mut lengths = Vec::new();
    while lengths.len() < SAMPLE && matches!(records.read(&mut cells), Ok(Some(_))) {
        let empty = cells.iter().rev().take_while(|cell| cell.is_empty()).count();
        // The last record may be cut.
        if records.position() < end || end == text.len() || lengths.is_empty() {
            lengths.push((cells.len() - empty, cells.len()));
        }
    }
    lengths
}

/// Columns of a text without a header.
fn sample_width(text: &str, start: usize, delimiter: Delimiter) -> Result<usize, Problem> {
    let lengths = lengths(text, start, delimiter);
    let width = lengths.into_iter().map(|(length, _)| length).max().unwrap_or(0);
    if width > MAX_COLUMNS { Err(Problem::TooManyColumns { most: MAX_COLUMNS }) } else { Ok(width) }
}

/// The delimiter by which most of the first records are as long as the first one, and all of them if
/// it is white space, which stands in texts as well.
fn detect(text: &str, start: usize) -> Delimiter {
    let mut best = (0, Delimiter::Byte(b','));
    let mut columns = 0;
    for delimiter in CANDIDATES {
        let lengths = lengths(text, start, delimiter);
        let Some(&(first, _)) = lengths.first() else { continue };
        let equal = |&&(least, most): &&(usize, usize)| (least..=most).contains(&first);
        let equal = lengths.iter().filter(equal).count();
        let whole = equal == lengths.len();
        let score = 1 + 1000 * equal / lengths.len();
        // Tabs in a table that is set with spaces are white space.
        let tab = best.1 == Delimiter::Byte(b'\t') && first > 2 * columns;
        let better = match delimiter {
            Delimiter::Whitespace => whole && (score > best.0 || tab),
            _ => score > best.0,
        };
        if first >= 2 && better {
            best = (score, delimiter);
            columns = first;
        }
    }
    best.1
}
