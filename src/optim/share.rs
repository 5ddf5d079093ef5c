//! Which of the numbers that a rule remembers belong to one element of the parameter, and whose
//! gradients bear on its move: what one weight alone can tell of a step.

use super::Dim;

/// How the numbers of a tensor of a [`super::State`] belong to the elements of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// One for each element.
    Element,
    /// One for all elements of a row of the matrix.
    Row,
    /// One for all elements of a column of the matrix.
    Column,
    /// None belongs to one element.
    Whole,
}

impl Share {
    /// The place of the number that belongs to element `index`, if one does.
    #[must_use]
    pub const fn place(self, dim: Dim, index: usize) -> Option<usize> {
        match (self, dim) {
            (Self::Element, _) => Some(index),
            (Self::Row, Dim::Matrix(_, columns)) => Some(index / columns),
            (Self::Column, Dim::Matrix(_, columns)) => Some(index % columns),
            _ => None,
        }
    }
}

/// Whose gradients bear on how far a rule moves one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Its own alone.
    Element,
    /// Those of all weights of its tensor.
    Tensor,
    /// Those of all tensors that the rule moves.
    Group,
}
