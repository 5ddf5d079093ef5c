//! Escape sequences, markup, formulas and code in a title, an arm, a column, a class, a path, a flag
//! and the environment reach no output: every command in every format, every file, every error.
//!
//! The commands, their flags and the values of these come from the command line's own tree, so that a
//! new one without a line in [`PLAIN`] fails here.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use clap::{Arg, CommandFactory};
use gradlab::cli::Cli;
use gradlab::text::is_unprintable;
use tempfile::TempDir;

/// What no reader of any format may take at its word.
const HOSTILE: &str = "=1+1\u{1b}]0;x\u{7}\u{9b}31m|<b a='\">&amp;[l](http://e)\u{202e}\u{200b}\u{feff}\
                       {model}\"\"\"`x`";

/// The same without what splits cells of a CSV file and texts of TOML apart.
const NAME: &str = "=x\u{1b}[31m\u{9b}|<b>\u{202e}\u{2028}y";

/// Arguments with which each command works; `EXPERIMENT`, `WALK`, `LESSON` and `TABLE` are files full of hostile text, `OUT`
/// a folder or a file to write, `SHARDS` one that shards go to.
const PLAIN: &[(&str, &[&str])] = &[
    ("run", &["EXPERIMENT", "--steps", "3", "--out", "OUT"]),
    ("compare", &["EXPERIMENT", "--steps", "4", "--seeds", "2", "--lr-grid", "2", "--out", "OUT"]),
    (
        "compare",
        &[
            "EXPERIMENT",
            "EXPERIMENT",
            "--steps",
            "4",
            "--seeds",
            "1",
            "--lr-grid",
            "1",
            "--target",
            "test_loss<9",
            "--out",
            "OUT",
        ],
    ),
    ("compare", &["EXPERIMENT", "--lr-grid=2", "--wave=tune", "--shard=1/1", "--out", "SHARDS"]),
    ("compare", &["EXPERIMENT", "--lr-grid=2", "--wave=judge", "--shard=1/1", "--out", "SHARDS"]),
    ("merge", &["SHARDS"]),
    (
        "jobs",
        &["--for=slurm", "--", "compare", "moons", "--optimizers", "sgd,adam", "--out", "shared"],
    ),
    ("rank", &["RESULTS"]),
    ("layer", &["--input", "CASE"]),
    ("activation", &["relu", "--at=-1,2"]),
    ("step", &["adam", "--start", "1", "--grads", "2,1"]),
    ("schedule", &["cosine"]),
    ("optimize", &["beale", "--optimizer", "adam", "--steps", "9", "--out", "OUT.svg"]),
    ("optimize", &["--walk", "WALK", "--steps", "9", "--out", "OUT.svg"]),
    ("learn", &["LESSON", "--print"]),
    ("claims", &["optimizer-capability"]),
    ("config", &[]),
    ("list", &["presets"]),
    ("explain", &["adam"]),
    ("snapshot", &["EXPERIMENT", "--steps", "3", "--out", "OUT.svg"]),
    ("snapshot", &["EXPERIMENT", "--steps", "3", "--out", "OUT.txt"]),
    ("check-gradients", &["moons/3-tanh/2-softmax"]),
    ("curvature", &["EXPERIMENT", "--steps", "2"]),
    ("landscape", &["EXPERIMENT", "--steps", "2", "--size", "3x3"]),
    ("export", &["EXPERIMENT", "--out", "OUT.py"]),
    ("export", &["EXPERIMENT"]),
    ("bench", &["classroom", "--replicas", "1"]),
    ("completions", &[]),
    ("man", &[]),
    ("data", &["TABLE"]),
    ("predict", &["RUN", "TABLE"]),
];

struct Place {
    folder: TempDir,
    count: usize,
}

