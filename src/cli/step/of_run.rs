//! The next step of a run, at one neuron and one of its weights: the numbers of the workbench's view.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::cli::describe::write_rule;
use crate::cli::experiment::{Changes, Edits};
use crate::cli::failure::Failure;
use crate::cli::output::say;
use crate::cli::table::{rounded, shortest};
use crate::cli::text::{Page, column};
use crate::text::visible;
use crate::train::probe::step::{Memory, OneStep, Others, Part, Selection, Stage};
use crate::train::{Problem, Session};

/// Where in a step to look; all counted from 1.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Place {
    /// With an experiment: the layer to look at
    #[arg(long, value_name = "L", default_value_t = 1, requires = "steps")]
    layer: usize,
    /// With an experiment: the neuron of that layer
    #[arg(long, value_name = "K", default_value_t = 1, requires = "steps")]
    neuron: usize,
    /// With an experiment: the neuron's weight, in the order of its inputs; then come its bias and what
    /// norm and activation learn
    #[arg(long, value_name = "J", default_value_t = 1, requires = "steps")]
    weight: usize,
    /// With an experiment: the sample of the step's batch
    #[arg(long, value_name = "I", default_value_t = 1, requires = "steps")]
    sample: usize,
}

/// A step of a run, and whether the run came as far as it was to.
pub struct OfRun {
    step: OneStep,
    inputs: Vec<String>,
    /// Why the run diverged before, if it did.
    pub diverged: Option<String>,
}

impl OfRun {
    /// The step that the run of the experiment called `name` takes after `steps` steps.
    ///
    /// # Errors
    /// If there is no such experiment, or no such place in its network.
    pub fn new(name: &str, changes: &Changes, steps: u64, place: Place) -> Result<Self, Failure> {
        let script = changes.load(name, &Edits::default())?;
        let problem =
            Problem::load(script.start()).map_err(|error| Failure::Input(error.into()))?;
        let mut session = Session::of_script(&script, problem);
        let mut diverged = None;
        while session.engine().step_count() < steps {
            if let Err(divergence) = session.train() {
                diverged = Some(divergence.to_string());
                break;
            }
        }
        session.make_due_edit();
        let index = |number: usize| number.wrapping_sub(1);
        let wanted = Selection {
            layer: index(place.layer),
            unit: index(place.neuron),
            weight: index(place.weight),
            sample: index(place.sample),
            close: false,
        };
        let problem = session.engine().problem().clone();
        let layers = &session.engine().experiment().layers;
        if let Some(layer) = layers.get(wanted.layer).filter(|layer| layer.is_recurrent()) {
            let (number, kind) = (place.layer, layer.kind.key());
            let dense = layers.iter().position(|layer| !layer.is_recurrent());
            let dense = dense.map_or_else(String::new, |at| format!(": use --layer {}", at + 1));
            let message = format!(
                "layer {number} is `{kind}`, and a step is shown at neurons of dense layers{dense}"
            );
            return Err(Failure::input(message));
        }
        let step = OneStep::after(&session.keyframe(), &problem, wanted)
            .ok_or_else(|| Failure::input("there is nothing to look at in its network"))?;
        let extent = step.extent;
        for (what, given, there) in [
            ("layer", place.layer, extent.layers),
            ("neuron", place.neuron, extent.units),
            ("weight", place.weight, extent.weights),
            ("sample", place.sample, extent.samples),
        ] {
            if !(1..=there).contains(&given) {
                let message = format!("there is no {what} {given}; use --{what} 1 to {there}");
                return Err(Failure::input(message));
            }
        }
        let inputs = if step.selection.layer == 0 {
            problem.input_names().into_owned()
        } else {
            (1..=step.neuron.inputs.len()).map(|input| format!("a{input}")).collect()
        };
        Ok(Self { step, inputs, diverged })
    }

