//! Sessions of the workbench.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::session::file(bytes);
});
