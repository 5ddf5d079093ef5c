//! One held-out sequence, and the network's answer as it goes through it.

use ndarray::ArrayView1;

use super::{Model, Probe, Snapshot, View};
use crate::data::{Scaling, Target};
use crate::nn::network::{Batch, Network};
use crate::nn::simd::padded;
use crate::train::build::split_over_time;
use crate::train::problem::Head;

/// One held-out sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Its place among the held-out rows.
    pub row: usize,
    /// Numbers of a step.
    pub features: usize,
    /// The inputs, step after step, in the units of the data's source.
    pub inputs: Vec<f64>,
    /// Its target.
    pub truth: Answer,
    /// The network's answer to all of it.
    pub answer: Answer,
    /// Its answer after each step: the value, or the probability of the true class. None where the
    /// network sees all steps at once.
    pub course: Option<Vec<f64>>,
}

/// What a sequence stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// A class, with its probability.
    Class(usize, f64),
    /// The first value, in the units of the data's source.
    Value(f64),
}

impl Probe for Option<Sequence> {
    fn of(model: &mut Model, snapshot: &Snapshot, view: View) -> Self {
        let (problem, extent) = (&snapshot.problem, snapshot.experiment.data.extent());
        let test = &problem.split.test;
        let row = view.sequence.checked_rem(test.len())?;
        let x = test.x.row(row);
        let mut answer = None;
        model.predict(
            (1, x.len()),
            |_, feature| x[feature],
            |_, it| {
                answer = Some(match problem.head {
                    Head::Values(_) => Answer::Value(it.value),
                    _ => Answer::Class(it.class, f64::from(it.confidence)),
                });
            },
        );
        let truth = match &test.target {
            Target::Classes { labels, .. } => Answer::Class(labels[row], 1.0),
            Target::Values { values, .. } => {
                Answer::Value(in_units(problem.target_scaling(), f64::from(values[(row, 0)])))
            }
        };
        let inputs = x.iter().zip(&test.scaling).map(|(&x, scaling)| scaling.undo(f64::from(x)));
        Some(Sequence {
            row,
            features: extent.features,
            inputs: inputs.collect(),
            truth,
            answer: answer?,
            course: course(model, snapshot, (x, extent.steps), truth),
        })
    }
}

/// The answer after each step.
fn course(
    model: &Model,
    snapshot: &Snapshot,
    (x, steps): (ArrayView1<'_, f32>, usize),
    truth: Answer,
) -> Option<Vec<f64>> {
    let [mut states, mut answers] = split_over_time(&snapshot.experiment, &snapshot.params)?;
    let mut batch = Batch { len: 1, ..Batch::default() };
    let columns = batch.columns();
    batch.x.extend(x.iter().flat_map(|&x| std::iter::repeat_n(x, columns)));
    let states: Vec<f32> = states.forward(&batch).iter().step_by(columns).copied().collect();
    let (outputs, columns) = if answers.layers().is_empty() {
        (by_steps(&states, steps, steps), steps)
    } else {
        after_each(&mut answers, &states, steps)
    };
    let reading = model.reading;
    let at = |step: usize| {
        let output = |k: usize| outputs[k * columns + step];
        match truth {
            Answer::Class(class, _) => reading.probability(class, output),
            Answer::Value(_) => {
                let scaling = snapshot.problem.target_scaling();
                in_units(scaling, reading.link.value(output(0)))
            }
        }
    };
    Some((0..steps).map(at).collect())
}

/// The outputs of `network` for the state after each step, and how many columns they have.
fn after_each(network: &mut Network<f32>, states: &[f32], steps: usize) -> (Vec<f32>, usize) {
    let columns = padded(steps);
    let x = by_steps(states, steps, columns);
    let batch = Batch { x, len: steps, ..Batch::default() };
    (network.forward(&batch).to_vec(), columns)
}

/// States, one after another, as rows of so many columns, one a step; the last one is repeated.
fn by_steps(states: &[f32], steps: usize, columns: usize) -> Vec<f32> {
    let units = states.len() / steps;
    let row =
        |unit: usize| (0..columns).map(move |column| states[column.min(steps - 1) * units + unit]);
    (0..units).flat_map(row).collect()
}

/// The first value to predict in the units of its source.
fn in_units(scaling: &[Scaling], value: f64) -> f64 {
    scaling.first().copied().unwrap_or(Scaling::AsIs).undo(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment;
    use crate::train::probe::{Predictions, Requests, observe};
    use crate::train::{Problem, Session};

    fn seen(recipe: &str, sequence: usize) -> Sequence {
        let experiment = experiment::load(recipe).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let mut session = Session::new(&experiment, problem);
        session.advance(20, |_| {}).unwrap();
        let snapshot = Snapshot::of(session.engine(), 1, Vec::new());
        let view = View { sequence, ..View::of(Requests { predictions: true, ..Requests::NONE }) };
        match observe(&snapshot, view).predictions {
            Some(Predictions::Sequence(sequence)) => sequence,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_course_ends_with_the_answer() {
        for recipe in [
            "adding:length=12,samples=60/lstm:5/1",
            "adding:length=12,samples=60/gru:5,return_sequences=true/rnn:4-relu/3-tanh/1",
            "wave:length=12,samples=60/gru:1",
            "recall:length=9,samples=60/gru:5/6-relu+batch_norm/4-softmax",
            "parity:length=9,samples=60/rnn:5/1-sigmoid/loss=bce",
        ] {
            for row in [0, 3, 7 + 18] {
                let seen = seen(recipe, row);
                let course = seen.course.clone().unwrap();
                let last = *course.last().unwrap();
                match (seen.truth, seen.answer) {
                    (Answer::Value(_), Answer::Value(value)) => {
                        assert!(
                            (last - value).abs() <= 1e-6 * value.abs(),
                            "{recipe}: {last} {value}"
                        );
                    }
                    (Answer::Class(truth, _), Answer::Class(class, p)) if truth == class => {
                        assert!((last - p).abs() < 1e-6, "{recipe}: {last} {p}");
                    }
                    (Answer::Class(..), Answer::Class(_, p)) => assert!(last <= p, "{recipe}"),
                    pair => panic!("{recipe}: {pair:?}"),
                }
                assert_eq!(seen.inputs.len(), course.len() * seen.features);
                assert_eq!(seen.row, row % 18);
            }
        }
    }

    #[test]
    fn an_answer_before_the_end_knows_nothing_of_later_steps() {
        let mut both = [6, 12].map(|length| {
            let recipe = "adding:length=12,samples=60/gru:5/1/seed=3";
            let experiment = experiment::load(recipe).unwrap().experiment;
            let problem = Problem::load(&experiment).unwrap();
            let session = Session::new(&experiment, problem);
            let mut snapshot = Snapshot::of(session.engine(), 1, Vec::new());
            let pick = format!("adding:length={length},samples=60/gru:5/1/seed=3");
            snapshot.experiment = experiment::load(&pick).unwrap().experiment;
            let model = Model::of(&snapshot);
            let x: ndarray::Array1<f32> = (0..2 * length).map(|i| (i % 5) as f32 / 5.0).collect();
            course(&model, &snapshot, (x.view(), length), Answer::Value(0.0)).unwrap()
        });
        both[1].truncate(6);
        assert_eq!(both[0], both[1]);
    }

    #[test]
    fn there_is_no_course_where_all_steps_are_seen_at_once() {
        assert_eq!(seen("adding:length=12,samples=60/5-tanh/1", 0).course, None);
        let stacked = "adding:length=12,samples=60/gru:5,return_sequences=true/1";
        assert_eq!(seen(stacked, 0).course, None);
    }
}
