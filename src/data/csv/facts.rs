//! Facts about the columns of a text, gathered in one pass in which no cell is kept.
//!
//! A text without quotes is cut at line ends, and the parts are gone through on all cores. Facts of
//! parts are counts, extremes and first places, so that their union does not depend on the cuts.

use std::ops::Range;

use super::Problem;
use super::dialect::Dialect;
use super::number::{Conventions, Stripped, is_date, plain_number, short_decimal};
use super::records::{Records, line_at};
use crate::parallel;

/// Different numbers that are counted; of more it is only known that there are more.
pub const FEW: usize = 21;
/// Bytes worth a part of their own.
const PART: usize = 4 << 20;
/// Columns of all parts together, so that the facts of wide texts do not fill the memory.
const COLUMNS_IN_PARTS: usize = 1_000_000;

/// The facts about a text.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Rows.
    pub rows: usize,
    /// Rows in which no cell of a column in use is missing.
    pub complete: usize,
    /// Each column's.
    pub columns: Vec<ColumnFacts>,
}

/// The facts about a column. Places are bytes of the text.
#[derive(Clone, Debug)]
pub struct ColumnFacts {
    /// Cells with nothing in them, or a word for that.
    pub missing: usize,
    /// Cells that are numbers by some convention.
    pub numbers: usize,
    /// Cells that are no numbers.
    pub texts: usize,
    /// Of those, dates and times.
    pub dates: usize,
    /// The conventions that all numbers fit.
    pub conventions: Conventions,
    /// The unit of the first number.
    pub unit: Unit,
    /// The first number by which no convention is left, or whose unit is another.
    pub conflict: Option<usize>,
    /// The first number with a point or a comma.
    pub marked: Option<usize>,
    /// The first number with needless zeros at its beginning, as codes have them.
    pub zeros: Option<usize>,
    /// The first and the last number that programs read, if each is one more than that before.
    pub counts: Option<(f64, f64)>,
    /// The first cell that is no number.
    pub text: Option<usize>,
    /// The first number that is infinite or too large.
    pub infinite: Option<usize>,
    /// The smallest number, of those that programs read.
    pub min: f64,
    /// The largest one.
    pub max: f64,
    /// True if all of them are whole.
    pub whole: bool,
    /// The different ones in order, `few_at_most` of them.
    pub few: Vec<f64>,
    /// The most different numbers that are kept: [`FEW`], unless all are needed.
    pub few_at_most: usize,
}

/// The unit of the numbers of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// There is no number yet.
    Unseen,
    /// That of the first one, which may have none.
    Of(Option<char>),
}

impl ColumnFacts {
    const fn new(among: Conventions) -> Self {
        Self {
            missing: 0,
            numbers: 0,
            texts: 0,
            dates: 0,
            conventions: among,
            unit: Unit::Unseen,
            conflict: None,
            marked: None,
            zeros: None,
            counts: None,
            text: None,
            infinite: None,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            whole: true,
            few: Vec::new(),
            few_at_most: FEW,
        }
    }

    /// Adds a cell.
    fn see(&mut self, text: &str, at: usize) {
        if is_missing(text) {
            self.missing += 1;
        } else if let Some(x) = plain_number(text) {
            self.see_plain(text.as_bytes(), x, at);
        } else if let Some(number) = Stripped::of(text)
            && let fits = number.fits(Conventions::ALL)
            && !fits.is_none()
        {
            self.numbers += 1;
            self.see_unit(number.unit, at);
            self.narrow(fits, text, at);
        } else {
            self.texts += 1;
            self.dates += usize::from(is_date(text));
            self.text.get_or_insert(at);
        }
    }

    fn see_plain(&mut self, text: &[u8], x: f64, at: usize) {
        self.numbers += 1;
        if !x.is_finite() {
            self.infinite.get_or_insert(at);
            return;
        }
        self.see_unit(None, at);
        // Digits alone fit every convention.
        let open = self.conventions.and(Conventions::POINT) != self.conventions;
        if (open || self.conventions.is_none() || !self.conventions.has_plain())
            && !text.iter().all(u8::is_ascii_digit)
            && let text = std::str::from_utf8(text).unwrap_or_default()
            && let Some(number) = Stripped::of(text)
        {
            self.narrow(number.fits(Conventions::ALL), text, at);
        }
        if self.zeros.is_none()
            && let [b'0', b'0'..=b'9', ..] = text
        {
            self.zeros = Some(at);
        }
        self.count(x);
        self.add_value(x);
    }

    fn see_unit(&mut self, unit: Option<char>, at: usize) {
        match self.unit {
            Unit::Unseen => self.unit = Unit::Of(unit),
            Unit::Of(first) if first != unit => {
                self.conflict.get_or_insert(at);
            }
            Unit::Of(_) => {}
        }
    }

    /// Adds the value of a number.
    pub fn add_value(&mut self, x: f64) {
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        self.whole = self.whole && x.fract() == 0.0;
        self.add_to_few(x);
    }

    /// Goes on counting; NaN where the numbers do not count.
    fn count(&mut self, x: f64) {
        self.counts = Some(match self.counts {
            None => (x, x),
            Some((first, last)) if last + 1.0 == x => (first, x),
            Some((first, _)) => (first, f64::NAN),
        });
    }

    fn add_to_few(&mut self, x: f64) {
        if self.few.len() < self.few_at_most
            && let Err(place) = self.few.binary_search_by(|other| other.total_cmp(&x))
        {
            self.few.insert(place, x);
        }
    }

    fn narrow(&mut self, fits: Conventions, text: &str, at: usize) {
        if self.marked.is_none() && text.contains(['.', ',']) {
            self.marked = Some(at);
        }
        let left = self.conventions.and(fits);
        if left.is_none() {
            self.conflict.get_or_insert(at);
        }
        self.conventions = left;
    }

