//! The families of optimizers, under which long lists show them.

/// They follow the gradient, or an average of past ones.
pub const MOMENTUM: &str = "Gradient descent";

/// Momentum, with a rate for each weight.
pub const ADAM: &str = "Adam and variants";

/// By the size of past gradients, without momentum.
pub const ADAPTIVE: &str = "Rate for each weight";

/// By the size of its weights or gradients.
pub const LAYERWISE: &str = "Rate for each layer";

/// The size of the gradient does not count.
pub const SIGNS: &str = "By the sign";

/// A weight moves by the gradients of others, too.
pub const MATRIX: &str = "Matrix and curvature";

/// One of the two follows from the run.
pub const FREE: &str = "Self-tuning rate";

/// They change how another one moves.
pub const AROUND: &str = "Around another one";
