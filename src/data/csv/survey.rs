//! What the columns of a text are: numbers, words or nothing to learn from, with the reasons.

use std::collections::BTreeSet;

use super::Problem;
use super::dialect::Dialect;
use super::facts::{self, ColumnFacts, Facts, Unit, is_missing};
use super::number::{Convention, Conventions, NumberFormat, Stripped};
use super::offender::{COUNTED, MAX_WORDS, Offender, Reason};
use super::options::{Decimal, Delimiter, Missing, Options, TaskChoice};
use super::records::{cell_at, line_at};

/// The most classes.
pub const MAX_CLASSES: usize = 1000;
/// Rows from which on words that are all different are taken for names, and numbers that count for
/// numbers of rows.
pub const NAMES_FROM: usize = 10;

/// A column as it was found.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its place in the file, from 0.
    pub index: usize,
    /// Its facts.
    pub facts: ColumnFacts,
    /// Its content.
    pub content: Content,
}

/// The content of a column.
#[derive(Clone, Debug)]
pub enum Content {
    /// Numbers written in one way.
    Numbers(NumberFormat),
    /// The different words in order; more than [`COUNTED`] if there are more.
    Words(BTreeSet<String>),
    /// Nothing.
    Empty,
    /// Neither numbers of one kind nor words.
    Unclear(Reason),
}

/// A text with the columns that are in use.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Its layout.
    pub dialect: Dialect,
    /// Rows.
    pub rows: usize,
    /// Rows in which no cell of a column in use is missing.
    pub complete: usize,
    /// Its columns, but for those that are left out.
    pub columns: Vec<Column>,
    /// What was assumed.
    pub notes: Vec<String>,
}

impl Survey {
    /// Looks at the columns at `used`.
    ///
    /// # Errors
    /// If the text is no table.
    pub fn new(
        text: &str,
        dialect: Dialect,
        mut used: Vec<usize>,
        options: &Options,
    ) -> Result<Self, Problem> {
        let among = match options.decimal {
            Decimal::Auto => Conventions::ALL,
            Decimal::Point => Conventions::POINT,
            Decimal::Comma => Conventions::COMMA,
        };
        let mut facts = facts::gather(text, &dialect, &used, among)?;
        let mut notes = dialect.notes.clone();
        let empty = |index: &usize| facts.columns[*index].missing == facts.rows;
        let (gone, kept): (Vec<_>, Vec<_>) = used.iter().copied().partition(empty);
        if !gone.is_empty() && !kept.is_empty() && facts.rows > 0 {
            // Which rows are complete is another question without the empty columns.
            used = kept;
            notes.push(format!("left out, since empty: {}", listed(&dialect, &gone)));
            facts = facts::gather(text, &dialect, &used, among)?;
        }
        let Facts { rows, complete, columns } = facts;
        let marks = decimal_mark(&used, &columns);
        let mut list = Vec::with_capacity(used.len());
        for (index, facts) in columns.into_iter().enumerate() {
            if used.binary_search(&index).is_ok() {
                let content = content(text, dialect.delimiter, &facts, marks);
                list.push(Column { name: dialect.names[index].clone(), index, facts, content });
            }
        }
        let mut survey = Self { dialect, rows, complete, columns: list, notes };
        survey.look_again(text, options)?;
        survey.say_what_was_assumed();
        Ok(survey)
    }