impl Place {
    /// A folder with an experiment and a table in it, in whose names and texts nothing is plain.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let (column, class) = (cell(NAME), cell(&format!("@{NAME}")));
        let mut table = format!("a,{column},kind\n");
        for row in 0..12 {
            table +=
                &format!("{row}.5,{},{}\n", 7 * row % 5, if row % 2 == 0 { &class } else { "b" });
        }
        fs::write(folder.path().join(format!("{}.csv", file_name())), table).unwrap();
        let mut results = "arm,seed,value\n".to_owned();
        for seed in 0..7 {
            results += &format!("{class},{seed},0.{seed}\n{column},{seed},1{seed}\n");
        }
        fs::write(folder.path().join(format!("r{}.csv", file_name())), results).unwrap();
        let case = "{\"name\": \"rnn\", \"x\": [[[1]]], \"weight_ih\": [[1]], \"weight_hh\": [[1]],
            \"bias_ih\": [0], \"bias_hh\": [0]}";
        fs::write(folder.path().join(format!("c{}.json", file_name())), case).unwrap();
        let text = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "");
        let experiment = format!(
            "title = {title}\nabout = {about}\n[data]\ncsv = {csv}\ntarget = \"kind\"\n[train]\n\
             steps = 4\n[optimizer]\nname = \"adam\"\n[[layers]]\nunits = 3\nactivation = \"tanh\"\n\
             [[layers]]\nunits = 2\nactivation = \"softmax\"\n[compare]\nseeds = 2\n\
             [[compare.arms]]\nname = {title}\nset = [\"optimizer=sgd\"]\n\
             [[compare.arms]]\nname = {other}\nset = [\"optimizer=adam\"]\n",
            title = text(HOSTILE),
            about = text(&format!("{HOSTILE}\n\n{HOSTILE}")),
            other = text(&format!("-{HOSTILE}")),
            csv = text(&format!("{}.csv", file_name())),
        );
        let walk = format!(
            "title = {}\nabout = {}\nsurface = \"beale\"\n[[walkers]]\noptimizer = \"adam\"\n\
             [[walkers]]\noptimizer = \"sgd\"\n",
            text(HOSTILE),
            text(HOSTILE),
        );
        let lesson = format!(
            "title = {0}\nabout = {0}\nminutes = 5\n[[pages]]\ntext = {1}\n\
             [pages.question]\nask = {0}\nchoices = [{0}, {0}]\nright = 1\n",
            text(HOSTILE),
            text(&HOSTILE.replace(['{', '}'], "")),
        );
        // TOML knows no raw C1 and DEL neither; JSON leaves them as they are.
        let escaped = |c: char| {
            if c.is_control() && c != '\n' { format!("\\u{:04X}", c as u32) } else { c.into() }
        };
        for (name, toml) in [
            (file_name(), experiment),
            (format!("w{}", file_name()), walk),
            (format!("l{}", file_name()), lesson),
            (format!("k{}", file_name()), format!("experiment = {}\n", text(HOSTILE))),
        ] {
            let toml: String = toml.chars().map(escaped).collect();
            fs::write(folder.path().join(format!("{name}.toml")), toml).unwrap();
        }
        Self { folder, count: 0 }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The arguments with names of files for the words in capitals.
    fn filled(&mut self, arguments: &[&str]) -> Vec<String> {
        self.count += 1;
        let out = format!("out{}-{}", self.count, file_name());
        let fill = |word: &&str| match *word {
            "EXPERIMENT" => format!("{}.toml", file_name()),
            "WALK" => format!("w{}.toml", file_name()),
            "LESSON" => format!("l{}.toml", file_name()),
            "TABLE" => format!("{}.csv", file_name()),
            "CASE" => format!("c{}.json", file_name()),
            "RESULTS" => format!("r{}.csv", file_name()),
            "RUN" => format!("out1-{}", file_name()),
            "SHARDS" => format!("shards-{}", file_name()),
            word => word.replace("OUT", &out),
        };
        arguments.iter().map(fill).collect()
    }

    /// Runs the program in a hostile environment; whatever it says must be clean.
    fn run(&self, arguments: &[OsString]) -> (Option<i32>, String) {
        let mut command = Command::cargo_bin("gradlab").unwrap();
        command
            .current_dir(self.path())
            .args(arguments)
            .timeout(std::time::Duration::from_secs(60));
        for name in ["TERM", "COLORTERM", "COLUMNS", "LANG", "XDG_STATE_HOME", "HOME", "SHELL"] {
            command.env(name, HOSTILE);
        }
        command.env("GRADLAB_CONFIG", format!("k{}.toml", file_name()));
        let output = command.output().unwrap();
        for (bytes, place) in [(&output.stdout, "stdout"), (&output.stderr, "stderr")] {
            let text = std::str::from_utf8(bytes);
            let text = text.unwrap_or_else(|_| panic!("{place} of {arguments:?} is no text"));
            assert_clean(text, &format!("{place} of {arguments:?}"));
        }
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!error.contains("panicked"), "{arguments:?}: {error}");
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), if text.is_empty() { error } else { text })
    }
}

/// The name of a file, in which there can be no `/`.
fn file_name() -> String {
    NAME.replace('/', "")
}

