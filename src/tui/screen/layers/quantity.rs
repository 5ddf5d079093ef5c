//! What the strips show, and on what axis.

/// A quantity of a layer that is spread over many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Its weights.
    Weights,
    /// The gradient of the loss by its parameters.
    Gradients,
    /// Its outputs.
    Activations,
    /// What goes into its activation.
    PreActivations,
    /// What the last step added to its weights.
    Updates,
}

impl Quantity {
    /// All, in the order in which a key goes through them.
    pub const ALL: [Self; 5] =
        [Self::Weights, Self::Gradients, Self::Activations, Self::PreActivations, Self::Updates];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Gradients => "gradients",
            Self::Activations => "activations",
            Self::PreActivations => "pre-activations",
            Self::Updates => "updates",
        }
    }

    /// The next one.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }
}

/// What the strips show.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The quantity.
    pub quantity: Quantity,
    /// Whether the values of each quantity lie on a symmetric logarithmic axis.
    symlog: [bool; 5],
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

    /// Changes from one axis to the other, for this quantity.
    pub const fn toggle_scale(&mut self) {
        let symlog = &mut self.symlog[self.quantity as usize];
        *symlog = !*symlog;
    }
}
