//! Writes a script: its start as any experiment, then its edits.

use super::Script;
use crate::experiment::Experiment;
use crate::experiment::recipe::write::{brief_recipe, encoded_but, short_recipe, to_recipe};
use crate::experiment::toml::write::{line, list, to_toml};
use crate::text::Untrusted;

/// The script as TOML, its edits last. Reading it gives an equal script.
#[must_use]
pub fn script_to_toml(script: &Script) -> String {
    let mut text = to_toml(script.start());
    for (step, set) in script.assignments() {
        text += "\n[[edits]]\n";
        line(&mut text, "step", step);
        line(&mut text, "set", list(&set));
    }
    text
}

/// The script as a recipe, words included. Reading it gives an equal script.
#[must_use]
pub fn script_to_recipe(script: &Script) -> String {
    with_edits(to_recipe(script.start()), script)
}

/// As [`script_to_recipe`], as short as [`brief_recipe`].
#[must_use]
pub fn brief_script_recipe(script: &Script) -> String {
    let script = &wordless(script);
    with_edits(brief_recipe(script.start()), script)
}

/// As [`brief_script_recipe`], without the comparison.
#[must_use]
pub fn short_script_recipe(script: &Script) -> String {
    let script = &wordless(script);
    with_edits(short_recipe(script.start()), script)
}

/// The script without titles and descriptions.
fn wordless(script: &Script) -> Script {
    let (title, about) = (Untrusted::default(), Untrusted::default());
    let plain =
        |it: &Experiment| Experiment { title: title.clone(), about: about.clone(), ..it.clone() };
    script.map(plain)
}

fn with_edits(mut recipe: String, script: &Script) -> String {
    for (step, set) in script.assignments() {
        for assignment in set {
            recipe += &format!("/@{step}:{}", encoded_but(&assignment, ":,=+@"));
        }
    }
    recipe
}
