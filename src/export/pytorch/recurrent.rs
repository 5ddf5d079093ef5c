//! Recurrent layers of a script.

use super::NoTwin;
use crate::catalog;
use crate::data::Extent;
use crate::experiment::LayerSpec;
use crate::spec::Value;

/// A layer of PyTorch that is called with the script's own parameters.
#[derive(Debug)]
pub struct Module {
    /// ```python
    /// recurrent1 = torch.nn.LSTM(2, 32, batch_first=True)
    /// ```
    pub definition: String,
    /// ```python
    ///     x = torch.func.functional_call(
    ///         recurrent1,
    ///         {"weight_ih_l0": weight_ih1, …},
    ///         x.reshape(len(x), 50, 2),
    ///     )[0][:, -1]
    /// ```
    pub call: String,
}

/// The tensors, which PyTorch names as those of its first layer.
const TENSORS: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

/// The recurrent layer of this number on these inputs.
///
/// # Errors
/// If PyTorch has none such.
pub fn write(layer: &LayerSpec, number: usize, inputs: Extent) -> Result<Module, NoTwin> {
    let pick = &layer.kind;
    let Some(class) = catalog::torch(pick) else {
        return Err(NoTwin(format!("layer {number}, `{}`", pick.key())));
    };
    if pick.number("bptt") > 0.0 {
        // There gradients go back as far as the sequence does.
        return Err(NoTwin(format!("the truncation (`bptt`) of layer {number}")));
    }
    let Extent { steps, features } = inputs;
    let nonlinearity = pick.params().find(|(param, _)| param.key == "nonlinearity");
    let nonlinearity = match nonlinearity {
        Some((_, Value::Word(word))) => format!("nonlinearity=\"{word}\", "),
        _ => String::new(),
    };
    let units = layer.units;
    let definition = format!(
        "recurrent{number} = {class}({features}, {units}, {nonlinearity}batch_first=True)\n"
    );
    let tensors = TENSORS.map(|name| format!("            \"{name}_l0\": {name}{number},\n"));
    let handed_on = if layer.returns_sequences() { "[0].flatten(1)" } else { "[0][:, -1]" };
    let call = format!(
        "    x = torch.func.functional_call(\n        recurrent{number},\n        {{\n{}        }},\n        x.reshape(len(x), {steps}, {features}),\n    ){handed_on}\n",
        tensors.concat()
    );
    Ok(Module { definition, call })
}
