//! The walks that come with the program: the files of `presets/walks/`.

use include_dir::include_dir;

use super::{Walk, read};
use crate::experiment::diagnostic::Result;
use crate::experiment::shelf::{Shelf, Shelved, Shipped};

/// A walk that comes with the program.
pub type WalkPreset = Shipped<Walk>;

/// The name of the walk that the Surface screen opens with.
pub const DEFAULT: &str = "ravine";

/// All walks: the default, then the others by name.
pub static WALKS: Shelf<Walk> = Shelf::new(include_dir!("$CARGO_MANIFEST_DIR/presets/walks"));

impl Shelved for Walk {
    const NOUN: &'static str = "walk";
    const FIRST: &'static str = DEFAULT;

    fn read(name: &str, text: &str) -> Result<Self> {
        read::parse(name, text)
    }
    fn words(&self) -> [&str; 2] {
        [self.title.raw(), self.about.raw()]
    }
}
