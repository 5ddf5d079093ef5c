//! Five fixed sizes of training, by which speed is measured and compared with other programs.

use std::sync::Arc;

use ndarray::Array2;
use rand::RngExt;

use super::problem::Problem;
use crate::catalog::Kind;
use crate::data::{Part, Scaling, Split, Target, TargetScale, Task, csv};
use crate::experiment::{DataSource, DataSpec, Experiment, LayerSpec, TrainSpec};
use crate::rng::{Purpose, normal, stream};
use crate::spec::{Pick, PickError};
use crate::text::Untrusted;

/// A network and its data, by size.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// What is typed.
    pub name: &'static str,
    /// Inputs, then the units of each layer.
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
}

/// All workloads, smallest first.
pub static ALL: [Workload; 5] = [
    Workload {
        name: "playground",
        sizes: &[2, 8, 8, 1],
        batch: 10,
        rows: 500,
        activation: "tanh",
        loss: "bce",
        optimizer: "adam",
    },
    Workload {
        name: "classroom",
        sizes: &[2, 32, 32, 2],
        batch: 32,
        rows: 1000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
    },
    Workload {
        name: "digits",
        sizes: &[64, 128, 64, 10],
        batch: 64,
        rows: 1797,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
    },
    Workload {
        name: "mnist",
        sizes: &[784, 512, 256, 10],
        batch: 128,
        rows: 10_000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "adam",
    },
    Workload {
        name: "wide",
        sizes: &[784, 1024, 1024, 10],
        batch: 256,
        rows: 10_000,
        activation: "relu",
        loss: "cross_entropy",
        optimizer: "sgd",
    },
];

/// Rows held out: they are never looked at while speed is measured.
const TEST_ROWS: usize = 16;

impl Workload {
    /// Layers, as `784-512-256-10`.
    #[must_use]
    pub fn shape(&self) -> String {
        self.sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
    }

    /// Floating-point operations of one step's matrix products, forward and backward: a
    /// multiply-add is two. The first layer passes no gradient further down.
    #[must_use]
    pub fn flop(&self) -> f64 {
        let pairs = || self.sizes.windows(2).map(|pair| pair[0] * pair[1]);
        let first = pairs().next().unwrap_or(0);
        (2 * self.batch * (3 * pairs().sum::<usize>() - first)) as f64
    }

    /// As an experiment.
    ///
    /// # Errors
    /// If the catalog lacks one of its names.
    pub fn experiment(&self, seed: u64) -> Result<Experiment, PickError> {
        let outputs = self.outputs();
        let data = DataSpec {
            source: DataSource::Csv {
                path: self.name.into(),
                options: csv::Options::new("label"),
                features: self.sizes[0],
                task: Task::Classes(outputs.max(2)),
            },
            test_fraction: DataSpec::TEST_FRACTION,
            seed: None,
        };
        let units = &self.sizes[1..];
        let layer = |(index, &units): (usize, &usize)| {
            let hidden = index + 2 < self.sizes.len();
            let activation = if hidden { self.activation } else { "identity" };
            let activation = Kind::Activation.pick(activation)?;
            Ok(LayerSpec::new(units, activation))
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

    /// Random rows of its size: normal inputs and evenly drawn classes.
    #[must_use]
    pub fn problem(&self) -> Arc<Problem> {
        let mut stream = stream(0, Purpose::Data);
        let mut part = |rows| {
            let x = Array2::from_shape_simple_fn((rows, self.sizes[0]), || normal(&mut stream));
            let classes = self.outputs().max(2);
            Part {
                name: self.name.to_owned(),
                x: x.mapv(|x| x as f32).into_shared(),
                target: Target::Classes {
                    labels: (0..rows).map(|_| stream.random_range(0..classes)).collect(),
                    names: (0..classes).map(|class| class.to_string()).collect(),
                },
                features: (0..self.sizes[0]).map(|index| format!("x{index}")).collect(),
                scaling: vec![Scaling::AsIs; self.sizes[0]],
                image: None,
                notes: Vec::new(),
            }
        };
        let split = Split { train: part(self.rows), test: part(TEST_ROWS) };
        Arc::new(Problem::new(split, self.outputs(), TargetScale::Standardised))
    }

    fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    fn optimizer(&self) -> Result<Pick, PickError> {
        Kind::Optimizer.pick(self.optimizer)
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
    fn operations_are_counted_as_in_a_hand_computation() {
        // 2-8-8-1, batch 10: 6·10·(16 + 64 + 8) − 2·10·16.
        assert_eq!(ALL[0].flop(), 4960.0);
    }
}
