//! `gradlab learn`: the workbench with a lesson beside it.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::failure::Failure;
use super::look::{LinkArgs, Look};
use super::output;
use super::workbench;
use crate::experiment::lesson::{self, Setup, preset as lessons};
use crate::experiment::{Script, load, preset};
use crate::tui::runner::{Opening, Teaching};

mod handout;

const AFTER_HELP: &str = "\
Examples:
  gradlab learn
  gradlab learn what-an-activation-adds
  gradlab learn what-an-activation-adds --page 3
  gradlab learn what-an-activation-adds --answers answers.csv
  gradlab learn what-an-activation-adds --print > handout.md
  gradlab learn my-lesson.toml

`gradlab list lessons` names what there is.";

/// Take a lesson: one idea a page, beside the live screen
///
/// A page tells something, asks for a prediction, lets you run it, and then shows what was measured.
/// Everything on the screen can be used meanwhile. Without a name, the list of lessons is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The lesson: one that comes with the program, or a .toml file
    #[arg(value_name = "LESSON|FILE.toml")]
    lesson: Option<String>,
    /// Begin at this page, from 1, rather than where it was left
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
    let lesson = match &args.lesson {
        None => None,
        Some(argument) => {
            let lesson = lesson::load(argument).map_err(|error| Failure::Input(error.into()))?;
            let pages = lesson.pages.len();
            if args.page.is_some_and(|page| page == 0 || page > pages) {
                return Err(Failure::input(format!("--page must be 1 to {pages}")));
            }
            // A preset is known by its name however that is spelled.
            let name = lessons::find(argument).map_or(argument.as_str(), |preset| preset.name);
            Some((name.to_owned(), lesson))
        }
    };
    if let (true, Some((name, lesson))) = (args.print, &lesson) {
        let mut out = output::stdout();
        handout::write(&mut out, name, lesson)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let first = lesson.as_ref().and_then(|(_, lesson)| {
        lesson.pages.iter().find_map(|page| match &page.setup {
            Some(Setup::Experiment(experiment) | Setup::Race(experiment)) => {
                Some((**experiment).clone())
            }
            _ => None,
        })
    });
    let experiment = match first {
        Some(experiment) => experiment,
        None => load(preset::DEFAULT).map_err(|error| Failure::Input(error.into()))?.experiment,
    };
    let teaching = Teaching {
        lesson,
        page: args.page.map(|page| page - 1),
        seed: args.seed,
        answers: args.answers,
    };
    let opening = Opening::Lesson(Box::new(Script::from(experiment)), teaching);
    workbench::open(opening, args.look, args.link)
}
