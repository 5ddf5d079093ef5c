//! Arrows between the rooms point one way only, and every room keeps out what it must not see.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the bottom up; those on one line do not see each other.
const FLOORS: &[&[&str]] = &[
    &["rng", "spec", "parallel", "hash", "file"],
    &["nn", "surface"],
    &["data"],
    &["optim"],
    &["catalog"],
    &["experiment"],
    &["train"],
    &["compare"],
    &["export"],
    &["tui"],
    &["cli"],
];

/// Rooms that must not be seen although they lie below.
const HIDDEN: &[(&str, &[&str])] = &[("tui", &["nn", "optim"]), ("optim", &["data", "surface"])];

/// Words that must not occur in a room.
const NEVER: &[(&str, &[&str])] = &[
    ("rng", &["std::thread", "println!", "std::fs", "Instant"]),
    ("nn", &["std::thread", "println!", "std::fs", "Instant"]),
    ("optim", &["std::thread", "println!", "std::fs", "Instant"]),
    ("surface", &["std::thread", "println!", "std::fs", "Instant"]),
    ("train", &["ratatui", "crossterm", "println!", "stdout"]),
    ("compare", &["ratatui", "crossterm", "println!", "stdout", "plotters", "indicatif"]),
    ("experiment", &["ratatui", "crossterm", "println!", "std::thread"]),
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// (room, file, text without comments and unit tests) for every source file of a room.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .filter_map(|path| {
            let first = path.strip_prefix(&root).unwrap().iter().next()?;
            let room = first.to_str()?.trim_end_matches(".rs").to_owned();
            if room == "lib" || room == "main" {
                return None;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            Some((room, path, code))
        })
        .filter(|(_, path, _)| !path.ends_with("tests.rs"))
        .collect()
}

/// The rooms that a source names after `crate::`, also in groups.
fn rooms_named(code: &str) -> Vec<String> {
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let names: Vec<String> = match rest.strip_prefix('{') {
                Some(group) => group
                    .split('}')
                    .next()
                    .unwrap_or_default()
                    .split(',')
                    .map(|part| part.trim().to_owned())
                    .collect(),
                None => vec![rest.to_owned()],
            };
            names.into_iter().map(|name| {
                name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
            })
        })
        .filter(|name| floor(name).is_some())
        .collect()
}

#[test]
fn arrows_point_one_way() {
    let sources = sources();
    assert!(sources.len() > 50, "the sources were not found");
    let mut wrong = Vec::new();
    for (room, path, code) in &sources {
        let here = floor(room).unwrap_or_else(|| panic!("`{room}` has no floor: name it here"));
        for seen in rooms_named(code) {
            let hidden = HIDDEN.iter().any(|(r, rooms)| r == room && rooms.contains(&&*seen));
            if &seen != room && (floor(&seen).unwrap() >= here || hidden) {
                wrong.push(format!("{} sees {seen}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_keep_out_what_they_must_not_see() {
    let mut wrong = Vec::new();
    for (room, path, code) in sources() {
        for (_, words) in NEVER.iter().filter(|(r, _)| *r == room) {
            for word in words.iter().filter(|word| code.contains(**word)) {
                wrong.push(format!("{} has {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_itself_can_fail() {
    assert_eq!(rooms_named("use crate::{tui::app, nn};\ncrate::cli::run()"), ["tui", "nn", "cli"]);
    assert!(floor("train") < floor("tui"));
}
