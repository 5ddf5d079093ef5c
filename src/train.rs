//! Training: one step ([`engine`]), a run with its evaluations ([`session`]), and the thread that
//! carries it under a user interface ([`worker`]), watched through [`telemetry`] and [`probe`];
//! what was trained, kept ([`saved`]) and used ([`predictor`]); the loss around it ([`landscape`]);
//! and a path over a test surface ([`descent`]).
//!
//! Knows nothing of terminals or standard output.

mod build;
pub mod curvature;
pub mod descent;
pub mod diagnosis;
pub mod distribution;
pub mod engine;
mod evaluate;
pub mod evaluator;
pub mod gradients;
pub mod journal;
pub mod landscape;
pub mod memory;
pub mod message;
pub mod objective;
mod parameters;
pub mod predictor;
pub mod probe;
pub mod problem;
pub mod saved;
pub mod session;
pub mod strips;
pub mod telemetry;
pub mod timeline;
pub mod worker;
pub mod workload;

pub use engine::{Checkpoint, Divergence, Engine};
pub use message::{Command, Event};
pub use problem::Problem;
pub use session::{Row, Session, Stepped};
pub use timeline::Mark;
