//! Courses: lessons to be taken one after another. They come with the program, as the files of
//! `presets/courses/`.
//!
//! ```toml
//! title = "Activations and optimizers"
//! about = "What a neuron passes on, and how its weights move."
//! minutes = 45                     # with time to try things by hand
//! lessons = ["what-an-activation-adds", "what-an-optimizer-does"]
//! ```

use include_dir::include_dir;

use super::diagnostic::{Diagnostic, Result};
use super::keys::{list, require, table};
use super::lesson::LESSONS;
use super::lesson::preset::LessonPreset;
use super::shelf::{Shelf, Shelved, Shipped};
use super::toml;
use super::validate::read::{text, whole};
use crate::spec::Range;

/// The keys of a course.
const KEYS: [&str; 4] = ["title", "about", "minutes", "lessons"];

/// A course.
#[derive(Debug)]
pub struct Course {
    title: String,
    about: String,
    /// About how long it takes.
    pub minutes: u64,
    /// Its lessons in their order, one at least.
    pub lessons: Vec<&'static LessonPreset>,
}

/// A course that comes with the program.
pub type CoursePreset = Shipped<Course>;

/// All courses.
pub static COURSES: Shelf<Course> = Shelf::new(include_dir!("$CARGO_MANIFEST_DIR/presets/courses"));

impl Shelved for Course {
    const NOUN: &'static str = "course";

    fn read(name: &str, file: &str) -> Result<Self> {
        let root = toml::read(name, file)?;
        let top = table(&root, "course", &KEYS)?;
        let word = |key| text(require(&root, top, key)?, key);
        let lessons = require(&root, top, "lessons")?;
        let named = list(lessons, "lessons")?.iter().map(|item| {
            LESSONS.find(&text(item, "lessons")?).map_err(|error| error.at(&item.span))
        });
        let course = Self {
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
    fn words(&self) -> [&str; 2] {
        [&self.title, &self.about]
    }
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
    use super::super::shelf::tests::is_valid;
    use super::*;

    #[test]
    fn every_course_is_valid_and_its_lessons_fit_its_time() {
        is_valid(&COURSES);
        for course in COURSES.all() {
            let minutes: u64 = course.get().lessons.iter().map(|it| it.get().minutes).sum();
            assert!(minutes <= course.get().minutes, "{} takes {minutes}", course.name);
        }
    }

    #[test]
    fn a_course_goes_on_with_what_is_left_to_take() {
        let course = COURSES.find("activations-and-optimizers").unwrap().get();
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
            Course::read("c", &format!("title='T'\nabout='A'\nminutes=9\nlessons={lessons}"))
                .unwrap_err()
        };
        assert!(
            course("['what-an-activation-ads']").to_string().contains("what-an-activation-adds")
        );
        assert!(course("[]").to_string().contains("one lesson at least"));
    }
}
