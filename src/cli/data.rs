//! `gradlab data`: the columns of a CSV file, and what would become of them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use super::failure::Failure;
use super::memory::Limit;
use super::output::{self, Format};
use super::table::{self, table};
use super::text::{Page, pad};
use crate::catalog::Kind;
use crate::data::Task;
use crate::data::csv::{self, ColumnOverview, Holds, Options, Overview, Problem, Role};
use crate::experiment::{self, DataSource, Experiment, LayerSpec, short_recipe};
use crate::text::{shell_word, visible};
use crate::tui::widgets::format::truncate;

const AFTER_HELP: &str = "\
Examples:
  gradlab data passengers.csv --target survived
  gradlab data measurements.csv --set data.delimiter=semicolon --set data.decimal=comma
  gradlab data iris.data --set data.header=false --format json

Nothing is trained, and a file that would be refused for training is shown with the reasons. The \
settings are those of `[data]` in an experiment: `gradlab list settings` has all of them. The last \
line is a command that trains on the file, if there is one.";

/// Show the columns of a CSV file and what would be done with them
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column to be predicted; without it, the last one that could be
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Read the file by this setting, such as data.exclude=name:ticket
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    memory: Limit,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// All that is told of a file.
struct Report {
    overview: Overview,
    /// What was assumed and done.
    notes: Vec<String>,
    /// The reason for which it cannot be trained on as it is.
    problem: Option<Problem>,
    /// A command that trains on it.
    next: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// If the file is no table, or a setting is wrong.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    args.memory.apply();
    let mut options = experiment::csv_options(&args.set)?;
    if let Some(target) = args.target {
        options.target = target;
    }
    let report = Report::new(&args.file, options)?;
    let mut out = output::stdout();
    match args.format {
        Format::Json => output::write_json(&mut out, &report.json())?,
        Format::Text => report.write(&mut out, &args.file)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

impl Report {
    fn new(path: &Path, mut options: Options) -> Result<Self, Failure> {
        let refused = |error: csv::Error| Failure::Input(error.into());
        let (overview, read) = csv::inspect_file(path, &options).map_err(refused)?;
        let asked_for = !options.target.is_empty();
        options.target = overview.target.clone().unwrap_or_default();
        let (mut notes, problem, mut next) = match read {
            Ok(dataset) => (dataset.notes.clone(), None, training(path, &options)),
            Err(problem @ (Problem::TooMuchMemory { .. } | Problem::NoRoom { .. })) => {
                return Err(refused(csv::Error { path: path.to_owned(), problem }));
            }
            Err(problem) => (overview.notes.clone(), Some(problem), None),
        };
        if let Some(Problem::NoFeatures { exclude, keep, .. }) = &problem
            && !keep.is_empty()
        {
            next = training(path, &Options { exclude: exclude.clone(), ..options });
        }
        if !asked_for && let Some(target) = &overview.target {
            notes.insert(0, format!("no target is named; `{target}` is taken for it"));
        }
        Ok(Self { overview, notes, problem, next })
    }

    fn json(&self) -> Value {
        let Self { overview, notes, problem, next } = self;
        let columns: Vec<_> = overview.columns.iter().map(column_json).collect();
        json!({
            "delimiter": overview.delimiter.to_string(),
            "header": overview.header,
            "rows": overview.rows,
            "target": overview.target,
            "columns": columns,
            "notes": notes,
            "problem": problem.as_ref().map(ToString::to_string),
            "next": next,
        })
    }

    fn write(&self, out: &mut impl Write, path: &Path) -> io::Result<()> {
        let Self { overview, notes, problem, next } = self;
        let page = Page::stdout();
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let header = if overview.header { "a header" } else { "no header" };
        writeln!(
            out,
            "{}: {} rows, {} columns between {}, {header}\n",
            page.heading(&visible(&file)),
            overview.rows,
            overview.columns.len(),
            overview.delimiter.words(),
        )?;
        for line in columns_table(&overview.columns) {
            writeln!(out, "{line}")?;
        }
        if !notes.is_empty() {
            writeln!(out)?;
        }
        for note in notes {
            for line in page.beside("note:", 6, note) {
                writeln!(out, "{line}")?;
            }
        }
        if let Some(problem) = problem {
            writeln!(out, "\nNot to be trained on as it is: {problem}")?;
        }
        if let Some(next) = next {
            writeln!(out, "\nTo train on it:\n  {next}")?;
        }
        Ok(())
    }
}

/// The command that trains a small network on the file, if these settings read it.
fn training(path: &Path, options: &Options) -> Option<String> {
    let source = DataSource::csv(path.to_owned(), options.clone()).ok()?;
    let task = match &source {
        DataSource::Csv { task, .. } => *task,
        DataSource::Named(_) => return None,
    };
    let (units, output) = match task {
        Task::Classes(classes) => (classes, "softmax"),
        Task::Values(values) => (values, "identity"),
    };
    let layer =
        |units, activation| Some(LayerSpec::new(units, Kind::Activation.pick(activation).ok()?));
    let layers = vec![layer(16, "relu")?, layer(units, output)?];
    let recipe = short_recipe(&Experiment::new(source, layers));
    Some(format!("gradlab run {}", shell_word(&recipe)))
}

fn column_json(column: &ColumnOverview) -> Value {
    let (role, why) = role_words(&column.role);
    json!({
        "name": column.name,
        "holds": holds_words(column.holds),
        "missing": column.missing,
        "different": column.different,
        "min": column.range.map(|(min, _)| min),
        "max": column.range.map(|(_, max)| max),
        "words": column.words,
        "use": role,
        "why": why,
    })
}

fn holds_words(holds: Holds) -> &'static str {
    match holds {
        Holds::Numbers(_) => "numbers",
        Holds::Words => "words",
        Holds::Nothing => "nothing",
        Holds::Mixture => "mixture",
    }
}

/// The use of a column, and the reason if it cannot be used.
fn role_words(role: &Role) -> (String, Option<String>) {
    match role {
        Role::Target => ("target".to_owned(), None),
        Role::Number => ("number".to_owned(), None),
        Role::OneHot(1) => ("1 feature of 0 and 1".to_owned(), None),
        Role::OneHot(words) => (format!("{words} features of 0 and 1"), None),
        Role::Excluded => ("left out".to_owned(), None),
        Role::Empty => ("left out: empty".to_owned(), None),
        Role::Unusable(reason) => ("cannot be used".to_owned(), Some(reason.to_string())),
    }
}

/// Columns that are listed at most.
const LISTED: usize = 200;
/// The widest that names and values are shown.
const WIDEST: usize = 24;

fn columns_table(columns: &[ColumnOverview]) -> Vec<String> {
    let shown = &columns[..columns.len().min(LISTED)];
    let left = |heading: &str, cells: Vec<String>| -> Vec<String> {
        let cells: Vec<_> = std::iter::once(heading.to_owned()).chain(cells).collect();
        let width = cells.iter().map(|cell| unicode_width::UnicodeWidthStr::width(cell.as_str()));
        let width = width.max().unwrap_or(0);
        cells.iter().map(|cell| pad(cell, width)).collect()
    };
    let each = |f: &dyn Fn(&ColumnOverview) -> String| shown.iter().map(f).collect::<Vec<_>>();
    let names = left("column", each(&|it| cut(&it.name)));
    let holds = left("holds", each(&|it| holds_words(it.holds).to_owned()));
    let counts = table(&[
        ("missing", each(&|it| it.missing.to_string())),
        ("different", each(&|it| it.different.map_or("many".to_owned(), |n| n.to_string()))),
    ]);
    let values = left("values", each(&values));
    let uses = each(&|it| role_words(&it.role).0);
    let uses = std::iter::once("use".to_owned()).chain(uses);
    let mut lines: Vec<_> = uses
        .enumerate()
        .map(|(row, role)| {
            let count = counts.get(row).map_or("", String::as_str);
            let (name, holds, values) = (&names[row], &holds[row], &values[row]);
            format!("{name}  {holds}{}  {values}  {role}", pad(count, 20)).trim_end().to_owned()
        })
        .collect();
    if columns.len() > LISTED {
        lines.push(format!("and {} more; --format json has all", columns.len() - LISTED));
    }
    lines
}

/// The range of numbers with their sign, or the first words.
fn values(column: &ColumnOverview) -> String {
    if let (Some((min, max)), Holds::Numbers(format)) = (column.range, column.holds) {
        let unit = format.unit.map_or_else(String::new, |unit| format!(" {unit}"));
        return format!("{} … {}{unit}", table::rounded(min), table::rounded(max));
    }
    let more = column.different.is_none_or(|different| different > column.words.len());
    let more = if more && !column.words.is_empty() { ", …" } else { "" };
    cut(&format!("{}{more}", column.words.join(", ")))
}

/// The text, not wider than a column of the table.
fn cut(text: &str) -> String {
    truncate(&visible(text), WIDEST)
}
