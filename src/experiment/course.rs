//! Courses: lessons to be taken one after another. They come with the program, as the files of
//! `presets/courses/`.
//!
//! ```toml
//! title = "Activations and optimizers"
//! about = "What a neuron passes on, and how its weights move."
//! minutes = 45                     # with time to try things by hand
//! lessons = ["what-an-activation-adds", "what-an-optimizer-does"]
//! ```

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::diagnostic::{Diagnostic, Result};
use super::keys::{list, require, table};
use super::lesson::preset::{self, LessonPreset};
use super::toml;
use super::validate::read::{text, whole};
use crate::spec::Range;

/// The keys of a course.
const KEYS: [&str; 4] = ["title", "about", "minutes", "lessons"];

/// A course.
#[derive(Debug)]
pub struct Course {
    /// Its name, as typed.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What is learned in it.
    pub about: String,
    /// About how long it takes.
    pub minutes: u64,
    /// Its lessons in their order, one at least.
    pub lessons: Vec<&'static LessonPreset>,
}

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets/courses");

static ALL: LazyLock<Vec<Course>> = LazyLock::new(|| {
    let mut files: Vec<_> = FILES.files().collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().filter_map(|file| read(file)?.ok()).collect()
});

/// The course in a file; none if that has no name or no text.
fn read(file: &'static include_dir::File<'static>) -> Option<Result<Course>> {
    let name = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
    Some(parse(name, file.contents_utf8()?))
}

fn parse(name: &'static str, file: &str) -> Result<Course> {
    let root = toml::read(name, file)?;
    let top = table(&root, "course", &KEYS)?;
    let word = |key| text(require(&root, top, key)?, key);
    let lessons = require(&root, top, "lessons")?;
    let named = list(lessons, "lessons")?
        .iter()
        .map(|item| preset::find(&text(item, "lessons")?).map_err(|error| error.at(&item.span)));
    let course = Course {
        name,
        title: word("title")?,
        about: word("about")?,
        minutes: whole(require(&root, top, "minutes")?, "minutes", Range::Closed(1.0, 600.0))?,
        lessons: named.collect::<Result<_>>()?,
    };
    if course.lessons.is_empty() {
        return Err(Diagnostic::new("a course has one lesson at least").at(&lessons.span));
    }
    Ok(course)
}

/// All courses.
#[must_use]
pub fn all() -> &'static [Course] {
    &ALL
}

/// The course called `name`, if there is one.
#[must_use]
pub fn find(name: &str) -> Option<&'static Course> {
    let wanted = name.replace('_', "-");
    all().iter().find(|course| course.name == wanted)
}

impl Course {
    /// The lesson to go on with behind the one called `after`, or from the start, and its place from 0: the
    /// next that is to be taken.
    #[must_use]
    pub fn next(
        &self,
        after: Option<&str>,
        to_take: impl Fn(&LessonPreset) -> bool,
    ) -> Option<(usize, &'static LessonPreset)> {
        let place = after.and_then(|name| self.lessons.iter().position(|it| it.name == name));
        let from = place.map_or(0, |place| place + 1);
        let mut rest = self.lessons.iter().copied().enumerate().skip(from);
        rest.find(|(_, lesson)| to_take(lesson))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_valid_and_its_lessons_fit_its_time() {
        assert_eq!(all().len(), FILES.files().count());
        for file in FILES.files() {
            let course = read(file).unwrap().unwrap_or_else(|error| panic!("{error}"));
            let minutes: u64 = course.lessons.iter().map(|it| it.lesson.minutes).sum();
            assert!(minutes <= course.minutes, "{} takes {minutes}", course.name);
            assert!(std::ptr::eq(
                find(&course.name.replace('-', "_")).unwrap().lessons[0],
                course.lessons[0]
            ));
        }
    }

    #[test]
    fn a_course_goes_on_with_what_is_left_to_take() {
        let course = find("activations-and-optimizers").unwrap();
        let names: Vec<_> = course.lessons.iter().map(|it| it.name).collect();
        let next = |after: Option<&str>, done: &[&str]| {
            course.next(after, |it| !done.contains(&it.name)).map(|(place, _)| place)
        };
        assert_eq!(next(None, &[]), Some(0));
        assert_eq!(next(None, &names[..1]), Some(1));
        assert_eq!(next(Some(names[0]), &[names[0], names[1]]), Some(2));
        assert_eq!(next(Some(names[0]), &[]), Some(1));
        assert_eq!(next(Some(names[2]), &names[..2]), None);
        assert_eq!(next(None, &names), None);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let course = |lessons: &str| {
            parse("c", &format!("title='T'\nabout='A'\nminutes=9\nlessons={lessons}")).unwrap_err()
        };
        assert!(
            course("['what-an-activation-ads']").to_string().contains("what-an-activation-adds")
        );
        assert!(course("[]").to_string().contains("one lesson at least"));
    }
}
