//! `gradlab compare --watch`: the Compare screen over a folder that other processes fill.

use std::path::Path;
use std::process::Command;

use super::harness::{Start, number_after};

const COMPARED: [&str; 8] = [
    "compare",
    "moons/4-tanh/2-softmax",
    "--optimizers=sgd,adam",
    "--steps=30",
    "--seeds=2",
    "--lr-grid=3",
    "--jobs=1",
    "--wave",
];

/// Runs one of two shards.
fn shard(folder: &Path, wave: &str, shard: &str) {
    let status = Command::new(assert_cmd::cargo::cargo_bin("gradlab"))
        .args(COMPARED)
        .args([wave, "--shard", shard, "--out"])
        .arg(folder)
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_folder_is_watched_until_its_comparison_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("shared");
    shard(&folder, "tune", "1/2");
    let path = folder.to_str().unwrap();
    let mut terminal = Start::gradlab(&["compare", "--watch", path]).open();
    let runs = |screen: &str| number_after(screen.lines().next()?, "watching ");
    // Six rates on two seeds, in two shards; four runs judge.
    terminal.wait("the first shard", |screen| runs(screen).filter(|done| *done == 6));
    terminal.wait_for("of 16 runs");
    shard(&folder, "tune", "2/2");
    terminal.wait("both shards", |screen| runs(screen).filter(|done| *done == 12));
    for number in ["1/2", "2/2"] {
        shard(&folder, "judge", number);
    }
    terminal.wait_for("finished");
    terminal.wait_for("16 of 16 runs");
    // Nothing of it can be ended or paused from here, and to quit loses nothing.
    terminal.keys("q");
    terminal.end().in_order(0);
}
