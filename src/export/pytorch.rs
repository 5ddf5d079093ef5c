//! An experiment as a PyTorch script, so that anyone can check its numbers against another program:
//! the same data, initial weights and batches, and the losses of every step.

use std::sync::Arc;

use crate::catalog;
use crate::experiment::Experiment;
use crate::text::{docstring, shell_word};
use crate::train::{Engine, Problem};

mod around;
mod arrays;
mod model;
mod optimizers;
mod recurrent;
pub mod spelling;

/// Steps that a script takes if nothing else is asked for and the budget is not smaller.
pub const STEPS: u64 = 1000;

/// A script and the arrays that it reads.
#[derive(Debug)]
pub struct Export {
    /// The script; it looks for the arrays under its own name, with `.npz` for `.py`.
    pub script: String,
    /// Data, initial weights and batches, as numpy reads them.
    pub arrays: Vec<u8>,
}

/// A part that PyTorch does not have.
#[derive(Debug, thiserror::Error)]
#[error("PyTorch has no twin of {0}")]
pub struct NoTwin(String);

/// Writes `experiment` as a script of `steps` steps; `name` is how it is typed.
///
/// # Errors
/// The first part that PyTorch does not have.
pub fn export(
    experiment: &Experiment,
    problem: &Arc<Problem>,
    (name, steps): (&str, u64),
) -> Result<Export, NoTwin> {
    let engine = Engine::new(experiment, Arc::clone(problem));
    let layers = engine.parameters();
    let model = model::write(experiment, &layers)?;
    let optimizers = optimizers::write(experiment, &layers)?;
    let around = around::write(experiment, &layers, steps)?;
    let pick = experiment.optimizer_of(0);
    let searches = catalog::optimizer(pick).needs_full_batch;
    if searches && model.modes {
        // There every look along the line moves the running statistics.
        return Err(NoTwin(format!("running statistics under `{}`", pick.key())));
    }
    if model.modes && takes_one_row(experiment, problem.train.len(), steps) {
        return Err(NoTwin("running statistics of a batch of one row".to_owned()));
    }
    let title = if experiment.title.is_empty() { name } else { experiment.title.raw() };
    let mode = if model.modes { ", training=True" } else { "" };
    let step = fill(
        if searches { SEARCH } else { STEP },
        &[("mode", mode), ("objective", around.objective), ("clip", &around.clip)],
    );
    let script = fill(
        TEMPLATE,
        &[
            ("title", &docstring(title)),
            ("steps", &steps.to_string()),
            ("name", &docstring(&shell_word(name))),
            ("model", &model.text),
            ("optimizers", &optimizers),
            ("before", &around.before),
            ("step", &step),
            ("after", around.after),
        ],
    );
    let factors = around.factors.as_deref();
    let arrays = arrays::write(experiment, problem, &layers, (steps, factors));
    Ok(Export { script, arrays })
}

/// Whether one of the first `steps` batches out of `rows` has one row only.
fn takes_one_row(experiment: &Experiment, rows: usize, steps: u64) -> bool {
    let size = experiment.train.batch_size.clamp(1, rows.max(1));
    let last = if rows.is_multiple_of(size) { size } else { rows % size };
    last == 1 && steps >= rows.div_ceil(size) as u64 || size == 1 && steps > 0
}

/// `template` with a text for every `{slot}`. Braces in the texts are no slots.
fn fill(template: &str, slots: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let slot = slots
            .iter()
            .find_map(|(slot, text)| Some((*text, after.strip_prefix(slot)?.strip_prefix('}')?)));
        let (text, after) = slot.unwrap_or(("{", after));
        filled = filled + before + text;
        rest = after;
    }
    filled + rest
}

const TEMPLATE: &str = r#""""{title}, trained by PyTorch.

Data, initial weights and batches are in the .npz beside this script, as gradlab
has them. It prints a line of JSON for each step: the loss of the batch before
the update, and the mean losses over all training and all test rows after it.
The last two are what this prints as well, up to rounding:

    gradlab run {name} --steps {steps} --set train.eval_every=1 --format json
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

arrays = np.load(Path(__file__).with_suffix(".npz"))


def tensor(name):
    return torch.from_numpy(arrays[name])


def parameter(name):
    return tensor(name).requires_grad_()


x_train, y_train = tensor("x_train"), tensor("y_train")
x_test, y_test = tensor("x_test"), tensor("y_test")
batches = torch.split(tensor("batch_rows"), tensor("batch_sizes").tolist())

{model}

{optimizers}
{before}
def report(step, **more):
    with torch.no_grad():
        train_loss = loss(network(x_train), y_train).item()
        test_loss = loss(network(x_test), y_test).item()
    line = {"step": step, **more, "train_loss": train_loss, "test_loss": test_loss}
    print(json.dumps(line))


report(0)
for step, rows in enumerate(batches, 1):
{step}{after}    report(step, batch_loss=batch_loss.item())
"#;

const STEP: &str = "    for optimizer in optimizers:
        optimizer.zero_grad()
    batch_loss = loss(network(x_train[rows]{mode}), y_train[rows])
    {objective}.backward()
{clip}    for optimizer in optimizers:
        optimizer.step()
";

/// An optimizer that searches along a line takes loss and gradients itself.
const SEARCH: &str = "    def closure():
        optimizers[0].zero_grad()
        batch_loss = loss(network(x_train[rows]), y_train[rows])
        objective = {objective}
        objective.backward()
        return objective

    with torch.no_grad():
        batch_loss = loss(network(x_train[rows]), y_train[rows])
    optimizers[0].step(closure)
";
