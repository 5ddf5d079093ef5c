//! A checkpoint as the bytes of a file.
//!
//! The format is `safetensors`, which numpy and PyTorch read: every number that is kept stands in a
//! tensor, so that each comes back bit for bit. Parameters are called `layer1.weight`, what an
//! optimizer remembers of one `layer1.weight.adam.m`, its average `layer1.weight.ema`; what belongs
//! to the run as a whole `batcher.order` or `schedule.plateau`. The experiment and the counters are
//! JSON in the metadata. Further states have their names after `rollback.` and `before_edit.`.

use serde::{Deserialize, Serialize};

use super::error::{FormatError, VERSION};
use super::tensors::{Reader, Writer};
use super::{Checkpoint, TrainingState};

mod section;

use section::Section;

/// The part of the metadata that every version has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// The metadata.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u64,
    until: u64,
    state: Section,
    rollback: Option<Section>,
    before_edit: Option<Section>,
    /// What its writer says of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

impl Checkpoint {
    /// The bytes of a file that holds it.
    ///
    /// # Errors
    /// If it cannot be written, which should not happen.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FormatError> {
        self.to_bytes_with("")
    }

    /// As [`Checkpoint::to_bytes`], with a note that [`Checkpoint::from_bytes_with`] gives back.
    ///
    /// # Errors
    /// As [`Checkpoint::to_bytes`].
    pub fn to_bytes_with(&self, note: &str) -> Result<Vec<u8>, FormatError> {
        let Self { until, state, rollback, before_edit } = self;
        let mut writer = Writer::default();
        let header = Header {
            version: VERSION,
            until: *until,
            state: state.put(&mut writer, ""),
            rollback: rollback.as_ref().map(|state| state.put(&mut writer, "rollback.")),
            before_edit: before_edit.as_ref().map(|state| state.put(&mut writer, "before_edit.")),
            note: note.to_owned(),
        };
        writer.finish(serde_json::to_string(&header).map_err(malformed)?)
    }

    /// Reads what [`Checkpoint::to_bytes`] gave. A CSV file that the experiment names is read for
    /// its shape.
    ///
    /// # Errors
    /// If `bytes` are no such file of this version, or not a whole one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::from_bytes_with(bytes).map(|(checkpoint, _)| checkpoint)
    }

    /// As [`Checkpoint::from_bytes`], with the note that was written with it; empty if there was none.
    ///
    /// # Errors
    /// As [`Checkpoint::from_bytes`].
    pub fn from_bytes_with(bytes: &[u8]) -> Result<(Self, String), FormatError> {
        let reader = Reader::open(bytes)?;
        let Version { version } = serde_json::from_str(reader.text()).map_err(malformed)?;
        if version != VERSION {
            return Err(FormatError::Version(version));
        }
        reader.verify()?;
        let header: Header = serde_json::from_str(reader.text()).map_err(malformed)?;
        let read = |section: Option<Section>, prefix: &str| {
            section.map(|section| TrainingState::get(&reader, prefix, &section)).transpose()
        };
        let checkpoint = Self {
            until: header.until,
            state: TrainingState::get(&reader, "", &header.state)?,
            rollback: read(header.rollback, "rollback.")?,
            before_edit: read(header.before_edit, "before_edit.")?.map(Box::new),
        };
        Ok((checkpoint, header.note))
    }
}

fn malformed(error: serde_json::Error) -> FormatError {
    FormatError::Malformed(error.to_string())
}
