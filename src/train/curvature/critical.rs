//! Critical sharpness: how far a run can go along an update before the loss rises, by forward passes
//! (arXiv 2601.16979). It asks for no theory of the rule that made the update.

use super::Objective;
use super::lanczos::dot;

/// Doublings or halvings of the update that are tried.
const REACH: i32 = 40;
/// Relative width to which the place is narrowed down.
const WIDTH: f64 = 1e-3;

/// Where the loss along an update is back at its start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Critical {
    /// Beyond so many times the update it rises.
    At(f64),
    /// It rises from the start, however short the update is made.
    Rises,
    /// It has not risen as far as was looked.
    Beyond,
    /// The loss or the update is not finite, or there is no update.
    Unknown,
}

/// How often `update` can be made longer until the loss rises above that at `at`. The length is
/// doubled while the loss is not above, or halved while it is, and then narrowed down: where the
/// loss rises, falls and rises again, it is one of the places.
pub fn critical_factor(objective: &mut Objective, at: &[f64], update: &[f64]) -> Critical {
    let mut gradient = Vec::new();
    let start = objective.gradient(at, &mut gradient);
    let still = update.iter().all(|&x| x == 0.0);
    if still || !start.is_finite() || !update.iter().all(|x| x.is_finite()) {
        return Critical::Unknown;
    }
    // Values tell this only down to their rounding.
    if dot(&gradient, update) > 0.0 {
        return Critical::Rises;
    }
    let mut rises = |factor: f64| {
        let there: Vec<f64> =
            at.iter().zip(update).map(|(x, step)| factor.mul_add(*step, *x)).collect();
        let value = objective.value(&there);
        value > start || value.is_nan()
    };
    let first = rises(1.0);
    let scale = if first { 0.5 } else { 2.0 };
    let mut factor = 1.0;
    for _ in 0..REACH {
        let next = factor * scale;
        if rises(next) != first {
            let (mut below, mut above) = if first { (next, factor) } else { (factor, next) };
            while above - below > WIDTH * above {
                let middle = f64::midpoint(below, above);
                if rises(middle) { above = middle } else { below = middle }
            }
            return Critical::At(f64::midpoint(below, above));
        }
        factor = next;
    }
    if first { Critical::Rises } else { Critical::Beyond }
}
