//! What many runs say together.
//!
//! An infinite value stands for a miss or a diverged run: worse than any finite loss, and ordered
//! like any other number. Nothing here knows what the numbers are of.

mod pairwise;
mod profile;
mod quantile;
mod scale;
mod two_way;

pub use pairwise::{Pairwise, fewest_blocks};
pub use profile::{Profile, profiles};
pub use quantile::{Quartiles, quantile};
pub use scale::{Block, Scale};
pub use two_way::Shares;

/// What may pass for chance: a difference with a larger adjusted p is a tie.
pub const ALPHA: f64 = 0.05;
