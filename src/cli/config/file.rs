//! The file `config.toml`: where it is, and how it is read.

use std::fmt;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::Config;
use super::table::SETTINGS;
use crate::cli::failure::Failure;
use crate::experiment::Diagnostic;
use crate::experiment::entries::{self, Entry, Value};
use crate::spec::nearest;
use crate::tui::app;
use crate::tui::keymap::bound;
use crate::tui::keymap::{Action, Key, ch, spelling};
use crate::tui::screen::SCREENS;

/// The variable that names the file, if it is not where the system has such things.
const VARIABLE: &str = "GRADLAB_CONFIG";
/// The table of the keys.
const KEYS: &str = "keys";

/// Where the file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// There, by the user's word: it must be there.
    Named(PathBuf),
    /// There, if it is there.
    Usual(PathBuf),
    /// Nowhere.
    None,
}

impl Location {
    /// Where it is by the environment.
    pub fn find() -> Self {
        location(|name| env::var_os(name).map(PathBuf::from), env::home_dir())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(path) => write!(f, "{}", path.display()),
            Self::Usual(path) if path.is_file() => write!(f, "{}", path.display()),
            Self::Usual(path) => write!(f, "{}, which is not there", path.display()),
            Self::None => f.write_str("none"),
        }
    }
}

/// Where the system has settings: the XDG base directories, on macOS `~/Library/Application Support`, on
/// Windows the roaming application data.
fn location(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Location {
    if let Some(named) = variable(VARIABLE) {
        return if named == Path::new("") { Location::None } else { Location::Named(named) };
    }
    let named = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    // A relative path is to be ignored, says the specification.
    let named = variable(named).filter(|path| path.is_absolute());
    let usual = if cfg!(windows) {
        "AppData/Roaming"
    } else if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        ".config"
    };
    match named.or_else(|| Some(home?.join(usual))) {
        Some(base) => Location::Usual(base.join("gradlab").join("config.toml")),
        None => Location::None,
    }
}

/// The configuration in the file, or the usual one if there is none.
///
/// # Errors
/// If it cannot be read or is not valid.
pub fn load(location: &Location) -> Result<Config, Failure> {
    let (path, must) = match location {
        Location::Named(path) => (path, true),
        Location::Usual(path) => (path, false),
        Location::None => return Ok(Config::default()),
    };
    match fs::read_to_string(path) {
        Ok(text) => Ok(parse(&path.display().to_string(), &text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must => Ok(Config::default()),
        Err(error) => Err(Failure::input(format!("could not read {}: {error}", path.display()))),
    }
}

/// The configuration in a text called `name`.
pub fn parse(name: &str, text: &str) -> Result<Config, Diagnostic> {
    let mut config = Config::default();
    let entries = entries::read(name, text)?;
    for entry in &entries {
        match entry.section.as_str() {
            "" => set(&mut config, entry)?,
            KEYS => config.keys.push(binding(entry)?),
            _ => {
                let message = format!("unknown table `{}`", entry.section);
                return Err(entry.wrong_key(message, "the only table is `[keys]`"));
            }
        }
    }
    let contexts: Vec<_> = app::contexts().collect();
    let tabs: Vec<_> = SCREENS.iter().map(|tab| (ch(tab.key), tab.title())).collect();
    if let Some(conflict) = bound::conflict(&config.keys, &contexts, &tabs) {
        let name = spelling::action_name(conflict.action).unwrap_or_default();
        let mut bindings = entries.iter().filter(|entry| entry.section == KEYS);
        if let Some(entry) = bindings.find(|entry| entry.key == name) {
            let help = "give the other one another key as well";
            return Err(entry.wrong_value(conflict.to_string(), help));
        }
    }
    Ok(config)
}

fn set(config: &mut Config, entry: &Entry) -> Result<(), Diagnostic> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.name == entry.key) else {
        let names = || SETTINGS.iter().map(|setting| setting.name);
        let help = nearest(&entry.key, names().chain([KEYS])).map_or_else(
            || format!("the settings are {}", names().collect::<Vec<_>>().join(", ")),
            |name| format!("did you mean `{name}`?"),
        );
        return Err(entry.wrong_key(format!("there is no setting `{}`", entry.key), help));
    };
    (setting.set)(config, &entry.value).map_err(|wrong| {
        let help = format!("{}: {}", setting.help, setting.values);
        entry.wrong_value(format!("`{}` {wrong}", entry.key), help)
    })?;
    config.set.push(setting.name);
    Ok(())
}

