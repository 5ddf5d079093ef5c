//! The files that `--out` leaves in its folder.

use std::io::Cursor;
use std::path::Path;

use anyhow::anyhow;
use ndarray_npy::{NpzWriter, WriteNpzError};
use serde_json::Value;

use super::metrics::Metrics;
use crate::cli::failure::{Failure, written};
use crate::data::csv::Schema;
use crate::experiment::{Script, script_to_portable_toml};
use crate::export::comparison::json::pretty;
use crate::export::file;
use crate::export::npz::add_parameters;
use crate::train::Session;
use crate::train::engine::Parameters;
use crate::train::saved::SavedModel;

/// The file of the weights.
pub const WEIGHTS: &str = "weights.npz";
/// The file of all else that predicting needs.
pub const MODEL: &str = "model.json";
/// The names of all files.
pub const NAMES: [&str; 5] = ["experiment.toml", "metrics.csv", "summary.json", WEIGHTS, MODEL];

/// Writes experiment.toml, metrics.csv, summary.json, weights.npz and model.json; `schema` is how rows
/// of the data become features.
///
/// # Errors
/// If one of them cannot be written.
pub fn write(
    folder: &Path,
    (script, session): (&Script, &Session),
    metrics: &mut Metrics,
    summary: &Value,
    schema: &Schema,
) -> Result<(), Failure> {
    let put = |name: &str, contents: Vec<u8>| {
        let path = folder.join(name);
        written(&path, file::write(&path, contents))
    };
    put("experiment.toml", script_to_portable_toml(script).into_bytes())?;
    written(&folder.join("metrics.csv"), metrics.publish())?;
    put("summary.json", pretty(summary).into_bytes())?;
    let weights = npz(&session.engine().predicting_parameters()).map_err(Failure::Work)?;
    let model = SavedModel::of(session.engine(), schema.clone(), &weights);
    put(WEIGHTS, weights)?;
    put(MODEL, model.to_json()?.into_bytes())
}

fn npz(layers: &[Parameters]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let mut npz = NpzWriter::new(&mut bytes);
    let failed = |error: WriteNpzError| anyhow!("cannot make weights.npz: {error}");
    add_parameters(&mut npz, layers).map_err(failed)?;
    npz.finish().map_err(failed)?;
    Ok(bytes.into_inner())
}
