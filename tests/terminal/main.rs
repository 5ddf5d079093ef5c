//! The workbench as a terminal meets it: the real program in a pseudo-terminal.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

mod colours;
mod harness;
mod inputs;
mod job_control;
mod landscape;
mod layers;
mod learn;
mod link;
mod manners;
mod neurons;
mod one_step;
mod panic;
mod race;
mod random;
mod resume;
mod story;
mod stress;
mod surface;
mod time;
mod watch;