    /// Adds the facts of a later part. True if the parts contradict each other, so that the place of
    /// the contradiction is not known.
    fn merge(&mut self, later: Self) -> bool {
        self.missing += later.missing;
        self.numbers += later.numbers;
        self.texts += later.texts;
        self.dates += later.dates;
        let both = self.conventions.and(later.conventions);
        let unseen = self.unit == Unit::Unseen || later.unit == Unit::Unseen;
        let units = !unseen && self.unit != later.unit;
        let torn = self.conflict.is_none() && (both.is_none() || units);
        self.conflict = self.conflict.or(later.conflict);
        self.conventions = both;
        if self.unit == Unit::Unseen {
            self.unit = later.unit;
        }
        self.marked = self.marked.or(later.marked);
        self.zeros = self.zeros.or(later.zeros);
        self.counts = match (self.counts, later.counts) {
            (Some((first, last)), Some((next, end))) => {
                Some((first, if last + 1.0 == next { end } else { f64::NAN }))
            }
            (here, there) => here.or(there),
        };
        self.text = self.text.or(later.text);
        self.infinite = self.infinite.or(later.infinite);
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.whole &= later.whole;
        for x in later.few {
            self.add_to_few(x);
        }
        torn
    }
}

/// True of an empty cell and of the words for one.
pub fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 8] = ["na", "n/a", "#n/a", "nan", "null", "?", "-", "–"];
    text.len() <= 4
        && !text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && (text.is_empty() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// The facts of the records of `text` after its header; a row is complete if no cell is missing in
/// the columns at `used`.
///
/// # Errors
/// A row of another length, or a quote that is not closed.
pub fn gather(
    text: &str,
    dialect: &Dialect,
    used: &[usize],
    among: Conventions,
) -> Result<Facts, Problem> {
    let parts = parts(text, dialect);
    let gathered = parallel::each(parts, |part| gather_part(text, part, dialect, used, among));
    let mut gathered = gathered.into_iter();
    let mut facts = gathered.next().unwrap_or_else(|| Ok(Facts::default()))?;
    let mut torn = false;
    for part in gathered {
        let part = part?;
        facts.rows += part.rows;
        facts.complete += part.complete;
        for (column, later) in facts.columns.iter_mut().zip(part.columns) {
            torn |= column.merge(later);
        }
    }
    let all = dialect.body..text.len();
    if torn { gather_part(text, all, dialect, used, among) } else { Ok(facts) }
}

fn gather_part(
    text: &str,
    part: Range<usize>,
    dialect: &Dialect,
    used: &[usize],
    among: Conventions,
) -> Result<Facts, Problem> {
    let mut facts =
        Facts { rows: 0, complete: 0, columns: vec![ColumnFacts::new(among); dialect.width()] };
    each_row(text, part, dialect, |_, cells| {
        let mut missing = false;
        for &index in used {
            let column = &mut facts.columns[index];
            let before = column.missing;
            let cell = &cells[index];
            let bytes = cell.bytes(text);
            match short_decimal(bytes) {
                Some(x) => column.see_plain(bytes, x, cell.start),
                None => column.see(&cell.text(text), cell.start),
            }
            missing |= column.missing > before;
        }
        facts.rows += 1;
        facts.complete += usize::from(!missing);
        Ok(())
    })?;
    Ok(facts)
}

/// Calls `work` with the line, counted from 0 in this part, and the cells of each row of a part.
///
/// # Errors
/// A row of another length, or a quote that is not closed, or what `work` finds.
pub fn each_row(
    text: &str,
    part: Range<usize>,
    dialect: &Dialect,
    mut work: impl FnMut(usize, &[super::records::Cell]) -> Result<(), Problem>,
) -> Result<usize, Problem> {
    let mut records = Records::new(text, part, dialect.delimiter);
    let mut cells = Vec::with_capacity(dialect.width());
    while let Some(start) = records.read(&mut cells).map_err(|it| Problem::unclosed(text, it))? {
        // Cells beyond the last column may only be empty, as after a delimiter at the line's end.
        while cells.len() > dialect.width()
            && cells.last().is_some_and(super::records::Cell::is_empty)
        {
            cells.pop();
        }
        if cells.len() != dialect.width() {
            return Err(Problem::Ragged {
                line: line_at(text, start.at) as u64,
                expected: dialect.width(),
                found: cells.len(),
                delimiter: dialect.delimiter,
                header: dialect.header,
            });
        }
        // A line of delimiters alone is an empty line to a spreadsheet.
        if cells.iter().any(|cell| !cell.is_empty()) {
            work(start.line, &cells)?;
        }
    }
    Ok(records.lines())
}

/// The text after its header in parts that end with a line, one if there is a quote in it.
pub fn parts(text: &str, dialect: &Dialect) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let body = dialect.body.min(bytes.len());
    let size = bytes.len() - body;
    let most = (COLUMNS_IN_PARTS / dialect.width().max(1)).max(1);
    let count = (size / PART).clamp(1, (2 * parallel::threads()).min(most));
    if count == 1 || memchr::memchr(b'"', &bytes[body..]).is_some() {
        return std::iter::once(body..bytes.len()).collect();
    }
    let mut parts = Vec::with_capacity(count);
    let mut start = body;
    for number in 1..=count {
        let aim = body + size / count * number;
        let end = match memchr::memchr(b'\n', &bytes[aim.max(start).min(bytes.len())..]) {
            Some(found) if number < count => aim.max(start) + found + 1,
            _ => bytes.len(),
        };
        if end > start {
            parts.push(start..end);
        }
        start = end;
    }
    parts
}