fn assert_clean(text: &str, place: &str) {
    let acts = |c: char| c != '\n' && c != '\t' && is_unprintable(c);
    if let Some((at, c)) = text.char_indices().find(|(_, c)| acts(*c)) {
        let from = text[..at].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
        panic!("{place} holds {c:?} behind {:?}", &text[from..at]);
    }
}

/// All commands but the help of clap, built so that inherited flags are there.
fn commands() -> Vec<clap::Command> {
    let mut gradlab = Cli::command();
    gradlab.build();
    gradlab.get_subcommands().filter(|it| it.get_name() != "help").cloned().collect()
}

/// The flags of a command by which what is written is chosen, each with its values.
fn choices(command: &clap::Command) -> Vec<(&Arg, Vec<String>)> {
    let chosen = |arg: &&Arg| {
        ["format", "to", "screen", "shell", "kind", "color"].contains(&arg.get_id().as_str())
    };
    let values = |arg: &Arg| -> Vec<String> {
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
    };
    command.get_arguments().filter(chosen).map(|arg| (arg, values(arg))).collect()
}

fn flag(arg: &Arg, value: &str) -> OsString {
    match arg.get_long() {
        Some(long) => format!("--{long}={value}").into(),
        None => value.into(),
    }
}

#[test]
fn hostile_text_reaches_no_output_of_any_command_in_any_format() {
    let mut place = Place::new();
    for command in commands() {
        let name = command.get_name();
        let lines: Vec<_> = PLAIN.iter().filter(|(plain, _)| *plain == name).collect();
        assert!(
            !lines.is_empty(),
            "`{name}` is not tried with hostile text: give it a line in PLAIN"
        );
        for (_, plain) in lines {
            let choices = choices(&command);
            let one: Vec<_> = choices
                .iter()
                .flat_map(|(arg, values)| values.iter().map(|value| vec![flag(arg, value)]))
                .collect();
            let all = if one.is_empty() { vec![Vec::new()] } else { one };
            let mut works = false;
            for flags in all {
                let arguments = place.filled(plain).into_iter().map(OsString::from);
                let arguments: Vec<_> =
                    [name.into()].into_iter().chain(arguments).chain(flags).collect();
                let (code, text) = place.run(&arguments);
                let usage = code == Some(2) && !text.is_empty();
                assert!(matches!(code, Some(0 | 3)) || usage, "{arguments:?}: {code:?} {text}");
                if code == Some(0) {
                    is_sound(&arguments, &text);
                    works = true;
                }
            }
            assert!(works, "{name} {plain:?} is always refused");
        }
    }
    files_are_sound(place.path());
}

/// Stdout in the format that was asked for.
fn is_sound(arguments: &[OsString], text: &str) {
    let asked = |format: &str| arguments.iter().any(|it| it == format);
    // A shard prints no result, only what it does.
    if text.starts_with("note: shard ") {
        return;
    }
    if asked("--format=json") {
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    } else if asked("--format=csv") {
        csv_is_sound(text, &format!("{arguments:?}"));
    } else if asked("--format=markdown") {
        markdown_is_sound(text, &format!("{arguments:?}"));
    } else if asked("config") {
        toml::de::DeTable::parse(text).unwrap();
    } else if asked("--to=toml") {
        gradlab::experiment::parse_toml("x", text, Path::new("")).ok();
    }
}

#[test]
fn errors_repeat_nothing_hostile() {
    let mut place = Place::new();
    let bytes = OsString::from_vec(b"\xff\xfe\x1b[31m\x9b".to_vec());
    let mut tried: Vec<Vec<OsString>> =
        [HOSTILE, NAME, "\u{1b}[31mx/8-\u{7}tanh/2", "\u{202e}.toml"]
            .iter()
            .flat_map(|text| [vec![text.into()], vec![format!("--{text}").into()]])
            .collect();
    tried.push(vec![bytes.clone()]);
    for command in commands() {
        let name = command.get_name();
        let Some((_, plain)) = PLAIN.iter().find(|(plain, _)| *plain == name) else { continue };
        let base: Vec<OsString> = [name.into()]
            .into_iter()
            .chain(place.filled(plain).into_iter().map(Into::into))
            .collect();
        for value in [OsString::from(HOSTILE), format!("\u{1b}[2J{NAME}=1").into(), bytes.clone()] {
            tried.push(vec![name.into(), value.clone()]);
            tried.push([base.clone(), vec![value.clone()]].concat());
            for long in command.get_arguments().filter_map(Arg::get_long) {
                let mut flag = OsString::from(format!("--{long}="));
                flag.push(&value);
                tried.push(vec![name.into(), flag.clone()]);
                tried.push([base.clone(), vec![flag]].concat());
            }
        }
        tried.push(vec![name.into(), format!("--x{NAME}").into()]);
        // Texts of an experiment that is refused.
        for set in ["layers.1.activation", "data.target", "optimizer.lr", "train.loss", "x"] {
            let set = format!("{set}={HOSTILE}");
            tried.push(vec![name.into(), "moons".into(), "--set".into(), set.into()]);
        }
    }
    for arguments in tried {
        let (code, _) = place.run(&arguments);
        assert!(code.is_some_and(|code| code <= 3), "{arguments:?} ends with {code:?}");
    }
}

