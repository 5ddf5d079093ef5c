//! The parts of a script beside the optimizers: penalties, clipping, and the schedule.

use std::fmt::Write;

use super::NoTwin;
use crate::catalog;
use crate::experiment::Experiment;
use crate::nn::tensor::Role;
use crate::spec::Plain;
use crate::train::engine::Parameters;

/// The lines that go into a script.
#[derive(Debug, Default)]
pub struct Around {
    /// Before the training: `penalty()` and the schedulers.
    pub before: String,
    /// That of which the gradients are taken.
    pub objective: &'static str,
    /// Between the gradients and the optimizers.
    pub clip: String,
    /// After the optimizers.
    pub after: &'static str,
    /// What the schedule multiplies every rate by, step by step; none without a schedule.
    pub factors: Option<Vec<f64>>,
}

/// The script's part of `[schedule]` and `[train]` for a run of `steps` steps.
///
/// # Errors
/// The first of what a script cannot do.
pub fn write(experiment: &Experiment, layers: &[Parameters], steps: u64) -> Result<Around, NoTwin> {
    let train = &experiment.train;
    for (key, value) in [
        ("decoupled_decay", train.decoupled_decay),
        ("gradient_noise", train.gradient_noise),
        ("ema", train.ema),
    ] {
        if value > 0.0 {
            return Err(NoTwin(format!("`{key}`")));
        }
    }
    let mut around = Around { objective: "batch_loss", ..Around::default() };
    if train.l1 > 0.0 || train.l2 > 0.0 {
        let weights = (1..).zip(layers).flat_map(|(number, layer)| {
            let weights = layer.iter().filter(|it| it.role == Role::Weight);
            weights.map(move |it| format!("{}{number}", it.name))
        });
        let weights: Vec<_> = weights.collect();
        around.before = format!(
            "\ndef penalty():\n    weights = [{}]\n    return sum({} * w.abs().sum() + {} * w.square().sum() for w in weights)\n\n",
            weights.join(", "),
            Plain(train.l1),
            Plain(train.l2 / 2.0)
        );
        around.objective = "(batch_loss + penalty())";
    }
    for (call, max) in
        [("clip_grad_value_", train.clip_value), ("clip_grad_norm_", train.clip_norm)]
    {
        if max > 0.0 {
            let max = Plain(max);
            let _ = writeln!(around.clip, "    torch.nn.utils.{call}(parameters, {max})");
        }
    }
    let schedule = &experiment.schedule;
    if catalog::schedule(schedule).watches_loss {
        // It goes by losses that the script itself finds.
        return Err(NoTwin(format!("the schedule `{}`", schedule.key())));
    }
    if schedule.key() != "none" {
        around.before += SCHEDULERS;
        around.after = STEP;
        // Lengths are shares of the steps that the script takes.
        let mut it = experiment.clone();
        it.train.steps = steps;
        let scheduler = it.scheduler();
        around.factors = Some((0..=steps).map(|step| scheduler.factor(step)).collect());
    }
    Ok(around)
}

const SCHEDULERS: &str = r#"
# What the schedule makes of every rate, step by step.
factors = arrays["rate_factors"].tolist()
schedulers = [
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: factors[step])
    for optimizer in optimizers
]

"#;

const STEP: &str = "    for scheduler in schedulers:\n        scheduler.step()\n";
