//! Weights, network and loss of a script.

use super::spelling::{expression, fill_slots};
use super::{NoTwin, recurrent};
use crate::catalog;
use crate::experiment::Experiment;
use crate::nn::tensor::Role;
use crate::train::engine::{Parameter, Parameters};

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
    let fuses = catalog::loss(&experiment.train.loss).fuses();
    let (mut weights, mut network) = (String::new(), String::new());
    let mut modules = String::new();
    for (index, (layer, parameters)) in experiment.layers.iter().zip(layers).enumerate() {
        let (number, pick) = (index + 1, &layer.activation);
        if layer.dropout > 0.0 {
            // It has the same distribution, but not the same numbers.
            return Err(NoTwin(format!("the dropout of layer {number}")));
        }
        for Parameter { name, role, .. } in parameters {
            let call = if *role == Role::Buffer { "tensor" } else { "parameter" };
            weights += &format!("{name}{number} = {call}(\"layer{number}.{name}\")\n");
        }
        let named = |spelled: String| {
            let spelled = parameters.iter().fold(spelled, |spelled, Parameter { name, .. }| {
                spelled.replace(&format!("{{{name}}}"), &format!("{name}{number}"))
            });
            // A slot that is left is of a tensor that this layer does not have.
            fill_slots(&spelled, "None")
        };
        if layer.is_recurrent() {
            let module = recurrent::write(layer, number, experiment.inputs_of(index))?;
            modules += &module.definition;
            network += &module.call;
        } else {
            network += &format!("    x = F.linear(x, weight{number}, bias{number})\n");
        }
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
    if experiment.train.loss.key() == "multi_margin" && experiment.outputs() == 1 {
        // There a single output is a single class, and the loss always 0.
        return Err(NoTwin("the loss `multi_margin` of one output".to_owned()));
    }
    let modes = network.contains("training");
    let more = if modes { ", training=False" } else { "" };
    let text = format!(
        "{weights}{modules}\n\ndef network(x{more}):\n{network}    return x\n\n\ndef loss(output, y):\n    return {loss}\n"
    );
    Ok(Model { text, modes })
}
