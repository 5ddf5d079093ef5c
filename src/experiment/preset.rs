//! The experiments that come with the program: the files of `presets/`.

use include_dir::include_dir;

use super::diagnostic::Result;
use super::node::Kind;
use super::shelf::{Shelf, Shelved, Shipped};
use super::toml;

/// An experiment that comes with the program.
pub type Preset = Shipped<Prose>;

/// What an experiment says of itself. The rest of its file is read by [`super::load`], which may be given
/// overrides.
#[derive(Debug)]
pub struct Prose {
    title: String,
    about: String,
}

/// The name of the preset that is opened when none is asked for.
pub const DEFAULT: &str = "spirals";

/// All presets: the default, then the others by name.
pub static PRESETS: Shelf<Prose> = Shelf::new(include_dir!("$CARGO_MANIFEST_DIR/presets"));

impl Shelved for Prose {
    const NOUN: &'static str = "preset";
    const FIRST: &'static str = DEFAULT;

    fn read(name: &str, text: &str) -> Result<Self> {
        let root = toml::read(name, text)?;
        let text = |key| match &root.find(key).kind {
            Kind::Text(text) => text.clone(),
            _ => String::new(),
        };
        Ok(Self { title: text("title"), about: text("about") })
    }
    fn words(&self) -> [&str; 2] {
        [&self.title, &self.about]
    }
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::is_valid;
    use super::*;

    #[test]
    fn every_preset_says_what_it_is() {
        is_valid(&PRESETS);
        assert_eq!(PRESETS.all()[0].name, DEFAULT);
    }
}
