//! Writing down what is on the workbench.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::workspace::Workspace;
use crate::data::csv::{Decimal, Delimiter, Header, Options, TaskChoice};
use crate::data::{Painted, Point};
use crate::experiment::{
    DataSource, Experiment, Script, script_to_portable_toml, script_to_toml, short_script_recipe,
};
use crate::export::file;
use crate::spec::Plain;

/// The column of the classes.
const CLASS: &str = "class";

/// Writes what was run up to the moment shown, edits included, with its recipe and the log as comments,
/// to a new `.toml` file in the working folder, so that `gradlab FILE` runs it again; points that were
/// painted become a `.csv` file of the same name beside it, which it reads. Returns the file's name.
///
/// # Errors
/// If no file can be written there.
pub fn save(workspace: &Workspace) -> io::Result<PathBuf> {
    let path = free_path();
    let script = workspace.script();
    let mut text = match painted(&script) {
        Some(points) => script_to_toml(&with_file(&script, &points, &path.with_extension("csv"))?),
        None => script_to_portable_toml(&script),
    };
    let _ = writeln!(text, "\n# gradlab {}", short_script_recipe(&script));
    let _ = writeln!(text, "# the run, up to step {}:", workspace.run.step);
    for entry in &workspace.run.log {
        let _ = writeln!(text, "#   step {:>8}  {}", entry.step, entry.text.replace('\n', " "));
    }
    file::write(&path, text.as_bytes())?;
    Ok(path)
}

/// The first name that is free, with that of a table beside it.
fn free_path() -> PathBuf {
    (1..=u32::MAX)
        .map(|n| PathBuf::from(format!("gradlab-{n}.toml")))
        .find(|path| !path.exists() && !path.with_extension("csv").exists())
        .unwrap_or_else(|| PathBuf::from("gradlab.toml"))
}

/// The points of a run that was painted.
fn painted(script: &Script) -> Option<Vec<Point>> {
    match &script.start().data.source {
        DataSource::Named(pick) => Painted::points(pick),
        DataSource::Csv { .. } => None,
    }
}

/// The script on a file that holds the points, which it writes.
fn with_file(script: &Script, points: &[Point], path: &Path) -> io::Result<Script> {
    let mut table = format!("x1,x2,{CLASS}\n");
    for Point { x1, x2, class } in points {
        let _ = writeln!(table, "{},{},{class}", Plain(*x1), Plain(*x2));
    }
    file::write(path, table.as_bytes())?;
    let mut options = Options::new(CLASS);
    options.task = TaskChoice::Classification;
    options.header = Header::True;
    options.delimiter = Delimiter::Byte(b',');
    options.decimal = Decimal::Point;
    let source = DataSource::csv(path.to_owned(), options).map_err(io::Error::other)?;
    let on_file = |experiment: &Experiment| {
        let mut experiment = experiment.clone();
        experiment.data.source = source.clone();
        experiment
    };
    Ok(script.map(on_file))
}
