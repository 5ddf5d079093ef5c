//! `session.toml`: a script, and the step that was reached on it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use toml::de::{DeTable, DeValue};

use crate::data::csv::content_hash;
use crate::experiment::{DataSource, Script, parse_script, script_to_portable_toml};
use crate::hash::fnv1a;
use crate::text::{Untrusted, toml_string};

/// The version of the format; files of another one are refused.
const VERSION: u64 = 1;

/// The version of this program.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// What the file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionFile {
    /// The version of the program that wrote it.
    pub program: Untrusted,
    /// What the experiment is called.
    pub name: Untrusted,
    /// When it was written.
    pub saved: SystemTime,
    /// The step that was reached.
    pub step: u64,
    /// How many edits the script has.
    pub edits: u64,
    /// The file of its data, if it is one, and the hash of its contents.
    pub data: Option<(PathBuf, u64)>,
    /// The script as text.
    pub script: String,
}

/// Why a text is no such file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is another kind of file, or the beginning of one.
    #[error("it is no session, or only a part of one")]
    NotASession,
    /// It is of another version of the format.
    #[error("it is of version {0} of its format, but only version {VERSION} can be read")]
    Version(u64),
    /// It has changed since it was written.
    #[error("it is damaged: its checksum is not that of its contents")]
    Damaged,
}

/// Reads the script of a session.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn read_script(text: &str) -> Result<Script, String> {
    let loaded = parse_script("the session", text, Path::new("")).map_err(|it| it.to_string())?;
    Ok(loaded.script)
}

impl SessionFile {
    /// A session that is at `step` of `script` now. The hash of its data's file is that in `data`, if
    /// it is known.
    pub fn of(script: &Script, step: u64, data: Option<(PathBuf, u64)>) -> Self {
        let start = script.start();
        let data = match &start.data.source {
            DataSource::Csv { path, .. } => {
                let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                // Of a file that is gone there is nothing to go on with.
                let hash = || content_hash(path).unwrap_or(0);
                let known = data.filter(|(path, _)| *path == absolute);
                known.or_else(|| Some((absolute, hash())))
            }
            DataSource::Named(_) => None,
        };
        Self {
            program: PROGRAM.into(),
            name: start.name(),
            saved: SystemTime::now(),
            step,
            edits: script.edits().len() as u64,
            data,
            script: script_to_portable_toml(script),
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut body = String::new();
        let mut line = |key: &str, value: String| body += &format!("{key} = {value}\n");
        let quoted = |text: &str| format!("\"{}\"", toml_string(text));
        let saved = self.saved.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        line("program", quoted(self.program.raw()));
        line("name", quoted(self.name.raw()));
        line("saved", saved.as_secs().to_string());
        line("step", self.step.to_string());
        line("edits", self.edits.to_string());
        if let Some((path, hash)) = &self.data {
            line("data_file", quoted(&path.to_string_lossy()));
            line("data_hash", quoted(&format!("{hash:016x}")));
        }
        body += "script = \"\"\"\n";
        for line in self.script.lines() {
            body += &toml_string(line);
            body.push('\n');
        }
        body += "\"\"\"\n";
        format!("version = {VERSION}\nchecksum = \"{:016x}\"\n{body}", fnv1a(body.as_bytes()))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is none of this version, or not a whole one.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let document = DeTable::parse(text).map_err(|_| Malformed::NotASession)?;
        let fields = Fields(document.get_ref());
        let version = fields.whole("version")?;
        if version != VERSION {
            return Err(Malformed::Version(version));
        }
        let body = text.splitn(3, '\n').nth(2).ok_or(Malformed::NotASession)?;
        if fields.hash("checksum")? != fnv1a(body.as_bytes()) {
            return Err(Malformed::Damaged);
        }
        let saved = Duration::from_secs(fields.whole("saved")?);
        let data = match fields.text("data_file") {
            Ok(path) => Some((PathBuf::from(path), fields.hash("data_hash")?)),
            Err(_) => None,
        };
        Ok(Self {
            program: fields.text("program")?.into(),
            name: fields.text("name")?.into(),
            saved: SystemTime::UNIX_EPOCH.checked_add(saved).ok_or(Malformed::NotASession)?,
            step: fields.whole("step")?,
            edits: fields.whole("edits")?,
            data,
            script: fields.text("script")?.to_owned(),
        })
    }
}

/// The values of a file by their keys.
struct Fields<'a>(&'a DeTable<'a>);

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<&str, Malformed> {
        match self.0.get(key).map(toml::Spanned::get_ref) {
            Some(DeValue::String(text)) => Ok(text),
            _ => Err(Malformed::NotASession),
        }
    }

    fn whole(&self, key: &str) -> Result<u64, Malformed> {
        match self.0.get(key).map(toml::Spanned::get_ref) {
            Some(DeValue::Integer(number)) => u64::from_str_radix(number.as_str(), number.radix())
                .map_err(|_| Malformed::NotASession),
            _ => Err(Malformed::NotASession),
        }
    }

    fn hash(&self, key: &str) -> Result<u64, Malformed> {
        u64::from_str_radix(self.text(key)?, 16).map_err(|_| Malformed::NotASession)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse_recipe;

    fn example() -> SessionFile {
        let mut experiment = parse_recipe("moons/4-tanh/2").unwrap().experiment;
        experiment.title = "A \"title\"\u{1b}[2J\n\"\"\"\\ é\u{e0041}".into();
        let mut file = SessionFile::of(&Script::from(experiment), 77, None);
        // The file has whole seconds.
        file.saved = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        file
    }

    #[test]
    fn what_is_written_is_read() {
        let mut file = example();
        assert_eq!(SessionFile::parse(&file.to_text()).unwrap(), file);
        file.data = Some(("/a folder/\"mine\".csv".into(), 0xfeed));
        let text = file.to_text();
        assert_eq!(SessionFile::parse(&text).unwrap(), file);
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(script_to_portable_toml(&read_script(&file.script).unwrap()), file.script);
    }

    #[test]
    fn other_texts_are_refused_by_what_they_are() {
        let text = example().to_text();
        assert_eq!(SessionFile::parse(""), Err(Malformed::NotASession));
        assert_eq!(SessionFile::parse("version = 1\n"), Err(Malformed::NotASession));
        assert_eq!(SessionFile::parse("title = \"x\""), Err(Malformed::NotASession));
        let other = text.replace("version = 1", "version = 9");
        assert_eq!(SessionFile::parse(&other), Err(Malformed::Version(9)));
        for (from, to) in [("step = 77", "step = 78"), ("tanh", "relu"), ("\n", "\r\n")] {
            let damaged = SessionFile::parse(&text.replace(from, to));
            assert_eq!(damaged, Err(Malformed::Damaged), "{from}");
        }
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert!(SessionFile::parse(&text[..end]).is_err(), "the first {end} bytes");
        }
    }

    #[test]
    fn a_time_beyond_the_clock_is_no_session() {
        let body = "program = \"\"\nname = \"\"\nsaved = 18446744073709551615\nstep = 0\n\
                    edits = 0\nscript = \"\"\n";
        let sum = fnv1a(body.as_bytes());
        let text = format!("version = 1\nchecksum = \"{sum:016x}\"\n{body}");
        assert_eq!(SessionFile::parse(&text), Err(Malformed::NotASession));
    }
}
