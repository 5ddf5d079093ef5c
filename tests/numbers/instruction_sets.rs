//! The same bits whatever the instruction set and the number of threads.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use gradlab::nn::simd::Level;
use gradlab::train::{Engine, workload};

/// Everything that is done to rates, gradients and weights beside the optimizers.
const AROUND: &str = "moons/16-tanh/2/clip_norm=1,clip_value=0.1,l1=0.001,l2=0.001,ema=0.9,\
                      decoupled_decay=0.1,gradient_noise=0.01,optimizer=adam,lr=0.01,\
                      schedule=warmup_cosine";

/// Every kind of recurrent layer, stacked.
const RECURRENT: &str = "adding:length=9,samples=300/rnn:5,return_sequences=true/\
                         lstm:17,return_sequences=true-tanh/gru:6,bptt=4/1/optimizer=rmsprop";

/// Inputs that are nearly all 0.
const SPARSE: &str =
    "words:samples=200,words=300/9-tanh/2-softmax/optimizer=adagrad,lr=0.1,batch_size=20";

/// What a run of `preset` leaves behind at `level`: its curve and its weights.
fn outcome(preset: &str, steps: u32, level: Level) -> [Vec<u8>; 2] {
    let folder = tempfile::tempdir().unwrap();
    Command::cargo_bin("gradlab")
        .unwrap()
        .env("GRADLAB_SIMD", level.name())
        .args(["run", preset, "--steps", &steps.to_string(), "--format", "csv", "--out"])
        .arg(folder.path())
        .assert()
        .success();
    let read = |name: &str| fs::read(Path::join(folder.path(), name)).unwrap();
    [read("metrics.csv"), read("weights.npz")]
}

#[test]
fn weights_are_the_same_bit_for_bit_at_every_level() {
    use Level::{Avx2, Avx512, Baseline};
    // Without the instruction, a fused multiply-add is slow: digits gets few steps there.
    for (preset, steps, levels) in [
        ("spirals", 1000, &[Baseline, Avx2, Avx512][..]),
        ("digits", 1000, &[Avx2, Avx512]),
        ("digits", 20, &[Baseline, Avx512]),
        (AROUND, 300, &[Baseline, Avx2, Avx512]),
        (RECURRENT, 40, &[Baseline, Avx2, Avx512]),
        (SPARSE, 40, &[Baseline, Avx2, Avx512]),
    ] {
        let mut levels = levels.iter().filter(|level| level.supported());
        let Some(&first) = levels.next() else { continue };
        let expected = outcome(preset, steps, first);
        for &level in levels {
            let same = outcome(preset, steps, level) == expected;
            assert!(same, "{preset} differs between {first:?} and {level:?}");
        }
    }
}

#[test]
fn weights_are_the_same_on_one_thread_and_on_all() {
    let mnist = workload::ALL.iter().find(|workload| workload.name == "mnist").unwrap();
    let trained = |alone| {
        let mut engine = Engine::new(&mnist.experiment(1).unwrap(), mnist.problem());
        engine.set_single_threaded(alone);
        for _ in 0..10 {
            engine.step().unwrap();
        }
        engine.parameters()
    };
    assert!(trained(true) == trained(false));
}

#[test]
fn wide_layers_are_the_same_on_one_thread_and_on_all() {
    for recipe in [
        "wave:length=6,samples=300/lstm:160/1/batch_size=160,optimizer=adam",
        "words:samples=300/300-tanh/2-softmax/batch_size=210,optimizer=adam",
    ] {
        let experiment = gradlab::experiment::parse_recipe(recipe).unwrap().experiment;
        let trained = |alone| {
            let problem = gradlab::train::Problem::load(&experiment).unwrap();
            let mut engine = Engine::new(&experiment, problem);
            engine.set_single_threaded(alone);
            for _ in 0..3 {
                engine.step().unwrap();
            }
            engine.parameters()
        };
        assert!(trained(true) == trained(false), "{recipe}");
    }
}