#[test]
fn what_is_refused_is_shown_with_its_escapes_spelled_out() {
    let place = Place::new();
    for arguments in [
        vec!["explain", "x\u{1b}[31m"],
        vec!["run", "x\u{1b}[31m"],
        vec!["run", "moons", "--steps", "x\u{1b}[31m"],
        vec!["run", "moons", "--format", "x\u{1b}[31m"],
        vec!["x\u{1b}[31m"],
        vec!["run", "--x\u{1b}[31m"],
        vec!["activation", "x\u{1b}[31m"],
        vec!["run", "moons", "--set", "x\u{1b}[31m=1"],
    ] {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let (code, text) = place.run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains("x\\u{1b}[31m"), "{arguments:?}: {text}");
    }
}

/// Every file that the commands wrote parses as what it is, and is clean.
fn files_are_sound(folder: &Path) {
    let mut kinds = std::collections::BTreeSet::new();
    for path in files(folder) {
        let kind = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let place = path.to_string_lossy().escape_debug().to_string();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let own = path.parent() == Some(folder)
            && stem.trim_start_matches(['w', 'l', 'r', 'c', 'k']) == file_name();
        if ["npz", "lock", ""].contains(&&*kind) || own {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert_clean(&text, &place);
        match &*kind {
            "svg" => {
                let parsed = roxmltree::Document::parse(&text);
                let parsed = parsed.unwrap_or_else(|error| panic!("{place}: {error}"));
                let known = [
                    "svg", "title", "g", "path", "rect", "text", "circle", "polygon", "polyline",
                    "line", "ellipse", "desc",
                ];
                for node in parsed.descendants().filter(roxmltree::Node::is_element) {
                    assert!(known.contains(&node.tag_name().name()), "{place}: {node:?}");
                }
            }
            "csv" => csv_is_sound(&text, &place),
            "md" => markdown_is_sound(&text, &place),
            "json" => drop(serde_json::from_str::<serde_json::Value>(&text).unwrap()),
            "jsonl" => {
                for line in text.lines() {
                    serde_json::from_str::<serde_json::Value>(line).unwrap();
                }
            }
            "toml" => {
                let folder = path.parent().unwrap();
                gradlab::experiment::parse_toml("x", &text, folder).unwrap();
            }
            // The other spellings go into files of this name as well.
            "py" if !text.starts_with("\"\"\"") => continue,
            "py" => assert_eq!(text.matches("\"\"\"").count(), 2, "{place}"),
            "txt" => {}
            kind => panic!("{place}: nothing is known of files that end in .{kind}"),
        }
        kinds.insert(kind);
    }
    for kind in ["svg", "csv", "md", "json", "jsonl", "toml", "py", "txt"] {
        assert!(kinds.contains(kind), "no .{kind} was written: {kinds:?}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// As many cells in every row as in the first, and none that a spreadsheet takes for a formula.
fn csv_is_sound(text: &str, place: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!formula || cell.parse::<f64>().is_ok(), "{place}: {cell:?}");
        }
    }
}

/// As many cells in every row of a table as in its head; no tag, no link but those of files here.
fn markdown_is_sound(text: &str, place: &str) {
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut columns = None;
    for line in text.lines() {
        let table = line.starts_with('|');
        assert!(!table || *columns.get_or_insert(cells(line)) == cells(line), "{place}: {line}");
        columns = columns.filter(|_| table);
        let plain = line.replace("\\\\", "").replace("\\<", "").replace("\\[", "");
        assert!(!plain.contains("<b"), "{place}: {line}");
        let link =
            plain.contains("](") && !plain.contains(".svg)") && !plain.contains("report.md)");
        assert!(!link || plain.contains("\\]("), "{place}: {line}");
    }
}
