//! Curvature as the optimizers feel it: one ratio for all layers, stable below 1.

use super::{Objective, largest_eigenvalue};
use crate::train::engine::LayerStability;

/// The rates of all trained numbers over the bounds of their rules.
///
/// With P the diagonal matrix of these, a step is stable as long as the largest eigenvalue of
/// P^½·(H + decay)·P^½ is below 1, whatever rules the layers have.
#[derive(Clone, Debug, PartialEq)]
pub struct Preconditioner {
    /// The roots of P.
    roots: Vec<f64>,
    /// Weight decay through the gradient.
    decay: Vec<f64>,
}

impl Preconditioner {
    /// That of layers whose tensors have so many elements each; none unless every layer's rule has a
    /// theory, and all its numbers are finite.
    #[must_use]
    pub fn new(layers: &[LayerStability], elements: &[Vec<usize>]) -> Option<Self> {
        let (mut roots, mut decay) = (Vec::new(), Vec::new());
        for (layer, elements) in layers.iter().zip(elements) {
            for (tensor, &elements) in layer.tensors.as_ref()?.iter().zip(elements) {
                let divisor = |index: usize| tensor.divisors.get(index).copied().unwrap_or(1.0);
                let root = |index| (layer.lr / (tensor.bound * divisor(index))).sqrt();
                roots.extend((0..elements).map(root));
                decay.resize(roots.len(), tensor.decay);
            }
        }
        roots.iter().all(|root| root.is_finite()).then_some(Self { roots, decay })
    }

    /// As many numbers as it is about, each divided by one of `divisors`: P is their reciprocals.
    #[must_use]
    pub fn of_divisors(divisors: &[f64]) -> Self {
        let roots = divisors.iter().map(|divisor| (1.0 / divisor).sqrt()).collect();
        Self { roots, decay: vec![0.0; divisors.len()] }
    }

    /// The largest eigenvalue of P^½·(H + decay)·P^½ at `at`, and whether it is known to 1e-3; none if
    /// it is not finite.
    pub fn largest(&self, objective: &mut Objective, at: &[f64], seed: u64) -> Option<(f64, bool)> {
        largest_eigenvalue(objective.len(), seed, |direction| {
            let product = objective.hessian_product(at, &self.before(direction));
            self.after(&product, direction)
        })
    }

    /// P^½·direction: what the Hessian is to be multiplied with.
    #[must_use]
    pub fn before(&self, direction: &[f64]) -> Vec<f64> {
        self.roots.iter().zip(direction).map(|(root, x)| root * x).collect()
    }

    /// What becomes of the Hessian's `product` with [`Preconditioner::before`] of `direction`.
    #[must_use]
    pub fn after(&self, product: &[f64], direction: &[f64]) -> Vec<f64> {
        let decay = self.decay.iter().zip(self.before(direction));
        let sums = product.iter().zip(decay).map(|(x, (decay, before))| x + decay * before);
        self.roots.iter().zip(sums).map(|(root, x)| root * x).collect()
    }
}
