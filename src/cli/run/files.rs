//! The files that `--out` leaves in its folder.

use std::io::Cursor;
use std::path::Path;

use anyhow::anyhow;
use ndarray_npy::{NpzWriter, WriteNpzError};
use serde_json::Value;

use super::metrics::Metrics;
use crate::cli::failure::{Failure, written};
use crate::experiment::to_portable_toml;
use crate::export::file;
use crate::export::npz::add_parameters;
use crate::train::Session;
use crate::train::engine::Parameters;

/// The names of the files.
pub const NAMES: [&str; 4] = ["experiment.toml", "metrics.csv", "summary.json", "weights.npz"];

/// Writes experiment.toml, metrics.csv, summary.json and weights.npz.
pub fn write(
    folder: &Path,
    session: &Session,
    metrics: Metrics,
    summary: &Value,
) -> Result<(), Failure> {
    let put = |name: &str, contents: Vec<u8>| {
        let path = folder.join(name);
        written(&path, file::write(&path, contents))
    };
    put("experiment.toml", to_portable_toml(session.engine().experiment()).into_bytes())?;
    written(&folder.join("metrics.csv"), metrics.finish())?;
    put("summary.json", format!("{summary:#}\n").into_bytes())?;
    put("weights.npz", npz(&session.engine().predicting_parameters()).map_err(Failure::Work)?)
}

fn npz(layers: &[Parameters]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let mut npz = NpzWriter::new(&mut bytes);
    let failed = |error: WriteNpzError| anyhow!("cannot make weights.npz: {error}");
    add_parameters(&mut npz, layers).map_err(failed)?;
    npz.finish().map_err(failed)?;
    Ok(bytes.into_inner())
}
