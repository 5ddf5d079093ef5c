//! Fixed sizes of training, by which speed is measured and compared with other programs.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::RngExt;

use super::problem::Problem;
use crate::catalog::Kind;
use crate::data::{Features, Part, Scaling, Split, Target, TargetScale, Task, csv};
use crate::experiment::{DataSource, DataSpec, Experiment, LayerSpec, TrainSpec};
use crate::nn::transform;
use crate::rng::{Purpose, Stream, normal, stream};
use crate::spec::{Pick, PickError};
use crate::text::Untrusted;

/// A network and its data, by size.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// What is typed.
    pub name: &'static str,
    /// The kind of the hidden layers.
    pub kind: &'static str,
    /// Steps of a sample; 1 if it is no sequence.
    pub steps: usize,
    /// Inputs of a step, then the units of each layer.
    pub sizes: &'static [usize],
    /// Samples a step.
    pub batch: usize,
    /// Training rows.
    pub rows: usize,
    /// Of the hidden layers.
    pub activation: &'static str,
    /// What is lowered, on logits.
    pub loss: &'static str,
    /// Of every layer.
    pub optimizer: &'static str,
    /// Whether the rows are bags of words: nearly all inputs are 0.
    pub sparse: bool,
}

/// What is the same in most.
const PLAIN: Workload = Workload {
    name: "",
    kind: "dense",
    steps: 1,
    sizes: &[],
    batch: 32,
    rows: 1024,
    activation: "identity",
    loss: "mse",
    optimizer: "rmsprop",
    sparse: false,
};

/// A recurrent layer over 20 steps.
const RECURRENT: Workload = Workload { steps: 20, sizes: &[2, 32, 1], ..PLAIN };

/// A hidden layer over as many words as there are in a small corpus.
const WORDS: Workload = Workload {
    sizes: &[1000, 16, 2],
    rows: 2000,
    activation: "tanh",
    loss: "cross_entropy",
    optimizer: "adagrad",
    ..PLAIN
};

/// All workloads, dense ones first, the smallest first.
pub static ALL: [Workload; 10] = [
    Workload {
        name: "playground",
        sizes: &[2, 8, 8, 1],
        batch: 10,
        rows: 500,
        activation: "tanh",
        loss: "bce",
        optimizer: "adam",
        ..PLAIN
    },
    Workload {
        name: "classroom",
        sizes: &[2, 32, 32, 2],
        batch: 32,
        rows: 1000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
        ..PLAIN
    },
    Workload {
        name: "digits",
        sizes: &[64, 128, 64, 10],
        batch: 64,
        rows: 1797,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
        ..PLAIN
    },
    Workload {
        name: "mnist",
        sizes: &[784, 512, 256, 10],
        batch: 128,
        rows: 10_000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
        ..PLAIN
    },
    Workload {
        name: "wide",
        sizes: &[784, 1024, 1024, 10],
        batch: 256,
        rows: 10_000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "sgd",
        ..PLAIN
    },
    Workload { name: "rnn", kind: "rnn", ..RECURRENT },
    Workload { name: "gru", kind: "gru", ..RECURRENT },
    Workload { name: "lstm", kind: "lstm", ..RECURRENT },
    Workload { name: "words", sparse: true, ..WORDS },
    Workload { name: "words-dense", ..WORDS },
];

/// Rows held out: they are never looked at while speed is measured.
const TEST_ROWS: usize = 16;

impl Workload {
    /// Layers, as `784-512-256-10`; steps stand before, as `20×2-32-1`.
    #[must_use]
    pub fn shape(&self) -> String {
        let sizes = self.sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
        if self.steps == 1 { sizes } else { format!("{}×{sizes}", self.steps) }
    }

    /// Floating-point operations of one step's matrix products, forward and backward: a
    /// multiply-add is two. The first layer passes no gradient further down.
    #[must_use]
    pub fn flop(&self) -> f64 {
        let gates = transform::TABLE.iter().find(|entry| entry.card.key == self.kind);
        let gates = gates.and_then(|entry| entry.recurrence).map(|it| it.gates);
        let hidden = self.sizes.len() - 1;
        // With the inputs, and with the state of a recurrent layer.
        let products = self.sizes.windows(2).enumerate().map(|(index, pair)| match gates {
            Some(gates) if index + 1 < hidden => {
                let times = gates * self.steps * pair[1];
                (times * pair[0], times * pair[1])
            }
            _ => (pair[0] * pair[1], 0),
        });
        let first = products.clone().next().map_or(0, |it| it.0);
        let all: usize = products.map(|(inputs, state)| inputs + state).sum();
        (2 * self.batch * (3 * all - first)) as f64
    }

    /// As an experiment.
    ///
    /// # Errors
    /// If the catalog lacks one of its names.
    pub fn experiment(&self, seed: u64) -> Result<Experiment, PickError> {
        let data = DataSpec::new(self.source()?);
        let units = &self.sizes[1..];
        let layer = |(index, &units): (usize, &usize)| {
            let hidden = index + 2 < self.sizes.len();
            let activation = if hidden { self.activation } else { "identity" };
            let mut layer = LayerSpec::new(units, Kind::Activation.pick(activation)?);
            if hidden {
                layer.kind = Kind::Layer.pick(self.kind)?;
            }
            Ok(layer)
        };
        Ok(Experiment {
            title: self.name.into(),
            about: Untrusted::default(),
            seed,
            data,
            train: TrainSpec {
                batch_size: self.batch,
                ..TrainSpec::new(Kind::Loss.pick(self.loss)?)
            },
            schedule: Kind::Schedule.pick("none")?,
            optimizer: self.optimizer()?,
            layers: units.iter().enumerate().map(layer).collect::<Result<_, PickError>>()?,
            compare: None,
        })
    }

