//! The numbers that one layer computes for a batch, kept for the way back.

use super::chance::Chance;
use super::real::Real;
use super::transform::Scratch;

/// The buffers of one layer for one batch; each is features × columns unless it says otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow<F> {
    /// Pre-activations, `units × columns`.
    pub z: Vec<F>,
    /// Activations, `outputs × columns`.
    pub a: Vec<F>,
    /// ∂L/∂a, where dropout multiplies `a` with its mask already behind it.
    pub da: Vec<F>,
    /// ∂L/∂z.
    pub dz: Vec<F>,
    /// What the transform hands from forward to backward.
    pub scratch: Scratch<F>,
    /// The normalised `z`; empty without a normalisation.
    pub n: Vec<F>,
    /// ∂L/∂n.
    pub dn: Vec<F>,
    /// The numbers that a normalisation hands from forward to backward.
    pub statistics: Vec<F>,
    /// The factors of dropout on `a` in training; empty where nothing is dropped.
    pub mask: Vec<F>,
    /// `a` times `mask`.
    pub dropped: Vec<F>,
}

impl<F: Real> Flow<F> {
    /// Makes room for `before` pre-activations and `after` activations.
    pub fn resize(&mut self, before: usize, after: usize) {
        self.z.resize(before, F::ZERO);
        self.dz.resize(before, F::ZERO);
        self.a.resize(after, F::ZERO);
        self.da.resize(after, F::ZERO);
    }

    /// The inputs of the next layer in this pass.
    pub fn output(&self) -> &[F] {
        if self.mask.is_empty() { &self.a } else { &self.dropped }
    }

    /// Sets a share `p` of the outputs to 0.
    pub fn drop_out(&mut self, p: f64, chance: Chance) {
        self.mask.resize(self.a.len(), F::ZERO);
        self.dropped.resize(self.a.len(), F::ZERO);
        chance.dropout(p, &mut self.mask);
        for ((dropped, &a), &factor) in self.dropped.iter_mut().zip(&self.a).zip(&self.mask) {
            *dropped = a * factor;
        }
    }
}
