//! The score of a network on a set of samples.

use super::problem::{Head, Problem};
use crate::catalog;
use crate::data::Scaling;
use crate::data::batch::{CHUNK, Samples};
use crate::experiment::Experiment;
use crate::nn::loss::Link;
use crate::nn::network::{Batch, Network};
use crate::nn::simd::{self, Kernel, LANES};

/// How a network does on a set of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean loss.
    pub loss: f64,
    /// Share of samples in the right class; none for real values, or if an output is not finite.
    pub accuracy: Option<f64>,
    /// Root of the mean squared error in the units of the target's source; none for classes, or if
    /// it is not finite.
    pub rmse: Option<f64>,
}

/// How the outputs of a network under a loss are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// What the outputs are about.
    pub head: Head,
    /// How predictions follow from them.
    pub link: Link,
}

impl Reading {
    /// The reading of the outputs of a network that `experiment` trains.
    #[must_use]
    pub fn new(experiment: &Experiment, head: Head) -> Self {
        Self { head, link: catalog::loss(&experiment.train.loss).link }
    }

    /// The class that a sample's outputs stand for: `output(k)` is the k-th.
    pub fn class(self, output: impl Fn(usize) -> f32) -> usize {
        self.head.class(self.link.boundary(), output)
    }

    /// The probability of class `class`, as far as the outputs can be read as such; a score between
    /// 0 and 1 if the loss is of margins.
    pub fn probability(self, class: usize, output: impl Fn(usize) -> f32) -> f64 {
        let one = |k: usize| match self.link {
            Link::Margin => f64::midpoint(self.link.value(output(k)), 1.0),
            _ => self.link.value(output(k)),
        };
        match (self.head, self.link) {
            (Head::Classes(n), Link::Softmax) => {
                let of = |k: usize| f64::from(output(k));
                1.0 / (0..n).map(|k| libm::exp(of(k) - of(class))).sum::<f64>()
            }
            (Head::Binary, Link::Sigmoid | Link::Softmax) => {
                let z = f64::from(output(0));
                // Of the side that is asked for, so that no digit of a small one is lost.
                1.0 / (1.0 + libm::exp(if class == 1 { -z } else { z }))
            }
            (Head::Binary, _) => {
                let p = one(0).clamp(0.0, 1.0);
                if class == 1 { p } else { 1.0 - p }
            }
            (Head::Classes(_) | Head::Values(_), _) => one(class).clamp(0.0, 1.0),
        }
    }

    /// Squared error of the values that `outputs` stand for, in the scale of the targets.
    fn squares<'a>(self, pairs: impl Iterator<Item = (&'a f32, &'a f32)>) -> f64 {
        let error = |(output, target): (&f32, &f32)| self.link.value(*output) - f64::from(*target);
        pairs.map(error).map(|error| error * error).sum()
    }
}

/// The scores of `network` under `experiment`, on the training rows and on the held-out ones.
pub(super) fn scores(
    network: &mut Network<f32>,
    experiment: &Experiment,
    problem: &Problem,
    memory: &mut Batch<f32>,
) -> (Score, Score) {
    let reading = Reading::new(experiment, problem.head);
    let units = problem.target_scaling();
    let mut score = |samples| evaluate(network, samples, reading, units, memory);
    (score(&problem.train), score(&problem.test))
}

/// Samples that are put into the right class.
struct Counted {
    right: usize,
    /// Whether every output is.
    finite: bool,
}

/// Counts samples that are put into the right class, as [`Head::class`] has it.
struct CountRight<'a> {
    /// Outputs and targets, each `rows × columns`, and where a single row of them changes sides.
    sides: [(&'a [f32], f32); 2],
    columns: usize,
    /// Samples that count.
    len: usize,
    head: Head,
}

impl Kernel for CountRight<'_> {
    type Output = Counted;
    #[inline(always)]
    fn run(self) -> Counted {
        let Self { sides, columns, len, head } = self;
        let finite = sides[0].0.iter().fold(true, |all, x| all & x.is_finite());
        let mut right = [0_u32; LANES];
        for start in (0..columns).step_by(LANES) {
            let said = classes(head, sides[0], columns, start);
            let wanted = classes(head, sides[1], columns, start);
            for lane in 0..LANES {
                right[lane] += u32::from(said[lane] == wanted[lane] && start + lane < len);
            }
        }
        Counted { right: right.into_iter().sum::<u32>() as usize, finite }
    }
}

