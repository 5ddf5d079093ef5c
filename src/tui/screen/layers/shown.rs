//! What the strips show, and on what axis.

use crate::train::probe::Quantity;

/// What the strips show.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The quantity.
    pub quantity: Quantity,
    /// Whether the values of each quantity lie on a symmetric logarithmic axis.
    symlog: [bool; Quantity::ALL.len()],
}

impl Default for Shown {
    fn default() -> Self {
        // Gradients and updates go through decades in a run, the others hardly.
        let symlog = Quantity::ALL.map(|it| matches!(it, Quantity::Gradients | Quantity::Updates));
        Self { quantity: Quantity::Weights, symlog }
    }
}

impl Shown {
    /// Whether the axis is a symmetric logarithmic one.
    pub const fn symlog(self) -> bool {
        self.symlog[self.quantity as usize]
    }

    /// Goes on to the next quantity.
    pub const fn next(&mut self) {
        self.quantity = Quantity::ALL[(self.quantity as usize + 1) % Quantity::ALL.len()];
    }

    /// Changes from one axis to the other, for this quantity.
    pub const fn toggle_scale(&mut self) {
        let symlog = &mut self.symlog[self.quantity as usize];
        *symlog = !*symlog;
    }

    /// The axis in a word.
    pub const fn scale(self) -> &'static str {
        if self.symlog() { "symmetric log" } else { "linear" }
    }
}
