//! Looking at a copy of the weights, on a thread of its own: histograms, health and predictions.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender};

use super::engine::{Parameters, boundary, evaluate, network_with};
use super::evaluate::Score;
use super::problem::{Head, Problem};
use super::worker::snapshot_channel;
use crate::catalog;
use crate::data::batch::Samples;
use crate::experiment::Experiment;
use crate::nn::activation::Flat;
use crate::nn::network::{Batch, Network};

mod field;
mod health;
mod predictions;

pub use super::engine::UpdateStats;
pub use field::{Curve, Field, FieldValues};
pub use health::{DeadOrSaturated, Health, Histogram};
pub use predictions::{Confusion, Sample, Scatter};

/// The state of a run at one step, on its way to the observer.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Which run of its worker.
    pub run: u64,
    /// Steps done.
    pub step: u64,
    /// What is run.
    pub experiment: Experiment,
    /// Its data.
    pub problem: Arc<Problem>,
    /// The weights.
    pub params: Vec<Parameters>,
    /// How each layer moved in the last measured step; empty before the first.
    pub motion: Vec<UpdateStats>,
}

/// What the watcher has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Points of the decision boundary, across and down.
    pub grid: (usize, usize),
    /// Sample predictions.
    pub samples: usize,
    /// Bins of a weight histogram.
    pub bins: usize,
}

/// What the observer saw.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Which run of its worker.
    pub run: u64,
    /// Steps done.
    pub step: u64,
    /// The score on the training rows.
    pub train: Score,
    /// The score on the held-out rows.
    pub test: Score,
    /// The weights of each layer.
    pub weights: Vec<Histogram>,
    /// The health of each layer.
    pub health: Vec<Health>,
    /// What the network makes of its inputs.
    pub predictions: Predictions,
}

/// The picture that fits the data.
#[derive(Clone, Debug)]
pub enum Predictions {
    /// Two inputs: the plane.
    Field(Field),
    /// One input: the fitted curve.
    Curve(Curve),
    /// Classes over many inputs.
    Confusion(Confusion),
    /// Real values over many inputs.
    Scatter(Scatter),
}

/// The observer's thread, seen from outside.
#[derive(Debug)]
pub struct Observer {
    view: Arc<Mutex<View>>,
    seen: Arc<Mutex<Option<Box<Observation>>>>,
    snapshots: Sender<Box<Snapshot>>,
}

impl Observer {
    /// Starts the thread. It ends when the last sender of snapshots is gone.
    pub(super) fn spawn(wake: Sender<()>) -> Self {
        let (snapshots, inlet) = snapshot_channel();
        let view = Arc::new(Mutex::new(View { grid: (40, 40), samples: 8, bins: 12 }));
        let seen = Arc::new(Mutex::new(None));
        {
            let (view, seen) = (Arc::clone(&view), Arc::clone(&seen));
            std::thread::spawn(move || watch(&inlet, &view, &seen, &wake));
        }
        Self { view, seen, snapshots }
    }

    pub(super) fn inlet(&self) -> Sender<Box<Snapshot>> {
        self.snapshots.clone()
    }

    /// Says what there is room for, from the next observation on.
    pub fn set_view(&self, view: View) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// Takes the latest observation, if there is one that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Box<Observation>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn watch(
    inlet: &Receiver<Box<Snapshot>>,
    view: &Mutex<View>,
    seen: &Mutex<Option<Box<Observation>>>,
    wake: &Sender<()>,
) {
    for snapshot in inlet {
        let view = *view.lock().unwrap_or_else(PoisonError::into_inner);
        let observation = observe(&snapshot, view);
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(observation));
        let _ = wake.try_send(());
    }
}

/// Everything there is to see in one snapshot.
#[must_use]
pub fn observe(snapshot: &Snapshot, view: View) -> Observation {
    let Snapshot { experiment, problem, params, motion, .. } = snapshot;
    let mut eye = Eye {
        network: network_with(experiment, params),
        batch: Batch::default(),
        head: problem.head,
        boundary: boundary(experiment),
        link: Link::of(experiment),
    };
    let predictions = match (problem.head, problem.features()) {
        (_, 1) => Predictions::Curve(field::curve(&mut eye, problem, view)),
        (_, 2) => Predictions::Field(field::field(&mut eye, problem, view)),
        (Head::Values(_), _) => Predictions::Scatter(predictions::scatter(&mut eye, problem)),
        _ => Predictions::Confusion(predictions::confusion(&mut eye, problem, view)),
    };
    let health = health::health(&mut eye, experiment, problem, motion);
    Observation {
        run: snapshot.run,
        step: snapshot.step,
        train: eye.score(&problem.train),
        test: eye.score(&problem.test),
        weights: params.iter().map(|p| Histogram::of(p.weights(), view.bins)).collect(),
        health,
        predictions,
    }
}

/// How outputs become probabilities.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// They are read as they stand.
    None,
    Sigmoid,
    Softmax,
}

impl Link {
    fn of(experiment: &Experiment) -> Self {
        match catalog::loss(&experiment.train.loss).fuses {
            Some("sigmoid") => Self::Sigmoid,
            Some("softmax") => Self::Softmax,
            _ => Self::None,
        }
    }
}

/// A network with what is needed to read it.
struct Eye {
    network: Network<f32>,
    batch: Batch<f32>,
    head: Head,
    boundary: f32,
    link: Link,
}

/// What the network says of one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Verdict {
    class: usize,
    /// The probability it gives that class, as far as its outputs can be read as such.
    confidence: f32,
    /// The first output.
    value: f32,
}

impl Eye {
    fn score(&mut self, samples: &Samples) -> Score {
        evaluate(&mut self.network, samples, (self.head, self.boundary), &mut self.batch)
    }

    /// Calls `see` with the verdict on each of `len` samples, whose features `input` gives.
    fn look(
        &mut self,
        (len, features): (usize, usize),
        input: impl Fn(usize, usize) -> f32,
        mut see: impl FnMut(usize, Verdict),
    ) {
        const CHUNK: usize = 256;
        for start in (0..len).step_by(CHUNK) {
            self.batch.len = CHUNK.min(len - start);
            let columns = self.batch.columns();
            self.batch.x.clear();
            for feature in 0..features {
                let row = (0..columns).map(|i| input((start + i).min(len - 1), feature));
                self.batch.x.extend(row);
            }
            let count = self.batch.len;
            self.network.forward(&self.batch);
            let output = self.network.output();
            for i in 0..count {
                see(start + i, self.verdict(|k| output[k * columns + i]));
            }
        }
    }

    fn verdict(&self, output: impl Fn(usize) -> f32) -> Verdict {
        let class = self.head.class(self.boundary, &output);
        let confidence = match (self.head, self.link) {
            (Head::Classes(n), Link::Softmax) => {
                let top = output(class);
                1.0 / (0..n).map(|k| libm::expf(output(k) - top)).sum::<f32>()
            }
            (Head::Classes(_) | Head::Values(_), _) => output(class).clamp(0.0, 1.0),
            (Head::Binary, Link::None) => {
                let p = output(0).clamp(0.0, 1.0);
                if class == 1 { p } else { 1.0 - p }
            }
            (Head::Binary, _) => 1.0 / (1.0 + libm::expf(-output(0).abs())),
        };
        Verdict { class, confidence, value: output(0) }
    }
}
