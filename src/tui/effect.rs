//! Effects: what the state of the user interface cannot do by itself.

use std::sync::Arc;

use super::answers::Given;
use crate::compare::claims::Claim;
use crate::compare::{Order, Plan};
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
    /// Put a text on the clipboard of the terminal.
    Copy(String),
    /// Write the run to files.
    Save,
    /// Start a race in place of any other.
    StartRace(Arc<Plan>),
    /// Write the race's report to a new folder.
    Report,
    /// Read the list of kept races.
    ListRaces,
    /// Tell the race's monitor.
    Race(Order),
    /// Begin to judge a claim.
    Judge(&'static Claim),
    /// Give up the runs by which a claim is being judged.
    StopJudging,
    /// Write how far the lessons have been taken.
    KeepProgress,
    /// Write an answer that was given in a lesson.
    Answered(Given),
}
