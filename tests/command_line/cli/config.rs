//! The configuration of the workbench.

use super::*;

/// A file of its own, and `gradlab config` with it.
fn config(text: &str, args: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    let mut command = program();
    command.arg("config").args(args).env("GRADLAB_CONFIG", &path).env_remove("NO_COLOR");
    Outcome::of(command)
}

#[test]
fn what_is_in_force_is_toml_that_says_where_it_comes_from() {
    let text = config(
        "theme = \"dark\"\nfps = 12\n[keys]\nquit = [\"Q\", \"Ctrl-q\"]\n",
        &["--theme", "light"],
    )
    .text();
    for line in [
        "theme = \"light\"  # flag: --theme",
        "fps = 12  # file",
        "marker = \"auto\"  # default",
        "quit = [\"Q\", \"Ctrl-q\"]",
        "# undo = \"u\"",
    ] {
        assert!(text.lines().any(|it| it.starts_with(line)), "no `{line}` in\n{text}");
    }
    // What is printed may stand in the file.
    let again = config(&text, &[]).text();
    assert!(again.contains("theme = \"light\"  # file"), "{again}");
    let twice = config(&again, &[]).text();
    let without_path = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_path(&again), without_path(&twice));
}

#[test]
fn the_environment_is_told_of() {
    let mut command = program();
    command.arg("config").env("GRADLAB_CONFIG", "").env("NO_COLOR", "1");
    let text = Outcome::of(command).text();
    assert!(text.contains("color = \"none\"  # environment: NO_COLOR"), "{text}");
    assert!(text.starts_with("# How the gradlab workbench is set up. The file is none."), "{text}");
}

#[test]
fn mistakes_have_a_place_wherever_the_file_is_read() {
    config("thene = \"dark\"", &[]).refused(&["no setting `thene`", "config.toml:1:1", "`theme`"]);
    config("[keys]\nquit = \"?\"", &[]).refused(&["`?` is taken", "config.toml:2:8"]);
    let mut command = program();
    command.arg("config").env("GRADLAB_CONFIG", "/nowhere/config.toml");
    Outcome::of(command).refused(&["could not read /nowhere/config.toml"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "fps = 1000\n").unwrap();
    let mut command = program();
    command.arg("spirals").env("GRADLAB_CONFIG", &path);
    Outcome::of(command).refused(&["`fps` must be a whole number from 1 to 120"]);
}
