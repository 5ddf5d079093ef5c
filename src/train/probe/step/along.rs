//! The loss of a batch along one of the parameters.

use crate::nn::Layer;
use crate::train::engine::trace::{Element, Trace};
use crate::train::engine::{Engine, Parameters};

/// Multiply-adds that a drawing may take.
const BUDGET: usize = 1 << 23;
/// The most points of a drawing, and the least that show a form.
const POINTS: (usize, usize) = (41, 9);

/// The loss of the batch of a step along one parameter, all others being as they are before the step,
/// by the same dropout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Along {
    /// Values of the parameter, ascending, and the loss there; empty where the batch is too large for
    /// so many passes, or the parameter not finite.
    pub points: Vec<(f64, f64)>,
    /// The loss where the parameter is before the step, where the step takes it alone, and where plain
    /// gradient descent would have taken it.
    pub losses: Option<[f64; 3]>,
}

/// Where W ← W − α·∇L takes the parameter, by the gradient and the rate of its optimizer.
pub(super) fn plain(trace: &Trace) -> f64 {
    f64::from((-trace.rate as f32).mul_add(trace.gradient(), trace.values.0))
}

impl Along {
    /// The loss along `element` after a traced step of `engine` from the parameters `before`.
    pub(super) fn new(
        engine: &mut Engine,
        element: Element,
        before: &[Parameters],
        trace: &Trace,
        close: bool,
    ) -> Self {
        let (from, to) = trace.values;
        let marks = [from, to, plain(trace) as f32];
        if !from.is_finite() {
            return Self::default();
        }
        let most = affordable(engine);
        if most < POINTS.1 {
            return Self::default();
        }
        let count = most.min(POINTS.0);
        let half = half_width(before, element, marks, close);
        let place = |i: usize| 2.0 * i as f64 / (count - 1) as f64 - 1.0;
        let values = (0..count).map(|i| half.mul_add(place(i), f64::from(from)) as f32);
        let mut values: Vec<f32> = values.chain(marks).filter(|it| it.is_finite()).collect();
        values.sort_by(f32::total_cmp);
        values.dedup();
        let losses = engine.losses_along(element, &values, before);
        let loss_at = |value: f32| {
            let place = values.iter().position(|it| *it == value);
            place.map_or(f64::NAN, |place| losses[place])
        };
        let known = losses.len() == values.len();
        let low = f64::from(from) - half * 1.001;
        let high = f64::from(from) + half * 1.001;
        Self {
            losses: known.then(|| marks.map(loss_at)),
            points: values
                .iter()
                .map(|&it| f64::from(it))
                .zip(losses)
                .filter(|(value, _)| (low..=high).contains(value))
                .collect(),
        }
    }
}

/// Forward passes of the batch that the budget has room for.
fn affordable(engine: &Engine) -> usize {
    let weights = engine.network().layers().iter().flat_map(Layer::weights);
    let weights: usize = weights.map(|tensor| tensor.value.len()).sum();
    let pass = weights * engine.next_rows().len();
    // The least that shows a form may take some times as much.
    let fits = BUDGET / pass.max(1);
    if fits < POINTS.1 && pass <= BUDGET * 2 { POINTS.1 } else { fits }
}

/// How far to either side of the parameter the loss is drawn: over the step some times, or as far as
/// weights of its tensor lie from 0.
fn half_width(before: &[Parameters], element: Element, marks: [f32; 3], close: bool) -> f64 {
    let [from, to, plain] = marks.map(f64::from);
    let finite = |x: f64| if x.is_finite() { x.abs() } else { 0.0 };
    let (step, other) = (finite(to - from), finite(plain - from));
    let tensor = before.get(element.layer).and_then(|layer| layer.get(element.tensor));
    let squares = |values: &ndarray::Array2<f32>| {
        let sum: f64 = values.iter().map(|&x| finite(f64::from(x)).powi(2)).sum();
        (sum / values.len().max(1) as f64).sqrt()
    };
    let scale = tensor.map_or(0.0, squares).max(from.abs());
    let least = if scale > 0.0 { scale } else { 1.0 };
    let wide = (step.max(other) * 1.5).min(least * 8.0).max(step * 1.5);
    match (close, step > 0.0) {
        (true, true) => step * 2.0,
        (true, false) if other > 0.0 => other * 2.0,
        (true, false) => least * 1e-3,
        (false, _) => wide.max(least),
    }
}
