//! Broken experiments are answered, never with a panic, and whatever is valid survives.

use std::path::Path;

use gradlab::experiment::{load_with, parse_recipe, parse_toml, preset, to_recipe, to_toml};
use gradlab::rng::{Purpose, Stream, stream};
use rand::RngExt;

const RECIPES: [&str; 4] = [
    "spirals:noise=0.05,seed=3/16-tanh/16-relu+kaiming_normal@sgd:lr=0.05,momentum=0.9/2-softmax\
     /optimizer=adam,lr=0.01,betas=0.9:0.99,seed=7",
    "sine/8-leaky_relu:negative_slope=1e-2+normal:std=0.1/1/loss=mse,steps=10,clip_norm=1",
    "blobs:classes=3/3-softmax/loss=cross_entropy:label_smoothing=0.1,title=%C3%A9%20x,about=y",
    "xor/4-gelu@adamw:amsgrad=true/1-sigmoid/eval_every=3,test_fraction=0.2/batch_size=8",
];
const SCRAPS: [&str; 24] = [
    "=", ",", ":", "/", "@", "+", "-", "%", "%4", ".", "\"", "\"\"\"", "\\", "[", "]]", "{", "}",
    "\n", "0", "-1", "1e999", "nan", "é🌀", "\u{0}",
];

/// `text` with one to four random edits; pieces of `other` may come in.
fn mutate(text: &str, other: &str, stream: &mut Stream) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let other: Vec<char> = other.chars().collect();
    for _ in 0..stream.random_range(1..=4) {
        let start = stream.random_range(0..=chars.len());
        let end = (start + stream.random_range(0..8)).min(chars.len());
        let piece: Vec<char> = match stream.random_range(0..4) {
            0 => Vec::new(),
            1 => SCRAPS[stream.random_range(0..SCRAPS.len())].chars().collect(),
            2 => {
                let from = stream.random_range(0..other.len());
                other[from..(from + stream.random_range(0..20)).min(other.len())].to_vec()
            }
            _ => chars[start..end].repeat(2),
        };
        chars.splice(start..end, piece);
    }
    chars.into_iter().collect()
}

#[test]
fn twenty_thousand_mutations() {
    let mut stream = stream(1, Purpose::Noise);
    let files: Vec<_> = preset::all().iter().map(|preset| preset.text).collect();
    let mut valid = 0;
    for round in 0..10_000 {
        let other = files[stream.random_range(0..files.len())];
        let file = mutate(files[round % files.len()], other, &mut stream);
        let line = mutate(RECIPES[round % 4], RECIPES[stream.random_range(0..4)], &mut stream);
        for result in [parse_toml("x.toml", &file, Path::new("")), parse_recipe(&line)] {
            match result {
                Err(error) => assert!(!error.to_string().is_empty()),
                Ok(loaded) => {
                    valid += 1;
                    let file = to_toml(&loaded.experiment);
                    let again = parse_toml("again", &file, Path::new("")).unwrap().experiment;
                    assert_eq!(again, loaded.experiment, "{file}");
                    let line = to_recipe(&loaded.experiment);
                    assert_eq!(parse_recipe(&line).unwrap().experiment, again, "{line}");
                }
            }
        }
    }
    assert!((500..15_000).contains(&valid), "{valid} of 20,000 are valid");
}

#[test]
fn mutated_overrides() {
    let mut stream = stream(2, Purpose::Noise);
    let texts = ["layers.1.optimizer.lr=0.1", "data=blobs:classes=4", "optimizer=sgd:momentum=0.5"];
    for round in 0..3_000 {
        let text = mutate(texts[round % 3], texts[(round + 1) % 3], &mut stream);
        if let Err(error) = load_with("optimizer-per-layer", &[text]) {
            assert!(!error.to_string().is_empty());
        }
    }
}
