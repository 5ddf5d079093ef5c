//! The curvature of the loss: eigenvalues and trace of its Hessian, and how near the optimizers are
//! to the end of what they can take.

use crate::machine;
use crate::rng::{self, Purpose};
use lanczos::{Lanczos, Ritz};

pub use super::objective::Objective;
pub use critical::{Critical, critical_factor};
pub(super) use lanczos::dot;
pub use leading::{Eigenpair, Leading};
pub use look::{Look, Measured, Sighting, Threshold};
pub use present::{Present, Scope};
pub use stability::Preconditioner;

mod critical;
mod lanczos;
mod leading;
mod look;
mod present;
mod stability;
mod tridiagonal;

/// Up to so many trained numbers the whole Hessian is worked out, row after row: then the trace is
/// exact, and eigenvalues that occur twice are found twice.
const DENSE: usize = 512;
/// Products that an eigenvalue may take beyond that, and those that it takes however little memory
/// there is.
const PRODUCTS: usize = 300;
const FEWEST: u64 = 20;
/// The share of the memory that this process may take that is left to the vectors of a basis: one in
/// so many.
const BASIS: u64 = 4;
/// Relative error at which an eigenvalue is known well enough.
const TOLERANCE: f64 = 1e-4;
/// The size of an eigenvalue, as a share of the largest, below which it counts as one near zero: it is
/// known as well as one of this size.
const NEAR_ZERO: f64 = 1e-3;
/// Random directions of an estimated trace (Hutchinson 1990).
const PROBES: usize = 64;

/// The curvature at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Curvature {
    /// The loss.
    pub value: f64,
    /// ‖∇L‖.
    pub gradient_norm: f64,
    /// The largest eigenvalues of the Hessian, largest first: three, or fewer if there are not as many.
    pub largest: Vec<f64>,
    /// The smallest eigenvalue.
    pub smallest: f64,
    /// The sum of all eigenvalues.
    pub trace: Trace,
    /// Whether all of these eigenvalues are known to 1e-3 of themselves; those near zero, to 1e-6 of the
    /// largest.
    pub converged: bool,
    /// Products with the Hessian that were worked out.
    pub products: usize,
}

impl Curvature {
    /// Products that [`measure`] works out at most for so many trained numbers, with those of one more
    /// eigenvalue.
    #[must_use]
    pub const fn most_products(count: usize) -> usize {
        if count <= DENSE { 2 * count } else { 2 * PRODUCTS + PROBES }
    }
}

/// The trace of a Hessian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trace {
    /// Its value, or an estimate.
    pub value: f64,
    /// The standard error of an estimate; none if it is exact.
    pub standard_error: Option<f64>,
}

impl Trace {
    /// Random directions of an estimate.
    pub const PROBES: usize = PROBES;
}

/// The curvature of `objective` at `at`. Where the loss is not finite, neither are the others.
pub fn measure(objective: &mut Objective, at: &[f64], seed: u64) -> Curvature {
    let mut gradient = Vec::new();
    let value = objective.gradient(at, &mut gradient);
    let gradient_norm = dot(&gradient, &gradient).sqrt();
    let count = objective.len();
    let (ritz, trace, products) = if count <= DENSE {
        let rows: Vec<Vec<f64>> =
            (0..count).map(|index| objective.hessian_product(at, &axis(count, index))).collect();
        let trace = rows.iter().enumerate().map(|(index, row)| row[index]).sum();
        let product = |direction: &[f64]| rows.iter().map(|row| dot(row, direction)).collect();
        let lanczos = eigenvalues(count, (seed, count), product, |_| false);
        (lanczos.ritz(), Trace { value: trace, standard_error: None }, count)
    } else {
        let product = |direction: &[f64]| objective.hessian_product(at, direction);
        let lanczos = eigenvalues(count, (seed, PRODUCTS), product, ends_are_known);
        let trace = estimated_trace(objective, at, seed);
        (lanczos.ritz(), trace, lanczos.products() + PROBES)
    };
    Curvature {
        value,
        gradient_norm,
        largest: ritz.iter().take(3).map(|it| it.value).collect(),
        smallest: ritz.last().map_or(f64::NAN, |it| it.value),
        trace,
        converged: ends_are_known(&ritz),
        products,
    }
}

