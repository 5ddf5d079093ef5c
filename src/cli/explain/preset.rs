//! A preset: what to look at, and what it is made of.

use std::io::{self, Write};

use super::{paragraph, section};
use crate::cli::text::{Page, column};
use crate::experiment::preset::Preset;
use crate::experiment::{Change, Experiment, Script, load_script, short_script_recipe};
use crate::spec::Plain;

/// Writes its description, data, training and layers, and how to start it.
///
/// # Errors
/// If it cannot be written.
pub fn write_preset(out: &mut impl Write, page: Page, preset: &Preset) -> io::Result<()> {
    paragraph(out, page, preset.about())?;
    // Every preset loads: a test sees to that.
    let plain: &[&str] = &[];
    let Ok(loaded) = load_script(preset.name, plain, plain) else { return Ok(()) };
    let script = loaded.script;
    let start = script.start();
    let parts = [
        ("Settings", settings(start)),
        ("Layers", layers(start)),
        ("Edits in the middle of the run", edits(&script)),
        ("Arms that it is compared over", arms(start)),
    ];
    for (heading, rows) in parts.into_iter().filter(|(_, rows)| !rows.is_empty()) {
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
    writeln!(out, "  gradlab {}", short_script_recipe(&script))
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

fn edits(script: &Script) -> Vec<(String, String)> {
    let words = |changes: Vec<Change>| {
        changes.into_iter().map(|change| change.text).collect::<Vec<_>>().join(", ")
    };
    script.changes().map(|(step, changes)| (format!("step {step}"), words(changes))).collect()
}

fn arms(experiment: &Experiment) -> Vec<(String, String)> {
    let arms = experiment.compare.iter().flat_map(|spec| &spec.arms);
    let set = |set: &[String]| if set.is_empty() { "as above".to_owned() } else { set.join("  ") };
    arms.map(|arm| (arm.name.on_terminal().to_string(), set(&arm.set))).collect()
}
