//! The lessons that come with the program: the files of `presets/lessons/`, in the order of their
//! numbers.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::{Lesson, read};
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::spec::nearest;

/// A lesson that comes with the program.
#[derive(Debug)]
pub struct LessonPreset {
    /// Its name, as typed.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What is learned in it.
    pub about: String,
    /// The lesson itself.
    pub lesson: Lesson,
    /// Its file.
    pub text: &'static str,
}

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets/lessons");

static ALL: LazyLock<Vec<LessonPreset>> = LazyLock::new(|| {
    let mut files: Vec<_> = FILES.files().collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().filter_map(preset).collect()
});

/// The name of a lesson in a file called `stem`: without its number.
fn name(stem: &str) -> &str {
    stem.split_once('-')
        .filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit()))
        .map_or(stem, |(_, name)| name)
}

fn preset(file: &'static include_dir::File<'static>) -> Option<LessonPreset> {
    let name = name(file.path().file_name()?.to_str()?.strip_suffix(".toml")?);
    let text = file.contents_utf8()?;
    let lesson = read::parse(name, text).ok()?;
    let (title, about) = (lesson.title.raw().to_owned(), lesson.about.raw().to_owned());
    Some(LessonPreset { name, title, about, lesson, text })
}

impl LessonPreset {
    /// The lesson.
    ///
    /// # Errors
    /// If its file is not valid, which a test sees to.
    pub fn read(&self) -> Result<Lesson> {
        read::parse(&format!("{}.toml", self.name), self.text)
    }
}

/// All lessons, in the order in which they are best taken.
#[must_use]
pub fn all() -> &'static [LessonPreset] {
    &ALL
}

/// The files of all lessons by their names, valid or not.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .files()
        .filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents_utf8()?)))
}

/// The lesson called `name`.
///
/// # Errors
/// The nearest name, or all of them.
pub fn find(name: &str) -> Result<&'static LessonPreset> {
    let wanted = name.replace('_', "-");
    let names = || all().iter().map(|lesson| lesson.name);
    all().iter().find(|lesson| lesson.name == wanted).ok_or_else(|| {
        let help = nearest(&wanted, names()).map_or_else(
            || format!("the lessons are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::new(format!("there is no lesson called `{name}`")).help(help)
    })
}
