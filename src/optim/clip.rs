//! Gradient clipping.

/// The factor by which every gradient is multiplied so that their joint norm is at most `max`:
/// as `torch.nn.utils.clip_grad_norm_`, which adds 1e-6 to the norm and never scales up.
#[must_use]
pub fn norm_factor(norm: f64, max: f64) -> f64 {
    (max / (norm + 1e-6)).min(1.0)
}