    /// Writes the numbers in words.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write(&self, out: &mut impl Write, page: Page) -> io::Result<()> {
        if let Some(reason) = &self.diverged {
            say(format_args!(
                "note: the run diverged before: {reason}; this is the step that broke it"
            ));
        }
        let step = &self.step;
        let at = step.selection;
        let title = format!(
            "Step {}: neuron {} of layer {}, sample {} of {} (training row {})",
            step.step + 1,
            at.unit + 1,
            at.layer + 1,
            at.sample + 1,
            step.extent.samples,
            step.neuron.row + 1
        );
        writeln!(out, "{}", page.heading(&title))?;
        write_rows(out, page, &self.neuron())?;
        writeln!(out)?;
        write_rule(out, page, &step.optimizer)?;
        writeln!(out)?;
        write_rows(out, page, &self.weight())
    }

    fn neuron(&self) -> Vec<(String, String)> {
        let neuron = &self.step.neuron;
        let terms = neuron.weights.iter().zip(&neuron.inputs).zip(&self.inputs);
        let mut rows: Vec<(String, String)> = terms
            .map(|((weight, input), name)| {
                let (w, x) = (shortest(*weight), shortest(*input));
                (
                    visible(name).into_owned(),
                    format!("w {w} · x {x} = {}", shortest(weight * input)),
                )
            })
            .collect();
        rows.push(("bias".to_owned(), shortest(neuron.bias)));
        rows.push(("z".to_owned(), shortest(neuron.z)));
        if let (Some(norm), Some(normalised)) = (&self.step.norm, neuron.normalised) {
            rows.push((norm.key().to_owned(), shortest(normalised)));
        }
        let key = self.step.activation.key();
        let note = if self.step.fused {
            format!(", without its {key}: that is part of the loss")
        } else {
            String::new()
        };
        let name = if self.step.fused { "a" } else { key };
        rows.push((name.to_owned(), format!("{}{note}", shortest(neuron.a))));
        if let Some(passed) = neuron.passed_on {
            rows.push(("dropout".to_owned(), format!("{} is passed on", shortest(passed))));
        }
        rows
    }

    fn weight(&self) -> Vec<(String, String)> {
        let (step, trace) = (&self.step, &self.step.trace);
        let mut rows =
            vec![("w".to_owned(), self.part()), ("loss".to_owned(), rounded(trace.loss))];
        for (stage, value) in &trace.gradients {
            rows.push(("∂L/∂w".to_owned(), format!("{}  {}", shortest(*value), in_words(*stage))));
        }
        rows.push(("α".to_owned(), rounded(trace.rate)));
        for (name, memory) in &trace.memory {
            let text = match *memory {
                Memory::Own((old, new)) => format!("{} → {}", shortest(old), shortest(new)),
                Memory::Row((old, new)) => {
                    format!("{} → {}  of its row", shortest(old), shortest(new))
                }
                Memory::Column((old, new)) => {
                    format!("{} → {}  of its column", shortest(old), shortest(new))
                }
                Memory::Scalar((old, new)) => {
                    format!("{} → {}  of all", rounded(old), rounded(new))
                }
                Memory::Whole { len, norms: (old, new) } => format!(
                    "norm {} → {}  of {len} numbers, none of which is this weight's",
                    rounded(old),
                    rounded(new)
                ),
            };
            rows.push(((*name).to_owned(), text));
        }
        let (old, new) = trace.values;
        let change = rounded(f64::from(new) - f64::from(old));
        rows.push((
            "w".to_owned(),
            format!("{} → {}  (change {change})", shortest(old), shortest(new)),
        ));
        rows.push((
            "−α·∇L".to_owned(),
            format!("alone would have led to {}", rounded(step.plain())),
        ));
        match step.others {
            Others::None => {}
            Others::OfTensor => {
                rows.push((
                    "others".to_owned(),
                    "its move depends on all weights of its tensor".to_owned(),
                ));
            }
            Others::OfOptimizer => rows.push((
                "others".to_owned(),
                "its move depends on all weights of the optimizer".to_owned(),
            )),
        }
        rows
    }

    /// The parameter in words.
    fn part(&self) -> String {
        match self.step.part {
            Part::Weight(input) => {
                let name = self.inputs.get(input).map_or("", String::as_str);
                format!("the weight of input {} ({})", input + 1, visible(name))
            }
            Part::Bias => "the bias".to_owned(),
            Part::Learnt(name) => name.to_owned(),
        }
    }

    /// All numbers.
    #[must_use]
    pub fn json(&self) -> Value {
        let (step, trace, neuron) = (&self.step, &self.step.trace, &self.step.neuron);
        let memory: Map<String, Value> = trace
            .memory
            .iter()
            .map(|(name, memory)| {
                let value = match *memory {
                    Memory::Own((old, new)) => json!({"of": "weight", "before": old, "after": new}),
                    Memory::Row((old, new)) => json!({"of": "row", "before": old, "after": new}),
                    Memory::Column((old, new)) => {
                        json!({"of": "column", "before": old, "after": new})
                    }
                    Memory::Scalar((old, new)) => json!({"of": "all", "before": old, "after": new}),
                    Memory::Whole { len, norms: (old, new) } => json!({
                        "of": "matrix", "numbers": len, "norm_before": old, "norm_after": new
                    }),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        let gradients: Vec<Value> = trace
            .gradients
            .iter()
            .map(|(stage, value)| json!({"stage": in_words(*stage), "value": value}))
            .collect();
        let (before, after) = trace.values;
        json!({
            "step": step.step + 1,
            "layer": step.selection.layer + 1,
            "neuron": step.selection.unit + 1,
            "weight": step.selection.weight + 1,
            "sample": step.selection.sample + 1,
            "row": neuron.row,
            "inputs": neuron.inputs,
            "weights": neuron.weights,
            "bias": neuron.bias,
            "z": neuron.z,
            "normalised": neuron.normalised,
            "a": neuron.a,
            "passed_on": neuron.passed_on,
            "optimizer": step.optimizer.to_string(),
            "loss": trace.loss,
            "gradients": gradients,
            "rate": trace.rate,
            "updates": trace.updates,
            "memory": memory,
            "before": before,
            "after": after,
            "plain": step.plain(),
        })
    }
}

const fn in_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Loss => "loss",
        Stage::Penalised => "with penalties",
        Stage::Elsewhere => "taken anew elsewhere",
        Stage::ValueClipped => "clipped by value",
        Stage::NormClipped => "clipped by norm",
        Stage::Noisy => "with noise",
    }
}

fn write_rows(out: &mut impl Write, page: Page, rows: &[(String, String)]) -> io::Result<()> {
    let names = column(rows.iter().map(|(name, _)| name.as_str()));
    for (name, text) in rows {
        for line in page.beside(&format!("  {name}"), names + 2, text) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
