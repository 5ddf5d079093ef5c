//! Weights, network and loss of a script.

use super::NoTwin;
use super::spelling::expression;
use crate::catalog;
use crate::experiment::Experiment;
use crate::train::engine::Parameters;

/// The parts of a script that follow from the network.
#[derive(Debug)]
pub struct Model {
    /// ```python
    /// weight1, bias1 = parameter("layer1.weight"), parameter("layer1.bias")
    ///
    /// def network(x):
    ///     x = F.linear(x, weight1, bias1)
    ///     x = torch.tanh(x)
    ///     return x
    ///
    /// def loss(output, y):
    ///     return F.cross_entropy(output, y)
    /// ```
    pub text: String,
    /// Whether `network` takes `training` as well.
    pub modes: bool,
}

/// The network of `experiment`, which starts from `layers`.
///
/// # Errors
/// The first part that PyTorch does not have.
pub fn write(experiment: &Experiment, layers: &[Parameters]) -> Result<Model, NoTwin> {
    let fuses = catalog::loss(&experiment.train.loss).fuses;
    let (mut weights, mut network) = (String::new(), String::new());
    for (index, (layer, parameters)) in experiment.layers.iter().zip(layers).enumerate() {
        let (number, pick) = (index + 1, &layer.activation);
        if layer.dropout > 0.0 {
            // It has the same distribution, but not the same numbers.
            return Err(NoTwin(format!("the dropout of layer {number}")));
        }
        for name in trained(parameters) {
            weights += &format!("{name}{number} = parameter(\"layer{number}.{name}\")\n");
        }
        for name in kept(parameters) {
            weights += &format!("{name}{number} = tensor(\"layer{number}.{name}\")\n");
        }
        let named = |spelled: String| {
            parameters.vectors().into_iter().fold(spelled, |spelled, (name, values)| {
                let tensor =
                    if values.is_empty() { "None".to_owned() } else { format!("{name}{number}") };
                spelled.replace(&format!("{{{name}}}"), &tensor)
            })
        };
        network += &format!("    x = F.linear(x, weight{number}, bias{number})\n");
        if let Some(norm) = &layer.norm {
            let spelled = expression(norm, &format!("norm of layer {number},"))?;
            network += &format!("    x = {}\n", named(spelled));
        }
        if number == layers.len() && fuses == Some(pick.key()) {
            network += &format!("    # The {} is part of the loss.\n", pick.key());
            continue;
        }
        let spelled = expression(pick, &format!("activation of layer {number},"))?;
        if spelled != "x" {
            network += &format!("    x = {}\n", named(spelled));
        }
    }
    let loss = expression(&experiment.train.loss, "loss")?;
    if experiment.train.loss.key() == "multi_margin"
        && layers.last().is_some_and(|layer| layer.weight.nrows() == 1)
    {
        // There a single output is a single class, and the loss always 0.
        return Err(NoTwin("the loss `multi_margin` of one output".to_owned()));
    }
    let modes = network.contains("training");
    let more = if modes { ", training=False" } else { "" };
    let text = format!(
        "{weights}\n\ndef network(x{more}):\n{network}    return x\n\n\ndef loss(output, y):\n    return {loss}\n"
    );
    Ok(Model { text, modes })
}

/// The tensors of a layer that are trained.
pub fn trained(parameters: &Parameters) -> impl Iterator<Item = &'static str> {
    std::iter::once("weight").chain(vectors(parameters, false))
}

/// Those that are kept for evaluation.
fn kept(parameters: &Parameters) -> impl Iterator<Item = &'static str> {
    vectors(parameters, true)
}

fn vectors(parameters: &Parameters, running: bool) -> impl Iterator<Item = &'static str> {
    let all = parameters.vectors().into_iter();
    all.filter(move |(name, values)| !values.is_empty() && name.starts_with("running") == running)
        .map(|(name, _)| name)
}
