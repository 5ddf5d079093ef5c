//! `gradlab learn`: the workbench with a lesson beside it.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::failure::Failure;
use super::look::{LinkArgs, Look};
use super::output;
use super::workbench;
use crate::experiment::course::COURSES;
use crate::experiment::lesson::{LESSONS, Lesson, Setup};
use crate::experiment::{Experiment, Script, load, preset};
use crate::spec::nearest;
use crate::text::visible;
use crate::tui::runner::{Opening, Subject, Teaching};

mod handout;

const AFTER_HELP: &str = "\
Examples:
  gradlab learn
  gradlab learn activations-and-optimizers
  gradlab learn what-an-activation-adds
  gradlab learn what-an-activation-adds --page 3
  gradlab learn what-an-activation-adds --answers answers.csv
  gradlab learn what-an-activation-adds --print > handout.md
  gradlab learn my-lesson.toml

`gradlab list lessons` and `gradlab list courses` name what there is.";

/// Take a lesson: one idea a page, beside the live screen
///
/// A page tells something, asks for a prediction, lets you run it, and then shows what was measured.
/// Everything on the screen can be used meanwhile. A course begins with the first of its lessons that
/// is not done, and goes on to the next. Without a name, the list of courses, lessons and claims is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The course or the lesson: one that comes with the program, or a lesson in a .toml file
    #[arg(value_name = "COURSE|LESSON|FILE.toml")]
    lesson: Option<String>,
    /// Begin at this page of the lesson, from 1, rather than where it was left
    #[arg(long, requires = "lesson")]
    page: Option<usize>,
    /// Seed of all its runs, to see whether it comes out the same
    #[arg(long, requires = "lesson")]
    seed: Option<u64>,
    /// Append each answer to a CSV file: time, lesson, page, choice, and 1 if it was right
    #[arg(long, value_name = "FILE.csv")]
    answers: Option<PathBuf>,
    /// Print its pages instead, without the answers, as a handout in Markdown
    #[arg(long, requires = "lesson", conflicts_with_all = ["page", "seed", "answers"])]
    print: bool,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    link: LinkArgs,
}

/// Opens the workbench with the lesson.
///
/// # Errors
/// If there is no such lesson or page, or there is no terminal.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let subject = subject(args.lesson.as_deref())?;
    check_page(args.page, &subject)?;
    if args.print {
        let mut out = output::stdout();
        for (place, (name, lesson)) in lessons_of(&subject).into_iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            handout::write(&mut out, name, lesson)?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let first = lessons_of(&subject).first().and_then(|(_, lesson)| first_experiment(lesson));
    let experiment = match first {
        Some(experiment) => experiment,
        None => load(preset::DEFAULT).map_err(|error| Failure::Input(error.into()))?.experiment,
    };
    let teaching = Teaching {
        subject,
        page: args.page.map(|page| page - 1),
        seed: args.seed,
        answers: args.answers,
    };
    let opening = Opening::Lesson(Box::new(Script::from(experiment)), teaching);
    workbench::open(opening, args.look, args.link)
}

/// What an argument names.
fn subject(argument: Option<&str>) -> Result<Subject, Failure> {
    let Some(argument) = argument else { return Ok(Subject::Any) };
    if let Ok(course) = COURSES.find(argument) {
        return Ok(Subject::Course(course));
    }
    let lesson = LESSONS.load(argument).map_err(|error| {
        let courses = COURSES.all().iter().map(|course| course.name);
        // A course is meant if no lesson is nearer.
        let near = nearest(argument, courses.chain(LESSONS.all().iter().map(|it| it.name)));
        match near.filter(|name| COURSES.find(name).is_ok()) {
            Some(near) => Failure::input(format!(
                "there is no course or lesson called `{}`; did you mean `{near}`?",
                visible(argument)
            )),
            None => Failure::Input(error.into()),
        }
    })?;
    // A preset is known by its name however that is spelled.
    let name = LESSONS.find(argument).map_or(argument, |preset| preset.name);
    Ok(Subject::Lesson(name.to_owned(), Box::new(lesson)))
}

/// The lessons of `subject` with their names.
fn lessons_of(subject: &Subject) -> Vec<(&str, &Lesson)> {
    match subject {
        Subject::Any => Vec::new(),
        Subject::Lesson(name, lesson) => vec![(name.as_str(), &**lesson)],
        Subject::Course(course) => {
            course.get().lessons.iter().map(|it| (it.name, it.get())).collect()
        }
    }
}

fn check_page(page: Option<usize>, subject: &Subject) -> Result<(), Failure> {
    let pages = match subject {
        Subject::Lesson(_, lesson) => lesson.pages.len(),
        _ if page.is_none() => return Ok(()),
        _ => return Err(Failure::input("--page is of a lesson, not of a course")),
    };
    match page {
        Some(page) if page == 0 || page > pages => {
            Err(Failure::input(format!("--page must be 1 to {pages}")))
        }
        _ => Ok(()),
    }
}

/// The experiment that is set up first.
fn first_experiment(lesson: &Lesson) -> Option<Experiment> {
    lesson.pages.iter().find_map(|page| match &page.setup {
        Some(Setup::Experiment(experiment) | Setup::Race(experiment)) => {
            Some((**experiment).clone())
        }
        _ => None,
    })
}
