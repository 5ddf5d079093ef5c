//! Evaluations beside the training: a thread that scores states of a run while the run goes on.

use std::collections::VecDeque;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::diagnosis::Signs;
use super::engine::{Checkpoint, Engine, Parameters};
use super::problem::Problem;
use super::session::{Moment, Row, Session};
use crate::experiment::Experiment;
use crate::parallel;

/// Bundles of states that may wait. A run that is faster than its evaluations waits for them.
const WAITING: usize = 4;
/// The most parameters of a network of which copies are evaluated, and of the networks of a bundle.
const LARGEST: usize = 1 << 18;
/// The most states in a bundle: to wake a thread takes as long as many steps of a small network.
const BUNDLE: usize = 32;
/// A state that comes so long after the last bundle is not kept back, nor is the first one.
const PROMPT: Duration = Duration::from_millis(5);

/// A state to be evaluated.
struct Job {
    moment: Moment,
    experiment: Arc<Experiment>,
    params: Vec<Parameters>,
    /// The whole state, if it is to be looked at.
    state: Option<Box<Checkpoint>>,
}

/// A state that was evaluated.
#[derive(Debug)]
pub struct Evaluated {
    /// Its evaluation.
    pub row: Row,
    /// What was seen of it, if it was to be looked at.
    pub looked: Option<Box<Signs>>,
}

/// A state that was evaluated, with its parameters, whose memory serves another one.
struct Done {
    evaluated: Evaluated,
    experiment: Arc<Experiment>,
    params: Vec<Parameters>,
}

/// Evaluates states of one run, in their order, with the numbers that [`Session::evaluate`] gives.
pub struct Evaluator {
    jobs: Sender<Vec<Job>>,
    done: Receiver<Vec<Done>>,
    /// States that were not handed over yet.
    bundle: Vec<Job>,
    /// When the last bundle was; none before the first.
    handed_over: Option<Instant>,
    /// Bundles that were handed over and did not come back yet.
    under_way: usize,
    /// States that came back.
    ready: VecDeque<Evaluated>,
    /// The experiment last submitted, and parameters of it to be overwritten.
    experiment: Arc<Experiment>,
    spare: Vec<Vec<Parameters>>,
    /// States in a full bundle.
    full: usize,
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
        let size = engine.experiment().parameters();
        if busy || size > LARGEST {
            return Ok(None);
        }
        let (jobs, waiting) = bounded(WAITING);
        let (finished, done) = unbounded();
        let problem = Arc::clone(engine.problem());
        let thread = parallel::spawn(move || evaluate_all(&waiting, &finished, &problem))?;
        Ok(Some(Self {
            jobs,
            done,
            bundle: Vec::new(),
            handed_over: None,
            under_way: 0,
            ready: VecDeque::new(),
            spare: Vec::new(),
            full: (LARGEST / size.max(1)).clamp(1, BUNDLE),
            experiment: Arc::clone(engine.shared_experiment()),
            thread: Some(thread),
        }))
    }

    /// Takes the present state of `session` to be evaluated, and to be looked at if `look` is set.
    pub fn submit(&mut self, session: &mut Session, look: bool) {
        let experiment = session.engine().shared_experiment();
        if !Arc::ptr_eq(&self.experiment, experiment) {
            self.experiment = Arc::clone(experiment);
            self.spare.clear();
        }
        let mut params = self.spare.pop().unwrap_or_default();
        session.engine().copy_predicting_parameters(&mut params);
        self.bundle.push(Job {
            moment: session.moment(),
            experiment: Arc::clone(&self.experiment),
            params,
            state: look.then(|| Box::new(session.keyframe())),
        });
        // The nearer the end, the smaller the bundles: the run will wait for the last one.
        let full = session.evaluations_to_come().min(self.full as u64);
        let late = |last: Instant| last.elapsed() >= PROMPT;
        if self.bundle.len() as u64 >= full || self.handed_over.is_none_or(late) {
            self.hand_over();
        }
    }

    /// Gives the next state back if it has been evaluated.
    pub fn poll(&mut self) -> Option<Evaluated> {
        if self.ready.is_empty()
            && self.under_way > 0
            && let Ok(done) = self.done.try_recv()
        {
            self.take_back(done);
        }
        self.ready.pop_front()
    }

    /// Waits for the next of the states that were submitted; none if all were given back.
    pub fn wait(&mut self) -> Option<Evaluated> {
        if self.ready.is_empty() {
            self.hand_over();
            if self.under_way > 0 {
                let Ok(done) = self.done.recv() else { self.fail() };
                self.take_back(done);
            }
        }
        self.ready.pop_front()
    }

    fn hand_over(&mut self) {
        if self.bundle.is_empty() {
            return;
        }
        self.under_way += 1;
        let next = Vec::with_capacity(self.full);
        if self.jobs.send(std::mem::replace(&mut self.bundle, next)).is_err() {
            self.fail();
        }
        self.handed_over = Some(Instant::now());
    }

    fn take_back(&mut self, done: Vec<Done>) {
        self.under_way -= 1;
        for Done { evaluated, experiment, params } in done {
            self.ready.push_back(evaluated);
            if Arc::ptr_eq(&self.experiment, &experiment) {
                self.spare.push(params);
            }
        }
    }

    /// Goes on with the panic that ended the thread.
    fn fail(&mut self) -> ! {
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(panic)) => resume_unwind(panic),
            _ => unreachable!("the thread lives as long as there may be states"),
        }
    }
}

