//! The errors of reading and writing a checkpoint.

/// The version of the format; files of another one are refused.
pub(super) const VERSION: u64 = 1;

/// Why bytes could not be read as a checkpoint, or a checkpoint not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is another kind of file, or the beginning of one.
    #[error("this is no checkpoint, or only a part of one")]
    NotACheckpoint,
    /// It is a checkpoint of another version of the format.
    #[error(
        "the checkpoint is of version {0} of its format, but only version {VERSION} can be read"
    )]
    Version(u64),
    /// It has changed since it was written.
    #[error("the checkpoint is damaged: its checksum is not that of its contents")]
    Damaged,
    /// Its experiment cannot be run.
    #[error("the checkpoint's experiment is not valid: {0}")]
    Experiment(String),
    /// Its parts do not fit together.
    #[error("the checkpoint is malformed: {0}")]
    Malformed(String),
}
