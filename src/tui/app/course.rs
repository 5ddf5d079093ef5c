//! A course under way: its lessons, one after another.

use super::App;
use crate::experiment::course::CoursePreset;
use crate::experiment::lesson::preset::LessonPreset;
use crate::tui::effect::Effect;

/// A course under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct CourseUnderWay {
    course: &'static CoursePreset,
    /// Whether lessons are taken that were done before.
    again: bool,
    /// The seed of its runs, if it is not their own.
    seed: Option<u64>,
}

impl App {
    /// Takes up `course` at its first lesson that is not done; from its first if all are, or `again`.
    pub fn take_course(
        &mut self,
        course: &'static CoursePreset,
        again: bool,
        seed: Option<u64>,
    ) -> Vec<Effect> {
        let progress = &self.workspace.progress;
        let again = again || course.get().lessons.iter().all(|it| progress.is_done(it.name));
        self.next_lesson(CourseUnderWay { course, again, seed }, None).unwrap_or_default()
    }

    /// Goes on with the course under way behind the lesson called `after`; none without one, or at its end.
    pub(super) fn go_on_with_course(&mut self, after: &str) -> Option<Vec<Effect>> {
        self.next_lesson(self.course?, Some(after))
    }

    fn next_lesson(
        &mut self,
        under_way: CourseUnderWay,
        after: Option<&str>,
    ) -> Option<Vec<Effect>> {
        let CourseUnderWay { course, again, seed } = under_way;
        let progress = &self.workspace.progress;
        let to_take = |lesson: &LessonPreset| again || !progress.is_done(lesson.name);
        let (place, lesson) = course.get().next(after, to_take)?;
        let next = course.get().next(Some(lesson.name), to_take);
        let next = next.map(|(_, lesson)| lesson.get().title.on_terminal().into_owned());
        let effects = self.learn(lesson.name, lesson.get().clone(), again.then_some(0), seed);
        self.course = Some(under_way);
        if let Some(lecture) = &mut self.lecture {
            lecture.lead_on(next);
        }
        let (number, count) = (place + 1, course.get().lessons.len());
        self.workspace.say(format!("{}: lesson {number} of {count}", course.title()));
        Some(effects)
    }
}