    /// Data of its size: a file, or sequences.
    fn source(&self) -> Result<DataSource, PickError> {
        if self.steps > 1 {
            let length = format!("adding:length={}", self.steps);
            return Ok(DataSource::Named(Kind::Dataset.parse(&length)?));
        }
        Ok(DataSource::Csv {
            path: self.name.into(),
            options: csv::Options::new("label"),
            features: self.sizes[0],
            task: Task::Classes(self.outputs().max(2)),
        })
    }

    /// Random rows of its size: normal inputs or counts of words, and evenly drawn classes or, of
    /// sequences, the mean of the first input over the steps.
    #[must_use]
    pub fn problem(&self) -> Arc<Problem> {
        let mut stream = stream(0, Purpose::Data);
        let features = self.steps * self.sizes[0];
        let mut part = |rows| {
            let x = if self.sparse {
                bags_of_words((rows, features), &mut stream)
            } else {
                Array2::from_shape_simple_fn((rows, features), || normal(&mut stream) as f32)
            };
            let target = if self.steps > 1 {
                means(&x, self.sizes[0])
            } else {
                let classes = self.outputs().max(2);
                Target::Classes {
                    labels: (0..rows).map(|_| stream.random_range(0..classes)).collect(),
                    names: (0..classes).map(|class| class.to_string()).collect(),
                }
            };
            Part {
                name: self.name.to_owned(),
                x: x.into_shared(),
                target,
                features: (0..features).map(|index| format!("x{index}")).collect(),
                scaling: vec![Scaling::AsIs; features],
                image: None,
                shown: None,
                notes: Vec::new(),
            }
        };
        let split = Split { train: part(self.rows), test: part(TEST_ROWS) };
        let scale = TargetScale::Standardised;
        Arc::new(Problem::new(split, (Features::default(), self.outputs()), scale))
    }

    fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    fn optimizer(&self) -> Result<Pick, PickError> {
        Kind::Optimizer.pick(self.optimizer)
    }
}

/// Counts of words: twenty a row, the first ones the most frequent, as in texts.
fn bags_of_words((rows, words): (usize, usize), stream: &mut Stream) -> Array2<f32> {
    let mut x = Array2::zeros((rows, words));
    for mut row in x.rows_mut() {
        for _ in 0..20 {
            // The logarithm of the rank is even: the rank r is as likely as 1/r.
            let rank = libm::pow(words as f64, stream.random::<f64>());
            row[(rank as usize).clamp(1, words) - 1] += 1.0;
        }
    }
    x
}

/// The mean over the steps of the first of so many inputs, for each row.
fn means(x: &Array2<f32>, features: usize) -> Target<f32> {
    let mean = |row: ArrayView1<'_, f32>| {
        let first = row.iter().step_by(features);
        first.clone().sum::<f32>() / first.count() as f32
    };
    let values: Vec<f32> = x.rows().into_iter().map(mean).collect();
    Target::Values {
        values: Array1::from(values).insert_axis(Axis(1)),
        names: vec!["y".to_owned()],
        scaling: vec![Scaling::AsIs],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Engine;

    #[test]
    fn every_workload_has_the_size_that_it_says() {
        for workload in &ALL[..3] {
            let experiment = workload.experiment(1).unwrap();
            let mut engine = Engine::new(&experiment, workload.problem());
            assert!(engine.step().unwrap().is_finite());
            let sizes: Vec<_> =
                engine.parameters().iter().map(|p| p.get("weight").unwrap().dim()).collect();
            let expected: Vec<_> = workload.sizes.windows(2).map(|w| (w[1], w[0])).collect();
            assert_eq!(sizes, expected);
            assert_eq!(engine.problem().train.len(), workload.rows);
        }
    }

    #[test]
    fn sequences_have_the_steps_that_they_say() {
        let lstm = &ALL[7];
        let mut engine = Engine::new(&lstm.experiment(1).unwrap(), lstm.problem());
        assert!(engine.step().unwrap().is_finite());
        let dims = |tensor| engine.parameters()[0].get(tensor).unwrap().dim();
        assert_eq!((dims("weight_ih"), dims("weight_hh")), ((128, 2), (128, 32)));
        assert_eq!((engine.problem().inputs(), lstm.shape().as_str()), (40, "20×2-32-1"));
    }

    #[test]
    fn operations_are_counted_as_in_a_hand_computation() {
        // 2-8-8-1, batch 10: 6·10·(16 + 64 + 8) − 2·10·16.
        assert_eq!(ALL[0].flop(), 4960.0);
        // 20 steps of 2-32 in 4 gates, then 32-1, batch 32.
        let (inputs, states) = (20 * 4 * 32 * 2, 20 * 4 * 32 * 32);
        let lstm = 2 * 32 * (3 * (inputs + states + 32) - inputs);
        assert_eq!(ALL[7].flop(), f64::from(lstm));
    }
}
