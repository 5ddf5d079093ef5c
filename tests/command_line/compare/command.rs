//! `gradlab compare` as it is typed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

fn gradlab(args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("gradlab"));
    command.arg("compare").args(args);
    command
}

/// Runs, expects `code`, and returns stdout and stderr.
pub(super) fn expect(args: &[&str], code: i32) -> (String, String) {
    let output = gradlab(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    (out, err)
}

/// JSON without what depends on the clock.
fn timeless(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.contains("seconds"));
            map.values_mut().for_each(timeless);
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        _ => {}
    }
}

pub(super) fn json(text: &str) -> Value {
    let mut value = serde_json::from_str(text).unwrap();
    timeless(&mut value);
    value
}

/// A CSV table without its last columns, the seconds.
pub(super) fn table(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let head: Vec<_> = text.lines().next().unwrap().split(',').collect();
    let plain = head.iter().take_while(|name| !name.ends_with("seconds")).count();
    text.lines().map(|line| line.split(',').take(plain).collect::<Vec<_>>().join(",")).collect()
}

const QUICK: [&str; 8] = [
    "moons",
    "--optimizers",
    "sgd,sgd:momentum=0.9,adam",
    "--steps",
    "60",
    "--seeds",
    "3",
    "--lr-grid=3",
];

fn quick(more: &[&str]) -> (String, String) {
    expect(&[&QUICK[..], more].concat(), 0)
}

#[test]
fn any_number_of_jobs_gives_the_same_json() {
    let [one, two] = ["1", "2"].map(|jobs| json(&quick(&["--jobs", jobs, "--format", "json"]).0));
    assert_eq!(one, two);
    assert_eq!(one["complete"], true);
    assert_eq!(one["runs"]["done"], 3 * (3 * 3 + 3));
    let first = &one["ranking"][0];
    assert!(first["test_loss"]["median"].is_number() && first["vs_best"].is_null(), "{first}");
}

#[test]
fn the_table_fits_80_columns_and_says_what_is_weak() {
    let long = "sgd:lr=0.1,momentum=0.9,weight_decay=0.0001,nesterov=true";
    let optimizers = format!("adam,{long}");
    let args = ["moons", "--optimizers", &optimizers, "--steps", "40", "--seeds", "1"];
    let target = ["--lr-grid", "1e-6:1e-5:2", "--target", "test_loss<0.01"];
    let (out, err) = expect(&[&args[..], &target].concat(), 0);
    for line in out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for part in ["one seed proves little", "--lr-grid", "no run met the target", long, "∞"] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
    assert!(err.contains("provisional: 1 ") && err.contains(" s left"), "{err}");
}

