//! Recipes, with values to be laid over them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        gradlab_fuzz::experiment::recipe(text);
    }
});
