//! The walks that come with the program: the files of `presets/walks/`.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::{Walk, read};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::spec::nearest;

/// A walk that comes with the program.
#[derive(Debug)]
pub struct WalkPreset {
    /// Its name, as typed.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What to look at, and why.
    pub about: String,
    /// Its file.
    pub text: &'static str,
}

/// The name of the walk that the Surface screen opens with.
pub const DEFAULT: &str = "ravine";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets/walks");

static ALL: LazyLock<Vec<WalkPreset>> = LazyLock::new(|| {
    let mut walks: Vec<_> = FILES.files().filter_map(preset).collect();
    walks.sort_by_key(|walk| (walk.name != DEFAULT, walk.name));
    walks
});

fn preset(file: &'static include_dir::File<'static>) -> Option<WalkPreset> {
    let name = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
    let text = file.contents_utf8()?;
    let walk = read::parse(name, text).ok()?;
    let (title, about) = (walk.title.raw().to_owned(), walk.about.raw().to_owned());
    Some(WalkPreset { name, title, about, text })
}

impl WalkPreset {
    /// The walk.
    ///
    /// # Errors
    /// If its file is not valid, which a test sees to.
    pub fn read(&self) -> Result<Walk> {
        read::parse(&format!("{}.toml", self.name), self.text)
    }
}

/// All walks: the default, then the others by name.
#[must_use]
pub fn all() -> &'static [WalkPreset] {
    &ALL
}

/// The walk called `name`.
///
/// # Errors
/// The nearest name, or all of them.
pub fn find(name: &str) -> Result<&'static WalkPreset> {
    let wanted = name.replace('_', "-");
    let names = || all().iter().map(|walk| walk.name);
    all().iter().find(|walk| walk.name == wanted).ok_or_else(|| {
        let help = nearest(&wanted, names()).map_or_else(
            || format!("the walks are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::new(format!("there is no walk called `{name}`")).help(help)
    })
}
