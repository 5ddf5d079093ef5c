//! The thread that judges a claim, so that a user interface waits for no run.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Sender, bounded};

use super::{Claim, Evidence, Judged};
use crate::parallel;

/// How far the judging of a claim is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The comparisons that are done.
    pub evidence: Vec<Evidence>,
    /// Runs of the next one that are done, of how many as far as is known.
    pub runs: (usize, usize),
}

/// What a judge tells.
#[derive(Clone, Debug)]
pub enum Told {
    /// How far it is.
    Progress(Progress),
    /// The verdict.
    Judged(Judged),
    /// Why there is none.
    Failed(String),
}

/// A claim being judged on a thread of its own. When it is dropped, its runs are given up.
#[derive(Debug)]
pub struct Judge {
    latest: Arc<Mutex<Option<Told>>>,
    /// Nothing is sent: when this end is gone, the runs are given up.
    _stop: Sender<()>,
}

impl Judge {
    /// Begins to judge `claim` on all cores. `wake` gets a token whenever there is something new to look
    /// at; a full one is left alone.
    ///
    /// # Errors
    /// If the system gives no thread for it.
    pub fn start(claim: &'static Claim, wake: &Sender<()>) -> io::Result<Self> {
        let (stop, stopped) = bounded(0);
        let latest = Arc::new(Mutex::new(None));
        let (outlet, wake) = (Arc::clone(&latest), wake.clone());
        let tell = move |told: Told| {
            *outlet.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
            let _ = wake.try_send(());
        };
        parallel::spawn(move || {
            let mut progress = |it: &Progress| tell(Told::Progress(it.clone()));
            match claim.judge(parallel::threads(), &stopped, &mut progress) {
                Ok(Some(judged)) => tell(Told::Judged(judged)),
                Ok(None) => {}
                Err(reason) => tell(Told::Failed(reason)),
            }
        })?;
        Ok(Self { latest, _stop: stop })
    }

    /// Takes the latest that it told, if that was not taken yet.
    #[must_use]
    pub fn take(&self) -> Option<Told> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
