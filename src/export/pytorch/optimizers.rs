//! The optimizers of a script.

use super::NoTwin;
use super::spelling;
use crate::catalog::Kind;
use crate::experiment::Experiment;
use crate::nn::tensor::Role;
use crate::spec::{Pick, Value};
use crate::train::engine::Parameters;

/// Columns of a line of the script, as Python's own formatters have it.
const WIDTH: usize = 88;

/// ```python
/// optimizers = [
///     torch.optim.Adam([weight1, bias1], lr=0.01),
///     torch.optim.SGD([weight2, bias2], lr=0.05, momentum=0.9),
/// ]
/// ```
/// Layers of the same optimizer share one.
pub fn write(experiment: &Experiment, layers: &[Parameters]) -> Result<String, NoTwin> {
    let mut groups: Vec<(Pick, String, Vec<String>)> = Vec::new();
    let mut all = Vec::new();
    for (index, parameters) in layers.iter().enumerate() {
        for parameter in parameters.trained() {
            let tensor = format!("{}{}", parameter.name, index + 1);
            let pick = mover(experiment.optimizer_of(index), parameter.role);
            all.push(tensor.clone());
            if let Some((_, _, tensors)) = groups.iter_mut().find(|(other, ..)| *other == pick) {
                tensors.push(tensor);
            } else {
                let what = format!("optimizer of layer {},", index + 1);
                groups.push((pick, what, vec![tensor]));
            }
        }
    }
    let shared =
        groups.len() == 1 || experiment.train.clip_norm > 0.0 || experiment.train.clip_value > 0.0;
    let parameters = format!("parameters = {}\n", list(&all, 0));
    let mut text = format!("{}optimizers = [\n", if shared { &parameters } else { "" });
    for (pick, what, tensors) in &groups {
        let tensors =
            if tensors.len() == all.len() { "parameters".to_owned() } else { list(tensors, 4) };
        text += &format!("    {},\n", spelling::optimizer(pick, &tensors, what)?);
    }
    Ok(text + "]\n")
}

/// The rule that moves a tensor under `pick`: Muon leaves vectors to AdamW, which PyTorch leaves to
/// its user.
fn mover(pick: &Pick, role: Role) -> Pick {
    if pick.key() == "muon"
        && role != Role::Weight
        && let Ok(mut adamw) = Kind::Optimizer.pick("adamw")
        && ["lr", "weight_decay"]
            .into_iter()
            .all(|key| adamw.set(key, Value::Number(pick.number(key))).is_ok())
    {
        return adamw;
    }
    pick.clone()
}

/// `[a, b, c]`, broken into lines where it is long.
fn list(names: &[String], indent: usize) -> String {
    let line = format!("[{}]", names.join(", "));
    if line.len() + indent + "optimizers = ".len() <= WIDTH {
        return line;
    }
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 4));
    let mut lines = vec![inner.clone()];
    for name in names {
        let last = lines.len() - 1;
        if lines[last].len() + name.len() + 2 > WIDTH {
            lines.push(inner.clone());
        }
        let last = lines.len() - 1;
        let gap = if lines[last] == inner { "" } else { " " };
        lines[last] += &format!("{gap}{name},");
    }
    format!("[\n{}\n{outer}]", lines.join("\n"))
}
