//! Batches for training: which rows come next, and gathering them into the network's layout.

use ndarray::ArcArray2;
use rand::seq::SliceRandom;

use super::{Features, Part, Target};
use crate::nn::kernel::transpose;
use crate::nn::network::Batch;
use crate::nn::simd::{LANES, padded};
use crate::rng::{Purpose, Stream, stream};

/// Rows that are gone through at a time where all of them are, as in an evaluation.
pub const CHUNK: usize = 256;

/// The most numbers of a set that is kept in chunks as well.
pub const FEW: usize = 1 << 17;

/// The rows of a data set as the network takes them, ready to be gathered into batches.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    rows: usize,
    /// `rows × features`; plain ones are in the memory of the data set's part.
    x: ArcArray2<f32>,
    /// `rows × outputs`.
    target: Vec<f32>,
    /// All rows in order, [`CHUNK`] at a time, as the network takes them; none of a large set, of which
    /// that would be a second copy.
    chunks: Vec<Batch<f32>>,
}

impl Samples {
    /// The rows of `data` for a network that is given these features and has so many outputs. Classes
    /// are one-hot, or 0 and 1 where there is one output; values are as they are.
    #[must_use]
    pub fn new(data: &Part, features: Features, outputs: usize) -> Self {
        let rows = data.len();
        let mut target = vec![0.0; rows * outputs];
        match &data.target {
            Target::Classes { labels, .. } if outputs == 1 => {
                for (cell, &label) in target.iter_mut().zip(labels) {
                    *cell = f32::from(label > 0);
                }
            }
            Target::Classes { labels, .. } => {
                for (row, &label) in labels.iter().enumerate().filter(|(_, l)| **l < outputs) {
                    target[row * outputs + label] = 1.0;
                }
            }
            Target::Values { values, .. } => {
                for (cell, &value) in target.iter_mut().zip(values) {
                    *cell = value;
                }
            }
        }
        let mut samples = Self { rows, x: features.inputs(&data.x), target, chunks: Vec::new() };
        if samples.x.len() + samples.target.len() <= FEW {
            let chunk = |start| {
                let mut chunk = Batch::default();
                samples.chunk(start, CHUNK, &mut chunk);
                chunk
            };
            samples.chunks = (0..rows).step_by(CHUNK).map(chunk).collect();
        }
        samples
    }

    /// Rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The inputs, row after row.
    #[must_use]
    pub fn x(&self) -> &[f32] {
        // It is laid out row after row, as a part is made.
        self.x.as_slice().unwrap_or_default()
    }

    /// The targets, row after row.
    #[must_use]
    pub fn target(&self) -> &[f32] {
        &self.target
    }

    /// Puts `rows` into `batch`, in that order, to be trained on. The padding repeats the last one.
    pub fn fill(&self, rows: &[usize], batch: &mut Batch<f32>) {
        self.gather(rows.len(), |i| rows[i], batch);
        let width = self.x().len() / self.rows.max(1);
        if width < LANES {
            // Copies would take longer than to transpose them later.
            batch.xt.clear();
            return;
        }
        let padded = padded(width);
        batch.xt.resize(padded * rows.len(), 0.0);
        for (out, &row) in batch.xt.chunks_exact_mut(padded).zip(rows) {
            out[..width].copy_from_slice(&self.x()[row * width..][..width]);
        }
    }

    /// Puts up to `len` rows from `start` on into `batch`: for going through all rows in order.
    pub fn chunk(&self, start: usize, len: usize, batch: &mut Batch<f32>) {
        let start = start.min(self.rows);
        self.gather(len.min(self.rows - start), |i| start + i, batch);
        batch.xt.clear();
    }

    /// Up to `len` rows from `start` on, as [`Samples::chunk`] has them: gathered into `memory` unless
    /// they are at hand.
    pub fn rows<'a>(
        &'a self,
        start: usize,
        len: usize,
        memory: &'a mut Batch<f32>,
    ) -> &'a Batch<f32> {
        let wanted = len.min(self.rows.saturating_sub(start));
        match self.chunks.get(start / CHUNK) {
            Some(chunk) if start.is_multiple_of(CHUNK) && chunk.len == wanted => chunk,
            _ => {
                self.chunk(start, len, memory);
                memory
            }
        }
    }

    /// Sizes `batch` for `len` samples and copies the rows that `row` names.
    fn gather(
        &self,
        len: usize,
        row: impl Fn(usize) -> usize + Copy + Sync,
        batch: &mut Batch<f32>,
    ) {
        batch.len = len;
        for (source, out) in [(self.x(), &mut batch.x), (&self.target[..], &mut batch.target)] {
            if len == 0 {
                out.clear();
                continue;
            }
            let width = source.len() / self.rows;
            out.resize(width * padded(len), 0.0);
            transpose(len, width, |i| &source[row(i) * width..][..width], out);
        }
    }
}

