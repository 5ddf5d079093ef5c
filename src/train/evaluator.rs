//! Evaluations beside the training: a thread that scores states of a run while the run goes on.

use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::build::network_with;
use super::diagnosis::Signs;
use super::engine::{Checkpoint, Parameters, set_parameters};
use super::evaluate::scores;
use super::problem::Problem;
use super::session::{Moment, Row, Session};
use crate::experiment::Experiment;
use crate::nn::network::{Batch, Network};
use crate::parallel;

/// States that may wait. A run that is faster than its evaluations waits for them.
const WAITING: usize = 4;
/// The most parameters of a network of which copies are evaluated.
const LARGEST: usize = 1 << 18;

/// A state to be evaluated.
struct Job {
    moment: Moment,
    experiment: Arc<Experiment>,
    params: Vec<Parameters>,
    /// The whole state, if it is to be looked at.
    state: Option<Checkpoint>,
}

/// A state that was evaluated.
#[derive(Debug)]
pub struct Evaluated {
    /// Its evaluation.
    pub row: Row,
    /// What was seen of it, if it was to be looked at.
    pub looked: Option<Option<Signs>>,
}

/// Evaluates states of one run, in their order, with the numbers that [`Session::evaluate`] gives.
#[derive(Debug)]
pub struct Evaluator {
    jobs: Sender<Job>,
    done: Receiver<Evaluated>,
    /// States that were submitted and not yet taken back.
    under_way: usize,
    thread: Option<JoinHandle<()>>,
}

impl Evaluator {
    /// One for the run of `session`; none if the run needs all cores itself, or its network is large.
    ///
    /// # Errors
    /// If there is no thread to be had.
    pub fn beside(session: &Session) -> io::Result<Option<Self>> {
        let engine = session.engine();
        let busy = parallel::threads() == 1 || engine.threads() > 1;
        if busy || engine.experiment().parameters() > LARGEST {
            return Ok(None);
        }
        let (jobs, waiting) = bounded(WAITING);
        let (finished, done) = unbounded();
        let problem = Arc::clone(engine.problem());
        let thread = parallel::spawn(move || evaluate_all(&waiting, &finished, &problem))?;
        Ok(Some(Self { jobs, done, under_way: 0, thread: Some(thread) }))
    }

    /// Takes the present state of `session` to be evaluated, and to be looked at if `look` is set.
    pub fn submit(&mut self, session: &mut Session, look: bool) {
        let job = Job {
            moment: session.moment(),
            experiment: Arc::clone(session.engine().shared_experiment()),
            params: session.engine().predicting_parameters(),
            state: look.then(|| session.keyframe()),
        };
        self.under_way += 1;
        if self.jobs.send(job).is_err() {
            self.fail();
        }
    }

    /// Gives the next state back if it has been evaluated.
    pub fn poll(&mut self) -> Option<Evaluated> {
        if self.under_way == 0 {
            return None;
        }
        let evaluated = self.done.try_recv().ok()?;
        self.under_way -= 1;
        Some(evaluated)
    }

    /// Waits for the next state that is under way; none if there is none.
    pub fn wait(&mut self) -> Option<Evaluated> {
        if self.under_way == 0 {
            return None;
        }
        let Ok(evaluated) = self.done.recv() else { self.fail() };
        self.under_way -= 1;
        Some(evaluated)
    }

    /// Goes on with the panic that ended the thread.
    fn fail(&mut self) -> ! {
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(panic)) => resume_unwind(panic),
            _ => unreachable!("the thread lives as long as there may be states"),
        }
    }
}

/// The network of one experiment, with the parameters of the last job.
struct Held {
    experiment: Arc<Experiment>,
    network: Network<f32>,
}

fn evaluate_all(jobs: &Receiver<Job>, done: &Sender<Evaluated>, problem: &Arc<Problem>) {
    let mut last: Option<Held> = None;
    let mut chunk = Batch::default();
    for Job { moment, experiment, params, state } in jobs {
        let held = match last.take().filter(|held| Arc::ptr_eq(&held.experiment, &experiment)) {
            Some(mut held) => {
                set_parameters(&mut held.network, &params);
                held
            }
            None => Held { network: network_with(&experiment, &params), experiment },
        };
        let held = last.insert(held);
        let scores = scores(&mut held.network, &held.experiment, problem, &mut chunk);
        let looked = state.map(|state| Signs::of(&state, problem));
        if done.send(Evaluated { row: moment.row(scores), looked }).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load_script;

    /// Evaluations of a run with an edit in the middle, beside the training or not.
    fn rows(recipe: &str, set: &[&str], beside: bool) -> Vec<Row> {
        let script = load_script(recipe, set, &[] as &[&str]).unwrap().script;
        let problem = Problem::load(script.start()).unwrap();
        let mut session = Session::of_script(&script, problem);
        let mut evaluator = Evaluator::beside(&session).unwrap().filter(|_| beside);
        let mut rows = Vec::new();
        while !session.finished() {
            session.train().unwrap();
            if !session.evaluation_is_due() {
                continue;
            }
            match &mut evaluator {
                Some(evaluator) if !session.awaits_evaluation() => {
                    evaluator.submit(&mut session, false);
                }
                evaluator => {
                    let done = std::iter::from_fn(|| evaluator.as_mut()?.wait());
                    rows.extend(done.map(|done| done.row));
                    rows.push(session.checked_evaluation().unwrap());
                }
            }
            let done = std::iter::from_fn(|| evaluator.as_mut()?.poll());
            rows.extend(done.map(|done| done.row));
        }
        rows
    }

    #[test]
    fn it_gives_the_numbers_and_the_order_of_the_session() {
        for (recipe, set) in [
            ("moons/8-tanh/2-softmax/@150:layers.1.activation=relu", &[][..]),
            ("moons/8-relu/2-softmax", &["layers.1.norm=batch_norm", "train.ema=0.9"]),
            ("sine/8-tanh/1/optimizer=schedule_free_adamw", &[]),
            ("iris/8-tanh/3-softmax/schedule=reduce_on_plateau", &[]),
        ] {
            let set = [set, &["train.steps=300", "train.eval_every=7"]].concat();
            let alone = rows(recipe, &set, false);
            assert!(alone.len() > 40, "{recipe}");
            assert_eq!(rows(recipe, &set, true), alone, "{recipe}");
        }
    }
}
