//! Effects: what the state of the user interface cannot do by itself.

use std::sync::Arc;

use super::contest::referee::Order;
use crate::compare::Plan;
use crate::train::Command;

/// Something that the surroundings must do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Tell the worker.
    Send(Command),
    /// End the program.
    Quit,
    /// Stop the program for a while.
    Suspend,
    /// Write the run to files.
    Save,
    /// Start a race, called so, in place of any other.
    StartRace(String, Arc<Plan>),
    /// Tell the race's referee.
    Race(Order),
}
