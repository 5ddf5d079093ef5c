//! What a network is given: features on the form, and points painted on the plane.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::harness::{DOWN, ENDLESS, ENTER, ESC, GRADLAB, LEFT, RIGHT, Start, Terminal, UP, layer};

const HOME: &str = "\x1b[H";

fn open(size: (u16, u16)) -> Terminal {
    let mut start = Start::gradlab(&[ENDLESS]);
    start.size = size;
    let terminal = start.open();
    terminal.wait_for("Decision boundary");
    terminal
}

fn features_on_the_form(size: (u16, u16)) {
    let mut terminal = open(size);
    // The inputs are the first field.
    terminal.press_for(&format!("{HOME}{RIGHT}"), "x1^2+x2^2");
    terminal.press_for(RIGHT, "x1x2");
    terminal.press_for(RIGHT, "x1+x2+x1^2");
    terminal.wait("five inputs", |screen| screen.contains("input  5").then_some(()));
    terminal.press(LEFT, |screen| screen.contains("input  1").then_some(()));
    terminal.press_for(ENTER, "Features");
    terminal.press_for("\x7f\x7f\x7f\x7fx1+x3\r", "there is no feature `x3`");
    terminal.press(ESC, |screen| (!screen.contains("x3")).then_some(()));
    // Presses on one field in quick succession are undone together.
    terminal.press("u", |screen| screen.contains("input  2").then_some(()));
    terminal.keys("q");
    terminal.end().in_order(0);
}

#[test]
fn features_on_a_small_terminal() {
    features_on_the_form((80, 24));
}

#[test]
fn features_on_a_large_terminal() {
    features_on_the_form((120, 40));
}

fn painting(size: (u16, u16)) {
    let mut terminal = open(size);
    terminal.press_for("P", "Painting");
    terminal.wait_for("of 100 points");
    // A stroke of a third class: the run starts again with an output more, and is undone as one.
    terminal.press_for("2", "of 101 points");
    terminal.wait("three outputs", |screen| layer(screen, 3).filter(|it| it[0] == "3"));
    terminal.press_for("u", "of 100 points");
    terminal.press_for("U", "of 101 points");
    // What is under the brush goes, and comes back.
    terminal.press("d", |screen| (!screen.contains("of 101 points")).then_some(()));
    terminal.press_for("u", "of 101 points");
    terminal.press_for("u", "of 100 points");
    // The mouse: a press, a way and a release are one stroke.
    let (x, y) = (60, 6);
    terminal.press_for(
        &format!(
            "\x1b[<0;{x};{y}M\x1b[<32;{};{y}M\x1b[<32;{};{y}M\x1b[<0;{};{y}m",
            x + 1,
            x + 2,
            x + 2
        ),
        "of 103 points",
    );
    terminal.press_for("u", "of 100 points");
    // From an empty plane, as soon as there are enough points of two classes.
    terminal.press_for("c", "of 0 points");
    terminal.press_for("0", "not trained on yet");
    terminal.press_for(&format!("{UP}0{LEFT}0"), "of 3 points");
    terminal.press_for(&format!("{DOWN}{DOWN}{RIGHT}{RIGHT}1"), "of 4 points");
    terminal.press_for("+", "brush 5 points");
    terminal.press_for("1", "of 9 points");
    terminal.press_for("w", "wrote gradlab-1.toml");
    terminal.press_for(ESC, "Decision boundary");
    let folder = terminal.folder().to_owned();
    replays(&folder);
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// What was saved, and the recipe of what was painted, give the same bits without a terminal.
fn replays(folder: &Path) {
    let toml = fs::read_to_string(folder.join("gradlab-1.toml")).unwrap();
    assert!(toml.contains("csv = \"gradlab-1.csv\""), "{toml}");
    let table = fs::read_to_string(folder.join("gradlab-1.csv")).unwrap();
    assert_eq!(table.lines().count(), 10, "{table}");
    let recipe = toml.lines().find_map(|line| line.strip_prefix("# gradlab ")).unwrap();
    let weights = |experiment: &str, name: &str| {
        let args = ["run", experiment, "--until", "200", "--out", name];
        let output = Command::new(GRADLAB).args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read(folder.join(name).join("weights.npz")).unwrap()
    };
    assert!(recipe.starts_with("painted:points="), "{recipe}");
    assert!(weights("gradlab-1.toml", "file") == weights(recipe, "recipe"));
}

#[test]
fn painting_on_a_small_terminal() {
    painting((80, 24));
}

#[test]
fn painting_on_a_large_terminal() {
    painting((120, 40));
}
