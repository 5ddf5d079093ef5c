//! The line search of L-BFGS, step by step as PyTorch has it (after Schmidt's minFunc).

use super::super::rule::sum;
use super::{DIRECTION, Group, Part, keep_gradient, longest, walk};
use crate::nn::Real;

/// How much of the promised descent is enough.
const ARMIJO: f64 = 1e-4;
/// How much of the slope may be left.
const CURVATURE: f64 = 0.9;

/// A point on the line.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// How far from the start, in directions.
    pub at: f64,
    /// The loss there.
    pub loss: f64,
    /// The slope along the direction there.
    pub slope: f64,
}

/// What a search ends with. The gradient of its spot is then the one that is kept.
#[derive(Debug)]
pub struct Found {
    /// The best point.
    pub spot: Spot,
    /// Passes that it took.
    pub evaluations: usize,
}

/// Goes to `at` and looks.
fn look<F: Real>(group: &mut dyn Group<F>, at: f64) -> Spot {
    walk(group, at);
    let loss = group.reevaluate();
    let slope = sum(group, |Part { grad, state, .. }| {
        let direction = &state.tensors[DIRECTION].1;
        grad.iter().zip(direction).map(|(g, d)| g.f64() * d.f64()).sum()
    });
    let loss = if loss.is_finite() { loss } else { f64::INFINITY };
    Spot { at, loss, slope }
}

/// Searches for a point where the strong Wolfe conditions hold, from `length` on, with at most
/// `most` trials after the first. The gradient at the start is the one that is kept.
pub fn wolfe<F: Real>(
    group: &mut dyn Group<F>,
    start: Spot,
    length: f64,
    (most, tolerance): (usize, f64),
) -> Found {
    let too_high = |new: &Spot| new.loss > start.loss + ARMIJO * new.at * start.slope;
    let flat = |new: &Spot| new.slope.abs() <= -CURVATURE * start.slope;

    let mut new = look(group, length);
    let mut last = start;
    let mut trials = 0;
    // The gradient that is kept is that of `last`, until a bracket is found.
    let mut bracket = loop {
        if trials == most {
            return worst_case(group, start, new, trials + 1);
        }
        if too_high(&new) || trials > 1 && new.loss >= last.loss {
            break [last, new];
        }
        if flat(&new) {
            keep_gradient(group);
            return Found { spot: new, evaluations: trials + 1 };
        }
        if new.slope >= 0.0 {
            break [last, new];
        }
        let bounds = (0.01_f64.mul_add(new.at - last.at, new.at), new.at * 10.0);
        let at = cubic(last, new, bounds);
        last = new;
        keep_gradient(group);
        new = look(group, at);
        trials += 1;
    };

    // From here on it is that of the lower end.
    let reach = longest(group);
    let lower = |bracket: &[Spot; 2]| usize::from(bracket[0].loss > bracket[1].loss);
    let mut low = lower(&bracket);
    if low == 1 {
        keep_gradient(group);
    }
    let (mut done, mut stuck) = (false, false);
    while !done && trials < most {
        let [a, b] = bracket;
        if (b.at - a.at).abs() * reach < tolerance {
            break;
        }
        let (near, far) = (a.at.min(b.at), a.at.max(b.at));
        let mut at = cubic(a, b, (near, far));
        let margin = 0.1 * (far - near);
        let at_an_end = (far - at).min(at - near) < margin;
        if at_an_end && (stuck || at >= far || at <= near) {
            at = if (at - far).abs() < (at - near).abs() { far - margin } else { near + margin };
            stuck = false;
        } else {
            stuck = at_an_end;
        }
        let new = look(group, at);
        trials += 1;
        let high = 1 - low;
        if too_high(&new) || new.loss >= bracket[low].loss {
            bracket[high] = new;
            low = lower(&bracket);
            if low == high {
                keep_gradient(group);
            }
        } else {
            done = flat(&new);
            if !done && new.slope * (bracket[high].at - bracket[low].at) >= 0.0 {
                bracket[high] = bracket[low];
            }
            bracket[low] = new;
            keep_gradient(group);
        }
    }
    Found { spot: bracket[low], evaluations: trials + 1 }
}

/// Out of trials without a bracket: the last point, if it is lower than the start.
fn worst_case<F: Real>(
    group: &mut dyn Group<F>,
    start: Spot,
    new: Spot,
    evaluations: usize,
) -> Found {
    if new.loss < start.loss {
        keep_gradient(group);
        return Found { spot: new, evaluations };
    }
    group.each(&mut |Part { state, .. }| {
        let [gradient, previous] = state.tensors_mut::<2>();
        gradient.copy_from_slice(previous);
    });
    Found { spot: start, evaluations }
}

/// Where the cubic through two points and their slopes is lowest, within bounds; half-way between
/// these if it has no such place.
fn cubic(a: Spot, b: Spot, (low, high): (f64, f64)) -> f64 {
    let (a, b) = if a.at <= b.at { (a, b) } else { (b, a) };
    let middle = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.at - b.at);
    let square = middle * middle - a.slope * b.slope;
    let root = square.sqrt();
    let share = (b.slope + root - middle) / (b.slope - a.slope + 2.0 * root);
    let lowest = b.at - (b.at - a.at) * share;
    if lowest.is_finite() { lowest.max(low).min(high) } else { f64::midpoint(low, high) }
}
