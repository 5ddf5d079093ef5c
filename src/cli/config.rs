//! `gradlab config`: how the workbench is set up, and where each value comes from.
//!
//! The file is read once, by whatever opens the workbench.

mod file;
mod table;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use super::failure::Failure;
use super::look::{LinkArgs, Look};
use super::output;
use crate::text::{toml_string, visible};
use crate::tui::app;
use crate::tui::keymap::bound::Bound;
use crate::tui::keymap::{Action, Key, spelling};
use crate::tui::link::Link;
use crate::tui::theme::{Choice, Choices, Depth};
use file::Location;
use table::{SETTINGS, Setting};

const AFTER_HELP: &str = "\
Examples:
  gradlab config
  gradlab config > ~/.config/gradlab/config.toml
  GRADLAB_CONFIG=lab.toml gradlab config --theme light

What is printed may stand in the file as it is. GRADLAB_CONFIG names another file; an \
empty one names none.";

/// Print the workbench's configuration that is in force
///
/// As TOML, with comments: what each setting is, and whether its value is the default or comes from the file, the
/// environment or a flag.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    link: LinkArgs,
}

/// How the workbench is set up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The look.
    pub choices: Choices,
    /// What is sent to the terminal.
    pub link: Link,
    /// The experiment that it opens with, if none is named.
    pub experiment: Option<String>,
    /// Bytes of memory that may be taken.
    pub memory: Option<u64>,
    /// Whether the first hour is without hints.
    pub no_hints: bool,
    /// Actions with keys of the user's choice.
    pub keys: Bound,
    /// The names of the settings that the file sets.
    set: Vec<&'static str>,
}

impl Config {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// The mistake, its place, and what would be right.
    pub fn load() -> Result<Self, Failure> {
        file::load(&Location::find())
    }

    /// The look that is asked for: by flags, else by the file.
    #[must_use]
    pub fn choices(&self, look: Look) -> Choices {
        Choices {
            depth: look.color.unwrap_or(self.choices.depth),
            scheme: look.theme.unwrap_or(self.choices.scheme),
            marker: look.marker.unwrap_or(self.choices.marker),
        }
    }

    /// What is said of the link: by flags, else by the file.
    #[must_use]
    pub fn link(&self, args: LinkArgs) -> Link {
        Link { fps: args.fps.or(self.link.fps), slow: args.slow_link || self.link.slow }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Default,
    File,
    Environment(&'static str),
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("file"),
            Self::Environment(variable) => write!(f, "environment: {variable}"),
            Self::Flag(flag) => write!(f, "flag: {flag}"),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// If the file is not valid, or stdout cannot be written.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let location = Location::find();
    let config = file::load(&location)?;
    let flags = flags(&args);
    let mut in_force = Config {
        choices: config.choices(args.look),
        link: config.link(args.link),
        ..config.clone()
    };
    let no_color = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    let uncoloured = no_color && in_force.choices.depth == Choice::Auto;
    if uncoloured {
        in_force.choices.depth = Choice::Is(Depth::None);
    }
    let origin = |setting: &Setting| {
        if let Some((_, flag)) = flags.iter().find(|(name, _)| *name == setting.name) {
            Origin::Flag(flag)
        } else if config.set.contains(&setting.name) {
            Origin::File
        } else if uncoloured && setting.name == "color" {
            Origin::Environment("NO_COLOR")
        } else {
            Origin::Default
        }
    };
    let mut text = format!(
        "# How the gradlab workbench is set up. The file is {}.\n",
        visible(&location.to_string())
    );
    for setting in SETTINGS {
        write_setting(&mut text, setting, &in_force, &origin(setting));
    }
    write_keys(&mut text, &in_force);
    let mut out = output::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The settings that flags give, each with its flag.
fn flags(args: &Args) -> Vec<(&'static str, &'static str)> {
    let (look, link) = (args.look, args.link);
    [
        ("theme", "--theme", look.theme.is_some()),
        ("color", "--color", look.color.is_some()),
        ("marker", "--marker", look.marker.is_some()),
        ("fps", "--fps", link.fps.is_some()),
        ("slow_link", "--slow-link", link.slow_link),
    ]
    .into_iter()
    .filter_map(|(name, flag, given)| given.then_some((name, flag)))
    .collect()
}

// Writing to a string cannot fail, so the results of `write!` are dropped below.
fn write_setting(text: &mut String, setting: &Setting, config: &Config, origin: &Origin) {
    let Setting { name, help, values, .. } = setting;
    let _ = write!(text, "\n# {help}: {values}\n");
    let _ = match (setting.show)(config) {
        Some(value) => writeln!(text, "{name} = {value}  # {origin}"),
        None => writeln!(
            text,
            "# {name} = {}  # not set; {origin}: {}",
            setting.example, setting.absent
        ),
    };
}

fn write_keys(text: &mut String, config: &Config) {
    text.push_str(
        "\n# Keys: an action takes one or a list, as in quit = [\"Q\", \"Ctrl-q\"].\n[keys]\n",
    );
    for (name, action, help) in file::actions() {
        let bound = config.keys.iter().find(|(known, _)| *known == action);
        let keys = match bound {
            Some((_, keys)) => keys.clone(),
            None => own_keys(action),
        };
        let spelled: Vec<String> =
            keys.into_iter().map(|key| quoted(&spelling::spell(key))).collect();
        let value = match spelled.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let comment = if bound.is_some() { "" } else { "# " };
        let origin = if bound.is_some() { Origin::File } else { Origin::Default };
        let _ = writeln!(text, "{comment}{name} = {value}  # {help} ({origin})");
    }
}

/// The keys that an action has by the tables, wherever it has any.
fn own_keys(action: Action) -> Vec<Key> {
    let mut keys = Vec::new();
    let rows = app::contexts().flat_map(|context| context.rows);
    for key in rows.filter(|row| row.action == action).flat_map(|row| row.keys) {
        if !keys.contains(key) {
            keys.push(*key);
        }
    }
    keys
}

/// A text in quotes, as TOML has it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", toml_string(text))
}
