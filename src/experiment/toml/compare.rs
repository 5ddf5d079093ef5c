//! Writes the table `[compare]`.

use super::write::{line, quoted};
use crate::experiment::CompareSpec;
use crate::spec::Pick;

/// Adds the table to a file; what is at its default is left out.
pub(super) fn write(text: &mut String, spec: &CompareSpec) {
    let plain = CompareSpec::default();
    *text += "\n[compare]\n";
    for (key, picks) in [("optimizers", &spec.optimizers), ("activations", &spec.activations)] {
        if !picks.is_empty() {
            line(text, key, list(picks.iter().map(Pick::to_string)));
        }
    }
    if spec.rates != plain.rates {
        line(text, "rates", quoted(&spec.rates.to_string()));
    }
    if spec.seeds != plain.seeds {
        line(text, "seeds", spec.seeds);
    }
    if spec.tuning_seeds != plain.tuning_seeds {
        line(text, "tuning_seeds", spec.tuning_seeds);
    }
    if let Some(steps) = spec.steps {
        line(text, "steps", steps);
    }
    if let Some(target) = spec.target {
        line(text, "target", quoted(&target.to_string()));
    }
    for arm in &spec.arms {
        *text += "\n[[compare.arms]]\n";
        line(text, "name", quoted(&arm.name));
        line(text, "set", list(arm.set.iter().cloned()));
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.map(|item| quoted(&item)).collect::<Vec<_>>().join(", "))
}
