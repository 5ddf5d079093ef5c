//! A data set in two parts, one to train on and one held out.

use ndarray::{ArcArray2, Array2};
use rand::seq::SliceRandom;

use super::{Dataset, Scaling, Target, TargetScale};
use crate::rng::Stream;
use crate::spec::Plain;

/// A data set in two parts, each in random order.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What training sees.
    pub train: Part,
    /// What is held out.
    pub test: Part,
}

/// Rows of a [`Dataset`] as they are trained on, standardised and in single precision.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What is shown as its name.
    pub name: String,
    /// Inputs: a sample a row, a feature a column. Clones share their memory.
    pub x: ArcArray2<f32>,
    /// What is to be predicted.
    pub target: Target<f32>,
    /// A name for each feature.
    pub features: Vec<String>,
    /// How the numbers of each feature stand to those of its source.
    pub scaling: Vec<Scaling>,
    /// Height and width of the image that each row holds, if it does.
    pub image: Option<(usize, usize)>,
    /// The inputs that a picture of the plane shows at least, in the units of the source.
    pub shown: Option<(f64, f64)>,
    /// What the reader should know, with how the targets were standardised.
    pub notes: Vec<String>,
}

impl Part {
    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Dataset {
    /// Holds out about `test_fraction` of at least two rows, chosen at random. Each class keeps
    /// its share to within one row, and has a row on both sides if it has two. Columns whose
    /// scaling is pending are then standardised by the mean and the (population) standard
    /// deviation of the training rows alone, so that nothing of the test rows leaks into training;
    /// those of the target only if `targets` says so.
    #[must_use]
    pub fn split(&self, test_fraction: f64, stream: &mut Stream, targets: TargetScale) -> Split {
        let all: Vec<usize> = (0..self.len()).collect();
        self.parts(self.partition(&all, test_fraction, stream), targets)
    }

    /// The training part of [`Dataset::split`] split once more, each by its fraction and stream.
    /// What the first one holds out leaves no trace, also not in how columns are standardised.
    #[must_use]
    pub fn split_twice(
        &self,
        (first, stream): (f64, &mut Stream),
        (second, other): (f64, &mut Stream),
        targets: TargetScale,
    ) -> Split {
        let all: Vec<usize> = (0..self.len()).collect();
        let [rest, _] = self.partition(&all, first, stream);
        self.parts(self.partition(&rest, second, other), targets)
    }

    /// Rows that [`Dataset::split`] leaves to train on.
    #[must_use]
    pub fn training_rows(&self, test_fraction: f64) -> usize {
        self.len() - quotas(&self.labels(None), test_fraction).iter().sum::<usize>()
    }

    /// The class of each of `rows`, or of all; all are of one if there are none.
    fn labels(&self, rows: Option<&[usize]>) -> Vec<usize> {
        match (&self.target, rows) {
            (Target::Classes { labels, .. }, None) => labels.clone(),
            (Target::Classes { labels, .. }, Some(rows)) => {
                rows.iter().map(|&row| labels[row]).collect()
            }
            (Target::Values { .. }, _) => vec![0; rows.map_or(self.len(), <[usize]>::len)],
        }
    }

    /// Those of `rows` to train on and those held out.
    fn partition(
        &self,
        rows: &[usize],
        test_fraction: f64,
        stream: &mut Stream,
    ) -> [Vec<usize>; 2] {
        let labels = self.labels(Some(rows));
        let mut to_test = quotas(&labels, test_fraction);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.shuffle(stream);
        let (test, train): (Vec<_>, Vec<_>) = order.into_iter().partition(|&index| {
            let left = &mut to_test[labels[index]];
            let held_out = *left > 0;
            *left = left.saturating_sub(1);
            held_out
        });
        [train, test].map(|part| part.into_iter().map(|index| rows[index]).collect())
    }

    /// The rows of each part, in their order, standardised by the first.
    fn parts(&self, rows: [Vec<usize>; 2], targets: TargetScale) -> Split {
        let mut scaling = self.scaling.clone();
        let [x, test_x] = scaled(&self.x, &rows, &mut scaling);
        let mut notes = self.notes.clone();
        let [target, test_target] = match &self.target {
            Target::Classes { labels, names } => rows.map(|rows| Target::Classes {
                labels: rows.iter().map(|&row| labels[row]).collect(),
                names: names.clone(),
            }),
            Target::Values { values, names, scaling } => {
                let mut scaling = match targets {
                    TargetScale::Standardised => scaling.clone(),
                    TargetScale::Raw => vec![Scaling::AsIs; names.len()],
                };
                let parts = scaled(values, &rows, &mut scaling);
                notes.extend(names.iter().zip(&scaling).filter_map(note));
                parts.map(|values| Target::Values {
                    values,
                    names: names.clone(),
                    scaling: scaling.clone(),
                })
            }
        };
        let part = |x: Array2<f32>, target| Part {
            name: self.name.clone(),
            x: x.into_shared(),
            target,
            features: self.features.clone(),
            scaling: scaling.clone(),
            image: self.image,
            shown: self.shown,
            notes: notes.clone(),
        };
        Split { train: part(x, target), test: part(test_x, test_target) }
    }
}

/// A note on how a target was standardised, if it was.
fn note((name, scaling): (&String, &Scaling)) -> Option<String> {
    let Scaling::By { offset, unit } = *scaling else { return None };
    let rounded = |x: f64| Plain(format!("{x:.9e}").parse().unwrap_or(x));
    let (mean, std) = (rounded(offset), rounded(unit));
    Some(format!("target `{name}` standardised: mean {mean}, std {std}"))
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

/// Columns that are scaled at a time: an output row's share of them is a cache line.
const COLUMNS: usize = 16;

/// Both parts of `source`, its pending columns standardised by the rows of the first, which is noted
/// in `scaling`.
fn scaled(
    source: &Array2<f64>,
    rows: &[Vec<usize>; 2],
    scaling: &mut [Scaling],
) -> [Array2<f32>; 2] {
    let width = source.ncols();
    let mut parts = rows.each_ref().map(|rows| Array2::zeros((rows.len(), width)));
    let mut columns = vec![Vec::new(); COLUMNS.min(width)];
    for (block, scaling) in scaling.chunks_mut(COLUMNS).enumerate() {
        let first = block * COLUMNS;
        for (column, scaling) in columns.iter_mut().zip(&mut *scaling) {
            column.clear();
            if *scaling == Scaling::Pending {
                column.reserve(rows[0].len());
            }
        }
        for &row in &rows[0] {
            for (offset, (column, scaling)) in columns.iter_mut().zip(&*scaling).enumerate() {
                if *scaling == Scaling::Pending {
                    column.push(source[(row, first + offset)]);
                }
            }
        }
        // The others are as they will be trained on.
        let mut rules = [Scaling::AsIs; COLUMNS];
        for ((column, scaling), rule) in columns.iter().zip(scaling).zip(&mut rules) {
            if *scaling == Scaling::Pending {
                *scaling = Scaling::standardising(column);
                *rule = *scaling;
            }
        }
        for (part, rows) in parts.iter_mut().zip(rows) {
            for (mut out, &row) in part.rows_mut().into_iter().zip(rows) {
                for (offset, rule) in rules.iter().enumerate().take(width - first) {
                    out[first + offset] = rule.apply(source[(row, first + offset)]);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests;
