//! A data set in two parts, one to train on and one held out.

use ndarray::{Array2, ArrayViewMut1, Axis};
use rand::seq::SliceRandom;

use super::{Dataset, Scaling, Target};
use crate::rng::Stream;
use crate::spec::Plain;

/// A data set in two parts, each in random order.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What training sees.
    pub train: Dataset,
    /// What is held out.
    pub test: Dataset,
}

impl Dataset {
    /// Holds out about `test_fraction` of at least two rows, chosen at random. Each class keeps
    /// its share to within one row, and has a row on both sides if it has two. Columns whose
    /// scaling is pending are then standardised by the mean and the (population) standard
    /// deviation of the training rows alone, so that nothing of the test rows leaks into training.
    #[must_use]
    pub fn split(&self, test_fraction: f64, stream: &mut Stream) -> Split {
        let mut split = self.partition(test_fraction, stream);
        split.standardize();
        split
    }

    /// The training part of [`Dataset::split`] split once more, each by its fraction and stream.
    /// What the first one holds out leaves no trace, also not in how columns are standardised.
    #[must_use]
    pub fn split_twice(
        &self,
        (first, stream): (f64, &mut Stream),
        (second, other): (f64, &mut Stream),
    ) -> Split {
        self.partition(first, stream).train.split(second, other)
    }

    /// Rows that [`Dataset::split`] leaves to train on.
    #[must_use]
    pub fn training_rows(&self, test_fraction: f64) -> usize {
        self.len() - quotas(&self.labels(), test_fraction).iter().sum::<usize>()
    }

    /// The class of each row; all are of one if there are none.
    fn labels(&self) -> Vec<usize> {
        match &self.target {
            Target::Classes { labels, .. } => labels.clone(),
            Target::Values { .. } => vec![0; self.len()],
        }
    }

    fn partition(&self, test_fraction: f64, stream: &mut Stream) -> Split {
        let labels = self.labels();
        let mut to_test = quotas(&labels, test_fraction);
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(stream);
        let (test, train): (Vec<_>, Vec<_>) = order.into_iter().partition(|&row| {
            let left = &mut to_test[labels[row]];
            let held_out = *left > 0;
            *left = left.saturating_sub(1);
            held_out
        });
        Split { train: self.select(&train), test: self.select(&test) }
    }

    /// These rows, in this order.
    fn select(&self, rows: &[usize]) -> Self {
        let target = match &self.target {
            Target::Classes { labels, names } => Target::Classes {
                labels: rows.iter().map(|&row| labels[row]).collect(),
                names: names.clone(),
            },
            Target::Values { values, names, scaling } => Target::Values {
                values: values.select(Axis(0), rows),
                names: names.clone(),
                scaling: scaling.clone(),
            },
        };
        Self {
            name: self.name.clone(),
            x: self.x.select(Axis(0), rows),
            target,
            features: self.features.clone(),
            scaling: self.scaling.clone(),
            image: self.image,
            notes: self.notes.clone(),
        }
    }
}

/// How many rows of each class are held out. Rounding the running total, not each class, keeps
/// the sum right as well.
fn quotas(labels: &[usize], test_fraction: f64) -> Vec<usize> {
    let mut counts = vec![0_usize; labels.iter().max().map_or(0, |&largest| largest + 1)];
    for &label in labels {
        counts[label] += 1;
    }
    let held_out = |rows: usize| (rows as f64 * test_fraction).round() as usize;
    let mut before = 0;
    let mut quotas: Vec<usize> = counts
        .iter()
        .map(|&count| {
            let share = held_out(before + count) - held_out(before);
            before += count;
            // A class of one row stays in training.
            share.clamp(usize::from(count > 1), count.saturating_sub(1))
        })
        .collect();
    if labels.len() > 1 && quotas.iter().all(|&quota| quota == 0) {
        quotas[labels[0]] = 1;
    }
    quotas
}

impl Split {
    fn standardize(&mut self) {
        let Self { train, test } = self;
        standardize(&mut train.x, &mut test.x, &mut train.scaling);
        test.scaling.clone_from(&train.scaling);
        if let (
            Target::Values { values, names, scaling },
            Target::Values { values: test_values, scaling: test_scaling, .. },
        ) = (&mut train.target, &mut test.target)
        {
            standardize(values, test_values, scaling);
            test_scaling.clone_from(scaling);
            for (name, scaling) in names.iter().zip(scaling) {
                if let Scaling::By { offset, unit } = *scaling {
                    // As an f32 prints: no digits that it does not have.
                    let shortest = |x: f32| Plain(x.to_string().parse().unwrap_or(f64::from(x)));
                    let (mean, std) = (shortest(offset), shortest(unit));
                    let note = format!("target `{name}` standardised: mean {mean}, std {std}");
                    train.notes.push(note.clone());
                    test.notes.push(note);
                }
            }
        }
    }
}

/// Standardises the columns whose scaling is pending, by the rows of `train`.
fn standardize(train: &mut Array2<f32>, test: &mut Array2<f32>, scaling: &mut [Scaling]) {
    let columns = train.columns_mut().into_iter().zip(test.columns_mut());
    for ((mut train, mut test), scaling) in columns.zip(scaling) {
        if *scaling == Scaling::Pending {
            let (mean, std) = mean_and_std(&train);
            for x in train.iter_mut().chain(&mut test) {
                *x = ((*x as f64 - mean) / std) as f32;
            }
            *scaling = Scaling::By { offset: mean as f32, unit: std as f32 };
        }
    }
}

/// In `f64`, row after row. The deviation of a constant column counts as 1, so that it becomes 0.
fn mean_and_std(column: &ArrayViewMut1<'_, f32>) -> (f64, f64) {
    let Some(&first) = column.first() else { return (0.0, 1.0) };
    if column.iter().all(|&x| x == first) {
        return (first as f64, 1.0);
    }
    let mean_of = |f: &dyn Fn(f64) -> f64| {
        column.iter().map(|&x| f(x as f64)).sum::<f64>() / column.len() as f64
    };
    let mean = mean_of(&|x| x);
    let variance = mean_of(&|x| (x - mean) * (x - mean));
    (mean, libm::sqrt(variance))
}

#[cfg(test)]
mod tests;
