//! A word in the place of a command that is neither a command nor an experiment.

use super::gradlab;

#[test]
fn misspelt_commands_are_not_taken_for_experiments() {
    let message = "neither a command nor a preset called `activatoin`";
    for line in ["activatoin", "activatoin relu", "activatoin relu --at -1,0", "activatoin --at 1"]
    {
        gradlab(line).refused(&[message, "did you mean the command `activation`?"]);
    }
    gradlab("spirlas").refused(&["called `spirlas`; did you mean the preset `spirals`?"]);
    gradlab("ris").refused(&["did you mean the command `run` or the preset `iris`?"]);
    gradlab("qqqqqqqq").refused(&[
        "neither a command nor a preset",
        "gradlab --help",
        "gradlab list presets",
    ]);
}

#[test]
fn unknown_flags_are_refused() {
    gradlab("--bogus").refused(&["unexpected argument '--bogus'"]);
    gradlab("list losses --formt json").refused(&["a similar argument exists: '--format'"]);
}
