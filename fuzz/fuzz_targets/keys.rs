//! Streams of keys, clicks and pasted texts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::keys::stream(bytes);
});
