//! Results files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::results::file(bytes);
});