    /// Gathers the words of columns of words, and the extremes of numbers that programs do not read.
    fn look_again(&mut self, text: &str, options: &Options) -> Result<(), Problem> {
        let classes = options.task == TaskChoice::Classification;
        let all_needed = |column: &Column| classes && column.name == options.target;
        let plain = |column: &Column| match column.content {
            Content::Numbers(format) => format == NumberFormat::PLAIN && !all_needed(column),
            Content::Words(_) => false,
            Content::Empty | Content::Unclear(_) => true,
        };
        let mut again: Vec<&mut Column> =
            self.columns.iter_mut().filter(|column| !plain(column)).collect();
        if again.is_empty() {
            return Ok(());
        }
        for column in &mut again {
            if matches!(column.content, Content::Numbers(_)) {
                column.facts.min = f64::INFINITY;
                column.facts.max = f64::NEG_INFINITY;
                column.facts.whole = true;
                column.facts.few.clear();
                if all_needed(column) {
                    column.facts.few_at_most = MAX_CLASSES + 1;
                }
            }
        }
        let all = self.dialect.body..text.len();
        facts::each_row(text, all, &self.dialect, |_, cells| {
            for column in &mut again {
                let cell = cells[column.index].text(text);
                match &mut column.content {
                    _ if is_missing(&cell) => {}
                    Content::Words(words) => {
                        if words.len() <= COUNTED && !words.contains(cell.as_ref()) {
                            words.insert(cell.into_owned());
                        }
                    }
                    Content::Numbers(format) => {
                        if let Some(x) = format.read(&cell) {
                            column.facts.add_value(x);
                            if !x.is_finite() {
                                column.facts.infinite.get_or_insert(cells[column.index].start);
                            }
                        }
                    }
                    Content::Empty | Content::Unclear(_) => {}
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    fn say_what_was_assumed(&mut self) {
        let mut ways: Vec<(String, Vec<usize>)> = Vec::new();
        let mut zeros = Vec::new();
        for column in &self.columns {
            let Content::Numbers(format) = column.content else { continue };
            if column.facts.zeros.is_some() {
                zeros.push(column.index);
            }
            if format == NumberFormat::PLAIN {
                continue;
            }
            let mut way = format.convention.to_string();
            if let Some(unit) = format.unit {
                let plain = format.convention == Convention::PLAIN;
                way = if plain { format!("sign {unit}") } else { format!("{way}, sign {unit}") };
            }
            match ways.iter_mut().find(|(it, _)| *it == way) {
                Some((_, list)) => list.push(column.index),
                None => ways.push((way, vec![column.index])),
            }
        }
        for (way, list) in ways {
            let list = listed(&self.dialect, &list);
            self.notes.push(format!("numbers with {way}: {list}"));
        }
        if !zeros.is_empty() {
            let list = listed(&self.dialect, &zeros);
            self.notes.push(format!("zeros at the beginning of numbers are dropped: {list}"));
        }
    }

    /// The reason for which a column is no feature, if there is one. Those that the user asks for by
    /// name are given the benefit of the doubt.
    pub fn reason(&self, column: &Column, options: &Options) -> Option<Reason> {
        let asked_for = options.columns.contains(&column.name);
        let Column { facts, content, .. } = column;
        let present = self.rows - facts.missing;
        let empty = Reason::Empty { missing: facts.missing, rows: self.rows };
        if options.missing == Missing::Drop && !asked_for && facts.missing * 2 > self.rows {
            return Some(empty);
        }
        match content {
            Content::Unclear(reason) => Some(reason.clone()),
            Content::Empty => Some(empty),
            Content::Words(words) if words.len() > MAX_WORDS && words.len() >= present => {
                Some(Reason::AllDifferent)
            }
            Content::Words(words) if words.len() > MAX_WORDS => {
                let different = Some(words.len()).filter(|&different| different <= COUNTED);
                Some(Reason::TooManyWords { different })
            }
            Content::Words(_) if facts.dates * 2 > present && !asked_for => Some(Reason::Dates),
            Content::Words(words)
                if words.len() == present && present >= NAMES_FROM && !asked_for =>
            {
                Some(Reason::AllDifferent)
            }
            Content::Words(_) | Content::Numbers(_) => None,
        }
    }

    /// The columns at `features` that cannot be used.
    pub fn offenders(&self, features: &[&Column], options: &Options) -> Vec<Offender> {
        let offender = |column: &&Column| {
            let reason = self.reason(column, options)?;
            Some(Offender { column: column.name.clone(), reason })
        };
        features.iter().filter_map(offender).collect()
    }
}

/// Some names of columns, in a list that stays short.
pub fn listed(dialect: &Dialect, columns: &[usize]) -> String {
    let names: Vec<_> =
        columns.iter().take(10).map(|&index| dialect.names[index].as_str()).collect();
    let more = columns.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names.join(", ") + &more
}

/// The decimal marks that columns of the table need: those of numbers that can be read by one mark
/// alone.
fn decimal_mark(used: &[usize], columns: &[ColumnFacts]) -> Conventions {
    let mut needed = Conventions::NONE;
    for facts in used.iter().map(|&index| &columns[index]) {
        let open = facts.conventions;
        let numbers = facts.numbers > 0 && facts.conflict.is_none() && facts.texts == 0;
        if numbers && facts.marked.is_some() && !open.is_none() && !open.both() {
            let mark = if open.and(Conventions::COMMA).is_none() {
                Conventions::POINT
            } else {
                Conventions::COMMA
            };
            needed = needed.or(mark);
        }
    }
    needed
}

/// The content of a column; `marks` are the decimal marks that the table needs.
fn content(text: &str, delimiter: Delimiter, facts: &ColumnFacts, marks: Conventions) -> Content {
    let place = |at: usize| (line_at(text, at) as u64, cell_at(text, at, delimiter));
    if facts.numbers + facts.texts == 0 {
        return Content::Empty;
    }
    if facts.texts > facts.numbers {
        return Content::Words(BTreeSet::new());
    }
    if let Some(at) = facts.text {
        let (line, value) = place(at);
        let (numbers, cells) = (facts.numbers, facts.numbers + facts.texts);
        return Content::Unclear(Reason::Mixed { line, value, numbers, cells });
    }
    if let Some(at) = facts.conflict {
        let (line, value) = place(at);
        return Content::Unclear(Reason::Conventions { line, value });
    }
    if let Some(at) = facts.infinite {
        let (line, value) = place(at);
        return Content::Unclear(Reason::Infinite { line, value });
    }
    let open = facts.conventions;
    let unit = if let Unit::Of(unit) = facts.unit { unit } else { None };
    let choose = |among: Conventions| match open.and(among).first() {
        Some(convention) => Content::Numbers(NumberFormat { convention, unit }),
        None => Content::Unclear(Reason::Conventions { line: 0, value: String::new() }),
    };
    match facts.marked {
        Some(at) if open.both() => {
            let (line, value) = place(at);
            let read = |among: Conventions| {
                let number = Stripped::of(&value)?;
                number.value(open.and(among).first()?)
            };
            let readings = (read(Conventions::POINT), read(Conventions::COMMA));
            if readings.0 == readings.1 {
                return choose(Conventions::ALL);
            }
            if !marks.is_none() && !marks.both() {
                return choose(marks);
            }
            // Point and three decimals is how programs write numbers; a comma may be either.
            if open.has_plain() && marks.is_none() {
                return choose(Conventions::POINT);
            }
            let (point, comma) = (readings.0.unwrap_or(0.0), readings.1.unwrap_or(0.0));
            Content::Unclear(Reason::Ambiguous { line, value, point, comma })
        }
        _ => choose(Conventions::ALL),
    }
}
