//! Title and description of an experiment that is changed: they tell of it as it was.

use std::path::Path;

use super::preset::PRESETS;
use super::settings::{Effect, ROWS, Row};
use super::validate::validate;
use super::{DataSource, Experiment, toml};

/// The end of the title of an experiment that is not as its title says.
const CHANGED: &str = ", changed";
/// The beginning of such an experiment's description.
const BEFORE: &str = "Before it was changed: ";

/// The settings that are words, as assignments begin.
const WORDS: [&str; 2] = ["title=", "about="];

/// Whether an assignment is of words.
pub(super) fn is_of_words(assignment: &str) -> bool {
    WORDS.iter().any(|it| assignment.starts_with(it))
}

/// Makes title and description of `new` true, into which `old` was changed without a word about
/// them. Other data are another experiment, so both go; any other change that bears on the numbers,
/// but for seeds and the length of the run, marks them, and the mark goes with the change if they are
/// a preset's.
pub(super) fn reword(old: &Experiment, new: &mut Experiment) {
    if (&old.title, &old.about) != (&new.title, &new.about) {
        return;
    }
    if other_data(old, new) {
        new.title.clear();
        new.about.clear();
    } else if differ(old, new) {
        match original(new) {
            Some(preset) => {
                new.title = preset.title;
                new.about = preset.about;
            }
            None => mark(new),
        }
    }
}

/// Whether they are of different data sets or files.
fn other_data(old: &Experiment, new: &Experiment) -> bool {
    match (&old.data.source, &new.data.source) {
        (DataSource::Named(old), DataSource::Named(new)) => old.key() != new.key(),
        (DataSource::Csv { path: old, .. }, DataSource::Csv { path: new, .. }) => old != new,
        _ => true,
    }
}

/// Whether they differ in what a title may tell of.
fn differ(old: &Experiment, new: &Experiment) -> bool {
    let told = |row: &&Row| row.effect != Effect::None && !row.is_of_repetition();
    let changed = |row: &Row| {
        let layers = row.layers(new);
        layers != row.layers(old) || { layers }.any(|it| !row.equal(old, new, (it, it)))
    };
    ROWS.iter().filter(told).any(changed)
}

fn mark(experiment: &mut Experiment) {
    let Experiment { title, about, .. } = experiment;
    if !title.is_empty() && !title.raw().ends_with(CHANGED) {
        *title = format!("{}{CHANGED}", title.raw()).into();
    }
    if !about.is_empty() && !about.raw().starts_with(BEFORE) {
        *about = format!("{BEFORE}{}", about.raw()).into();
    }
}

/// The preset whose title it bears, if it is that preset again.
fn original(experiment: &Experiment) -> Option<Experiment> {
    let title = experiment.title.raw().strip_suffix(CHANGED)?;
    let preset = PRESETS.all().iter().find(|preset| preset.title() == title)?;
    let root = toml::read(preset.name, preset.text).ok()?;
    let original = validate(&root, Path::new("")).ok()?.experiment;
    (!other_data(&original, experiment) && !differ(&original, experiment)).then_some(original)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{load, load_with};

    fn words(overrides: &[&str]) -> (String, String) {
        let experiment = load_with("spirals", overrides).unwrap().experiment;
        (experiment.title.raw().to_owned(), experiment.about.raw().to_owned())
    }

    #[test]
    fn stale_words_go_with_the_data() {
        for data in ["data=circles", "data=moons:noise=0.2"] {
            assert_eq!(words(&[data]), (String::new(), String::new()));
        }
        let spirals = load("spirals").unwrap().experiment;
        let moons = spirals.assign("data", "moons").unwrap();
        assert_eq!((moons.title.raw(), moons.about.raw()), ("", ""));
        assert_eq!(moons.name(), "moons");
        assert_eq!(words(&["title=Mine", "data=moons"]).0, "Mine");
    }

    #[test]
    fn stale_words_are_marked_until_the_change_is_undone() {
        let spirals = load("spirals").unwrap().experiment;
        for (path, value) in [
            ("layers.1.activation", "relu"),
            ("data.noise", "0.2"),
            ("optimizer", "sgd"),
            ("train.l2", "0.1"),
            ("layers.1.units", "3"),
        ] {
            let once = spirals.assign(path, value).unwrap();
            assert_eq!(once.title, "Two spirals, changed", "{path}");
            assert!(once.about.raw().starts_with("Before it was changed: Two classes"), "{path}");
            let twice = once.assign("train.batch_size", "16").unwrap();
            assert_eq!((&twice.title, &twice.about), (&once.title, &once.about));
            let was = settings_text(&spirals, path);
            assert_eq!(once.assign(path, &was).unwrap(), spirals, "{path}");
            assert_eq!(words(&[&format!("{path}={value}")]).0, once.title.raw());
        }
        assert_eq!(spirals.with_layer_after(0).unwrap().title, "Two spirals, changed");
        assert_eq!(spirals.with_rates_scaled(2.0).unwrap().title, "Two spirals, changed");
    }

    #[test]
    fn another_seed_or_length_is_the_same_experiment() {
        for same in ["seed=9", "train.steps=10", "data.seed=3", "train.eval_every=2"] {
            assert_eq!(words(&[same]).0, "Two spirals", "{same}");
        }
    }

    fn settings_text(experiment: &Experiment, path: &str) -> String {
        let place = crate::experiment::settings::find(experiment, path).unwrap();
        place.within(experiment).text()
    }
}
