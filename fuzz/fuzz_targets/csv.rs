//! CSV files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    gradlab_fuzz::table::file(bytes);
});
