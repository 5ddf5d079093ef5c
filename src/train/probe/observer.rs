//! The observer's thread.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{
    Receiver, RecvError, Sender, after, bounded, never, select_biased, unbounded,
};

use super::landscape::Surveys;
use super::recall::Recalling;
use super::stability::Looks;
use super::{Model, Observation, Recall, Snapshot, View, answers};
use crate::experiment::Script;
use crate::parallel;

/// The time between the parts of a look at a run that rests.
const BETWEEN: Duration = Duration::from_millis(20);

/// The observer's thread, seen from outside.
#[derive(Debug)]
pub struct Observer {
    view: Arc<Mutex<View>>,
    arms: Arc<Mutex<Arc<[Script]>>>,
    seen: Arc<Mutex<Option<Box<Observation>>>>,
    recalled: Arc<Mutex<Vec<Observation>>>,
    snapshots: Sender<Box<Snapshot>>,
    recalls: Sender<Vec<Recall>>,
}

/// The observer's thread, seen from inside.
struct ObserverLoop {
    view: Arc<Mutex<View>>,
    arms: Arc<Mutex<Arc<[Script]>>>,
    seen: Arc<Mutex<Option<Box<Observation>>>>,
    recalled: Arc<Mutex<Vec<Observation>>>,
    snapshots: Receiver<Box<Snapshot>>,
    recalls: Receiver<Vec<Recall>>,
    wake: Sender<()>,
}

impl Observer {
    /// Starts the thread, or tells why it could not. It ends when the last sender of snapshots is gone.
    pub(in crate::train) fn spawn(wake: Sender<()>) -> (Self, io::Result<()>) {
        // One may wait while another is looked at.
        let (snapshots, inlet) = bounded(1);
        let (recalls, asked) = unbounded();
        let view = View { grid: (40, 40), samples: 8, bins: 12, ..View::default() };
        let observer = Self {
            view: Arc::new(Mutex::new(view)),
            arms: Arc::new(Mutex::new(Arc::new([]))),
            seen: Arc::default(),
            recalled: Arc::default(),
            snapshots,
            recalls,
        };
        let inside = ObserverLoop {
            view: observer.view(),
            arms: Arc::clone(&observer.arms),
            seen: Arc::clone(&observer.seen),
            recalled: Arc::clone(&observer.recalled),
            snapshots: inlet,
            recalls: asked,
            wake,
        };
        let started = parallel::spawn(move || inside.observe_all()).map(drop);
        (observer, started)
    }

    pub(in crate::train) fn inlet(&self) -> Sender<Box<Snapshot>> {
        self.snapshots.clone()
    }

    /// Takes lists of steps to look at again, each in the place of the one before it.
    pub(in crate::train) fn recalls(&self) -> Sender<Vec<Recall>> {
        self.recalls.clone()
    }

    pub(in crate::train) fn view(&self) -> Arc<Mutex<View>> {
        Arc::clone(&self.view)
    }

    /// Says what is shown and how much room there is, from the next observation on.
    pub fn set_view(&self, view: View) {
        *lock(&self.view) = view;
    }

    /// Says what the arms of the race run, whose paths the landscape shows beside that of the run. The
    /// same allocation stands for the same race.
    pub fn set_arms(&self, scripts: Arc<[Script]>) {
        *lock(&self.arms) = scripts;
    }

    /// Takes the latest observation, if there is one that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Box<Observation>> {
        lock(&self.seen).take()
    }

    /// Takes what was seen of the past since it was last asked for here.
    #[must_use]
    pub fn take_recalled(&self) -> Vec<Observation> {
        std::mem::take(&mut lock(&self.recalled))
    }
}

impl ObserverLoop {
    fn observe_all(&self) {
        let mut recalling = Recalling::default();
        let mut looks = Looks::in_slices();
        let mut surveys = Surveys::in_slices();
        loop {
            let under_way = looks.is_under_way() || surveys.is_under_way();
            let Ok(arrived) = self.next(&mut recalling, under_way) else { return };
            let view = *lock(&self.view);
            if !view.requests.stability {
                looks.forget();
            }
            if !view.requests.landscape {
                surveys.forget();
            }
            let mut news = false;
            if let Some(snapshot) = arrived {
                let mut model = Model::of(&snapshot);
                std::mem::swap(&mut model.looks, &mut looks);
                std::mem::swap(&mut model.surveys, &mut surveys);
                model.surveys.set_arms(Arc::clone(&lock(&self.arms)));
                self.publish(answers(&mut model, &snapshot, view));
                (looks, surveys) = (model.looks, model.surveys);
                news = true;
            } else {
                if let Some(recalled) = recalling.go_on() {
                    lock(&self.recalled).push(recalled);
                    news = true;
                }
                if looks.go_on() {
                    self.publish(looks.observation());
                    news = true;
                }
                if surveys.go_on() {
                    self.publish(surveys.observation());
                    news = true;
                }
            }
            if news {
                let _ = self.wake.try_send(());
            }
        }
    }

    /// Waits for a snapshot, or for as long as there is nothing else to do. An error means that the
    /// observer is not needed any more.
    fn next(
        &self,
        recalling: &mut Recalling,
        under_way: bool,
    ) -> Result<Option<Box<Snapshot>>, RecvError> {
        let patience = if recalling.is_idle() { BETWEEN } else { Duration::ZERO };
        let busy = !recalling.is_idle() || under_way;
        let timeout = if busy { after(patience) } else { never() };
        let arrived = select_biased! {
            recv(self.snapshots) -> it => Some(it?),
            recv(self.recalls) -> it => {
                recalling.replace(it?);
                None
            }
            recv(timeout) -> _ => None,
        };
        if let Some(steps) = self.recalls.try_iter().last() {
            recalling.replace(steps);
        }
        Ok(arrived)
    }

    /// Hands on what was seen. An earlier answer about the same step that waits to be taken is not lost.
    fn publish(&self, observation: Observation) {
        let mut seen = lock(&self.seen);
        let same = |it: &Observation| {
            (it.run, it.branch, it.step) == (observation.run, observation.branch, observation.step)
        };
        let waiting = seen.take().filter(|it| same(it));
        *seen = Some(Box::new(match waiting {
            Some(waiting) => observation.or_earlier(*waiting),
            None => observation,
        }));
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
