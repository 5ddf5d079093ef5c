//! The commands in rough hands: too much memory, odd files, many mistakes, two writers, steps that
//! take minutes.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const GRADLAB: &str = env!("CARGO_BIN_EXE_gradlab");

fn gradlab(args: &[&str]) -> Output {
    assert_cmd::Command::new(GRADLAB).args(args).timeout(Duration::from_secs(60)).output().unwrap()
}

/// Expects bad input, and returns what is said of it.
#[track_caller]
fn refused(args: &[&str]) -> String {
    let output = gradlab(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
    text
}

#[test]
fn what_takes_too_much_memory_is_refused_before_it_is_taken() {
    let limit = ["--max-memory", "1GB"];
    for experiment in [
        "moons/65536-tanh/2-softmax/optimizer=shampoo",
        "moons/65536-tanh/2-softmax/optimizer=soap",
        "moons/3000-tanh/3000-tanh/2-softmax/optimizer=sam:base=shampoo",
        "moons/3000-tanh/3000-tanh/2-softmax/optimizer=lookahead:base=soap",
        "moons/1000-tanh/1000-tanh/2-softmax/optimizer=lbfgs,history_size=1000,batch_size=500",
        "moons:samples=1000000/3000-tanh/2-softmax/optimizer=sgd,batch_size=600000",
    ] {
        let text = refused(&[&["run", experiment, "--steps", "2"], &limit[..]].concat());
        for part in ["the limit is 1.0 GB", "--max-memory", "B for "] {
            assert!(text.contains(part), "{experiment}: {text}");
        }
    }
    let wide = "moons/2000-tanh/2000-tanh/2-softmax/optimizer=adam";
    let arms = ["--optimizers", "sgd,adam", "--jobs", "100"];
    let text = refused(&[&["compare", wide], &arms[..], &limit].concat());
    // One for each job: there are more runs.
    assert!(text.contains("100 × "), "{text}");
    refused(&[&["bench", "playground", "--replicas", "1000000000"], &limit[..]].concat());
    // What is large and may be had is said.
    let output = gradlab(&["run", "moons", "--steps", "2", "--max-memory", "20MB"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && text.contains("note: about "), "{text}");
}

#[test]
fn files_are_held_to_the_limit_of_memory_before_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let table = |rows: usize| {
        let row =
            |row: usize| format!("{},0.25,0.5,1.5,2.5,3.5,4.5,5.5,6.5,{}\n", row % 7, row % 5);
        "a,b,c,d,e,f,g,h,i,y\n".to_owned() + &(0..rows).map(row).collect::<String>()
    };
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("small.csv"), table(30)).unwrap();
    fs::write(path("large.csv"), table(20_000)).unwrap();
    let recipe = |name: &str| {
        format!("csv={},target=y,task=regression/1-identity", path(name).replace('/', "%2F"))
    };
    let model = path("model");
    let output = gradlab(&["run", &recipe("small.csv"), "--steps", "1", "--out", &model]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (large, run) = (path("large.csv"), recipe("large.csv"));
    for args in [
        vec!["run", &run, "--steps", "1"],
        vec!["data", &large, "--target", "y"],
        vec!["compare", &run, "--optimizers", "sgd,adam", "--steps", "1"],
        vec!["predict", &model, &large],
        // The workbench, before it asks for a terminal.
        vec![&run],
    ] {
        let rows = refused(&[&args[..], &["--max-memory", "2MB"]].concat());
        let expected = "for 20000 rows of 9 features, and the limit is 2.0 MB";
        assert!(rows.contains(expected) && rows.contains("--max-memory 3MB"), "{args:?}: {rows}");
        let file = refused(&[&args[..], &["--max-memory", "500kB"]].concat());
        let expected = "long, and the limit on memory is 500 kB";
        assert!(file.contains(expected) && file.contains("--max-memory 2MB"), "{args:?}: {file}");
    }
    for args in [vec!["data", &large, "--target", "y"], vec!["predict", &model, &large]] {
        let output = gradlab(&[&args[..], &["--max-memory", "3MB"]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_without_a_reader_takes_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.svg");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    for args in [
        vec!["snapshot", "moons", "--steps", "1", "--out", pipe],
        vec!["optimize", "beale", "--optimizer", "adam", "--steps", "1", "--out", pipe],
    ] {
        let output = gradlab(&args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(text.contains("a pipe that nobody reads from"), "{args:?}: {text}");
    }
    let line = format!("{GRADLAB} export moons --to toml --out /dev/stdout | cat");
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("[[layers]]"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_address_space_is_a_limit_of_memory() {
    let line = format!(
        "ulimit -v 8000000; exec {GRADLAB} run moons/65536-tanh/2-softmax/optimizer=shampoo --steps 2"
    );
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("the limit is 4.1 GB"), "{text}");
}

#[test]
fn lengths_without_a_cap_are_refused() {
    let most = u64::MAX.to_string();
    for length in ["--steps", "--epochs"] {
        refused(&["run", "moons", length, &most]);
    }
    refused(&["run", "moons", "--time", "1e300h"]);
}

#[test]
fn many_mistakes_take_no_longer_than_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.toml");
    let mut text = String::new();
    for key in 0..80_000 {
        writeln!(text, "key{key} = 1").unwrap();
    }
    fs::write(&path, text).unwrap();
    let begun = Instant::now();
    let text = refused(&["run", path.to_str().unwrap()]);
    assert!(text.contains("unknown key") && text.lines().count() < 30, "{text}");
    // It used to be minutes where nothing is optimised.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[cfg(unix)]
#[test]
fn odd_files_are_refused_without_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let own = folder.path().to_str().unwrap();
    let csv = |path: &str| format!("csv={},target=y/2-softmax", path.replace('/', "%2F"));
    for (args, name) in [
        (vec!["run".to_owned(), pipe.to_owned()], "a pipe"),
        (vec!["run".to_owned(), "/dev/zero".to_owned()], "a device"),
        (vec!["run".to_owned(), csv(pipe)], "a pipe"),
        (vec!["run".to_owned(), csv("/dev/zero")], "a device"),
        (vec!["run".to_owned(), csv(own)], "a folder"),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let text = refused(&args);
        assert!(text.contains(name), "{args:?}: {text}");
    }
    // In the place of results.
    for name in ["metrics.csv", "experiment.toml", "results.jsonl", "results-2.jsonl"] {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(name);
        assert!(Command::new("mkfifo").arg(&odd).status().unwrap().success());
        let folder = folder.path().to_str().unwrap();
        let command = if name.starts_with("results") { "compare" } else { "run" };
        let arms = ["--optimizers", "sgd,adam"];
        let arms = if command == "compare" { &arms[..] } else { &[] };
        let args = [&[command, "moons", "--steps", "1", "--out", folder], arms].concat();
        let text = refused(&args);
        assert!(text.contains("a pipe") && text.contains(name), "{name}: {text}");
    }
}

/// A run without an end that writes into `folder`, under way.
fn endless(folder: &Path) -> std::process::Child {
    let child = Command::new(GRADLAB)
        .args(["run", "spirals", "--steps", "1000000000", "--out", folder.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !folder.join("metrics.csv.part").exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    child
}

#[test]
fn a_second_writer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = endless(folder.path());
    let out = folder.path().to_str().unwrap();
    let text = refused(&["run", "spirals", "--steps", "1000000000", "--out", out]);
    assert!(text.contains("another run is writing"), "{text}");
    first.kill().unwrap();
    first.wait().unwrap();
    // What was left unfinished keeps nobody out.
    let output = gradlab(&["run", "spirals", "--steps", "3", "--out", out]);
    assert!(output.status.success());
    let table = fs::read_to_string(folder.path().join("metrics.csv")).unwrap();
    assert!(table.ends_with('\n') && table.lines().count() < 10, "{table}");
    assert!(!folder.path().join("metrics.csv.part").exists());
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_a_step_of_minutes() {
    let slow = "moons/1100-tanh/1100-tanh/2-softmax/optimizer=shampoo";
    let compare = ["compare", slow, "--optimizers", "shampoo,sgd"];
    for (args, signal, code) in
        [(&["run", slow][..], "-INT", 130), (&["run", slow], "-TERM", 143), (&compare, "-INT", 130)]
    {
        let mut child = Command::new(GRADLAB)
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        let id = child.id().to_string();
        for _ in 0..2 {
            assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
            std::thread::sleep(Duration::from_millis(300));
        }
        let begun = Instant::now();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?} {signal}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{args:?} {signal}");
    }
}
