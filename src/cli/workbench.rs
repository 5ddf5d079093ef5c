//! `gradlab [EXPERIMENT]`: the workbench.

use std::process::ExitCode;

use super::config::Config;
use super::experiment::{Changes, Edits};
use super::failure::Failure;
use super::look::{LinkArgs, Look};
use super::memory::parse_size;
use super::output::say;
use crate::experiment::preset;
use crate::machine;
use crate::train::journal;
use crate::train::memory::{Estimate, Watched};
use crate::train::timeline;
use crate::tui::keymap::bound;
use crate::tui::runner::{self, Display, End, Memory, Opening};
use crate::tui::state_dir;
use crate::tui::theme::{Choice, Theme};

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
    #[command(flatten)]
    link: LinkArgs,
}

/// Opens the workbench.
///
/// # Errors
/// If the experiment cannot be loaded or there is no terminal.
pub fn run(mut args: Args) -> Result<ExitCode, Failure> {
    let config = Config::load()?;
    args.changes.set_usual_memory(config.memory);
    let opening = if let Some(id) = &args.resume {
        resume(id)?
    } else {
        if let Some(word) = &args.experiment {
            super::check_word(word)?;
        }
        let name = args.experiment.as_deref().or(config.experiment.as_deref());
        let name = name.unwrap_or(preset::DEFAULT);
        Opening::Anew(Box::new(args.changes.load(name, &args.edits)?))
    };
    let limit = args.changes.memory();
    limit.check(&Estimate::of_script(opening.script(), Watched::Live))?;
    let keyframes = args.keyframes.map_or_else(
        || timeline::bound(limit.bytes()),
        |bytes| usize::try_from(bytes).unwrap_or(usize::MAX),
    );
    let memory = Memory { limit: limit.bytes(), keyframes };
    open_within(opening, (args.look, args.link), memory, config)
}

/// Opens the workbench with `opening`, in as much memory as the configuration allows.
///
/// # Errors
/// If there is no terminal, or the configuration is not valid.
pub fn open(opening: Opening, look: Look, link: LinkArgs) -> Result<ExitCode, Failure> {
    let config = Config::load()?;
    let limit = config.memory.unwrap_or_else(machine::limit);
    machine::set_limit(limit);
    let memory = Memory { limit, keyframes: timeline::bound(limit) };
    open_within(opening, (look, link), memory, config)
}

/// Opens the workbench with `opening`, in so much memory, as flags and the configuration want it to look.
///
/// # Errors
/// If there is no terminal.
pub fn open_within(
    opening: Opening,
    (look, link): (Look, LinkArgs),
    memory: Memory,
    config: Config,
) -> Result<ExitCode, Failure> {
    let choices = config.choices(look);
    let display = Display {
        theme: Theme::detect(choices, |name| std::env::var(name).ok()),
        ask: choices.scheme == Choice::Auto,
        link: config.link(link),
        projector: look.projector,
        hints: !config.no_hints,
    };
    bound::bind(config.keys);
    match runner::run(opening, display, memory)? {
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
