//! Tables in CSV files: the user's own and the built-in ones.
//!
//! A text is read in three passes, none of which keeps cells: `dialect` finds its delimiter and
//! the names of its columns, `survey` what the columns hold, and `schema` turns that into
//! features and reads the rows (`rows`). The same [`Schema`] reads other files of the same kind
//! later on, when the network that was trained is to predict.
//!
//! * Cells are separated by `,`, `;`, `|`, tabs or white space, whichever gives rows of equal length;
//!   quotes as in RFC 4180; UTF-8, with or without a byte-order mark.
//! * A cell is missing if it is empty, `NA`, `N/A`, `NaN`, `null`, `?` or `-`. Rows with a missing cell
//!   are left out and counted in the notes, unless `data.missing` says otherwise.
//! * A column is numeric if at least half of its cells read as numbers; then all of them must, in one
//!   way of writing (`number`). Numeric features are standardised by the training rows when the
//!   data is split.
//! * Any other column is text, and gives a feature of 0 or 1 for each of its words.
//! * The target is classes if it is text or holds at most [`MAX_WHOLE_CLASSES`] different whole
//!   numbers, and otherwise real values; `data.task` decides otherwise. Classes and words are
//!   sorted, numbers by size, so that the order of the rows does not matter.

use crate::spec::nearest;

use super::{Dataset, STANDARDISED, Scaling, Target};
use dialect::{Dialect, looks_like_names};
use rows::Targets;
use schema::{InputKind, TargetKind};
use survey::Survey;

mod cache;
mod dialect;
mod error;
mod facts;
mod number;
mod offender;
mod options;
mod overview;
mod records;
mod rows;
mod schema;
mod survey;
mod text;

pub use cache::{content_hash, inspect_file, load, read_file, schema};
pub use error::{Error, Problem};
pub use number::{Convention, NumberFormat};
pub use offender::{Offender, Reason, join_names, split_names};
pub use options::{Choice, Decimal, Delimiter, Header, Missing, Options, TaskChoice};
pub use overview::{ColumnOverview, Holds, Overview, Role, overview};
pub use rows::Rows;
pub use schema::{Input, LeftOut, Schema, TargetColumn};

/// A numeric target with more different values than this, or with fractions, is a regression.
pub const MAX_WHOLE_CLASSES: usize = facts::FEW - 1;

/// Fewer rows cannot be split into parts that mean anything.
const MIN_ROWS: usize = 4;

/// Reads the bytes of a file: the data, called `name`, and the way from cells to features.
///
/// # Errors
/// Any [`Problem`] but [`Problem::Unreadable`].
pub fn parse(name: &str, bytes: &[u8], options: &Options) -> Result<(Dataset, Schema), Problem> {
    let text = text::decode(bytes)?;
    let dialect = Dialect::find(text, options, Some(&options.target))?;
    let used = used(&dialect, options)?;
    let survey = Survey::new(text, dialect, used, options)?;
    parse_surveyed(name, text, &survey, options)
}

/// Reads a text by a survey of the columns in use.
fn parse_surveyed(
    name: &str,
    text: &str,
    survey: &Survey,
    options: &Options,
) -> Result<(Dataset, Schema), Problem> {
    check_rows(survey, options)?;
    let schema = Schema::learn(survey, options)?;
    let (rows, targets) = schema.read_rows(text, &survey.dialect, true)?;
    let dataset = dataset(name, &schema, survey, rows, targets);
    Ok((dataset, schema))
}

/// The overview of the bytes of a file, and what [`parse`] makes of them with the target that the
/// overview names: as far as it is the same, the work is done once.
///
/// # Errors
/// If the bytes are no table.
fn inspect(name: &str, bytes: &[u8], options: &Options) -> Result<Inspected, Problem> {
    let text = text::decode(bytes)?;
    let asked_for = Some(options.target.as_str()).filter(|target| !target.is_empty());
    let dialect = Dialect::find(text, options, asked_for)?;
    let all: Vec<_> = (0..dialect.width()).collect();
    let survey = Survey::new(text, dialect, all.clone(), options)?;
    let overview = overview::of_survey(&survey, options);
    let options =
        Options { target: overview.target.clone().unwrap_or_default(), ..options.clone() };
    let same = asked_for.is_some()
        || options.task != TaskChoice::Classification
            && Dialect::find(text, &options, Some(&options.target)).ok().as_ref()
                == Some(&survey.dialect);
    let parsed = match used(&survey.dialect, &options) {
        Ok(used) if same && used == all => parse_surveyed(name, text, &survey, &options),
        _ => parse(name, bytes, &options),
    };
    Ok(Inspected { overview, parsed })
}

/// A file as it is, and as it would be trained on.
struct Inspected {
    overview: Overview,
    parsed: Result<(Dataset, Schema), Problem>,
}

/// The places of the columns that are inputs or the target, in the order of the file.
fn used(dialect: &Dialect, options: &Options) -> Result<Vec<usize>, Problem> {
    let names = &dialect.names;
    let target = &options.target;
    if names.len() < 2 {
        return Err(Problem::OneColumn { column: names.concat() });
    }
    if !names.contains(target) {
        return Err(unknown_target(target, dialect));
    }
    for (setting, list) in [("exclude", &options.exclude), ("columns", &options.columns)] {
        if list.contains(target) {
            return Err(Problem::TargetNamed { setting, column: target.clone() });
        }
        let known: std::collections::HashSet<&String> = names.iter().collect();
        if let Some(given) = list.iter().find(|name| !known.contains(name)) {
            let nearest = near(given, names);
            let (given, columns) = (given.clone(), names.clone());
            return Err(Problem::UnknownColumn { setting, given, nearest, columns });
        }
    }
    let excluded: std::collections::HashSet<&String> = options.exclude.iter().collect();
    let wanted: std::collections::HashSet<&String> = options.columns.iter().collect();
    let is_used = |name: &String| {
        name == target || !excluded.contains(name) && (wanted.is_empty() || wanted.contains(name))
    };
    let used: Vec<_> = (0..names.len()).filter(|&index| is_used(&names[index])).collect();
    if used.len() < 2 {
        return Err(Problem::NothingLeft { target: target.clone() });
    }
    Ok(used)
}

