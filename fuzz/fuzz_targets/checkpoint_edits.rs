//! Good checkpoints after edits.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::checkpoint::edits(bytes);
});
