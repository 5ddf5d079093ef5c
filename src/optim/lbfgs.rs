//! L-BFGS.

use super::rule::sum;
use super::{Dim, Group, GroupOptimizer, Part, Share, State, lr};
use crate::nn::Real;
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};
use search::Spot;

mod search;

/// Newton's method with a curvature that is told from how the gradient has changed lately.
#[derive(Clone, Copy, Debug)]
pub struct Lbfgs {
    max_iter: usize,
    tolerance_grad: f64,
    tolerance_change: f64,
    history_size: usize,
    strong_wolfe: bool,
}

impl Describe for Lbfgs {
    const CARD: Card = Card {
        key: "lbfgs",
        title: "L-BFGS",
        formula: "D = −H·∇L        H ≈ (∇²L)⁻¹ from the last pairs (s, y), by two loops\n\
                  W ← W + t·D        t from α on, by line search\n\
                  s = t·D,  y = change of ∇L                    max_iter times a step",
        params: &[
            lr(1.0),
            Param {
                key: "max_iter",
                default: DefaultValue::Integer(20),
                range: Range::AtLeast(1.0),
                meaning: "iterations a step, with 5/4 as many passes over the rows at most",
                search: None,
            },
            Param {
                key: "tolerance_grad",
                default: DefaultValue::Number(1e-7),
                range: Range::AtLeast(0.0),
                meaning: "ends a step where no element of the gradient is larger",
                search: None,
            },
            Param {
                key: "tolerance_change",
                default: DefaultValue::Number(1e-9),
                range: Range::AtLeast(0.0),
                meaning: "ends a step where neither loss nor any weight changes by more",
                search: None,
            },
            Param {
                key: "history_size",
                default: DefaultValue::Integer(100),
                range: Range::Closed(1.0, 1000.0),
                meaning: "pairs that are kept: two copies of the network each",
                search: None,
            },
            Param {
                key: "line_search_fn",
                default: DefaultValue::Word("strong_wolfe"),
                range: Range::OneOf(&["strong_wolfe", "none"]),
                meaning: "how far to go: by the strong Wolfe conditions, or by lr alone",
                search: None,
            },
        ],
        usage: "small smooth problems: few steps to many digits",
        caution: Some("one for the whole network, and every step sees all training rows"),
        source: "Liu & Nocedal 1989; Nocedal & Wright 2006",
        differs: Some(
            "as PyTorch from 2.10 on, but with the line search unless line_search_fn=none; a loss that is not finite counts as infinitely high, so the search draws back from it",
        ),
    };
    const TORCH: Option<&'static str> = Some("torch.optim.LBFGS");
    const FAMILY: &'static str = super::family::MATRIX;
    fn build(pick: &Pick) -> Self {
        Self {
            max_iter: pick.number("max_iter") as usize,
            tolerance_grad: pick.number("tolerance_grad"),
            tolerance_change: pick.number("tolerance_change"),
            history_size: pick.number("history_size") as usize,
            strong_wolfe: pick.word("line_search_fn") == "strong_wolfe",
        }
    }
}

// Where the tensors of a state stand. Scalars, RHO and ALPHA belong to the group: the first state's
// are the ones in use.
const GRADIENT: usize = 0;
const DIRECTION: usize = 2;
const START: usize = 3;
/// The pairs, one after another; they grow to `history_size`, then the oldest is overwritten.
const STEPS: usize = 4;
const CHANGES: usize = 5;
/// 1/⟨s, y⟩ of each pair, and what the first of the two loops leaves for the second.
const RHO: usize = 6;
const ALPHA: usize = 7;

/// Scalars: the last step length, ⟨s, y⟩/⟨y, y⟩ of the last pair, iterations, the oldest pair.
const LENGTH: usize = 0;
const SCALE: usize = 1;
const ITERATIONS: usize = 2;
const OLDEST: usize = 3;

impl<F: Real> GroupOptimizer<F> for Lbfgs {
    fn state(&self, dim: Dim) -> State<F> {
        let names = ["gradient", "previous", "direction", "start"];
        let mut state = State::zeros(&names, dim.elements());
        state.tensors.extend([("steps", Vec::new()), ("changes", Vec::new())]);
        state.tensors.extend(["rho", "alpha"].map(|name| (name, vec![F::ZERO; self.history_size])));
        let names = ["length", "scale", "iterations", "oldest"];
        names.into_iter().fold(state, |state, name| state.with_scalar(name, 0.0))
    }