fn unknown_target(given: &str, dialect: &Dialect) -> Problem {
    let columns = dialect.names.clone();
    let data_at_top = dialect.header && !looks_like_names(&columns);
    let nearest = if data_at_top { None } else { near(given, &columns) };
    Problem::UnknownTarget { given: given.to_owned(), nearest, columns, data_at_top }
}

/// The name that is the same but for upper and lower case, or the nearest of the first ones.
fn near(given: &str, names: &[String]) -> Option<String> {
    let names = || names.iter().take(1000).map(String::as_str);
    let same = names().find(|name| name.eq_ignore_ascii_case(given));
    same.or_else(|| nearest(given, names())).map(str::to_owned)
}

/// There are rows enough.
fn check_rows(survey: &Survey, options: &Options) -> Result<(), Problem> {
    let is_target = |column: &&survey::Column| column.name == options.target;
    let of_target = survey.columns.iter().find(is_target).map_or(0, |it| it.facts.missing);
    let complete = match options.missing {
        Missing::Drop => survey.complete,
        Missing::Mean | Missing::Category => survey.rows - of_target,
    };
    if complete >= MIN_ROWS {
        return Ok(());
    }
    if survey.rows == 0 {
        return Err(Problem::NoRows);
    }
    // Columns that are mostly empty are the better thing to tell of.
    Schema::learn(survey, options)?;
    let worst = survey.columns.iter().max_by_key(|column| column.facts.missing);
    Err(match worst {
        Some(worst) if survey.rows > complete => Problem::TooFewComplete {
            rows: survey.rows,
            complete,
            column: worst.name.clone(),
            missing: worst.facts.missing,
        },
        _ => Problem::TooFewRows { rows: survey.rows },
    })
}

fn dataset(name: &str, schema: &Schema, survey: &Survey, rows: Rows, targets: Targets) -> Dataset {
    let target = match schema.target.kind.classes() {
        Some(names) => Target::Classes { labels: targets.labels, names },
        None => Target::Values {
            values: targets.values.into_iter().map(|x| [x]).collect::<Vec<_>>().into(),
            names: vec![schema.target.column.clone()],
            scaling: vec![Scaling::Pending],
        },
    };
    let scaling: Vec<_> = schema
        .is_number()
        .into_iter()
        .map(|number| if number { Scaling::Pending } else { Scaling::AsIs })
        .collect();
    Dataset {
        name: name.to_owned(),
        notes: notes(schema, survey, &rows),
        x: rows.x,
        target,
        features: schema.feature_names(),
        scaling,
        image: None,
        shown: None,
        lines: rows.lines,
    }
}

/// What was assumed and done.
fn notes(schema: &Schema, survey: &Survey, rows: &Rows) -> Vec<String> {
    let mut notes = survey.notes.clone();
    let dropped = rows.left_out.len();
    if dropped > 0 {
        notes.push(format!("{dropped} of {} rows left out: cells are missing", survey.rows));
    }
    let mut one_hot = Vec::new();
    let mut constant = Vec::new();
    let mut counting = Vec::new();
    for input in &schema.inputs {
        if let InputKind::Words(words) = &input.kind {
            let plural = if words.len() == 1 { "" } else { "s" };
            one_hot.push(format!("{} ({} word{plural})", input.column, words.len()));
        }
        let column = survey.columns.iter().find(|column| column.index == input.index);
        let same = column.is_some_and(|column| column.facts.min == column.facts.max);
        let is_number = matches!(input.kind, InputKind::Number(_));
        let counts = |column: &survey::Column| {
            let (first, last) = column.facts.counts.unwrap_or((0.0, f64::NAN));
            let rows = survey.rows;
            let begins = (first == 0.0 || first == 1.0) && rows >= survey::NAMES_FROM;
            begins && last - first + 1.0 == rows as f64
        };
        if is_number && same {
            constant.push(input.index);
        } else if is_number && column.is_some_and(counts) {
            counting.push(input.index);
        }
    }
    if !one_hot.is_empty() {
        notes.push(format!("text made one-hot: {}", one_hot.join(", ")));
    }
    if !constant.is_empty() {
        let list = survey::listed(&survey.dialect, &constant);
        notes.push(format!("the same in every row, so nothing to learn from: {list}"));
    }
    if !counting.is_empty() {
        let list = survey::listed(&survey.dialect, &counting);
        notes.push(format!(
            "counts the rows, as a number of each row does (data.exclude leaves it out): {list}"
        ));
    }
    if schema.inputs.iter().any(|input| matches!(input.kind, InputKind::Number(_))) {
        notes.push(STANDARDISED.to_owned());
    }
    if let TargetKind::Numbers(..) = schema.target.kind
        && schema.options.task == TaskChoice::Auto
    {
        notes.push(format!(
            "the numbers of target `{}` are taken for classes; data.task=regression takes them for \
             quantities",
            schema.target.column
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
