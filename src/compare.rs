//! Fair comparison: which optimizer or activation, honestly.
//!
//! ```text
//! Experiment + CompareSpec ─▶ Plan ─▶ Race (threads) ─▶ Event, InFlight ─▶ Monitor ─▶ RaceStatus
//!                               │      ▲      │            │
//!                               │      └─ Store (folder)   │
//!                               └──────▶ Ranking ◀──── Results        (at any time)
//! ```
//! A [`Plan`] is arms × candidates × seeds, a candidate being a learning rate, or settings that are
//! searched together ([`Search`]). *Arms* are experiments that differ only in how they
//! learn. Each is tuned over its candidates on the same tuning seeds, judged by
//! validation rows carved out of the training rows; then run at its best one on fresh seeds,
//! trained on all training rows and judged by the test rows, which decide nothing. All runs of a
//! seed have the same data, the same stream of batches, and draw their first weights from the same
//! numbers: two arms start from equal weights unless an activation asks for another initializer.
//!
//! A [`Race`] runs it. Its [`Event`]s are lossless; put each finished [`Record`] into [`Results`].
//! From these a [`Ranking`] can be worked out at any time: its standings are marked provisional
//! while an arm has only tuning runs. [`curve()`] gives medians with their band over time, and
//! [`Standing::sensitivity`] the loss by learning rate. [`InFlight`] shows the runs under way, and the
//! weights of the arms that are being watched. A [`Store`] keeps finished runs in a folder, and
//! [`saved`] finds such folders again.
//!
//! A user interface has a [`Monitor`] do all this on a thread of its own. Without one:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use gradlab::compare::{Event, Plan, Race, Ranking, Results};
//! # use gradlab::experiment::{CompareSpec, Experiment};
//! # fn screen(experiment: &Experiment, spec: &CompareSpec) -> Result<(), String> {
//! let plan = Arc::new(Plan::new(experiment, spec)?);
//! let (wake, woken) = crossbeam_channel::bounded(1);
//! let race = Race::start(Arc::clone(&plan), 2, None, &wake);
//! let mut results = Results::default();
//! for () in woken {
//!     for event in race.events.try_iter() {
//!         match event {
//!             Event::Finished { trial, record, .. } => results.insert(trial, record),
//!             Event::NotKept(_) => {}
//!             Event::Ended(_) => return Ok(()),
//!         }
//!     }
//!     let ranking = Ranking::of(&plan, &results); // and race.in_flight.runs() for what is under way
//!     println!("{} of {} runs", ranking.done, ranking.total);
//! }
//! # Ok(())
//! # }
//! ```
//! The same plan gives the same results, bit for bit, on any number of threads and after any
//! interruption; only seconds differ. With a time budget it is the clock that decides, and nothing
//! is promised but that each arm has the same time.
//!
//! Knows nothing of terminals, standard output or charts.

mod arm;
mod candidates;
pub mod claims;
mod clock;
mod control;
mod curve;
mod in_flight;
mod monitor;
mod plan;
mod profiles;
mod race;
mod record;
mod results;
mod run;
pub mod saved;
mod search;
pub mod shards;
mod standing;
pub mod statistics;
mod status;
mod store;
#[cfg(test)]
pub(crate) mod testing;
mod trial;
mod watch;

pub use arm::{Arm, letter};
pub use candidates::Candidates;
pub use curve::{BandPoint, curve};
pub use in_flight::InFlight;
pub use monitor::{Monitor, Order};
pub use plan::{Budget, EVALUATIONS, Plan, VALIDATION};
pub use profiles::{Profiles, profiles};
pub use race::{DATA_KEPT, Ending, Event, Race};
pub use record::{PROTOCOL, Point, Record};
pub use results::Results;
pub use search::Search;
pub use standing::{
    Counts, Edge, Paired, Ranking, Sensitivity, Standing, ToTarget, Verdict, Versus, Warning,
    decisive,
};
pub use status::{NetworkView, RaceScore, RaceStatus};
pub use store::{RESULTS, Store, StoreError};
pub use trial::{Phase, Trial};
pub use watch::FolderWatch;
