//! Memory for numbers that every pass writes anew.

use std::ops::{Deref, DerefMut};

use super::real::Real;

/// A slice whose length goes with the batch. Memory that it has had it keeps, so that it costs nothing
/// to go from small batches to large ones and back.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffer<F> {
    memory: Vec<F>,
    len: usize,
}

impl<F: Real> Buffer<F> {
    /// Makes it so long. What it holds then is whatever was there.
    pub fn resize(&mut self, len: usize) {
        if self.memory.len() < len {
            self.memory.resize(len, F::ZERO);
        }
        self.len = len;
    }
}

impl<F> Deref for Buffer<F> {
    type Target = [F];
    fn deref(&self) -> &[F] {
        &self.memory[..self.len]
    }
}

impl<F> DerefMut for Buffer<F> {
    fn deref_mut(&mut self) -> &mut [F] {
        &mut self.memory[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_length_asked_for_and_keeps_its_memory() {
        let mut buffer = Buffer::<f32>::default();
        assert!(buffer.is_empty());
        buffer.resize(3);
        buffer.copy_from_slice(&[1.0, 2.0, 3.0]);
        let place = buffer.as_ptr();
        buffer.resize(1);
        assert_eq!(buffer[..], [1.0]);
        buffer.resize(3);
        assert_eq!((buffer.len(), buffer.as_ptr()), (3, place));
    }
}
