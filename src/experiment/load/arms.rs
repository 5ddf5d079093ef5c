//! The arms of a comparison, each laid over what it is compared on.

use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::node::Node;
use crate::experiment::{Experiment, Script};

/// Checks that each arm of the comparison that `script` has can be laid over its start, or at least
/// over all of it; `root` is the tree that it was read from. Whether the script's own edits are possible
/// over an arm bears on a comparison alone.
pub fn check(script: &Script, root: &Node) -> Result<()> {
    let Some(spec) = &script.start().compare else { return Ok(()) };
    let start = Script::from(Experiment { compare: None, ..script.start().clone() });
    for (number, arm) in (1..).zip(&spec.arms) {
        let Err(error) = start.with_overrides(&arm.set) else { continue };
        if script.without_edits().is_none() && script.with_overrides(&arm.set).is_ok() {
            continue;
        }
        let message = format!("arm `{}`: {}", arm.name.on_terminal(), error.message());
        let about = Diagnostic::new(message).at(&root.find(&format!("compare.arms.{number}")).span);
        return Err(match error.advice() {
            Some(advice) => about.help(advice),
            None => about,
        });
    }
    Ok(())
}
