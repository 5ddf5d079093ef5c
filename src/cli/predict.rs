//! `gradlab predict`: the use of what was trained.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::failure::{Failure, written};
use super::memory::Limit;
use super::output;
use super::run::files::{MODEL, WEIGHTS};
use crate::data::csv::{self, Error, Rows};
use crate::export::file;
use crate::text::csv_cell;
use crate::train::predictor::{Answer, Predictor};
use crate::train::saved::{ModelError, Predicts, SavedModel};

const EXAMPLES: &str = "\
Examples:
  gradlab run csv=wine.csv,target=quality/16-relu/1-identity --out wine-run
  gradlab predict wine-run new.csv
  gradlab predict wine-run new.csv --out predicted.csv

Each row of the file becomes a row of CSV: of classes the class and its probability and those of the \
others (scores under multi_margin, which knows no probabilities), of values the value in its own \
units. The file needs the columns of the inputs by their names, in any order; further ones, such as \
the target, are left aside. Its cells are read and scaled as those that were trained on.";

/// Predict by a network that `gradlab run --out DIR` has trained
///
/// The folder keeps all that is needed: the data that was trained on may be gone. The weights are
/// those that are evaluated, such as averages where `ema` is set.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The folder that a run has left
    dir: PathBuf,
    /// The rows to predict for, a CSV file
    file: PathBuf,
    /// Write to this file instead of to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    memory: Limit,
}

/// Runs the command.
///
/// # Errors
/// If the folder holds no trained network, the file does not fit it, or the result cannot be
/// written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let (model, mut predictor) = open(&args.dir)?;
    args.memory.apply();
    let bytes = csv::read_file(&args.file).map_err(|error| unread(&args.file, error, ""))?;
    let rows = model
        .schema
        .read(&bytes)
        .map_err(|problem| Failure::Input(Error { path: args.file.clone(), problem }.into()))?;
    let answers = predictor.predict(rows.x.view());
    let (table, missed) = table(&model, predictor.scores_only(), &rows, &answers)?;
    for note in notes(&rows, missed) {
        output::say(format_args!("note: {note}"));
    }
    if let Some(path) = args.out {
        written(&path, file::write(&path, table))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = output::stdout();
    out.write_all(&table)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The trained network in `folder`.
fn open(folder: &Path) -> Result<(SavedModel, Predictor), Failure> {
    let (description, weights) = (folder.join(MODEL), folder.join(WEIGHTS));
    let hint = "; `gradlab run EXPERIMENT --out DIR` leaves a trained network in DIR";
    let text = String::from_utf8_lossy(&read(&description, hint)?).into_owned();
    let bytes = read(&weights, hint)?;
    let wrong = |error: ModelError| {
        Failure::input(format!(
            "`{}`: {error}; train again with `gradlab run … --out {}`",
            description.display(),
            folder.display()
        ))
    };
    let model = SavedModel::from_json(&text).map_err(wrong)?;
    let predictor = model.open(&bytes).map_err(wrong)?;
    Ok((model, predictor))
}

/// The bytes of a regular file; an error ends with `hint` where there is none.
fn read(path: &Path, hint: &str) -> Result<Vec<u8>, Failure> {
    file::read(path, u64::MAX).map_err(|error| unread(path, error, hint))
}

fn unread(path: &Path, error: io::Error, hint: &str) -> Failure {
    let shown = path.display();
    match error.kind() {
        ErrorKind::NotFound => Failure::input(format!("there is no `{shown}`{hint}")),
        ErrorKind::InvalidInput => Failure::input(format!("`{shown}` is no regular file: {error}")),
        _ => Failure::input(format!("cannot read `{shown}`: {error}")),
    }
}

/// The answers as CSV, a row for each of the file's, and how many rows have none that is finite.
/// Rows that were left out have empty cells.
fn table(
    model: &SavedModel,
    scores: bool,
    rows: &Rows,
    answers: &[Answer],
) -> Result<(Vec<u8>, usize), Failure> {
    let heading: Vec<String> = match &model.predicts {
        Predicts::Classes(names) => {
            let number = if scores { "score" } else { "p" };
            let columns = names.iter().map(|name| format!("{number}({name})"));
            std::iter::once("class".to_owned()).chain(columns).collect()
        }
        Predicts::Values(values) => {
            values.iter().map(|(name, _)| csv_cell(name).into_owned()).collect()
        }
    };
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut put = |row: &[String]| writer.write_record(row).map_err(|e| Failure::Work(e.into()));
    put(&heading)?;
    let empty = vec![String::new(); heading.len()];
    let mut missed = 0;
    let mut left_out = rows.left_out.iter().map(|row| row.line).peekable();
    for (line, answer) in rows.lines.iter().zip(answers) {
        while left_out.next_if(|before| before < line).is_some() {
            put(&empty)?;
        }
        let finite = |numbers: &[f64]| numbers.iter().all(|x| x.is_finite());
        let row = match (answer, &model.predicts) {
            (Answer::Class(class, numbers), Predicts::Classes(names)) if finite(numbers) => {
                let name = names.get(*class).map_or_else(String::new, |name| class_cell(name));
                std::iter::once(name).chain(numbers.iter().map(f64::to_string)).collect()
            }
            (Answer::Values(values), _) if finite(values) => {
                values.iter().map(f64::to_string).collect()
            }
            _ => {
                missed += 1;
                empty.clone()
            }
        };
        put(&row)?;
    }
    for _ in left_out {
        put(&empty)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::Work(error.into_error().into()))?;
    Ok((bytes, missed))
}

/// A class as a cell: a number stays one, and is no formula.
fn class_cell(name: &str) -> String {
    if name.parse::<f64>().is_ok() { name.to_owned() } else { csv_cell(name).into_owned() }
}

/// The rows named in a note.
const NAMED: usize = 5;

fn notes(rows: &Rows, missed: usize) -> Vec<String> {
    let mut notes = rows.notes.clone();
    if !rows.left_out.is_empty() {
        let count = rows.left_out.len();
        let named = rows.left_out.iter().take(NAMED);
        let named: Vec<_> =
            named.map(|row| format!("line {} (`{}`)", row.line, row.column)).collect();
        let more = if count > NAMED { " …" } else { "" };
        notes.push(format!(
            "{count} of {} rows have no prediction: cells are missing in {}{more}",
            rows.lines.len() + count,
            named.join(", ")
        ));
    }
    if missed > 0 {
        notes.push(format!("{missed} rows have no prediction: the network's answer is not finite"));
    }
    notes
}
