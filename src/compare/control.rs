//! Pausing and cancelling runs from another thread.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

const RUNNING: u8 = 0;
const PAUSED: u8 = 1;
const CANCELLED: u8 = 2;

/// A switch that all runs of a race look at between steps.
#[derive(Debug, Default)]
pub(super) struct Control {
    state: AtomicU8,
    asleep: Mutex<()>,
    changed: Condvar,
}

impl Control {
    /// Pauses all runs, or lets them go on; without effect once they are cancelled.
    pub fn pause(&self, pause: bool) {
        self.set(if pause { PAUSED } else { RUNNING });
    }

    /// Cancels all runs, for good.
    pub fn cancel(&self) {
        self.set(CANCELLED);
    }

    fn set(&self, new: u8) {
        let _asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing comes after the end.
        let _ = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| {
            (old != CANCELLED).then_some(new)
        });
        self.changed.notify_all();
    }

    /// Returns true if the caller may go on, and false if it is cancelled. Waits during a pause.
    pub fn go_on(&self) -> bool {
        match self.state.load(Ordering::Relaxed) {
            RUNNING => true,
            CANCELLED => false,
            _ => self.wait(),
        }
    }

    fn wait(&self) -> bool {
        let asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        let paused = |(): &mut ()| self.state.load(Ordering::Relaxed) == PAUSED;
        drop(self.changed.wait_while(asleep, paused));
        self.state.load(Ordering::Relaxed) != CANCELLED
    }
}
