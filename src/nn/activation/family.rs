//! The families of activations, under which long lists show them.

/// Its output is its input.
pub const LINEAR: &str = "Linear";

/// Zero or nearly so below 0, with a corner there.
pub const RECTIFIERS: &str = "Rectifiers";

/// Linear above 0, and curved towards a limit below.
pub const EXPONENTIAL: &str = "Exponential tails";

/// Rectifiers without the corner.
pub const SMOOTH: &str = "Smooth rectifiers";

/// Flat, or nearly so, at one end or both.
pub const SIGMOIDS: &str = "S-shaped";

/// Small numbers become smaller, or 0.
pub const SHRINKAGE: &str = "Shrinkage";

/// They rise and fall.
pub const WAVES: &str = "Waves and bumps";

/// Each output depends on all numbers of its sample.
pub const LAYER: &str = "Over the whole layer";

/// One half of the units opens or closes the other.
pub const GATED: &str = "Gated";
