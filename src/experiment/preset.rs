//! The experiments that come with the program: the files of `presets/`.

use std::sync::{LazyLock, OnceLock};

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
    /// Its file.
    pub text: &'static str,
    /// What the file says of it, read when it is first wanted: to read all files takes a while.
    prose: OnceLock<Prose>,
}

#[derive(Debug)]
struct Prose {
    title: String,
    about: String,
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
    Some(Preset { name, text: file.contents_utf8()?, prose: OnceLock::new() })
}

impl Preset {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.prose().title
    }

    /// The thing to look at, and why.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.prose().about
    }

    fn prose(&self) -> &Prose {
        self.prose.get_or_init(|| {
            let root = toml::read(self.name, self.text);
            let text = |key| match root.as_ref().map(|root| &root.find(key).kind) {
                Ok(Kind::Text(text)) => text.clone(),
                _ => String::new(),
            };
            Prose { title: text("title"), about: text("about") }
        })
    }
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
