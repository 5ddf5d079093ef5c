//! `gradlab snapshot`: the workbench's screen as a picture.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use ratatui::buffer::Buffer;

use super::experiment::ChosenScript;
use super::failure::{Failure, written};
use super::landscape::planes;
use super::look::Look;
use crate::experiment::{Script, walk};
use crate::export::svg::palette::{PALETTES, Palette};
use crate::export::{file, svg, text};
use crate::train::Event;
use crate::train::descent::MOST_STEPS;
use crate::train::landscape::PlaneKind;
use crate::tui::keymap::Action;
use crate::tui::picture;
use crate::tui::run_view::Status;
use crate::tui::theme::{Choice, Choices, Depth, Scheme, Theme};

const EXAMPLES: &str = "\
Examples:
  gradlab snapshot spirals --steps 5000 --out spirals.svg
  gradlab snapshot digits --steps 500 --size 80x24 --out digits.txt
  gradlab snapshot spirals --steps 5000 --frames 20 --size 100x30 --out moving.svg
  gradlab snapshot spirals --steps 5000 --palette solarized-light --out light.svg
  gradlab snapshot moons --screen compare --steps 500 --out race.svg
  gradlab snapshot spirals --screen surface --walk saddle --steps 40 --out saddle.svg";

/// The most cells of all frames of a moving picture.
const MOST_CELLS: u64 = 2_000_000;

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
    /// As a picture that moves: the screen after each Nth of the steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100))]
    frames: Option<u64>,
    /// The colours of the terminal that an .svg shows
    #[arg(long, value_parser = palettes(), default_value = PALETTES[0].name)]
    palette: &'static Palette,
    /// The file: .svg or .txt
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    look: Look,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
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
    /// The list of courses, lessons and claims, beside the run
    Learn,
}

fn palettes() -> impl TypedValueParser<Value = &'static Palette> {
    PossibleValuesParser::new(PALETTES.iter().map(|palette| palette.name))
        .map(|name| PALETTES.iter().find(|palette| palette.name == name).unwrap_or(&PALETTES[0]))
}

fn parse_size(text: &str) -> Result<(u16, u16), String> {
    let parse = |part: &str| part.parse::<u16>().ok().filter(|n| (1..=1000).contains(n));
    text.split_once('x')
        .and_then(|(width, height)| Some((parse(width)?, parse(height)?)))
        .ok_or_else(|| "must be COLUMNSxROWS, each 1 to 1000, as in 120x40".to_owned())
}

/// The look that is asked for; all that is left open suits the picture, not the terminal.
fn theme(args: &Args) -> Theme {
    let choices = args.look.choices();
    let console = args.palette.name == "linux";
    let depth = choices.depth.or(|| if console { Depth::Console } else { Depth::True });
    let scheme = choices.scheme.or(|| Scheme::on(args.palette.background));
    let choices = Choices { depth: Choice::Is(depth), scheme: Choice::Is(scheme), ..choices };
    Theme::detect(choices, |name| (console && name == "TERM").then(|| "linux".to_owned()))
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
    if args.frames.is_some() && (!as_svg || args.screen == Screen::Compare) {
        let why = "--frames makes an .svg that moves, of any screen but compare";
        return Err(Failure::input(why));
    }
    let frames = args.frames.unwrap_or(1);
    let cells = u64::from(args.size.0) * u64::from(args.size.1) * frames;
    if cells > MOST_CELLS && frames > 1 {
        let why =
            format!("{frames} frames of this size are too many; take fewer, or --size 120x40");
        return Err(Failure::input(why));
    }
    let share = |frame: u64| {
        let steps = u128::from(args.steps) * u128::from(frame) / u128::from(frames);
        u64::try_from(steps).unwrap_or(args.steps)
    };
    let pictures = (1..=frames)
        .map(|frame| draw(&args, &script, share(frame)))
        .collect::<Result<Vec<Buffer>, Failure>>()?;
    let title = format!("gradlab {}", args.chosen.name());
    let drawn = match pictures.as_slice() {
        [picture] if as_svg => svg::buffer_to_svg_in(args.palette, picture, &title),
        [picture] => text::buffer_to_text(picture),
        pictures => svg::buffers_to_animated_svg(args.palette, pictures, &title),
    };
    written(&args.out, file::write(&args.out, drawn))?;
    Ok(ExitCode::SUCCESS)
}

/// The screen after so many steps.
fn draw(args: &Args, script: &Script, steps: u64) -> Result<Buffer, Failure> {
    let app = match args.screen {
        Screen::Train => picture::trained(script, steps, args.size),
        Screen::Layers => picture::inside(script, steps, args.size),
        Screen::OneStep => picture::unseen(script, steps, args.size).map(|(mut app, run)| {
            app.act(Action::Inside);
            picture::look(&mut app, &run);
            app
        }),
        Screen::Learn => picture::trained(script, steps, args.size).map(|mut app| {
            app.act(Action::Go('5'));
            app
        }),
        Screen::Landscape => picture::mapped(script, steps, args.size, args.plane),
        Screen::Surface => walk::WALKS
            .load(&args.walk)
            .map(|walk| picture::walking(script.clone(), walk, steps.min(MOST_STEPS)))
            .map_err(|error| error.to_string()),
        Screen::Compare => picture::raced(script, steps)
            .and_then(|(plan, results)| picture::comparing(&plan, &results, args.size)),
    };
    let mut app = app.map_err(Failure::input)?;
    app.workspace.projector = args.look.projector;
    if args.frames.is_some() && app.workspace.run.status == Status::Paused {
        app.workspace.run.on_event(Event::Running(true));
    }
    Ok(picture::draw(&mut app, args.size, theme(args)))
}
