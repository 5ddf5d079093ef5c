//! The directions in which a loss curves most, a little at a time.

use super::lanczos::{Lanczos, Ritz};
use super::{Objective, affordable_products};
use crate::rng::{self, Purpose};
use crate::train::objective::Progress;

/// Relative error at which an eigenvalue is known well enough for its direction to be drawn.
const TOLERANCE: f64 = 1e-3;
/// Eigenvalues that are looked for.
const WANTED: usize = 2;

/// An eigenvalue with its direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigenpair {
    /// The eigenvalue.
    pub value: f64,
    /// Its direction, of length 1 or nearly so.
    pub vector: Vec<f64>,
}

impl Eigenpair {
    /// The `wanted` largest ones that a basis shows.
    pub(super) fn largest(lanczos: &Lanczos, wanted: usize) -> Vec<Self> {
        let pairs = lanczos.ritz().into_iter().zip(lanczos.vectors(wanted));
        pairs.map(|(ritz, vector)| Self { value: ritz.value, vector }).collect()
    }
}

/// A search for the two largest eigenvalues of the Hessian at one point.
#[derive(Debug)]
pub struct Leading {
    objective: Objective,
    at: Vec<f64>,
    lanczos: Lanczos,
    progress: Progress,
    /// Products that it takes at most.
    products: usize,
}

impl Leading {
    /// Starts a search at `at` that takes at most `products` products. `near` are directions near those
    /// that are looked for; of another length, they are left out.
    #[must_use]
    pub fn new(
        objective: Objective,
        at: Vec<f64>,
        near: &[Vec<f64>],
        (seed, products): (u64, usize),
    ) -> Self {
        let count = at.len();
        let mut stream = rng::stream(seed, Purpose::Curvature);
        let size = 1.0 / (count.max(1) as f64).sqrt();
        let mut start: Vec<f64> = (0..count).map(|_| size * rng::normal(&mut stream)).collect();
        for near in near.iter().filter(|near| near.len() == count) {
            // The random part finds an eigenvalue that has overtaken the old ones.
            start.iter_mut().zip(near).for_each(|(x, near)| *x = (0.3_f64).mul_add(*x, *near));
        }
        let lanczos = Lanczos::new(start, stream);
        let products = products.min(Self::most_products(count));
        Self { objective, at, lanczos, progress: Progress::default(), products }
    }

    /// Products that a search among so many numbers may take at all, for the memory that they need.
    #[must_use]
    pub fn most_products(count: usize) -> usize {
        affordable_products(count)
    }

    /// Goes on by one chunk of rows. Returns the two largest eigenvalues, largest first, once they are
    /// known or may take no more; fewer if there are not as many or the loss is not finite.
    pub fn advance(&mut self) -> Option<Vec<Eigenpair>> {
        let Some(direction) = self.lanczos.direction() else { return Some(self.found()) };
        if !self.objective.advance(&self.at, direction, &mut self.progress) {
            return None;
        }
        self.lanczos.take(std::mem::take(&mut self.progress).sum);
        let known = is_known(&self.lanczos.ritz());
        (known || self.lanczos.products() >= self.products).then(|| self.found())
    }

    fn found(&self) -> Vec<Eigenpair> {
        Eigenpair::largest(&self.lanczos, WANTED)
    }
}

/// Whether the wanted eigenvalues are known, or none ever will be.
fn is_known(ritz: &[Ritz]) -> bool {
    let wanted = &ritz[..ritz.len().min(WANTED)];
    let known = wanted.iter().all(|it| it.error <= TOLERANCE * it.value.abs());
    ritz.is_empty() || (ritz.len() > WANTED && known)
}
