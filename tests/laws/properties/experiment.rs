//! Experiments, as TOML and as recipes: a text that is read comes to the same experiment when it is
//! written and read again, one that is refused is refused with a clean message, and what is valid
//! can be built and trained.

use std::path::Path;

use gradlab::experiment::{
    DataSource, Diagnostic, Experiment, LoadedScript, Script, brief_script_recipe, parse_recipe,
    parse_script, parse_script_recipe, parse_toml, script_to_recipe, script_to_toml, short_recipe,
    short_script_recipe, to_recipe, to_toml,
};
use gradlab::spec::Value;
use gradlab::train::{Problem, Session};

use super::text::assert_clean;

/// The longest text that is tried.
pub const LONGEST: usize = 1 << 14;

/// The properties of an experiment's TOML. Returns whether it is valid.
pub fn toml(text: &str) -> bool {
    // What a path leads to is no property of the text.
    if text.len() > LONGEST || text.contains("csv") {
        return false;
    }
    if let Err(error) = parse_toml("x.toml", text, Path::new("")) {
        refused(&error);
    }
    read(parse_script("x.toml", text, Path::new("")))
}

/// The properties of a recipe on the first line, with a value to be laid over it on each further
/// line. Returns whether the recipe is valid.
pub fn recipe(text: &str) -> bool {
    if text.len() > LONGEST || text.contains("csv") {
        return false;
    }
    let mut lines = text.lines();
    let loaded = parse_script_recipe(lines.next().unwrap_or_default());
    let overrides: Vec<_> = lines.collect();
    if let Ok(loaded) = &loaded {
        match loaded.script.with_overrides(&overrides) {
            Ok(changed) => script_round_trips(&changed),
            Err(error) => refused(&error),
        }
    }
    read(loaded)
}

fn read(result: Result<LoadedScript, Diagnostic>) -> bool {
    let Ok(LoadedScript { script, warnings }) = result.inspect_err(refused) else {
        return false;
    };
    for warning in warnings {
        assert_clean(&warning.to_string(), "a warning");
    }
    script_round_trips(&script);
    for (_, experiment) in script.segments().filter(|(_, experiment)| is_small(experiment)).take(3)
    {
        trains(experiment);
    }
    true
}

/// The message says something, fits a screen and is clean.
fn refused(error: &Diagnostic) {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "an error without a message");
    assert!(text.chars().count() < 4000 + 6 * LONGEST, "a message of {} bytes", text.len());
    assert_clean(&text, "an error");
}

/// As [`round_trips`], of a script and of each experiment in it.
pub fn script_round_trips(script: &Script) {
    for (_, experiment) in script.segments().take(5) {
        // Whether arms are possible is no matter of the script's own.
        round_trips(&Experiment { compare: None, ..experiment.clone() });
    }
    let file = script_to_toml(script);
    assert_clean(&file, "TOML");
    let again = parse_script("again", &file, Path::new("")).map(|loaded| loaded.script);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{file}"));
    assert!(again == *script, "{file}\n# read and written again:\n{}", script_to_toml(&again));
    assert_eq!(script_to_toml(&again), file);
    let line = script_to_recipe(script);
    assert_clean(&line, "a recipe");
    assert!(!line.contains(['\n', '\t', ' ']), "{line}");
    let again = parse_script_recipe(&line).unwrap_or_else(|error| panic!("{error}\n{line}"));
    assert!(again.script == *script, "{line}\n{}", script_to_recipe(&again.script));
    for line in [short_script_recipe(script), brief_script_recipe(script)] {
        let again = parse_script_recipe(&line).unwrap_or_else(|error| panic!("{error}\n{line}"));
        assert_eq!(again.script.edits().len(), script.edits().len(), "{line}");
    }
}

/// Both spellings come to the same experiment, are stable, and hold nothing that a terminal acts on.
pub fn round_trips(experiment: &Experiment) {
    let file = to_toml(experiment);
    assert_clean(&file, "TOML");
    let again = parse_toml("again", &file, Path::new("")).map(|loaded| loaded.experiment);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{file}"));
    assert_eq!(again, *experiment, "{file}");
    assert_eq!(to_toml(&again), file);
    let line = to_recipe(experiment);
    assert_clean(&line, "a recipe");
    assert!(!line.contains(['\n', '\t', ' ']), "{line}");
    let again = parse_recipe(&line).map(|loaded| loaded.experiment);
    assert_eq!(again.unwrap_or_else(|error| panic!("{error}\n{line}")), *experiment, "{line}");
    let line = short_recipe(experiment);
    parse_recipe(&line).unwrap_or_else(|error| panic!("{error}\n{line}"));
}

/// Whether a step of it is quick.
pub fn is_small(experiment: &Experiment) -> bool {
    let few = |value: &Value| !matches!(value, Value::Integer(n) if *n > 2000);
    let data = match &experiment.data.source {
        DataSource::Named(pick) => pick.params().all(|(_, value)| few(value)),
        DataSource::Csv { .. } => false,
    };
    let layers = experiment.layers.iter();
    data && experiment.data.extent().numbers() <= 32
        && experiment.layers.len() <= 6
        && layers.clone().all(|layer| layer.units <= 32)
        && experiment.train.batch_size <= 256
}

/// It is built and makes a step to a finite loss, or diverges and says where; a run of the same seed
/// makes the same step.
pub fn trains(experiment: &Experiment) {
    let problem = match Problem::load(experiment) {
        Ok(problem) => problem,
        Err(error) => return assert_clean(&error.to_string(), "an error of the data"),
    };
    let step = || {
        let mut session = Session::new(experiment, problem.clone());
        session.set_single_threaded(true);
        match session.train() {
            Ok(loss) => {
                assert!(loss.is_finite(), "a loss of {loss} is no divergence");
                Some(loss.to_bits())
            }
            Err(divergence) => {
                assert_clean(&divergence.to_string(), "a divergence");
                None
            }
        }
    };
    assert_eq!(step(), step(), "{}", to_recipe(experiment));
}
