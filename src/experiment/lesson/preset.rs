//! The lessons that come with the program: the files of `presets/lessons/`, in the order of their
//! numbers.

use include_dir::include_dir;

use super::{Lesson, read};
use crate::experiment::diagnostic::Result;
use crate::experiment::shelf::{Shelf, Shelved, Shipped};

/// A lesson that comes with the program.
pub type LessonPreset = Shipped<Lesson>;

/// All lessons, in the order in which they are best taken.
pub static LESSONS: Shelf<Lesson> = Shelf::new(include_dir!("$CARGO_MANIFEST_DIR/presets/lessons"));

impl Shelved for Lesson {
    const NOUN: &'static str = "lesson";

    fn read(name: &str, text: &str) -> Result<Self> {
        read::parse(name, text)
    }
    fn words(&self) -> [&str; 2] {
        [self.title.raw(), self.about.raw()]
    }
}
