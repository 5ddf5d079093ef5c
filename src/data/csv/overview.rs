//! The columns of a file for a reader: what they hold and what becomes of them.

use super::dialect::Dialect;
use super::facts::FEW;
use super::number::NumberFormat;
use super::offender::{COUNTED, Offender, Reason};
use super::options::{Delimiter, Options};
use super::survey::{Column, Content, MAX_CLASSES, Survey};
use super::{Problem, text};

/// Words that are shown of a column.
const SHOWN: usize = 5;

/// A file and its columns.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The separator of cells.
    pub delimiter: Delimiter,
    /// True if a line names the columns.
    pub header: bool,
    /// Rows.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<ColumnOverview>,
    /// What was assumed.
    pub notes: Vec<String>,
    /// The target that was asked for, or the last column that can be one.
    pub target: Option<String>,
    /// Columns that cannot be learned from as they are.
    pub offenders: Vec<Offender>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct ColumnOverview {
    /// Its name.
    pub name: String,
    /// Its content.
    pub holds: Holds,
    /// Cells with nothing in them.
    pub missing: usize,
    /// Different values; none if there are too many to be counted.
    pub different: Option<usize>,
    /// The smallest and the largest number.
    pub range: Option<(f64, f64)>,
    /// The first words in order.
    pub words: Vec<String>,
    /// Its use.
    pub role: Role,
}

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    /// Numbers written in one way.
    Numbers(NumberFormat),
    /// Words.
    Words,
    /// Nothing.
    Nothing,
    /// Numbers and other things, or numbers written in several ways.
    Mixture,
}

/// The use of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// It is to be predicted.
    Target,
    /// A feature, its number.
    Number,
    /// As many features of 0 and 1 as there are words.
    OneHot(usize),
    /// It is left out by the settings.
    Excluded,
    /// It is left out, since it is empty.
    Empty,
    /// It cannot be a feature as it is.
    Unusable(Reason),
}

/// The overview of the bytes of a file. The target of the options may be empty: none is asked for.
///
/// # Errors
/// If the bytes are no table.
pub fn overview(bytes: &[u8], options: &Options) -> Result<Overview, Problem> {
    let text = text::decode(bytes)?;
    let target = Some(options.target.as_str()).filter(|target| !target.is_empty());
    let dialect = Dialect::find(text, options, target)?;
    let all = (0..dialect.width()).collect();
    Ok(of_survey(&Survey::new(text, dialect, all, options)?, options))
}

/// The overview by a survey of all columns.
pub fn of_survey(survey: &Survey, options: &Options) -> Overview {
    let target = match options.target.as_str() {
        "" => likely_target(survey, options),
        target => Some(target.to_owned()),
    };
    let mut offenders = Vec::new();
    let columns = survey.dialect.names.iter().enumerate().map(|(index, name)| {
        let found = survey.columns.binary_search_by_key(&index, |column| column.index);
        let Some(column) = found.ok().map(|found| &survey.columns[found]) else {
            return empty(name, survey.rows);
        };
        let role = role(survey, column, options, target.as_deref());
        if let Role::Unusable(reason) = &role {
            offenders.push(Offender { column: name.clone(), reason: reason.clone() });
        }
        of_column(column, role)
    });
    Overview {
        columns: columns.collect(),
        delimiter: survey.dialect.delimiter,
        header: survey.dialect.header,
        rows: survey.rows,
        notes: survey.notes.clone(),
        target,
        offenders,
    }
}

fn role(survey: &Survey, column: &Column, options: &Options, target: Option<&str>) -> Role {
    let name = &column.name;
    if target == Some(name) {
        return Role::Target;
    }
    let listed = options.columns.is_empty() || options.columns.contains(name);
    if options.exclude.contains(name) || !listed {
        return Role::Excluded;
    }
    match (survey.reason(column, options), &column.content) {
        (Some(reason), _) => Role::Unusable(reason),
        (None, Content::Words(words)) => Role::OneHot(words.len()),
        (None, _) => Role::Number,
    }
}

fn of_column(column: &Column, role: Role) -> ColumnOverview {
    let facts = &column.facts;
    let (holds, different, words) = match &column.content {
        Content::Numbers(format) => {
            let counted = Some(facts.few.len()).filter(|&count| count < facts.few_at_most.max(FEW));
            (Holds::Numbers(*format), counted, Vec::new())
        }
        Content::Words(words) => {
            let counted = Some(words.len()).filter(|&count| count <= COUNTED);
            (Holds::Words, counted, words.iter().take(SHOWN).cloned().collect())
        }
        Content::Empty => (Holds::Nothing, Some(0), Vec::new()),
        Content::Unclear(_) => (Holds::Mixture, None, Vec::new()),
    };
    let ordered = matches!(holds, Holds::Numbers(_)) && facts.min <= facts.max;
    ColumnOverview {
        name: column.name.clone(),
        holds,
        missing: facts.missing,
        different,
        range: ordered.then_some((facts.min, facts.max)),
        words,
        role,
    }
}

fn empty(name: &str, rows: usize) -> ColumnOverview {
    ColumnOverview {
        name: name.to_owned(),
        holds: Holds::Nothing,
        missing: rows,
        different: Some(0),
        range: None,
        words: Vec::new(),
        role: Role::Empty,
    }
}

/// The last column that could be predicted.
fn likely_target(survey: &Survey, options: &Options) -> Option<String> {
    let possible = |column: &&Column| {
        let left_out = options.exclude.contains(&column.name);
        let suits = match &column.content {
            Content::Words(words) => {
                (2..=MAX_CLASSES).contains(&words.len()) && survey.reason(column, options).is_none()
            }
            Content::Numbers(_) => column.facts.min < column.facts.max,
            Content::Empty | Content::Unclear(_) => false,
        };
        suits && !left_out
    };
    survey.columns.iter().rev().find(possible).map(|column| column.name.clone())
}