/// The classes that the samples from `start` on stand for.
#[inline(always)]
fn classes(
    head: Head,
    (values, boundary): (&[f32], f32),
    columns: usize,
    start: usize,
) -> [u32; LANES] {
    let mut classes = [0; LANES];
    let mut rows = values.chunks_exact(columns).map(|row| &row[start..][..LANES]);
    let Some(first) = rows.next() else { return classes };
    if head == Head::Binary {
        for (class, &x) in classes.iter_mut().zip(first) {
            *class = u32::from(x > boundary);
        }
        return classes;
    }
    let mut best = [0.0; LANES];
    best.copy_from_slice(first);
    for (row, k) in rows.zip(1..) {
        for lane in 0..LANES {
            let better = row[lane] > best[lane];
            best[lane] = if better { row[lane] } else { best[lane] };
            classes[lane] = if better { k } else { classes[lane] };
        }
    }
    classes
}

/// The score of `network` on `samples`; real targets have the `units` of their source. Rows that have
/// to be gathered are in `memory`.
pub fn evaluate(
    network: &mut Network<f32>,
    samples: &Samples,
    reading: Reading,
    units: &[Scaling],
    memory: &mut Batch<f32>,
) -> Score {
    let (mut loss, mut right, mut finite, mut squares) = (0.0, 0_usize, true, 0.0);
    let values = matches!(reading.head, Head::Values(_));
    let largest = units.iter().fold(0.0, |most: f64, scaling| most.max(scaling.unit()));
    for start in (0..samples.len()).step_by(CHUNK) {
        let chunk = samples.rows(start, CHUNK, memory);
        loss += network.loss(chunk) * chunk.len as f64;
        let (columns, target) = (chunk.columns(), &chunk.target[..]);
        let output = network.output();
        if values {
            finite &= output.iter().all(|x| x.is_finite());
            let rows = output.chunks_exact(columns).zip(target.chunks_exact(columns));
            squares += rows
                .zip(units)
                .map(|((output, target), scaling)| {
                    let weight = scaling.unit() / largest;
                    weight * weight * reading.squares(output.iter().zip(target).take(chunk.len))
                })
                .sum::<f64>();
            continue;
        }
        let sides = [(output, reading.link.boundary()), (target, 0.5)];
        let counted = simd::run(CountRight { sides, columns, len: chunk.len, head: reading.head });
        right += counted.right;
        finite &= counted.finite;
    }
    let count = samples.len() as f64;
    let rmse = largest * libm::sqrt(squares / (count * units.len() as f64));
    Score {
        loss: loss / count,
        // NaN belongs to no class.
        accuracy: (!values && finite).then(|| right as f64 / count),
        rmse: Some(rmse).filter(|rmse| values && rmse.is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, normal, stream};

    #[test]
    fn classes_are_those_of_the_head() {
        let mut stream = stream(5, Purpose::Data);
        let columns = 2 * LANES;
        for (head, rows) in [(Head::Binary, 1), (Head::Classes(2), 2), (Head::Classes(5), 5)] {
            // Few values, so that there are ties.
            let value = |x: f64| if x > 1.5 { f32::NAN } else { (2.0 * x).round() as f32 / 2.0 };
            let values: Vec<f32> =
                (0..rows * columns).map(|_| value(normal(&mut stream))).collect();
            for start in [0, LANES] {
                let found = classes(head, (&values, 0.5), columns, start);
                for (lane, &class) in found.iter().enumerate() {
                    let of = head.class(0.5, |k| values[k * columns + start + lane]);
                    assert_eq!(class as usize, of, "{head:?}");
                }
            }
        }
    }
}
