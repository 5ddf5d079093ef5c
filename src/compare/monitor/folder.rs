//! A monitor of a folder that other processes fill.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{Order, Outlet, SHARE};
use crate::compare::race::Ending;
use crate::compare::status::{RaceScore, RaceStatus};
use crate::compare::watch::FolderWatch;

/// The shortest time between two looks at the folder.
const EVERY: Duration = Duration::from_secs(1);

/// Looks at the folder until it is complete, or cannot be read, or nobody watches any more. Orders are for
/// those who run the comparison, who are not here.
pub(super) fn work(mut watch: FolderWatch, inbox: &Receiver<Order>, outlet: &Outlet) {
    let begun = Instant::now();
    let mut status = RaceStatus::new(watch.plan());
    status.found = watch.results().len();
    take_in(&watch, &mut status);
    let mut rest = EVERY;
    loop {
        outlet.show(&status);
        let looked = Instant::now();
        loop {
            match inbox.recv_timeout(rest.saturating_sub(looked.elapsed())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if status.ending.is_some() {
            // It only waits for whoever watches to go.
            while inbox.recv().is_ok() {}
            return;
        }
        let looked = Instant::now();
        match watch.refresh() {
            Ok(true) => take_in(&watch, &mut status),
            Ok(false) => {}
            Err(reason) => status.ending = Some(Ending::Failed(reason)),
        }
        status.elapsed = begun.elapsed();
        rest = EVERY.max(looked.elapsed() * SHARE);
    }
}

fn take_in(watch: &FolderWatch, status: &mut RaceStatus) {
    status.results = Arc::new(watch.results().clone());
    status.score = Arc::new(RaceScore::of(watch.plan(), watch.results()));
    if status.score.ranking.complete() {
        status.ending = Some(Ending::Complete);
    }
}
