//! `gradlab snapshot`: the workbench's screen as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use super::experiment::ChosenScript;
use super::failure::{Failure, written};
use super::landscape::planes;
use super::workbench::Look;
use crate::experiment::walk;
use crate::export::{file, svg, text};
use crate::train::descent::MOST_STEPS;
use crate::train::landscape::PlaneKind;
use crate::tui::keymap::Action;
use crate::tui::picture;
use crate::tui::theme::Depth;

const EXAMPLES: &str = "\
Examples:
  gradlab snapshot spirals --steps 5000 --out spirals.svg
  gradlab snapshot digits --steps 500 --size 80x24 --out digits.txt
  gradlab snapshot moons --screen compare --steps 500 --out race.svg
  gradlab snapshot spirals --screen surface --walk saddle --steps 40 --out saddle.svg";

/// Draw the workbench's screen into a file
///
/// Trains the experiment for so many steps, or races it with so many steps a run, and draws the very screen that the workbench would
/// show: as a picture if the file ends in .svg, as text if it ends in .txt.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    chosen: ChosenScript,
    /// Steps to train before; in a race, of each run; on a surface, of each walker
    #[arg(long)]
    steps: u64,
    /// Which screen
    #[arg(long, value_enum, default_value_t)]
    screen: Screen,
    /// What is walked on the Surface screen: a walk that comes with the program, or one from a file
    #[arg(long, value_name = "NAME|FILE.toml", default_value = walk::preset::DEFAULT)]
    walk: String,
    /// The plane of the loss landscape
    #[arg(long, value_parser = planes(), default_value = PlaneKind::default().name())]
    plane: PlaneKind,
    /// Columns and rows
    #[arg(long, default_value = "120x40", value_parser = parse_size)]
    size: (u16, u16),
    /// The file: .svg or .txt
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    look: Look,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Screen {
    /// One run
    #[default]
    Train,
    /// The inside of the network over the run
    Layers,
    /// Its next step, in numbers
    OneStep,
    /// A race to its end, of what the experiment asks for or of well-known optimizers
    Compare,
    /// Optimizers on a test surface, after so many steps of --walk
    Surface,
    /// The network's own loss on a plane of kind --plane, with the path of the run
    Landscape,
}

fn parse_size(text: &str) -> Result<(u16, u16), String> {
    let parse = |part: &str| part.parse::<u16>().ok().filter(|n| (1..=1000).contains(n));
    text.split_once('x')
        .and_then(|(width, height)| Some((parse(width)?, parse(height)?)))
        .ok_or_else(|| "must be COLUMNSxROWS, each 1 to 1000, as in 120x40".to_owned())
}

/// Runs the command.
///
/// # Errors
/// If the experiment is not valid or the file cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let extension = args.out.extension().map(|e| e.to_string_lossy().to_lowercase());
    let as_svg = match extension.as_deref() {
        Some("svg") => true,
        Some("txt") => false,
        _ => {
            let name = args.out.display();
            return Err(Failure::input(format!("`{name}` must end in .svg or .txt")));
        }
    };
    let script = args.chosen.load()?;
    let app = match args.screen {
        Screen::Train => picture::trained(&script, args.steps, args.size),
        Screen::Layers => picture::inside(&script, args.steps, args.size),
        Screen::OneStep => picture::unseen(&script, args.steps, args.size).map(|(mut app, run)| {
            app.act(Action::Inside);
            picture::look(&mut app, &run);
            app
        }),
        Screen::Landscape => picture::mapped(&script, args.steps, args.size, args.plane),
        Screen::Surface => walk::load(&args.walk)
            .map(|walk| picture::walking(script, walk, args.steps.min(MOST_STEPS)))
            .map_err(|error| error.to_string()),
        Screen::Compare => picture::raced(&script, args.steps)
            .and_then(|(plan, results)| picture::comparing(&plan, &results, args.size)),
    };
    let mut app = app.map_err(Failure::input)?;
    let buffer = picture::draw(&mut app, args.size, args.look.theme(|| Depth::True));
    let drawn = if as_svg {
        svg::buffer_to_svg(&buffer, &format!("gradlab {}", args.chosen.name()))
    } else {
        text::buffer_to_text(&buffer)
    };
    written(&args.out, file::write(&args.out, drawn))?;
    Ok(ExitCode::SUCCESS)
}
