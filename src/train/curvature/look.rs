//! One look at the stability of a run, a little at a time.

use super::critical::{Critical, critical_factor};
use super::lanczos::Lanczos;
use super::present::{Present, Scope};
use crate::rng::{self, Purpose};
use crate::train::engine::LayerStability;
use crate::train::objective::Progress;

/// Relative error at which the largest eigenvalue is known well enough to be watched.
const TOLERANCE: f64 = 5e-3;
/// Products that a look takes at most.
const PRODUCTS: usize = 40;
/// Numbers that a look keeps of each trained one beside its basis: weights and gradients in two kinds of
/// floats, and the vectors that it works with.
const BESIDE: usize = 14;
/// Trained numbers times rows up to which forward passes along an update are made in one go.
const AT_ONCE: usize = 1 << 20;

/// The stability of a run at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// What was measured.
    pub measured: Measured,
    /// Each layer's optimizer, its rate and the sharpness that it can take, if that is known.
    pub layers: Vec<Threshold>,
    /// How far the theory is about this run.
    pub scope: Scope,
    /// The papers that the thresholds are from.
    pub sources: Vec<&'static str>,
}

/// What a layer's optimizer can take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The optimizer's name.
    pub optimizer: &'static str,
    /// The learning rate of the next step.
    pub rate: f64,
    /// The sharpness that it can take, divided as the rule divides.
    pub sharpness: Option<f64>,
}

/// What a look has found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// The sharpness as a share of what all rates together can take. It is at least so much, if it is
    /// not `known` to half a percent.
    Share {
        /// 1 is the edge.
        share: f64,
        /// Whether it is more than a lower bound.
        known: bool,
    },
    /// Not every rule has a theory: the largest eigenvalue of the Hessian, and how often the next
    /// update could be made longer before the loss rises, if that was looked for.
    Bare {
        /// The largest eigenvalue.
        sharpness: f64,
        /// Whether it is more than a lower bound.
        known: bool,
        /// Where the loss rises along the update.
        critical: Option<Critical>,
    },
    /// A number on the way is not finite.
    NotFinite,
}

impl Sighting {
    /// The sharpness and its threshold: in the unit of the layers, if that is the same for all, and
    /// otherwise as a share of 1.
    #[must_use]
    pub fn against_threshold(&self) -> Option<(f64, f64)> {
        let Measured::Share { share, .. } = self.measured else { return None };
        let threshold = match &self.layers[..] {
            [first, rest @ ..] if rest.iter().all(|it| it.sharpness == first.sharpness) => {
                first.sharpness.unwrap_or(1.0)
            }
            _ => 1.0,
        };
        Some((share * threshold, threshold))
    }

    /// The largest learning rate that is stable here, beside the present one: of layers whose rates are
    /// not all the same, what they could all be multiplied by, beside 1. None without a theory.
    #[must_use]
    pub fn largest_stable_rate(&self) -> Option<(f64, f64)> {
        let Measured::Share { share, .. } = self.measured else { return None };
        let present = match &self.layers[..] {
            [first, rest @ ..] if rest.iter().all(|it| it.rate == first.rate) => first.rate,
            _ => 1.0,
        };
        (share > 0.0).then(|| (present / share, present))
    }
}

/// A look that is under way.
#[derive(Debug)]
pub struct Look {
    present: Present,
    lanczos: Lanczos,
    progress: Progress,
    /// What the Hessian is being multiplied with.
    factor: Vec<f64>,
}

impl Look {
    /// Starts a look. `near` is a direction near that of the largest eigenvalue, as an earlier look
    /// found it, or of another length if there is none.
    #[must_use]
    pub fn new(present: Present, near: &[f64], seed: u64) -> Self {
        let count = present.objective.len();
        let mut stream = rng::stream(seed, Purpose::Curvature);
        let size = 1.0 / (count.max(1) as f64).sqrt();
        let mut start: Vec<f64> = (0..count).map(|_| size * rng::normal(&mut stream)).collect();
        if near.len() == count {
            // The random part finds an eigenvalue that has overtaken the old one.
            start.iter_mut().zip(near).for_each(|(x, near)| *x = (0.3_f64).mul_add(*x, *near));
        }
        let lanczos = Lanczos::new(start, stream);
        Self { present, lanczos, progress: Progress::default(), factor: Vec::new() }
    }

    /// The most bytes that a look takes at a network of so many trained numbers.
    #[must_use]
    pub const fn bytes(count: usize) -> usize {
        count.saturating_mul((PRODUCTS + BESIDE) * size_of::<f64>())
    }

    /// Goes on by one chunk of rows. Returns what was found once it is found, with the direction of the
    /// largest eigenvalue.
    pub fn advance(&mut self) -> Option<(Sighting, Vec<f64>)> {
        let Present { objective, at, preconditioner, .. } = &mut self.present;
        let Some(direction) = self.lanczos.direction() else { return Some(self.found()) };
        if self.progress.sum.is_empty() {
            self.factor = match preconditioner {
                Some(preconditioner) => preconditioner.before(direction),
                None => direction.to_vec(),
            };
        }
        if !objective.advance(at, &self.factor, &mut self.progress) {
            return None;
        }
        let product = std::mem::take(&mut self.progress).sum;
        let product = match preconditioner {
            Some(preconditioner) => preconditioner.after(&product, direction),
            None => product,
        };
        self.lanczos.take(product);
        let known = self.top().is_none_or(|(_, known)| known);
        (known || self.lanczos.products() >= PRODUCTS).then(|| self.found())
    }

    /// The largest eigenvalue so far, and whether it is known; none if it is not finite.
    fn top(&self) -> Option<(f64, bool)> {
        let top = *self.lanczos.ritz().first()?;
        Some((top.value, top.error <= TOLERANCE * top.value.abs()))
    }

    fn found(&mut self) -> (Sighting, Vec<f64>) {
        let measured = match (self.top(), self.present.preconditioner.is_some()) {
            (None, _) => Measured::NotFinite,
            (Some((share, known)), true) => Measured::Share { share, known },
            (Some((sharpness, known)), false) => {
                Measured::Bare { sharpness, known, critical: self.critical() }
            }
        };
        let threshold = |layer: &LayerStability| Threshold {
            optimizer: layer.optimizer,
            rate: layer.lr,
            sharpness: layer.threshold(),
        };
        let layers = &self.present.layers;
        let mut sources: Vec<&str> = layers.iter().filter_map(LayerStability::source).collect();
        sources.sort_unstable();
        sources.dedup();
        let layers = layers.iter().map(threshold).collect();
        let scope = self.present.scope;
        (Sighting { measured, layers, scope, sources }, self.lanczos.top_vector())
    }

    fn critical(&mut self) -> Option<Critical> {
        let objective = &self.present.objective;
        if objective.len() * objective.rows() > AT_ONCE {
            return None;
        }
        let update = self.present.update()?;
        let Present { objective, at, .. } = &mut self.present;
        Some(critical_factor(objective, at, &update))
    }
}
