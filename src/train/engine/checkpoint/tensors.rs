//! Tensors by name and a text in one file, in the format `safetensors`, with a checksum.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors, serialize};

use super::error::FormatError;

/// The key of the text in the file's metadata.
const TEXT: &str = "gradlab";

/// The name of the tensor that holds the checksum of all others and the text.
const CHECKSUM: &str = "checksum";

/// A number that can stand in a file.
pub(super) trait Number: Sized {
    const DTYPE: Dtype;
    const SIZE: usize = size_of::<Self>();
    fn append(&self, bytes: &mut Vec<u8>);
    /// The number in [`Number::SIZE`] bytes.
    fn parse(bytes: &[u8]) -> Option<Self>;
}

macro_rules! number {
    ($type:ty, $dtype:expr) => {
        impl Number for $type {
            const DTYPE: Dtype = $dtype;
            fn append(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }
            fn parse(bytes: &[u8]) -> Option<Self> {
                Some(Self::from_le_bytes(bytes.try_into().ok()?))
            }
        }
    };
}

number!(f32, Dtype::F32);
number!(f64, Dtype::F64);
number!(i64, Dtype::I64);

/// A tensor on its way into a file.
#[derive(Debug)]
struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Collects tensors for a file.
#[derive(Debug, Default)]
pub(super) struct Writer {
    tensors: Vec<Tensor>,
}

impl Writer {
    /// Adds `values` in the given shape, unless there are none.
    pub(super) fn put<N: Number>(&mut self, name: String, shape: &[usize], values: &[N]) {
        if !values.is_empty() {
            let mut bytes = Vec::with_capacity(values.len() * N::SIZE);
            for value in values {
                value.append(&mut bytes);
            }
            self.tensors.push(Tensor { name, dtype: N::DTYPE, shape: shape.to_vec(), bytes });
        }
    }

    /// The file with `text`.
    ///
    /// # Errors
    /// If a name stands twice, or a shape does not fit its numbers.
    pub(super) fn finish(mut self, text: String) -> Result<Vec<u8>, FormatError> {
        self.tensors.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = self.tensors.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(FormatError::Malformed(format!("`{}` stands twice", pair[0].name)));
        }
        let parts = self.tensors.iter().map(|it| (it.name.as_str(), &it.shape[..], &it.bytes[..]));
        let sum = checksum(&text, parts);
        self.put(CHECKSUM.to_owned(), &[1], &[sum]);
        let views: Result<Vec<_>, _> = self
            .tensors
            .iter()
            .map(|Tensor { name, dtype, shape, bytes }| {
                Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?))
            })
            .collect();
        let metadata = HashMap::from([(TEXT.to_owned(), text)]);
        views.and_then(|views| serialize(views, Some(metadata))).map_err(malformed)
    }
}

/// A file that has been opened.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    tensors: SafeTensors<'a>,
    text: String,
}

impl<'a> Reader<'a> {
    /// Opens a file. Whatever `bytes` are, it takes no more memory than a few times their number.
    ///
    /// # Errors
    /// If they are no such file, or not whole.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let foreign = |_| FormatError::NotACheckpoint;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(foreign)?;
        let text = metadata.metadata().as_ref().and_then(|metadata| metadata.get(TEXT));
        let text = text.ok_or(FormatError::NotACheckpoint)?.clone();
        Ok(Self { tensors: SafeTensors::deserialize(bytes).map_err(foreign)?, text })
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Checks that nothing in the file has changed since it was written.
    ///
    /// # Errors
    /// If something has.
    pub(super) fn verify(&self) -> Result<(), FormatError> {
        let mut tensors: Vec<_> =
            self.tensors.iter().filter(|(name, _)| *name != CHECKSUM).collect();
        tensors.sort_by(|a, b| a.0.cmp(b.0));
        let parts = tensors.iter().map(|(name, view)| (*name, view.shape(), view.data()));
        let found = checksum(&self.text, parts);
        if self.get::<i64>(CHECKSUM)? == [found] { Ok(()) } else { Err(FormatError::Damaged) }
    }

    /// The shape of a tensor; none if there is none of that name.
    pub(super) fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.tensors.tensor(name).ok()?.shape().to_vec())
    }

    /// The numbers of a tensor; none if there is none of that name.
    ///
    /// # Errors
    /// If they are of another type.
    pub(super) fn get<N: Number>(&self, name: &str) -> Result<Vec<N>, FormatError> {
        let Ok(view) = self.tensors.tensor(name) else { return Ok(Vec::new()) };
        if view.dtype() != N::DTYPE {
            let message = format!("`{name}` is of type {:?}", view.dtype());
            return Err(FormatError::Malformed(message));
        }
        Ok(view.data().chunks_exact(N::SIZE).filter_map(N::parse).collect())
    }

    /// The numbers of a tensor of so many.
    ///
    /// # Errors
    /// If it has another number of them, or they are of another type.
    pub(super) fn exactly<N: Number>(&self, name: &str, len: usize) -> Result<Vec<N>, FormatError> {
        let values = self.get(name)?;
        if values.len() == len {
            return Ok(values);
        }
        let message = format!("`{name}` has {} numbers, but there should be {len}", values.len());
        Err(FormatError::Malformed(message))
    }
}

fn malformed(error: SafeTensorError) -> FormatError {
    FormatError::Malformed(error.to_string())
}

/// The FNV-1a hash of a text and of tensors, as names, shapes and bytes.
fn checksum<'a>(
    text: &str,
    tensors: impl Iterator<Item = (&'a str, &'a [usize], &'a [u8])>,
) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for &byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    add(text.as_bytes());
    for (name, shape, bytes) in tensors {
        add(name.as_bytes());
        for &size in shape {
            add(&(size as u64).to_le_bytes());
        }
        add(bytes);
    }
    hash.cast_signed()
}
