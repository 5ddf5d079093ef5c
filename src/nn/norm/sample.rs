//! Normalising each sample over its units, with or without taking off the mean.

use super::{Backward, Forward, at, learnt, learnt_mut};
use crate::nn::Real;
use crate::nn::kernel::{Lanes, fold, lanes, lanes_mut};
use crate::nn::simd::{Kernel, LANES};

/// Forward over groups of adjacent samples; leaves 1/√(spread + ε) of each sample, and its mean if
/// that is taken off.
pub(super) struct SampleForward<'a, F> {
    pub eps: F,
    pub centred: bool,
    pub pass: Forward<'a, F>,
}

impl<F: Real> Kernel for SampleForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { eps, centred, pass } = self;
        let Forward { z, n, tensors, statistics, shape, .. } = pass;
        let (gamma, beta) = learnt(tensors);
        let share = F::ONE / F::of(shape.units as f64);
        let (inverses, means) = statistics.split_at_mut(shape.columns);
        for start in (0..shape.columns).step_by(LANES) {
            let mean =
                if centred { mean(z, shape.columns, start, share) } else { [F::ZERO; LANES] };
            let mut spread = [F::ZERO; LANES];
            for z in z.chunks_exact(shape.columns) {
                for (lane, &z) in lanes(z, start).iter().enumerate() {
                    let off = z - mean[lane];
                    spread[lane] = off.mul_add(off, spread[lane]);
                }
            }
            let inverse = lanes_mut(inverses, start);
            for (inverse, &spread) in inverse.iter_mut().zip(&spread) {
                *inverse = F::ONE / (spread * share + eps).sqrt();
            }
            if centred {
                *lanes_mut(means, start) = mean;
            }
            let rows = z.chunks_exact(shape.columns).zip(n.chunks_exact_mut(shape.columns));
            for (unit, (z, n)) in rows.enumerate() {
                let (scale, shift) = (at(gamma, unit, F::ONE), at(beta, unit, F::ZERO));
                let (z, n) = (lanes(z, start), lanes_mut(n, start));
                for lane in 0..LANES {
                    n[lane] = ((z[lane] - mean[lane]) * inverse[lane]).mul_add(scale, shift);
                }
            }
        }
    }
}

/// The mean over the units of each of the samples from column `start` on.
#[inline(always)]
fn mean<F: Real>(z: &[F], columns: usize, start: usize, share: F) -> Lanes<F> {
    let mut sum = [F::ZERO; LANES];
    for z in z.chunks_exact(columns) {
        for (sum, &z) in sum.iter_mut().zip(lanes(z, start)) {
            *sum += z;
        }
    }
    sum.map(|sum| sum * share)
}

/// Backward over groups of adjacent samples.
pub(super) struct SampleBackward<'a, F> {
    pub centred: bool,
    pub pass: Backward<'a, F>,
}

impl<F: Real> Kernel for SampleBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { centred, pass } = self;
        let Backward { z, dn, dz, tensors, statistics, shape, .. } = pass;
        let (gamma, dgamma, dbeta) = learnt_mut(tensors);
        let share = F::ONE / F::of(shape.units as f64);
        let (inverses, means) = statistics.split_at(shape.columns);
        for start in (0..shape.columns).step_by(LANES) {
            let inverse = lanes(inverses, start);
            let mean = if centred { *lanes(means, start) } else { [F::ZERO; LANES] };
            // Of ∂L/∂x̂, what points along x̂, and what points along (1, …, 1).
            let (mut along, mut sum) = ([F::ZERO; LANES], [F::ZERO; LANES]);
            let rows = || z.chunks_exact(shape.columns).zip(dn.chunks_exact(shape.columns));
            for (unit, (z, dn)) in rows().enumerate() {
                let scale = at(gamma, unit, F::ONE);
                let (z, dn) = (lanes(z, start), lanes(dn, start));
                for lane in 0..LANES {
                    let dx = scale * dn[lane];
                    along[lane] = dx.mul_add((z[lane] - mean[lane]) * inverse[lane], along[lane]);
                    sum[lane] += dx;
                }
            }
            for lane in 0..LANES {
                along[lane] *= share;
                sum[lane] = if centred { sum[lane] * share } else { F::ZERO };
            }
            for (unit, ((z, dn), dz)) in rows().zip(dz.chunks_exact_mut(shape.columns)).enumerate()
            {
                let scale = at(gamma, unit, F::ONE);
                let (z, dn, dz) = (lanes(z, start), lanes(dn, start), lanes_mut(dz, start));
                for lane in 0..LANES {
                    let x = (z[lane] - mean[lane]) * inverse[lane];
                    dz[lane] = inverse[lane] * (scale * dn[lane] - sum[lane] - x * along[lane]);
                }
            }
        }
        for unit in 0..dgamma.len() {
            let row = unit * shape.columns..(unit + 1) * shape.columns;
            let (z, dn) = (&z[row.clone()], &dn[row]);
            let (mut along, mut sum) = ([F::ZERO; LANES], [F::ZERO; LANES]);
            for start in (0..shape.columns).step_by(LANES) {
                let inverse = lanes(inverses, start);
                let mean = if centred { *lanes(means, start) } else { [F::ZERO; LANES] };
                let (z, dn) = (lanes(z, start), lanes(dn, start));
                for lane in 0..LANES {
                    let x = (z[lane] - mean[lane]) * inverse[lane];
                    along[lane] = dn[lane].mul_add(x, along[lane]);
                    sum[lane] += dn[lane];
                }
            }
            dgamma[unit] = fold(along);
            if !dbeta.is_empty() {
                dbeta[unit] = fold(sum);
            }
        }
    }
}
