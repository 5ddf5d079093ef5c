//! The branches of a run, and the states that any step of them is reached from.

pub use view::{BranchView, TimelineView};

mod view;

/// The name of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BranchId(pub u32);
