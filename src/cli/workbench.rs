//! `gradlab [EXPERIMENT]`: the workbench.

use std::process::ExitCode;

use super::experiment::{Changes, Edits};
use super::failure::Failure;
use super::memory::parse_size;
use super::output::say;
use crate::experiment::preset;
use crate::machine;
use crate::train::journal;
use crate::train::memory::{Estimate, Watched};
use crate::train::timeline;
use crate::tui::runner::{self, End, Memory, Opening};
use crate::tui::state_dir;
use crate::tui::theme::{Depth, Theme};

/// What the workbench opens with.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to train: a preset, a .toml file or a recipe; two spirals if none is named
    pub experiment: Option<String>,
    /// Go on with a session that was closed or killed: the latest, or the one called ID
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["experiment", "overrides", "seed", "edits"]
    )]
    resume: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    edits: Edits,
    /// Keep the states that one can go back to at once in so much memory, as in 64MB: with more of
    /// them, earlier steps of long runs are there sooner [default: 8MB, or an eighth of --max-memory]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    keyframes: Option<u64>,
    #[command(flatten)]
    look: Look,
}

/// How screens look.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Look {
    /// Colours; `auto` asks NO_COLOR, COLORTERM and TERM
    #[arg(long, value_enum, default_value_t, value_name = "COLORS")]
    color: ColorChoice,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum ColorChoice {
    #[default]
    Auto,
    None,
    #[value(name = "16")]
    Ansi16,
    #[value(name = "256")]
    Ansi256,
    True,
}

impl Look {
    /// The theme asked for; `auto` is what `detected` gives.
    pub fn theme(self, detected: impl FnOnce() -> Depth) -> Theme {
        Theme::new(match self.color {
            ColorChoice::Auto => detected(),
            ColorChoice::None => Depth::None,
            ColorChoice::Ansi16 => Depth::Ansi16,
            ColorChoice::Ansi256 => Depth::Ansi256,
            ColorChoice::True => Depth::True,
        })
    }
}

/// Opens the workbench.
///
/// # Errors
/// If the experiment cannot be loaded or there is no terminal.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let opening = if let Some(id) = &args.resume {
        resume(id)?
    } else {
        if let Some(word) = &args.experiment {
            super::check_word(word)?;
        }
        let name = args.experiment.as_deref().unwrap_or(preset::DEFAULT);
        Opening::Anew(Box::new(args.changes.load(name, &args.edits)?))
    };
    let limit = args.changes.memory();
    limit.check(&Estimate::of_script(opening.script(), Watched::Live))?;
    let keyframes = args.keyframes.map_or_else(
        || timeline::bound(limit.bytes()),
        |bytes| usize::try_from(bytes).unwrap_or(usize::MAX),
    );
    open_within(opening, args.look, Memory { limit: limit.bytes(), keyframes })
}

/// Opens the workbench with `opening`, in as much memory as there is.
///
/// # Errors
/// If there is no terminal.
pub fn open(opening: Opening, look: Look) -> Result<ExitCode, Failure> {
    let limit = machine::limit();
    open_within(opening, look, Memory { limit, keyframes: timeline::bound(limit) })
}

fn open_within(opening: Opening, look: Look, memory: Memory) -> Result<ExitCode, Failure> {
    let theme = look.theme(|| Depth::detect(|name| std::env::var(name).ok()));
    match runner::run(opening, theme, memory)? {
        End::Quit => Ok(ExitCode::SUCCESS),
        End::Signal(number) => Ok(super::failure::signalled(number)),
    }
}

/// The session called `id`, or the latest if that is empty.
fn resume(id: &str) -> Result<Opening, Failure> {
    let sessions = state_dir::sessions().ok_or_else(|| {
        let variable = state_dir::VARIABLE;
        Failure::input(format!(
            "there is no home directory; name a folder for sessions in {variable}"
        ))
    })?;
    let (resumed, folder) = journal::resume(&sessions, Some(id).filter(|id| !id.is_empty()))
        .map_err(|refusal| Failure::Input(refusal.into()))?;
    for note in &resumed.notes {
        say(format_args!("note: {note}"));
    }
    Ok(Opening::Resumed(Box::new(resumed), folder))
}
