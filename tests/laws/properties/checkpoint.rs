//! Checkpoints: bytes that are read are written back the same, and a run goes on from them; any
//! others are refused with a message.

use std::collections::HashMap;
use std::sync::OnceLock;

use gradlab::experiment::parse_recipe;
use gradlab::hash::fnv1a;
use gradlab::train::{Checkpoint, Problem, Session};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use super::experiment::is_small;
use super::text::assert_clean;

/// The longest file that is tried, in bytes.
pub const LONGEST: usize = 1 << 16;

/// The properties of a file, and of the one in which the checksum is made right. Returns whether
/// either is read.
pub fn file(bytes: &[u8]) -> bool {
    if bytes.len() > LONGEST {
        return false;
    }
    read(bytes) | resealed(bytes).is_some_and(|bytes| read(&bytes))
}

/// The properties of a good checkpoint after edits: triples of bytes, the place and what stands there.
pub fn edits(edits: &[u8]) -> bool {
    let mut bytes = example().to_vec();
    for edit in edits.chunks_exact(3).take(64) {
        let place = usize::from(u16::from_le_bytes([edit[0], edit[1]]));
        let len = bytes.len();
        bytes[place % len] = edit[2];
    }
    file(&bytes)
}

/// A checkpoint of a short run with momentum, averages and a normalisation.
pub fn example() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let recipe = "moons:samples=24/3-tanh+batch_norm/2-softmax/optimizer=adam,ema=0.9,steps=9";
        let experiment = parse_recipe(recipe).unwrap().experiment;
        let mut session = Session::new(&experiment, Problem::load(&experiment).unwrap());
        session.set_single_threaded(true);
        for _ in 0..3 {
            session.train().unwrap();
        }
        session.snapshot().to_bytes().unwrap()
    })
}

fn read(bytes: &[u8]) -> bool {
    let checkpoint = match Checkpoint::from_bytes(bytes) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            assert_clean(&error.to_string(), "an error");
            return false;
        }
    };
    let written = checkpoint.to_bytes().unwrap();
    let again = Checkpoint::from_bytes(&written).unwrap().to_bytes().unwrap();
    assert_eq!(again, written, "a checkpoint is not written as it is read");
    goes_on(&checkpoint);
    true
}

/// A run goes on from it, or is refused.
fn goes_on(checkpoint: &Checkpoint) {
    if !is_small(checkpoint.experiment()) {
        return;
    }
    let Ok(problem) = Problem::load(checkpoint.experiment()) else { return };
    match Session::resume(checkpoint, problem) {
        Ok(mut session) => {
            session.set_single_threaded(true);
            let _ = session.train();
        }
        Err(mismatch) => assert_clean(&mismatch.to_string(), "a mismatch"),
    }
}

/// The file with the checksum of its contents, if it is a file of tensors with a text.
fn resealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
    let text = metadata.metadata().as_ref()?.get("gradlab")?.clone();
    let file = SafeTensors::deserialize(bytes).ok()?;
    let mut tensors: Vec<_> = file.iter().filter(|(name, _)| *name != "checksum").collect();
    tensors.sort_by(|a, b| a.0.cmp(b.0));
    let mut hashed = text.clone().into_bytes();
    for (name, view) in &tensors {
        hashed.extend(name.as_bytes());
        hashed.extend(view.shape().iter().flat_map(|&size| (size as u64).to_le_bytes()));
        hashed.extend(view.data());
    }
    let sum = fnv1a(&hashed).to_le_bytes();
    let checksum = TensorView::new(safetensors::Dtype::I64, vec![1], &sum).ok()?;
    let tensors = tensors.into_iter().chain([("checksum", checksum)]);
    safetensors::serialize(tensors, Some(HashMap::from([("gradlab".to_owned(), text)]))).ok()
}
