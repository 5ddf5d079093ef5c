//! `gradlab [EXPERIMENT]`: the workbench.

use std::process::ExitCode;

use super::experiment::{Changes, Edits};
use super::failure::Failure;
use crate::experiment::preset;
use crate::train::memory::{Estimate, Watched};
use crate::tui::runner::{self, End};
use crate::tui::theme::{Depth, Theme};

/// What the workbench opens with.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to train: a preset, a .toml file or a recipe; two spirals if none is named
    pub experiment: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    edits: Edits,
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
    if let Some(word) = &args.experiment {
        super::check_word(word)?;
    }
    let name = args.experiment.as_deref().unwrap_or(preset::DEFAULT);
    let script = args.changes.load(name, &args.edits)?;
    let theme = args.look.theme(|| Depth::detect(|name| std::env::var(name).ok()));
    let limit = args.changes.memory();
    limit.check(&Estimate::of_script(&script, Watched::Live))?;
    match runner::run(script, theme, limit.bytes())? {
        End::Quit => Ok(ExitCode::SUCCESS),
        End::Signal(number) => Ok(super::failure::signalled(number)),
    }
}
