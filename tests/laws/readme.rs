//! What the README and the table of keys say is what the program does.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gradlab::experiment::compare_keys::KEYS;
use gradlab::experiment::settings::ROWS;
use gradlab::tui::keymap::{self, Action, Binding};
use gradlab::tui::learn::keys as lesson;
use gradlab::tui::screen::landscape::KEYS as LANDSCAPE;
use gradlab::tui::screen::learn::PREDICT;
use gradlab::tui::screen::train::PAINTING;
use gradlab::tui::screen::{SCREENS, Tab};

/// The keys of a screen; those that hold everywhere are told of with the first one, help among the
/// keys of the run.
fn rows(tab: &'static Tab) -> Vec<&'static Binding> {
    let mut rows: Vec<_> = tab.keys.rows.iter().collect();
    if tab.key == SCREENS[0].key {
        let (help, others): (Vec<_>, Vec<_>) =
            keymap::EVERYWHERE.rows.iter().partition(|row| row.action == Action::Help);
        let after_run = rows.iter().position(|row| row.action == Action::Next);
        let after_run = after_run.unwrap_or(rows.len());
        rows.splice(after_run..after_run, help);
        rows.extend(others);
    }
    rows
}

/// The tables of the keys that matter on each screen.
fn key_table() -> String {
    let table = |tab: &'static Tab| {
        let heading = if tab.key == SCREENS[0].key {
            "key".to_owned()
        } else {
            format!("key on the {} screen", tab.title())
        };
        let mut table = format!("| {heading} | |\n|---|---|\n");
        for row in rows(tab) {
            let _ = writeln!(table, "| `{}` | {} |", keymap::names(row), row.help);
        }
        table
    };
    let mut tables: Vec<String> = SCREENS.iter().map(table).collect();
    for (heading, context) in [
        ("key on the Train screen, while points are painted", &PAINTING),
        ("key on the Surface screen, in the network's own loss", &LANDSCAPE),
        ("key on the Learn screen, at a claim to be predicted", &PREDICT),
        ("key in a lesson", &lesson::LESSON),
        ("key in a lesson, at a question with choices", &lesson::CHOICES),
        ("key in a lesson, at a question for a number", &lesson::NUMBER),
        ("key in a lesson, at a curve to be drawn", &lesson::CURVE),
    ] {
        let mut table = format!("| {heading} | |\n|---|---|\n");
        for (keys, help) in keymap::lines(context.rows) {
            let _ = writeln!(table, "| `{keys}` | {help} |");
        }
        tables.push(table);
    }
    tables.join("\n")
}

/// The table of all settings.
fn setting_table() -> String {
    let mut table = "| path | | values | default | a change |\n|---|---|---|---|---|\n".to_owned();
    for row in ROWS {
        let (path, values, default) = (row.path(), row.values(), row.default_words());
        // A bar would end the cell.
        let help = row.help.replace('|', "\\|");
        let _ = writeln!(table, "| `{path}` | {help} | {values} | {default} | {} |", row.effect);
    }
    table
}

/// The table of the keys of `[compare]`.
fn compare_table() -> String {
    let mut table = "| key | | values | default |\n|---|---|---|---|\n".to_owned();
    for key in &KEYS {
        let (values, default) = (key.values(), key.default_words());
        let _ = writeln!(table, "| `{}` | {} | {values} | {default} |", key.key, key.help);
    }
    table
}

/// The part of a page of `docs` between two marks is `table`, or becomes so if `update` is set.
#[expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]
fn check_page(name: &str, mark: &str, table: &str, update: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let page = fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = page.split_once(&start).unwrap();
    let (written, after) = rest.split_once(&end).unwrap();
    if std::env::var_os(update).is_some() {
        fs::write(&path, format!("{before}{start}{table}{end}{after}")).unwrap();
    } else {
        assert_eq!(written, table);
    }
}

/// Rewrite with `UPDATE_KEYS=1 cargo test --test laws readme`.
#[test]
fn the_key_table_is_the_keymap() {
    check_page("KEYS.md", "keys", &key_table(), "UPDATE_KEYS");
}

/// Rewrite with `UPDATE_SETTINGS=1 cargo test --test laws readme`.
#[test]
fn the_table_of_settings_is_the_programs() {
    check_page("SETTINGS.md", "settings", &setting_table(), "UPDATE_SETTINGS");
    check_page("SETTINGS.md", "compare", &compare_table(), "UPDATE_SETTINGS");
}

/// The settings in the README are settings, at values that they may have.
#[test]
fn the_settings_are_valid() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```toml\n[schedule]").unwrap();
    let (settings, _) = rest.split_once("```").unwrap();
    let text = format!("[data]\nname = \"xor\"\n[[layers]]\nunits = 2\n[schedule]{settings}");
    let loaded = gradlab::experiment::parse_toml("README.md", &text, Path::new(""));
    let train = loaded.unwrap_or_else(|error| panic!("{error}")).experiment.train;
    assert!([train.l1, train.l2, train.ema].iter().all(|&x| x > 0.0));
}

/// Every command line in the README parses: each is run with `--help` in place of its arguments.
#[test]
fn every_command_exists() {
    let readme = include_str!("../../README.md");
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("gradlab "))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 8, "the examples were not found");
    for command in commands {
        assert_cmd::Command::cargo_bin("gradlab")
            .unwrap()
            .args([command, "--help"])
            .assert()
            .success();
    }
}