/// The actions that can have other keys, with their names and what they do, in the order of help.
pub fn actions() -> Vec<(String, Action, &'static str)> {
    let mut found: Vec<(String, Action, &'static str)> = Vec::new();
    for row in app::contexts().flat_map(|context| context.rows) {
        if let Some(name) = spelling::action_name(row.action)
            && !found.iter().any(|(known, ..)| *known == name)
        {
            found.push((name, row.action, row.help));
        }
    }
    found
}

fn binding(entry: &Entry) -> Result<(Action, Vec<Key>), Diagnostic> {
    let actions = actions();
    let Some((_, action, _)) = actions.iter().find(|(name, ..)| *name == entry.key) else {
        let names = actions.iter().map(|(name, ..)| name.as_str());
        let help = nearest(&entry.key, names).map_or_else(
            || "`gradlab config` prints them all".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        return Err(entry.wrong_key(format!("there is no action `{}`", entry.key), help));
    };
    let texts = match &entry.value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::Texts(texts) if !texts.is_empty() => texts,
        _ => {
            let help = "as in quit = \"Q\" or quit = [\"Q\", \"Ctrl-q\"]";
            return Err(entry.wrong_value("a key, or a list of keys, stands here", help));
        }
    };
    let keys = texts.iter().map(|text| {
        spelling::parse(text).ok_or_else(|| {
            let help = "a character, or Enter, Space, Tab, Esc, Left, Up, PageUp, Home, Delete, F1 …, \
                        each perhaps after Ctrl-";
            entry.wrong_value(format!("there is no key `{text}`"), help)
        })
    });
    Ok((*action, keys.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Choice, Marker, Scheme};

    #[test]
    fn everything_that_can_be_set() {
        let text = "theme = \"light\"\ncolor = 256\nmarker = 'ascii'\nfps = 12\nslow_link = true\nhints = false\n\
                    experiment = \"moons\"\nmemory = \"2GB\"\n[keys]\nquit = [\"Q\", \"Ctrl-q\"]\n";
        let config = parse("config.toml", text).unwrap();
        assert_eq!(config.choices.scheme, Choice::Is(Scheme::Light));
        assert_eq!(config.choices.marker, Choice::Is(Marker::Ascii));
        assert_eq!((config.link.fps, config.link.slow), (Some(12), true));
        assert_eq!(config.experiment.as_deref(), Some("moons"));
        assert_eq!(config.memory, Some(2_000_000_000));
        assert_eq!(config.keys[0].0, Action::Quit);
        assert_eq!(config.keys[0].1.len(), 2);
        assert_eq!(config.set.len(), SETTINGS.len());
        assert_eq!(parse("config.toml", "").unwrap(), Config::default());
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, message, place) in [
            ("thene = \"light\"", "no setting `thene`", (1, 1)),
            ("theme = \"pink\"", "`theme` must be", (1, 9)),
            ("\nfps = 0", "`fps` must be", (2, 7)),
            ("memory = \"lots\"", "`memory` must be a size", (1, 10)),
            ("[key]\nquit = \"Q\"", "unknown table `key`", (2, 1)),
            ("[keys]\nqit = \"Q\"", "no action `qit`", (2, 1)),
            ("[keys]\nquit = \"QQ\"", "no key `QQ`", (2, 8)),
            ("[keys]\nquit = 3", "a key, or a list", (2, 8)),
            ("[keys]\nquit = \"?\"", "`?` is taken", (2, 8)),
            ("[keys]\nundo = \"s\"", "`s` is taken", (2, 8)),
            ("[keys]\nundo = \"2\"", "`2` is taken (Screens): Layers", (2, 8)),
            ("[keys]\nundo = \"Z\"\nredo = \"Z\"", "`Z` is taken", (2, 8)),
            ("theme = light", "is not a value", (1, 9)),
        ] {
            let error = parse("config.toml", text).unwrap_err();
            assert!(error.message().contains(message), "{text}: {error}");
            assert_eq!(error.position(), Some(place), "{text}: {error}");
        }
    }

    #[test]
    fn keys_can_be_exchanged() {
        let config = parse("c", "[keys]\nundo = \"U\"\nredo = \"u\"").unwrap();
        assert_eq!(config.keys.len(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_variable_then_xdg_then_home() {
        let home = || Some(PathBuf::from("/home/me"));
        let with = |set: &[(&str, &str)], home| {
            let value = |name: &str| set.iter().find(|(key, _)| *key == name);
            location(|name| value(name).map(|(_, value)| value.into()), home)
        };
        let usual = |path: &str| Location::Usual(path.into());
        assert_eq!(with(&[(VARIABLE, "own.toml")], home()), Location::Named("own.toml".into()));
        assert_eq!(with(&[(VARIABLE, "")], home()), Location::None);
        let xdg = [("XDG_CONFIG_HOME", "/conf")];
        assert_eq!(with(&xdg, home()), usual("/conf/gradlab/config.toml"));
        let relative = [("XDG_CONFIG_HOME", "conf")];
        assert_eq!(with(&relative, home()), usual("/home/me/.config/gradlab/config.toml"));
        assert_eq!(with(&[], None), Location::None);
    }
}
