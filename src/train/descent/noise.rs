//! Noise on the gradient of a surface.

use crate::rng::{self, Purpose};
use crate::surface::Point;

/// Normal noise of one size on both coordinates. It follows from seed and step alone: all walkers of a
/// walk meet the same.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// σ; none if it is 0.
    pub sigma: f64,
    /// Its seed.
    pub seed: u64,
}

/// Words of the stream that the noise of one step takes: two normal numbers of two floats each.
const WORDS: u128 = 8;

impl Noise {
    /// The noise of the step that follows `steps` others; none without noise.
    pub fn at(self, steps: u64) -> Option<Point> {
        (self.sigma > 0.0).then(|| {
            let mut stream = rng::stream(self.seed, Purpose::Noise);
            stream.set_word_pos(u128::from(steps) * WORDS);
            [0; 2].map(|_| self.sigma * rng::normal(&mut stream))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_normal_and_follows_from_seed_and_step() {
        let noise = Noise { sigma: 0.5, seed: 3 };
        let drawn: Vec<f64> = (0..4000).flat_map(|step| noise.at(step).unwrap()).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
        assert!(mean.abs() < 0.02 && (variance.sqrt() - 0.5).abs() < 0.02, "{mean} {variance}");
        assert_eq!(noise.at(7), noise.at(7));
        // No number occurs twice: steps do not overlap.
        let mut sorted = drawn.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        assert_eq!(sorted.len(), drawn.len());
        assert_ne!(noise.at(7), Noise { seed: 4, ..noise }.at(7));
        assert_eq!(Noise { sigma: 0.0, ..noise }.at(7), None);
    }
}