#[test]
fn a_comparison_that_is_killed_goes_on_and_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (whole, killed) = (path("whole"), path("killed"));
    let args = |out: &Path| {
        let plan = [
            "spirals",
            "--optimizers",
            "sgd,adam",
            "--steps",
            "6000",
            "--seeds",
            "3",
            "--lr-grid=7",
        ];
        let rest = ["--jobs", "2", "--format", "json", "--out", out.to_str().unwrap()];
        [&plan[..], &rest].concat().iter().map(ToString::to_string).collect::<Vec<String>>()
    };
    let run = |out: &Path| {
        let args = args(out);
        expect(&args.iter().map(String::as_str).collect::<Vec<_>>(), 0)
    };
    let (expected, _) = run(&whole);
    let results = killed.join("results.jsonl");
    let lines = || fs::read_to_string(&results).map_or(0, |text| text.matches('\n').count());
    let own = args(&killed);
    let own: Vec<_> = own.iter().map(String::as_str).collect();
    let mut child = gradlab(&own).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while lines() < 5 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = fs::read_to_string(&results).unwrap();
    let finished = kept.matches('\n').count();
    assert!((5..48).contains(&finished), "{finished} of 48 runs");
    // A torn line, as a crash may leave it.
    fs::write(&results, format!("{kept}{{\"key\":\"0")).unwrap();

    let (resumed, _) = run(&killed);
    assert_eq!(json(&resumed), json(&expected));
    let after = fs::read_to_string(&results).unwrap();
    let whole_lines = kept.rfind('\n').unwrap() + 1;
    assert!(after.starts_with(&kept[..whole_lines]), "finished runs are kept as they were");
    assert_eq!(after.matches('\n').count(), 48, "none was run twice");
    for name in ["runs.csv", "points.csv"] {
        assert_eq!(table(&killed.join(name)), table(&whole.join(name)), "{name}");
    }
    for name in ["curves.svg", "sensitivity.svg", "ranking.svg", "experiment.toml"] {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert_eq!(read(&killed), read(&whole), "{name}");
    }
    // Once more: nothing is left to do.
    let (again, err) = run(&killed);
    assert_eq!((json(&again), err.as_str()), (json(&expected), ""));
    assert_eq!(fs::read_to_string(&results).unwrap(), after);
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_hang_up_keep_what_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    for (name, code) in [("INT", 130), ("HUP", 129)] {
        let out = folder.path().join(name);
        let out = out.to_str().unwrap();
        let args =
            ["digits", "--optimizers", "sgd,adam", "--jobs", "1", "--format", "json", "--out", out];
        let child = gradlab(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let results = Path::new(out).join("results.jsonl");
        let begun = Instant::now();
        while fs::metadata(&results).map_or(0, |it| it.len()) == 0 {
            assert!(begun.elapsed() < Duration::from_secs(120), "no run was finished");
            std::thread::sleep(Duration::from_millis(20));
        }
        let pid = child.id().to_string();
        Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(shown["complete"], false);
        assert!(shown["runs"]["done"].as_u64().unwrap() >= 1);
        assert!(Path::new(out).join("report.md").exists());
    }
}

#[test]
fn a_wider_grid_runs_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let lines = || fs::read_to_string(folder.path().join("results.jsonl")).unwrap().lines().count();
    let run = |grid: &str| {
        let args = ["moons", "--optimizers", "adam,sgd", "--steps", "30", "--seeds", "1"];
        expect(&[&args[..], &["--lr-grid", grid, "--out", out]].concat(), 0);
        lines()
    };
    let before = run("3");
    assert_eq!(before, 2 * (3 + 1));
    let after = run("7");
    // Four new rates an arm, and a final run if another one is best.
    assert!((before + 8..=before + 10).contains(&after), "{before} {after}");
}

/// A disk that is full after a few runs: the table is printed, the cause is named, and once there
/// is room again the same command goes on from what could be kept.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("race");
    let command = gradlab(&[&QUICK[..], &["--out", out.to_str().unwrap()]].concat());
    let mut limited = Command::new("sh");
    // In blocks of 512 bytes, or with some shells of 1024. Past the limit writing fails, where the
    // signal for that is ignored.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh"]);
    limited.arg(command.get_program()).args(command.get_args());
    let output = limited.output().unwrap();
    let (table, err) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{table}{err}");
    assert!(table.contains("sgd:momentum=0.9") && table.contains("vs 1st"), "{table}");
    let errors: Vec<_> = err.lines().filter(|line| line.contains("error")).collect();
    assert!(errors.len() == 1 && errors[0].contains("results.jsonl"), "{err}");
    let results = fs::read_to_string(out.join("results.jsonl")).unwrap();
    let kept = results.matches('\n').count();
    assert!((1..36).contains(&kept) && results.ends_with('\n'), "{kept} runs were kept");

    let (after, _) = quick(&["--out", out.to_str().unwrap()]);
    let text = fs::read_to_string(out.join("results.jsonl")).unwrap();
    assert!(text.starts_with(&results) && text.lines().count() == 36, "none was run twice");
    let losses = |text: &str| {
        text.lines().filter(|it| it.contains("sgd")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(losses(&after), losses(&table));
}

#[test]
fn several_experiments_give_a_performance_profile() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let args = ["moons", "blobs", "--optimizers", "adam,sgd:momentum=0.9", "--steps", "200"];
    let more = ["--seeds", "2", "--lr-grid", "0.001:1:4", "--target", "test_accuracy>0.7"];
    let (text, _) = expect(&[&args[..], &more, &["--out", out, "--format", "json"]].concat(), 0);
    let json = json(&text);
    assert_eq!(json["comparisons"].as_array().unwrap().len(), 2);
    let ratios: Vec<Vec<f64>> = (0..2)
        .map(|arm| serde_json::from_value(json["profile"][arm]["ratios"].clone()).unwrap())
        .collect();
    for problem in 0..2 {
        let best = ratios[0][problem].min(ratios[1][problem]);
        assert_eq!(best, 1.0, "{ratios:?}");
    }
    for file in ["profile.svg", "report.md", "ranking.json", "1/report.md", "2/curves.svg"] {
        assert!(folder.path().join(file).exists(), "{file}");
    }
}

