//! Checkpoints: edits of a good one, and any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::checkpoint::edits(bytes);
    gradlab_fuzz::checkpoint::file(bytes);
});