/// Decides which rows come next: every row once an epoch, in an order that is new each epoch. The
/// last batch of an epoch may be smaller, as with PyTorch's `DataLoader`. A clone goes on exactly
/// as the original would.
#[derive(Debug)]
pub struct Batcher {
    order: Vec<usize>,
    batch_size: usize,
    stream: Stream,
    /// Epochs begun before this one.
    epoch: u64,
    /// Rows of `order` already given.
    position: usize,
}

impl Clone for Batcher {
    fn clone(&self) -> Self {
        Self { order: self.order.clone(), stream: self.stream.clone(), ..*self }
    }
    /// In place: checkpoints are made this way.
    fn clone_from(&mut self, source: &Self) {
        self.order.clone_from(&source.order);
        self.stream.clone_from(&source.stream);
        (self.batch_size, self.epoch, self.position) =
            (source.batch_size, source.epoch, source.position);
    }
}

/// Where a [`Batcher`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatcherState {
    /// All rows in the order of the present epoch.
    pub order: Vec<usize>,
    /// Rows of `order` already given.
    pub position: usize,
    /// Epochs begun before this one.
    pub epoch: u64,
    /// 32-bit words taken from the stream that shuffles.
    pub words: u128,
}

impl Batcher {
    /// Batches of `batch_size` out of `rows`, all of them if it is larger.
    #[must_use]
    pub fn new(rows: usize, batch_size: usize, seed: u64) -> Self {
        let mut stream = stream(seed, Purpose::Shuffle);
        let mut order: Vec<usize> = (0..rows).collect();
        order.shuffle(&mut stream);
        Self { order, batch_size, stream, epoch: 0, position: 0 }
    }

    /// Batches of `batch_size` from `state` on; none if its order is no order of all rows.
    #[must_use]
    pub fn resume(state: BatcherState, batch_size: usize, seed: u64) -> Option<Self> {
        let BatcherState { order, position, epoch, words } = state;
        let mut seen = vec![false; order.len()];
        let complete = order
            .iter()
            .all(|&row| seen.get_mut(row).is_some_and(|seen| !std::mem::replace(seen, true)));
        if !complete || position > order.len() {
            return None;
        }
        let mut stream = stream(seed, Purpose::Shuffle);
        stream.set_word_pos(words);
        Some(Self { order, batch_size, stream, epoch, position })
    }

    /// Where it is.
    #[must_use]
    pub fn state(&self) -> BatcherState {
        let Self { ref order, position, epoch, .. } = *self;
        BatcherState { order: order.clone(), position, epoch, words: self.stream.get_word_pos() }
    }

    /// Bytes of memory that it takes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        size_of::<Self>() + self.order.len() * size_of::<usize>()
    }

    /// Rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.order.len()
    }

    /// The rows of the next batch; none only if there are none at all.
    #[expect(clippy::should_implement_trait, reason = "what it gives is borrowed from it")]
    pub fn next(&mut self) -> &[usize] {
        if self.position == self.order.len() {
            self.order.shuffle(&mut self.stream);
            self.epoch += 1;
            self.position = 0;
        }
        let rest = &self.order[self.position..];
        let batch = &rest[..rest.len().min(self.batch_size.max(1))];
        self.position += batch.len();
        batch
    }

    /// Epochs gone through, the present one in part.
    #[must_use]
    pub fn epoch(&self) -> f64 {
        self.epoch as f64 + self.position as f64 / self.order.len().max(1) as f64
    }

    /// Samples a batch from the next one on; the epoch goes on where it is.
    pub const fn set_batch_size(&mut self, batch_size: usize) {
        self.batch_size = batch_size;
    }
}

#[cfg(test)]
mod tests;