#[test]
fn a_time_budget_is_kept_and_shared() {
    let begun = Instant::now();
    let args = ["moons", "--optimizers", "sgd,adam", "--seeds", "2", "--lr-grid", "5"];
    let (text, _) = expect(&[&args[..], &["--budget", "2s", "--format", "json"]].concat(), 0);
    // Loading and evaluating come on top, and the machine may be busy.
    assert!(begun.elapsed() < Duration::from_secs(20));
    let json: Value = serde_json::from_str(&text).unwrap();
    // Five rates, then three, then two, then the best one on each seed.
    assert_eq!(json["runs"]["done"], 2 * (5 + 3 + 2 + 2));
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    expect(&[&args[..], &["--budget", "2s", "--jobs", "1", "--out", out]].concat(), 0);
    let mut spent = [0.0; 2];
    for line in fs::read_to_string(folder.path().join("results.jsonl")).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        spent[usize::from(record["arm"] == "adam")] += record["wall_seconds"].as_f64().unwrap();
    }
    assert!(spent.iter().all(|seconds| (0.2..1.5).contains(seconds)), "{spent:?}");
}

#[test]
fn every_format_and_mistake() {
    let (markdown, _) = quick(&["--format", "markdown"]);
    assert!(markdown.contains("| # | arm |") && markdown.contains("## Method"), "{markdown}");
    let (csv, _) = quick(&["--format", "csv"]);
    assert!(csv.starts_with("experiment,arm,name,phase,lr,seed,status,steps,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 3 * (3 * 3 + 3));
    for (args, part) in [
        (&["moons"][..], "nothing to compare"),
        (&["moons", "--optimizers", "sgd,adamm"], "did you mean `adam`?"),
        (&["moons", "--optimizers", "sgd,sgd"], "`sgd` is given twice"),
        (&["moons", "--optimizers", "sgd", "--lr-grid", "1:0.1:3"], "does not rise"),
        (&["moons", "--optimizers", "sgd", "--target", "test_los<1"], "did you mean `test_loss`?"),
        (&["moons", "--optimizers", "sgd", "--seeds", "0"], "1..=1000"),
        (&["moonss", "--optimizers", "sgd"], "did you mean `moons`?"),
        (&["moons", "--optimizers", "sgd", "--budget", "3"], "as in 500ms"),
        (&["warmup", "--optimizers", "sgd", "--budget", "3s"], "goes by the number of steps"),
        (&["sine", "--optimizers", "sgd", "--target", "test_accuracy>0.5"], "is of classes"),
        (&["moons", "--optimizers", "sgd:lr=1e308,adam"], "leaves the numbers"),
    ] {
        let (_, err) = expect(args, 2);
        assert!(err.contains(part), "{args:?}: {err}");
    }
}

#[test]
fn runs_that_would_all_be_the_same_are_refused() {
    let seeds = ["--set=data.seed=1", "--set=train.init_seed=1", "--set=train.batch_seed=1"];
    let command = ["compare", "moons", "--optimizers", "sgd,adam", "--steps", "2", "--seeds", "2"];
    let command = &[&command[..], &["--lr-grid", "1", "--format", "json"]].concat()[1..];
    let (_, err) = expect(&[command, &seeds].concat(), 2);
    assert!(err.contains("have seeds of their own") && err.contains("train.init_seed"), "{err}");
    // Two of them leave something that differs.
    for one in 0..3 {
        let two: Vec<_> = seeds.iter().enumerate().filter(|(it, _)| *it != one).collect();
        let two: Vec<_> = two.into_iter().map(|(_, seed)| *seed).collect();
        expect(&[command, &two].concat(), 0);
    }
}
