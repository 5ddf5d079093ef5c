//! The numbers that one layer computes for a batch, kept for the way back.

use super::buffer::Buffer;
use super::chance::Chance;
use super::real::Real;
use super::transform::Scratch;

/// The buffers of one layer for one batch; each is features × columns unless it says otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow<F> {
    /// Pre-activations, `units × columns`.
    pub z: Buffer<F>,
    /// Activations, `outputs × columns`.
    pub a: Buffer<F>,
    /// ∂L/∂a, where dropout multiplies `a` with its mask already behind it.
    pub da: Buffer<F>,
    /// ∂L/∂z.
    pub dz: Buffer<F>,
    /// What the transform hands from forward to backward.
    pub scratch: Scratch<F>,
    /// The normalised `z`; empty without a normalisation.
    pub n: Buffer<F>,
    /// ∂L/∂n.
    pub dn: Buffer<F>,
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
        self.z.resize(before);
        self.dz.resize(before);
        self.a.resize(after);
        self.da.resize(after);
    }

    /// The inputs of the next layer in this pass.
    pub fn output(&self) -> &[F] {
        if self.mask.is_empty() { &self.a } else { &self.dropped }
    }

    /// Sets a share `p` of the outputs to 0.
    pub fn drop_out(&mut self, p: f64, chance: &Chance) {
        self.mask.resize(self.a.len(), F::ZERO);
        self.dropped.resize(self.a.len(), F::ZERO);
        chance.dropout(p, &mut self.mask);
        for ((dropped, &a), &factor) in self.dropped.iter_mut().zip(&*self.a).zip(&self.mask) {
            *dropped = a * factor;
        }
    }
}
