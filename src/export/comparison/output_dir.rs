//! All files of a comparison in one folder.

use std::io;
use std::path::Path;

use super::{Comparison, chart, csv, json, markdown};
use crate::experiment::script_to_portable_toml;
use crate::export::file;

/// Writes `report.md` with its charts, `ranking.json`, `runs.csv`, `points.csv` and
/// `experiment.toml`, each as a whole. The results file is the runner's and stays as it is.
///
/// # Errors
/// If a file cannot be written; it is named.
pub fn write(folder: &Path, comparison: &Comparison<'_>) -> io::Result<()> {
    let put = |name: &str, contents: &[u8]| {
        let path = folder.join(name);
        let named = |error| io::Error::other(format!("cannot write `{}`: {error}", path.display()));
        file::write(&path, contents).map_err(named)
    };
    let drawn = [
        ("Loss", "curves.svg", chart::curves(comparison)),
        ("Sensitivity", "sensitivity.svg", chart::sensitivity(comparison)),
        ("Search", "search.svg", chart::search(comparison)),
        ("Ranking", "ranking.svg", chart::ranking(comparison)),
    ];
    let mut charts = Vec::new();
    for (title, name, svg) in drawn {
        if let Some(svg) = svg {
            put(name, svg.map_err(io::Error::other)?.as_bytes())?;
            charts.push((title, name));
        }
    }
    put("report.md", markdown::report(comparison, &charts).as_bytes())?;
    put("ranking.json", json::pretty(&json::ranking(comparison)).as_bytes())?;
    put("runs.csv", &csv::runs(&[*comparison])?)?;
    put("points.csv", &csv::points(&[*comparison])?)?;
    put("experiment.toml", script_to_portable_toml(&comparison.plan.base).as_bytes())
}
