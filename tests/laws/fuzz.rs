//! Inputs of every kind, mutated at random from the seeds in `fuzz/corpus`: a bounded number of those
//! that `cargo fuzz` tries without end.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::fs;
use std::path::Path;

use gradlab::experiment::{load_with, preset};
use gradlab::rng::{Purpose, Stream, stream};
use rand::RngExt;

use crate::properties::{checkpoint, experiment, keys, results, session, table};

/// Pieces that mean something to one reader or another.
const SCRAPS: [&[u8]; 34] = [
    b"=",
    b",",
    b":",
    b"/",
    b"@",
    b"+",
    b"-",
    b"%",
    b"%4",
    b".",
    b"\"",
    b"\"\"\"",
    b"\\",
    b"[",
    b"]]",
    b"{",
    b"}",
    b"\n",
    b"\r\n",
    b"\t",
    b";",
    b"0",
    b"-1",
    b"1e999",
    b"nan",
    b"NA",
    b"null",
    b"18446744073709551616",
    b"1e308",
    b"-5e-324",
    "é🌀".as_bytes(),
    b"\0",
    b"\xff",
    b"\x1b",
];

/// `bytes` with one to four random edits; pieces of `other` may come in.
fn mutate(bytes: &[u8], other: &[u8], stream: &mut Stream) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..stream.random_range(1..=4) {
        let start = stream.random_range(0..=bytes.len());
        let end = (start + stream.random_range(0..8)).min(bytes.len());
        let piece: Vec<u8> = match stream.random_range(0..5) {
            0 => Vec::new(),
            1 => SCRAPS[stream.random_range(0..SCRAPS.len())].to_vec(),
            2 if !other.is_empty() => {
                let from = stream.random_range(0..other.len());
                other[from..(from + stream.random_range(0..20)).min(other.len())].to_vec()
            }
            3 => vec![stream.random_range(0..=255)],
            _ => bytes[start..end].repeat(2),
        };
        bytes.splice(start..end, piece);
    }
    bytes
}

/// The seeds of a target of `fuzz/`.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Tries `property` on all `seeds`, and on so many mutations of them. Returns how many of these were
/// of the good kind.
fn tried(
    seeds: &[Vec<u8>],
    rounds: usize,
    seed: u64,
    mut property: impl FnMut(&[u8]) -> bool,
) -> usize {
    assert!(!seeds.is_empty());
    for seed in seeds {
        property(seed);
    }
    let mut stream = stream(seed, Purpose::Noise);
    let mut good = 0;
    for round in 0..rounds * factor() {
        let other = &seeds[stream.random_range(0..seeds.len())];
        let valid = property(&mutate(&seeds[round % seeds.len()], other, &mut stream));
        good += usize::from(valid && round < rounds);
    }
    good
}

/// `FUZZ_FACTOR=100` tries a hundred times as many mutations.
fn factor() -> usize {
    std::env::var("FUZZ_FACTOR").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn text(property: impl Fn(&str) -> bool) -> impl FnMut(&[u8]) -> bool {
    move |bytes| property(&String::from_utf8_lossy(bytes))
}

#[test]
fn experiments_are_refused_or_train_and_survive_being_written() {
    let mut files = seeds("toml");
    files.extend(preset::PRESETS.all().iter().map(|preset| preset.text.as_bytes().to_vec()));
    let valid = tried(&files, 1500, 1, text(experiment::toml));
    assert!((100..1400).contains(&valid), "{valid} of 1500 are valid");
}

#[test]
fn recipes_are_refused_or_train_and_survive_being_written() {
    let valid = tried(&seeds("recipe"), 1500, 2, text(experiment::recipe));
    assert!((50..1400).contains(&valid), "{valid} of 1500 are valid");
}

#[test]
fn tables_are_refused_or_sound() {
    let valid = tried(&seeds("csv"), 5000, 3, table::file);
    assert!((200..4900).contains(&valid), "{valid} of 5000 are valid");
}

#[test]
fn results_are_refused_or_told_in_every_form() {
    let valid = tried(&seeds("results"), 500, 4, results::file);
    assert!((20..490).contains(&valid), "{valid} of 500 are valid");
}

#[test]
fn checkpoints_are_refused_or_go_on() {
    let example = vec![checkpoint::example().to_vec()];
    let valid = tried(&example, 1000, 5, checkpoint::file);
    assert!(valid < 1000);
    let mut stream = stream(6, Purpose::Noise);
    let edits = |_| (0..3).map(|_| stream.random_range(0..=255)).collect::<Vec<u8>>();
    let good = (0..1000).map(edits).filter(|edits| checkpoint::edits(edits)).count();
    assert!((30..1000).contains(&good), "{good} of 1000 are good");
}

#[test]
fn sessions_are_refused_or_go_on() {
    let mut files = seeds("session");
    files.push(session::example()[0].clone());
    let valid = tried(&files, 300, 8, session::file);
    assert!((10..290).contains(&valid), "{valid} of 300 are valid");
}

#[test]
fn any_keys_leave_an_experiment_and_a_clean_screen() {
    let mut stream = stream(7, Purpose::Noise);
    for seed in seeds("keys") {
        keys::stream(&seed);
    }
    for _ in 0..60 * factor() {
        let bytes: Vec<u8> = (0..120).map(|_| stream.random_range(0..=255)).collect();
        keys::stream(&bytes);
    }
}

#[test]
fn overrides_are_refused_or_hold() {
    let mut stream = stream(2, Purpose::Noise);
    let texts = ["layers.1.optimizer.lr=0.1", "data=blobs:classes=4", "optimizer=sgd:momentum=0.5"];
    for round in 0..3_000 {
        let (text, other) = (texts[round % 3].as_bytes(), texts[(round + 1) % 3].as_bytes());
        let text = mutate(text, other, &mut stream);
        let text = String::from_utf8_lossy(&text);
        if let Err(error) = load_with("optimizer-per-layer", &[text]) {
            assert!(!error.to_string().is_empty());
        }
    }
}