/// The largest eigenvalue of a symmetric operator on so many numbers, and whether it is known to 1e-3.
pub fn largest_eigenvalue(
    count: usize,
    seed: u64,
    product: impl FnMut(&[f64]) -> Vec<f64>,
) -> Option<(f64, bool)> {
    let known = |ritz: &[Ritz]| ritz.first().is_some_and(|top| is_known(top, ritz));
    let ritz = eigenvalues(count, (seed, PRODUCTS), product, known).ritz();
    Some((ritz.first()?.value, known(&ritz)))
}

/// The `wanted` largest eigenvalues of a symmetric operator on so many numbers, largest first, from the
/// whole of its spectrum; none if a product is not finite.
#[must_use]
pub fn largest_eigenpairs(
    count: usize,
    (seed, wanted): (u64, usize),
    product: impl FnMut(&[f64]) -> Vec<f64>,
) -> Vec<Eigenpair> {
    Eigenpair::largest(&eigenvalues(count, (seed, count), product, |_| false), wanted)
}

/// Lanczos' method on `count` numbers, until `known` says so, the space is spanned, or `products` are
/// done.
fn eigenvalues(
    count: usize,
    (seed, products): (u64, usize),
    mut product: impl FnMut(&[f64]) -> Vec<f64>,
    known: impl Fn(&[Ritz]) -> bool,
) -> Lanczos {
    let mut stream = rng::stream(seed, Purpose::Curvature);
    let products = products.min(affordable_products(count));
    let start = (0..count).map(|_| rng::normal(&mut stream)).collect();
    let mut lanczos = Lanczos::new(start, stream);
    while let Some(direction) = lanczos.direction()
        && lanczos.products() < products
    {
        let product = product(direction);
        lanczos.take(product);
        if lanczos.products().is_multiple_of(4) && known(&lanczos.ritz()) {
            break;
        }
    }
    lanczos
}

/// Products for which there is memory among so many numbers: each widens the basis by one vector.
fn affordable_products(count: usize) -> usize {
    let room = machine::limit() / BASIS / (count.max(1) * size_of::<f64>()) as u64;
    usize::try_from(room.max(FEWEST)).unwrap_or(usize::MAX)
}

/// Whether `ritz` is known, one of `all`.
fn is_known(ritz: &Ritz, all: &[Ritz]) -> bool {
    let largest = all.iter().map(|it| it.value.abs()).fold(0.0, f64::max);
    ritz.error <= TOLERANCE * ritz.value.abs().max(NEAR_ZERO * largest)
}

/// Whether the three largest eigenvalues and the smallest are known.
fn ends_are_known(ritz: &[Ritz]) -> bool {
    !ritz.is_empty() && ritz.iter().take(3).chain(ritz.last()).all(|it| is_known(it, ritz))
}

/// The mean of vᵀ·H·v over random signs v.
fn estimated_trace(objective: &mut Objective, at: &[f64], seed: u64) -> Trace {
    use rand::Rng;
    let mut stream = rng::stream(seed, Purpose::Trace);
    let sign = |_| if stream.next_u32() & 1 == 0 { 1.0 } else { -1.0 };
    let mut sign = sign;
    let probes: Vec<f64> = (0..PROBES)
        .map(|_| {
            let signs: Vec<f64> = (0..objective.len()).map(&mut sign).collect();
            dot(&signs, &objective.hessian_product(at, &signs))
        })
        .collect();
    let count = PROBES as f64;
    let mean = probes.iter().sum::<f64>() / count;
    let spread = probes.iter().map(|probe| (probe - mean).powi(2)).sum::<f64>();
    let error = (spread / (count - 1.0) / count).sqrt();
    Trace { value: mean, standard_error: Some(error) }
}

fn axis(count: usize, index: usize) -> Vec<f64> {
    let mut axis = vec![0.0; count];
    axis[index] = 1.0;
    axis
}
