//! A preset: what to look at, and what it is made of.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::{Page, column};
use crate::experiment::preset::Preset;
use crate::experiment::{Experiment, load, short_recipe};
use crate::spec::Plain;

/// Writes its description, data, training and layers, and how to start it.
///
/// # Errors
/// If it cannot be written.
pub fn write_preset(out: &mut impl Write, page: Page, preset: &Preset) -> io::Result<()> {
    paragraph(out, page, &preset.about)?;
    // Every preset loads: a test sees to that.
    let Ok(loaded) = load(preset.name) else { return Ok(()) };
    let experiment = loaded.experiment;
    let (settings, layers) = (settings(&experiment), layers(&experiment));
    for (heading, rows) in [("Settings", settings), ("Layers", layers)] {
        section(out, page, heading)?;
        let labels = column(rows.iter().map(|(label, _)| label.as_str()));
        for (label, text) in rows {
            for line in page.beside(&format!("  {label}"), 2 + labels, &text) {
                writeln!(out, "{line}")?;
            }
        }
    }
    section(out, page, "Start it, or change it")?;
    writeln!(out, "  gradlab {}", preset.name)?;
    writeln!(out, "  gradlab {}", short_recipe(&experiment))
}

fn settings(experiment: &Experiment) -> Vec<(String, String)> {
    let Experiment { data, train, optimizer, schedule, seed, .. } = experiment;
    [
        ("data", data.label()),
        ("loss", train.loss.to_string()),
        ("optimizer", optimizer.to_string()),
        ("schedule", schedule.to_string()),
        ("steps", format!("{} of {} samples each", train.steps, train.batch_size)),
        ("seed", seed.to_string()),
    ]
    .map(|(label, text)| (label.to_owned(), text))
    .into()
}

fn layers(experiment: &Experiment) -> Vec<(String, String)> {
    let layers = experiment.layers.iter().enumerate();
    layers
        .map(|(index, layer)| {
            let moved = layer.optimizer.as_ref();
            let norm = layer.norm.as_ref().map_or_else(String::new, |norm| format!("{norm}, "));
            let dropout = match layer.dropout {
                0.0 => String::new(),
                share => format!(", dropout {}", Plain(share)),
            };
            let text = format!(
                "{} units, {norm}{}{dropout}, starting from {}{}",
                layer.units,
                layer.activation,
                layer.initializer(),
                moved.map_or_else(String::new, |optimizer| format!(", moved by {optimizer}"))
            );
            ((index + 1).to_string(), text)
        })
        .collect()
}