fn evaluate_all(jobs: &Receiver<Vec<Job>>, done: &Sender<Vec<Done>>, problem: &Arc<Problem>) {
    let mut replica = None;
    for bundle in jobs {
        let evaluate = |job| evaluate(job, problem, &mut replica);
        if done.send(bundle.into_iter().map(evaluate).collect()).is_err() {
            return;
        }
    }
}

fn evaluate(job: Job, problem: &Arc<Problem>, replica: &mut Option<Engine>) -> Done {
    let Job { moment, experiment, params, state } = job;
    let scores = Engine::replica((&experiment, problem), &params, replica).scores_of(&params);
    let looked = state.and_then(|state| Signs::of(&state, problem, replica)).map(Box::new);
    Done { evaluated: Evaluated { row: moment.row(scores), looked }, experiment, params }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::load_script;

    /// Evaluations of a run with an edit in the middle, beside the training or not, and what was seen at
    /// some of them.
    fn rows(recipe: &str, set: &[&str], beside: bool) -> Vec<(Row, Option<Signs>)> {
        let script = load_script(recipe, set, &[] as &[&str]).unwrap().script;
        let problem = Problem::load(script.start()).unwrap();
        let mut session = Session::of_script(&script, Arc::clone(&problem));
        let mut evaluator = Evaluator::beside(&session).unwrap().filter(|_| beside);
        let mut rows = Vec::new();
        let of = |done: Evaluated| (done.row, done.looked.map(|signs| *signs));
        while !session.finished() {
            session.train().unwrap();
            if !session.evaluation_is_due() {
                continue;
            }
            let look = session.engine().step_count().is_multiple_of(21) && !session.awaits_loss();
            match &mut evaluator {
                Some(evaluator) if !session.awaits_loss() => evaluator.submit(&mut session, look),
                evaluator => {
                    rows.extend(std::iter::from_fn(|| evaluator.as_mut()?.wait()).map(of));
                    let row = session.checked_evaluation().unwrap();
                    let seen = look.then(|| Signs::of(&session.keyframe(), &problem, &mut None));
                    rows.push((row, seen.flatten()));
                }
            }
            rows.extend(std::iter::from_fn(|| evaluator.as_mut()?.poll()).map(of));
        }
        rows.extend(std::iter::from_fn(|| evaluator.as_mut()?.wait()).map(of));
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
