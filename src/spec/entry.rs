//! Rows of the tables of things that can be picked.

use super::{Card, Describe, Pick};

/// The part of a row that is the same for every kind of thing; rows dereference to it.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    /// Its description.
    pub card: &'static Card,
    /// How PyTorch spells it ([`Describe::TORCH`]).
    pub torch: Option<&'static str>,
    /// The family under which long lists show it ([`Describe::FAMILY`]).
    pub family: &'static str,
    /// Checks that the parameters go together ([`Describe::check`]).
    pub check: fn(&Pick) -> Result<(), String>,
}

impl Base {
    /// That of `D`.
    #[must_use]
    pub const fn of<D: Describe>() -> Self {
        Self { card: &D::CARD, torch: D::TORCH, family: D::FAMILY, check: D::check }
    }
}
