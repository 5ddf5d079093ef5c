//! The table of the settings of the workbench: reader, printer and help go by it.

use super::{Config, quoted};
use crate::cli::memory::parse_size;
use crate::experiment::entries::Value;
use crate::tui::theme::{Choice, Depth, Marker, Scheme};

/// A setting of the workbench.
#[derive(Debug)]
pub struct Setting {
    /// Its key.
    pub name: &'static str,
    /// What it is.
    pub help: &'static str,
    /// What it may be.
    pub values: &'static str,
    /// A value as it may be written.
    pub example: &'static str,
    /// What holds where it is not set.
    pub absent: &'static str,
    /// Sets it.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub set: fn(&mut Config, &Value) -> Result<(), String>,
    /// Its value as TOML; none where it is not set.
    pub show: fn(&Config) -> Option<String>,
}

/// All settings but the keys.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "theme",
        help: "Background",
        values: "auto, which asks the terminal, or light, dark or high-contrast",
        example: "\"light\"",
        absent: "auto",
        set: |config, value| {
            config.choices.scheme = named(&Scheme::TABLE, value)?;
            Ok(())
        },
        show: |config| Some(name(&Scheme::TABLE, config.choices.scheme)),
    },
    Setting {
        name: "color",
        help: "Colours",
        values: "auto, which asks NO_COLOR, COLORTERM and TERM, or none, 16, 256 or true",
        example: "\"256\"",
        absent: "auto",
        set: |config, value| {
            config.choices.depth = named(&Depth::TABLE, value)?;
            Ok(())
        },
        show: |config| Some(name(&Depth::TABLE, config.choices.depth)),
    },
    Setting {
        name: "marker",
        help: "What lines are drawn with",
        values: "auto, which asks the locale and TERM, or braille, octant, quadrant, half-block, dot or ascii",
        example: "\"half-block\"",
        absent: "auto",
        set: |config, value| {
            config.choices.marker = named(&Marker::TABLE, value)?;
            Ok(())
        },
        show: |config| Some(name(&Marker::TABLE, config.choices.marker)),
    },
    Setting {
        name: "fps",
        help: "Frames a second, and as many bytes as they take",
        values: "1 to 120",
        example: "30",
        absent: "up to 30, within 25 KB a second",
        set: |config, value| match value {
            Value::Whole(fps @ 1..=120) => {
                config.link.fps = u32::try_from(*fps).ok();
                Ok(())
            }
            _ => Err("must be a whole number from 1 to 120".to_owned()),
        },
        show: |config| config.link.fps.map(|fps| fps.to_string()),
    },
    Setting {
        name: "slow_link",
        help: "Whether at most 6 KB a second are sent",
        values: "true or false",
        example: "true",
        absent: "false",
        set: |config, value| match value {
            Value::Flag(slow) => {
                config.link.slow = *slow;
                Ok(())
            }
            _ => Err("must be true or false".to_owned()),
        },
        show: |config| Some(config.link.slow.to_string()),
    },
    Setting {
        name: "hints",
        help: "Whether the first hour has hints",
        values: "true or false",
        example: "false",
        absent: "true",
        set: |config, value| match value {
            Value::Flag(hints) => {
                config.no_hints = !hints;
                Ok(())
            }
            _ => Err("must be true or false".to_owned()),
        },
        show: |config| Some((!config.no_hints).to_string()),
    },
    Setting {
        name: "experiment",
        help: "What the workbench opens with",
        values: "a preset, a .toml file or a recipe",
        example: "\"moons\"",
        absent: "spirals",
        set: |config, value| match value {
            Value::Text(text) if !text.is_empty() => {
                config.experiment = Some(text.clone());
                Ok(())
            }
            _ => Err("must be the name of an experiment, in quotes".to_owned()),
        },
        show: |config| config.experiment.as_deref().map(quoted),
    },
    Setting {
        name: "memory",
        help: "How much memory may be taken",
        values: "a size with its unit",
        example: "\"8GB\"",
        absent: "half of what there is",
        set: |config, value| match value {
            Value::Text(text) => {
                config.memory = Some(parse_size(text)?);
                Ok(())
            }
            _ => Err("must be a size with its unit, in quotes, as in \"8GB\"".to_owned()),
        },
        show: |config| config.memory.map(|bytes| quoted(&format!("{bytes}B"))),
    },
];

/// The value of this name; a number will do.
fn named<T: Copy>(table: &[(&str, T)], value: &Value) -> Result<Choice<T>, String> {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        _ => String::new(),
    };
    if text == "auto" {
        return Ok(Choice::Auto);
    }
    let found = table.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| Choice::Is(*value)).ok_or_else(|| {
        let names: Vec<_> = table.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        format!("must be \"auto\", {}", names.join(", "))
    })
}

/// The name of a value, in quotes.
fn name<T: PartialEq>(table: &[(&'static str, T)], value: Choice<T>) -> String {
    let found = |value: &T| table.iter().find(|(_, known)| known == value).map(|(name, _)| *name);
    quoted(match &value {
        Choice::Auto => "auto",
        Choice::Is(value) => found(value).unwrap_or("auto"),
    })
}
