//! Batch normalisation: each unit over the samples of the batch.

use super::{Backward, Forward, Norm, affine, at, beta, eps, gamma, learnt, learnt_mut};
use crate::nn::activation::Shape;
use crate::nn::kernel::fold;
use crate::nn::simd::{self, Kernel, LANES};
use crate::nn::{Real, Tensor};
use crate::spec::{Card, DefaultValue, Describe, Param, Pick, Range};

/// Batch normalisation.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm {
    eps: f64,
    momentum: f64,
    affine: bool,
}

impl Describe for BatchNorm {
    const CARD: Card = Card {
        key: "batch_norm",
        title: "Batch normalization",
        formula: "n = γ·(z − μ) / √(σ² + ε) + β        μ, σ²: of a unit over the batch\n\
                  running ← (1 − m)·running + m·(μ or σ²)      used in evaluation",
        params: &[
            eps(1e-5),
            Param {
                key: "momentum",
                default: DefaultValue::Number(0.1),
                range: Range::Closed(0.0, 1.0),
                meaning: "m: how much the last batch moves the running statistics",
                search: None,
            },
            affine("learn γ and β"),
        ],
        usage: "deep networks: signals keep their size, larger learning rates work",
        caution: Some(
            "small batches make it noisy, and training and evaluation differ; averaged weights (schedule-free) are evaluated with the statistics of the trained ones",
        ),
        source: "Ioffe & Szegedy 2015",
        differs: Some(
            "as torch.nn.BatchNorm1d: biased variance to normalise, unbiased to keep; Keras's momentum is 1 − m, and its ε 1e-3; a batch of one, an error in PyTorch, leaves the running statistics as they are",
        ),
    };
    const TORCH: Option<&'static str> = Some(
        "F.batch_norm(x, {running_mean}, {running_var}, {gamma}, {beta}, training, momentum={momentum}, eps={eps})",
    );
    fn build(pick: &Pick) -> Self {
        Self {
            eps: pick.number("eps"),
            momentum: pick.number("momentum"),
            affine: pick.flag("affine"),
        }
    }
}

impl<F: Real> Norm<F> for BatchNorm {
    fn tensors(&self, units: usize) -> Vec<Tensor<F>> {
        let running = [
            Tensor::buffer("running_mean", vec![F::ZERO; units]),
            Tensor::buffer("running_var", vec![F::ONE; units]),
        ];
        let learnt = if self.affine { vec![gamma(units), beta(units)] } else { Vec::new() };
        learnt.into_iter().chain(running).collect()
    }
    fn statistics(&self, shape: Shape) -> usize {
        2 * shape.units
    }
    fn forward(&self, pass: Forward<'_, F>) {
        simd::run(BatchForward { eps: F::of(self.eps), pass });
    }
    fn backward(&self, pass: Backward<'_, F>) {
        simd::run(BatchBackward { eps: F::of(self.eps), pass });
    }
    fn settle(&self, statistics: &[F], batch: usize, tensors: &mut [Tensor<F>]) {
        let Some((_, [mean, variance])) = tensors.split_last_chunk_mut() else { return };
        if batch < 2 {
            return;
        }
        let (mean, variance) = (mean.parts_mut().0, variance.parts_mut().0);
        let m = F::of(self.momentum);
        let unbiased = F::of(batch as f64 / (batch as f64 - 1.0));
        let (means, variances) = statistics.split_at(mean.len());
        for (kept, &new) in mean.iter_mut().zip(means) {
            *kept = m.mul_add(new - *kept, *kept);
        }
        for (kept, &new) in variance.iter_mut().zip(variances) {
            *kept = m.mul_add(unbiased * new - *kept, *kept);
        }
    }
}

/// The sum of `f` over the samples of a row that count.
#[inline(always)]
fn total<F: Real>(values: &[F], f: impl Fn(usize, F) -> F) -> F {
    let mut sum = [F::ZERO; LANES];
    let (groups, rest) = values.as_chunks::<LANES>();
    for (group, values) in groups.iter().enumerate() {
        for (lane, (sum, &x)) in sum.iter_mut().zip(values).enumerate() {
            *sum += f(group * LANES + lane, x);
        }
    }
    let start = groups.len() * LANES;
    for (lane, (sum, &x)) in sum.iter_mut().zip(rest).enumerate() {
        *sum += f(start + lane, x);
    }
    fold(sum)
}

struct BatchForward<'a, F> {
    eps: F,
    pass: Forward<'a, F>,
}

impl<F: Real> Kernel for BatchForward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self { eps, pass } = self;
        let Forward { z, n, tensors, training, statistics, shape } = pass;
        let Some((affine, [mean, variance])) = tensors.split_last_chunk() else { return };
        let (gamma, beta) = learnt(affine);
        let running = (mean.values(), variance.values());
        let share = F::ONE / F::of(shape.batch as f64);
        let (means, variances) = statistics.split_at_mut(shape.units);
        let rows = z.chunks_exact(shape.columns).zip(n.chunks_exact_mut(shape.columns));
        for (unit, (z, n)) in rows.enumerate() {
            let (mean, variance) = if training {
                let z = &z[..shape.batch];
                let mean = total(z, |_, z| z) * share;
                (mean, total(z, |_, z| (z - mean) * (z - mean)) * share)
            } else {
                (running.0[unit], running.1[unit])
            };
            (means[unit], variances[unit]) = (mean, variance);
            let scale = at(gamma, unit, F::ONE) / (variance + eps).sqrt();
            let shift = at(beta, unit, F::ZERO);
            for (n, &z) in n.iter_mut().zip(z) {
                *n = (z - mean).mul_add(scale, shift);
            }
        }
    }
}

struct BatchBackward<'a, F> {
    eps: F,
    pass: Backward<'a, F>,
}

impl<F: Real> Kernel for BatchBackward<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Backward { z, dn, dz, tensors, training, statistics, shape } = self.pass;
        let Some((affine, [_, _])) = tensors.split_last_chunk_mut() else { return };
        let (gamma, dgamma, dbeta) = learnt_mut(affine);
        // A sample's share in mean and variance; in running ones it has none.
        let share = if training { F::ONE / F::of(shape.batch as f64) } else { F::ZERO };
        let (means, variances) = statistics.split_at(shape.units);
        for unit in 0..shape.units {
            let row = unit * shape.columns..(unit + 1) * shape.columns;
            let (z, dn, dz) = (&z[row.clone()], &dn[row.clone()], &mut dz[row]);
            let mean = means[unit];
            let inverse = F::ONE / (variances[unit] + self.eps).sqrt();
            let along = total(&z[..shape.batch], |i, z| dn[i] * ((z - mean) * inverse));
            let sum = total(&dn[..shape.batch], |_, dn| dn);
            if !gamma.is_empty() {
                (dgamma[unit], dbeta[unit]) = (along, sum);
            }
            let scale = at(gamma, unit, F::ONE) * inverse;
            let (sum, along) = (sum * share, along * share);
            for (dz, (&dn, &z)) in dz.iter_mut().zip(dn.iter().zip(z)) {
                *dz = scale * (dn - sum - (z - mean) * inverse * along);
            }
            dz[shape.batch..].fill(F::ZERO);
        }
    }
}
