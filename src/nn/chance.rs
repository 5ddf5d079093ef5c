//! Chance in the forward pass of training.

use super::real::Real;
use crate::rng::{self, Moment, Purpose, Stream};

/// Where a layer's randomness comes from in one step of training. A stream asked for twice gives
/// the same numbers, so that a backward pass can draw again what the forward pass drew.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance {
    /// The experiment's seed.
    pub seed: u64,
    /// The step and the layer.
    pub moment: Moment,
}

impl Chance {
    /// That of another layer in the same step.
    pub(super) const fn at(self, layer: usize) -> Self {
        Self { moment: Moment { layer, ..self.moment }, ..self }
    }

    /// For the activation.
    #[must_use]
    pub fn slopes(self) -> Stream {
        rng::stream(self.seed, Purpose::Slopes(self.moment))
    }

    /// Fills `mask` with 0 at a share `p` of places and with 1/(1 − p) at all others, drawn one by
    /// one.
    pub(super) fn dropout<F: Real>(self, p: f64, mask: &mut [F]) {
        use rand::Rng;
        let mut stream = rng::stream(self.seed, Purpose::Dropout(self.moment));
        let dropped = (p * 2.0_f64.powi(32)) as u64;
        let kept = F::of(1.0 / (1.0 - p));
        for factor in mask {
            *factor = F::select(u64::from(stream.next_u32()) < dropped, F::ZERO, kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropout_zeroes_its_share_and_keeps_the_mean() {
        for p in [0.0, 0.2, 0.5, 0.9] {
            let mut mask = vec![f32::NAN; 100_000];
            Chance::default().dropout(p, &mut mask);
            let zeros = mask.iter().filter(|&&m| m == 0.0).count() as f64 / 1e5;
            assert!((zeros - p).abs() <= 5.0 * (p * (1.0 - p) / 1e5).sqrt(), "{zeros} of {p}");
            let kept = (1.0 / (1.0 - p)) as f32;
            assert!(mask.iter().all(|&m| m == 0.0 || m == kept), "{p}");
            let mut again = vec![0.0; 100_000];
            Chance::default().dropout(p, &mut again);
            assert_eq!(mask, again);
        }
    }
}
