//! Checks that loss, output layer and targets go together.

use super::{Issue, issue};
use crate::catalog;
use crate::data::{Dataset, Scaling, Target, TargetScale, Task};
use crate::experiment::Experiment;
use crate::nn::activation::curve;
use crate::nn::loss::{self, Link};
use crate::spec::{Pick, Plain};

/// The loss is defined for what there is to predict.
pub(super) fn loss(experiment: &Experiment) -> Result<(), Issue> {
    let pick = &experiment.train.loss;
    let entry = catalog::loss(pick);
    let key = pick.key();
    if let Task::Values(_) = experiment.data.task() {
        if !entry.targets.has_values() {
            let data = experiment.data.label();
            let message = format!("`{key}` is for classes, but `{data}` has values to predict");
            return Err(issue("train.loss", message, format!("use {}", any_values())));
        }
        return domain(experiment);
    }
    if entry.fuses() == Some("softmax") && experiment.outputs() == 1 {
        let message = format!("`{key}` of a single output is always 0: there is nothing to learn");
        return Err(issue("train.loss", message, "use bce, or 2 outputs, one for each class"));
    }
    Ok(())
}

/// The losses that any real values will do for.
fn any_values() -> String {
    let real = loss::TABLE.iter().filter(|entry| entry.targets == loss::Targets::Real);
    real.map(|entry| entry.card.key).collect::<Vec<_>>().join(" or ")
}

/// Every value to predict is one that the loss is defined for.
fn domain(experiment: &Experiment) -> Result<(), Issue> {
    let pick = &experiment.train.loss;
    let targets = catalog::loss(pick).targets;
    if targets == loss::Targets::Real {
        return Ok(());
    }
    // A file that has gone is told of where it is read.
    let Some(data) = load(experiment) else { return Ok(()) };
    let Target::Values { values, names, .. } = &data.target else { return Ok(()) };
    let Some(((row, column), value)) = values.indexed_iter().find(|(_, y)| !targets.admit(**y))
    else {
        return Ok(());
    };
    let message = format!(
        "`{}` takes targets {}, but in {} of `{}` `{}` is {}",
        pick.key(),
        targets.words(),
        data.place(row),
        experiment.data.label(),
        names[column],
        Plain(*value)
    );
    Err(issue("train.loss", message, format!("use {}", any_values())))
}

fn load(experiment: &Experiment) -> Option<std::sync::Arc<Dataset>> {
    experiment.data.load(experiment.data_seed()).ok()
}

/// Parts that can be trained together, but where some targets cannot be reached or learning is slow.
pub(in crate::experiment) fn unusual(experiment: &Experiment) -> Option<Issue> {
    let output = &experiment.layers.last()?.activation;
    let place = format!("layers.{}.activation", experiment.layers.len());
    let (key, loss) = (output.key(), experiment.train.loss.key());
    let entry = catalog::loss(&experiment.train.loss);
    let classes = matches!(experiment.data.task(), Task::Classes(_));
    if let Some(fused) = entry.fuses() {
        if key == fused || key == "identity" {
            return None;
        }
        let message = format!(
            "`{key}` before `{loss}` is unusual: that loss takes logits and applies {fused} itself"
        );
        return Some(issue(place, message, format!("use {fused} (fused into it) or identity")));
    }
    if entry.link == Link::Exp && key != "identity" {
        let message = format!(
            "`{key}` before `{loss}` is unusual: that loss takes the logarithm of the expected \
             value and applies exp itself"
        );
        return Some(issue(place, message, "use identity"));
    }
    if entry.link == Link::Exp && classes {
        let message = format!("`{loss}` is for counts; class labels are counts of 0 and 1 to it");
        let help = if experiment.outputs() == 1 { "use bce" } else { "use cross_entropy" };
        return Some(issue("train.loss", message, help));
    }
    if key == "softmax" && experiment.outputs() == 1 {
        let message = "`softmax` over a single unit is always 1: there is nothing to learn";
        return Some(issue(place, message, "use identity or sigmoid"));
    }
    let (message, help) = match experiment.data.task() {
        Task::Values(_) => (out_of_reach(output, experiment)?, "use identity"),
        Task::Classes(_) if entry.link == Link::Margin && experiment.outputs() == 1 => {
            let (low, high) = reach(output, 1)?;
            let message = format!(
                "`{key}` at the output gives {}, but `{loss}` wants class 0 below 0 and class 1 above",
                interval(low, high)
            );
            (Some(message).filter(|_| low >= 0.0 || high <= 0.0)?, "use identity")
        }
        Task::Classes(_) => return None,
    };
    Some(issue(place, message, help))
}

/// The targets that the output activation cannot reach, in words.
fn out_of_reach(output: &Pick, experiment: &Experiment) -> Option<String> {
    let (low, high) = reach(output, experiment.outputs())?;
    let data = load(experiment)?;
    let Target::Values { values, scaling, .. } = &data.target else { return None };
    let standardised = experiment.target_scale() == TargetScale::Standardised;
    let (mut least, mut most, mut scaled) = (f64::INFINITY, f64::NEG_INFINITY, false);
    for (column, scaling) in values.columns().into_iter().zip(scaling) {
        let column = column.to_vec();
        let pending = standardised && *scaling == Scaling::Pending;
        let rule = if pending { Scaling::standardising(&column) } else { Scaling::AsIs };
        scaled |= pending;
        for y in column.into_iter().map(|y| f64::from(rule.apply(y))) {
            (least, most) = (least.min(y), most.max(y));
        }
    }
    if low <= least && most <= high {
        return None;
    }
    let round = |x: f64| Plain(format!("{x:.1e}").parse().unwrap_or(x));
    Some(format!(
        "`{}` at the output cannot reach every value of the target: it gives {}, but the \
         target{} goes from {} to {}",
        output.key(),
        interval(low, high),
        if scaled { ", standardised," } else { "" },
        round(least),
        round(most)
    ))
}

/// A limit beyond which an activation is taken to go on for ever.
const FAR: f64 = 1e3;

/// The least and the greatest value that an activation gives as one of so many outputs; none if it
/// gives all, or if it is gated, so that another unit can lift any limit.
fn reach(pick: &Pick, outputs: usize) -> Option<(f64, f64)> {
    let entry = catalog::activation(pick);
    if entry.pairs {
        return None;
    }
    let sizes = (0..400).map(|i| libm::exp10(f64::from(i) / 40.0 - 4.0));
    let inputs: Vec<f64> = std::iter::once(0.0).chain(sizes.flat_map(|x| [-x, x])).collect();
    let (y, _) = curve(&*entry.build::<f64>(pick), &inputs, outputs.saturating_sub(1));
    let finite = y.into_iter().filter(|y| y.is_finite());
    let bounds = |(low, high): (f64, f64), y: f64| (low.min(y), high.max(y));
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), bounds);
    let low = if low < -FAR { f64::NEG_INFINITY } else { low };
    let high = if high > FAR { f64::INFINITY } else { high };
    (low > f64::NEG_INFINITY || high < f64::INFINITY).then_some((low, high))
}

/// The numbers between two limits, in words.
fn interval(low: f64, high: f64) -> String {
    let round = |x: f64| Plain(format!("{x:.1e}").parse::<f64>().unwrap_or(x) + 0.0);
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{} to {}", round(low), round(high)),
        (true, false) => format!("{} or more", round(low)),
        _ => format!("{} or less", round(high)),
    }
}
