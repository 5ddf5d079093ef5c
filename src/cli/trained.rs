//! A run trained to a step, for commands that look at it there.

use super::failure::Failure;
use crate::experiment::Script;
use crate::train::{Problem, Session};

/// A run where its training ended.
pub struct Trained {
    /// The run, at its last finite state.
    pub session: Session,
    /// Why it went no farther, if it diverged.
    pub diverged: Option<String>,
}

/// The run of `script` after `steps` steps, or as many as it has. `watch` is shown its start and its
/// state after each step.
///
/// # Errors
/// If its data cannot be read.
pub fn trained(
    script: &Script,
    steps: Option<u64>,
    mut watch: impl FnMut(&Session),
) -> Result<Trained, Failure> {
    let problem = Problem::load(script.start()).map_err(|error| Failure::Input(error.into()))?;
    let mut session = Session::of_script(script, problem);
    watch(&session);
    loop {
        session.until = steps.unwrap_or(session.until);
        if session.engine().step_count() >= session.until {
            break;
        }
        if let Err(divergence) = session.step() {
            return Ok(Trained { session, diverged: Some(divergence.to_string()) });
        }
        watch(&session);
    }
    if steps.is_some() {
        session.make_due_edit();
    }
    Ok(Trained { session, diverged: None })
}