    /// All tensors have as many pairs, whole ones, among which is the oldest; or a tensor has joined,
    /// so that the next step forgets all pairs.
    fn accepts(&self, states: &[State<F>]) -> bool {
        let Some(shared) = states.first() else { return true };
        if states.iter().any(|state| state.step != shared.step) {
            return true;
        }
        let pairs = shared.tensors[STEPS].1.len() / shared.tensors[GRADIENT].1.len().max(1);
        let whole = |state: &State<F>| {
            let len = pairs * state.tensors[GRADIENT].1.len();
            [STEPS, CHANGES].iter().all(|&half| state.tensors[half].1.len() == len)
        };
        let oldest = shared.scalars[OLDEST].1;
        pairs <= self.history_size
            && states.iter().all(whole)
            && oldest >= 0.0
            && (oldest as usize) < pairs.max(1)
    }

    fn share(&self, name: &str, _: Dim) -> Share {
        match name {
            "steps" | "changes" | "rho" | "alpha" => Share::Whole,
            _ => Share::Element,
        }
    }

    fn growth(&self, dim: Dim) -> u64 {
        2_u64.saturating_mul(self.history_size as u64).saturating_mul(dim.elements() as u64)
    }

    fn update(&self, lr: f64, group: &mut dyn Group<F>) {
        keep_gradient(group);
        if steepest(group) <= self.tolerance_grad {
            return;
        }
        let states = group.states();
        let step = states[0].step;
        if states.iter().any(|state| state.step != step) {
            // A tensor has joined, and with it all curvature has changed.
            states[0].scalars[ITERATIONS].1 = 0.0;
            for state in states {
                state.step = step;
            }
        }
        let most = self.max_iter * 5 / 4;
        let (mut loss, mut evaluations) = (group.loss(), 1);
        for iteration in 1..=self.max_iter {
            let first = self.turn(group);
            let length = if first { lr * (1.0 / size(group)).min(1.0) } else { lr };
            group.states()[0].scalars[LENGTH].1 = length;
            let slope = dot(group, GRADIENT, DIRECTION);
            if slope > -self.tolerance_change {
                break;
            }
            group.each(&mut |Part { param, state, .. }| {
                state.tensors[START].1.copy_from_slice(param);
            });
            let (before, mut length) = (loss, length);
            if self.strong_wolfe {
                let start = Spot { at: 0.0, loss, slope };
                let found = search::wolfe(
                    group,
                    start,
                    length,
                    (most - evaluations, self.tolerance_change),
                );
                (loss, length) = (found.spot.loss, found.spot.at);
                evaluations += found.evaluations;
                walk(group, length);
                group.states()[0].scalars[LENGTH].1 = length;
            } else {
                walk(group, length);
                if iteration < self.max_iter {
                    loss = group.reevaluate();
                    keep_gradient(group);
                    evaluations += 1;
                }
            }
            if evaluations >= most
                || steepest(group) <= self.tolerance_grad
                || length * longest(group) <= self.tolerance_change
                || (loss - before).abs() < self.tolerance_change
            {
                break;
            }
        }
    }
}

impl Lbfgs {
    /// Takes in the pair of the last iteration and sets the direction of the next; whether it is
    /// the very first.
    fn turn<F: Real>(&self, group: &mut dyn Group<F>) -> bool {
        let shared = &mut group.states()[0];
        shared.scalars[ITERATIONS].1 += 1.0;
        let first = shared.scalars[ITERATIONS].1 == 1.0;
        if first {
            shared.scalars[SCALE].1 = 1.0;
            shared.scalars[OLDEST].1 = 0.0;
            group.each(&mut |Part { state, .. }| {
                state.tensors[STEPS].1.clear();
                state.tensors[CHANGES].1.clear();
            });
        } else {
            self.learn(group);
        }
        group.each(&mut |Part { state, .. }| {
            let [gradient, previous, direction] = state.tensors_mut::<3>();
            previous.copy_from_slice(gradient);
            for (direction, &gradient) in direction.iter_mut().zip(gradient.iter()) {
                *direction = -gradient;
            }
        });
        let shared = &group.states()[0];
        let scale = F::of(shared.scalars[SCALE].1);
        let oldest = shared.scalars[OLDEST].1 as usize;
        let pairs = shared.tensors[STEPS].1.len() / shared.tensors[GRADIENT].1.len();
        for slot in (0..pairs).rev().map(|i| (oldest + i) % pairs) {
            let alpha = group.states()[0].tensors[RHO].1[slot] * F::of(along(group, STEPS, slot));
            group.states()[0].tensors[ALPHA].1[slot] = alpha;
            lean(group, -alpha, CHANGES, slot);
        }
        group.each(&mut |Part { state, .. }| {
            state.tensors[DIRECTION].1.iter_mut().for_each(|d| *d *= scale);
        });
        for slot in (0..pairs).map(|i| (oldest + i) % pairs) {
            let beta = group.states()[0].tensors[RHO].1[slot] * F::of(along(group, CHANGES, slot));
            let alpha = group.states()[0].tensors[ALPHA].1[slot];
            lean(group, alpha - beta, STEPS, slot);
        }
        first
    }

