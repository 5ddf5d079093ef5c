//! The experiments that come with the program: the files of `presets/`.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::diagnostic::{Diagnostic, Result};
use super::node::Kind;
use super::toml;
use crate::spec::nearest;

/// An experiment that comes with the program.
#[derive(Debug)]
pub struct Preset {
    /// Its name, as typed.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// The thing to look at, and why.
    pub about: String,
    /// Its file.
    pub text: &'static str,
}

/// The name of the preset that is opened when none is asked for.
pub const DEFAULT: &str = "spirals";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets");

static ALL: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let mut presets: Vec<_> = FILES.files().filter_map(preset).collect();
    presets.sort_by_key(|preset| (preset.name != DEFAULT, preset.name));
    presets
});

fn preset(file: &'static include_dir::File<'static>) -> Option<Preset> {
    let name = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
    let text = file.contents_utf8()?;
    let root = toml::read(name, text).ok()?;
    let prose = |key| match &root.find(key).kind {
        Kind::Text(text) => text.clone(),
        _ => String::new(),
    };
    Some(Preset { name, title: prose("title"), about: prose("about"), text })
}

/// All presets: the default, then the others by name.
#[must_use]
pub fn all() -> &'static [Preset] {
    &ALL
}

/// The preset called `name`; data sets of two words may be spelled with `_` as in the catalog.
///
/// # Errors
/// The nearest name, or all of them.
pub fn find(name: &str) -> Result<&'static Preset> {
    let wanted = name.replace('_', "-");
    let names = || all().iter().map(|preset| preset.name);
    all().iter().find(|preset| preset.name == wanted).ok_or_else(|| {
        let help = nearest(&wanted, names()).map_or_else(
            || format!("the presets are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::new(format!("there is no preset called `{name}`")).help(help)
    })
}
