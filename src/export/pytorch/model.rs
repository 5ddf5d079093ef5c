//! Weights, network and loss of a script.

use super::NoTwin;
use super::spelling::expression;
use crate::catalog;
use crate::experiment::Experiment;
use crate::train::engine::Parameters;

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
pub fn write(experiment: &Experiment, layers: &[Parameters]) -> Result<String, NoTwin> {
    let fuses = catalog::loss(&experiment.train.loss).fuses;
    let (mut weights, mut network) = (String::new(), String::new());
    for (index, (layer, parameters)) in experiment.layers.iter().zip(layers).enumerate() {
        let (number, pick) = (index + 1, &layer.activation);
        for name in names(parameters) {
            weights += &format!("{name}{number} = parameter(\"layer{number}.{name}\")\n");
        }
        network += &format!("    x = F.linear(x, weight{number}, bias{number})\n");
        if number == layers.len() && fuses == Some(pick.key()) {
            network += &format!("    # The {} is part of the loss.\n", pick.key());
            continue;
        }
        let spelled = expression(pick, &format!("activation of layer {number},"))?;
        if spelled != "x" {
            network +=
                &format!("    x = {}\n", spelled.replace("{theta}", &format!("theta{number}")));
        }
    }
    let loss = expression(&experiment.train.loss, "loss")?;
    Ok(format!(
        "{weights}\n\ndef network(x):\n{network}    return x\n\n\ndef loss(output, y):\n    return {loss}\n"
    ))
}

/// The tensors of a layer.
pub fn names(parameters: &Parameters) -> impl Iterator<Item = &'static str> {
    let theta = (!parameters.theta.is_empty()).then_some("theta");
    ["weight", "bias"].into_iter().chain(theta)
}