    /// Keeps the last step and the change of the gradient along it, if the curvature there was
    /// positive.
    fn learn<F: Real>(&self, group: &mut dyn Group<F>) {
        let length = F::of(group.states()[0].scalars[LENGTH].1);
        let (mut curvature, mut squares) = (0.0, 0.0);
        group.each(&mut |Part { state, .. }| {
            let [gradient, previous, direction] = state.tensors_mut::<3>();
            for (i, direction) in direction.iter().enumerate() {
                let change = gradient[i] - previous[i];
                curvature += change.f64() * (*direction * length).f64();
                squares += change.f64() * change.f64();
            }
        });
        if curvature.is_nan() || curvature <= 1e-10 {
            return;
        }
        let shared = &mut group.states()[0];
        let pairs = shared.tensors[STEPS].1.len() / shared.tensors[GRADIENT].1.len();
        let full = pairs == self.history_size;
        let slot = if full { shared.scalars[OLDEST].1 as usize } else { pairs };
        if full {
            shared.scalars[OLDEST].1 = ((slot + 1) % pairs) as f64;
        }
        shared.tensors[RHO].1[slot] = F::of(1.0 / curvature);
        shared.scalars[SCALE].1 = curvature / squares;
        group.each(&mut |Part { state, .. }| {
            let len = state.tensors[GRADIENT].1.len();
            for pairs in [STEPS, CHANGES] {
                let pairs = &mut state.tensors[pairs].1;
                pairs.resize(pairs.len().max((slot + 1) * len), F::ZERO);
            }
            let [gradient, previous, direction, _, steps, changes] = state.tensors_mut::<6>();
            let place = slot * len..(slot + 1) * len;
            for (step, &direction) in steps[place.clone()].iter_mut().zip(direction.iter()) {
                *step = direction * length;
            }
            let gradients = gradient.iter().zip(previous.iter());
            for (change, (&new, &old)) in changes[place].iter_mut().zip(gradients) {
                *change = new - old;
            }
        });
    }
}

/// Remembers the gradient that was last taken.
fn keep_gradient<F: Real>(group: &mut dyn Group<F>) {
    group.each(&mut |Part { grad, state, .. }| state.tensors[GRADIENT].1.copy_from_slice(grad));
}

/// Puts the parameters at `length` times the direction from the start.
fn walk<F: Real>(group: &mut dyn Group<F>, length: f64) {
    let length = F::of(length);
    group.each(&mut |Part { param, state, .. }| {
        let path = state.tensors[START].1.iter().zip(&state.tensors[DIRECTION].1);
        for (param, (&start, &direction)) in param.iter_mut().zip(path) {
            *param = length.mul_add(direction, start);
        }
    });
}

fn product<F: Real>(a: &[F], b: &[F]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.f64() * b.f64()).sum()
}

/// The inner product of two tensors of the states, over the group.
fn dot<F: Real>(group: &mut dyn Group<F>, a: usize, b: usize) -> f64 {
    sum(group, |Part { state, .. }| product(&state.tensors[a].1, &state.tensors[b].1))
}

/// The inner product of the direction and one of the pairs' halves.
fn along<F: Real>(group: &mut dyn Group<F>, half: usize, slot: usize) -> f64 {
    sum(group, |Part { state, .. }| {
        let direction = &state.tensors[DIRECTION].1;
        let len = direction.len();
        product(&state.tensors[half].1[slot * len..(slot + 1) * len], direction)
    })
}

/// Adds `factor` times one of the pairs' halves to the direction.
fn lean<F: Real>(group: &mut dyn Group<F>, factor: F, half: usize, slot: usize) {
    group.each(&mut |Part { state, .. }| {
        let [_, _, direction, _, steps, changes] = state.tensors_mut::<6>();
        let half = if half == STEPS { steps } else { changes };
        let half = &half[slot * direction.len()..];
        for (direction, &half) in direction.iter_mut().zip(half) {
            *direction = factor.mul_add(half, *direction);
        }
    });
}

/// The largest size of an element of a tensor of the states, over the group.
fn largest<F: Real>(group: &mut dyn Group<F>, tensor: usize) -> f64 {
    let mut largest = 0.0_f64;
    group.each(&mut |Part { state, .. }| {
        let sizes = state.tensors[tensor].1.iter().map(|x| x.f64().abs());
        largest = sizes.fold(largest, f64::max);
    });
    largest
}

fn steepest<F: Real>(group: &mut dyn Group<F>) -> f64 {
    largest(group, GRADIENT)
}

fn longest<F: Real>(group: &mut dyn Group<F>) -> f64 {
    largest(group, DIRECTION)
}

/// ‖∇L‖₁.
fn size<F: Real>(group: &mut dyn Group<F>) -> f64 {
    sum(group, |Part { state, .. }| state.tensors[GRADIENT].1.iter().map(|g| g.f64().abs()).sum())
}
