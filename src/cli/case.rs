//! One case from a file: a thing of the catalog with its parameters, and numbers to try it on.

use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::nested::{Nested, brief};
use crate::catalog::{self, Kind};
use crate::file;
use crate::nn::Real;
use crate::spec::{self, Pick, nearest};

/// The longest case.
const LONGEST: u64 = 256 << 20;

/// A case, read from JSON: `{"name": …, "params": {…}, …}`.
#[derive(Debug)]
pub struct Case {
    /// What is tried.
    pub pick: Pick,
    fields: Fields,
}

impl Deref for Case {
    type Target = Fields;
    fn deref(&self) -> &Fields {
        &self.fields
    }
}

impl Case {
    /// Reads a file, or stdin if `path` is `-`. Besides `name` and `params` a case may have
    /// `inputs`; fields in `answers` (what the result should be) are passed over.
    ///
    /// # Errors
    /// If the file cannot be read, is not such a case, or has any other field.
    pub fn read(
        path: &Path,
        kind: Kind,
        inputs: &[&str],
        answers: &[&str],
    ) -> Result<Self, Failure> {
        Self::read_about(path, (kind, "name"), inputs, answers)
    }

    /// As [`Self::read`], of a case that says in the field `about` what the parameters belong to.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_about(
        path: &Path,
        (kind, about): (Kind, &str),
        inputs: &[&str],
        answers: &[&str],
    ) -> Result<Self, Failure> {
        let known: Vec<&str> =
            [about, "params"].into_iter().chain(inputs.iter().copied()).collect();
        let fields = Fields::read(path, &known, answers)?;
        let pick = fields.entry(kind, about, &[])?;
        Ok(Self { pick, fields })
    }
}

/// The fields of a JSON object in a file.
#[derive(Debug)]
pub struct Fields {
    /// The file, as errors name it.
    origin: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// Reads a file, or stdin if `path` is `-`. It may have the fields `known`; those in `answers`
    /// (what the result should be) are passed over.
    ///
    /// # Errors
    /// If the file cannot be read, is no object, or has any other field.
    pub fn read(path: &Path, known: &[&str], answers: &[&str]) -> Result<Self, Failure> {
        let origin = path.display().to_string();
        let text = if path == Path::new("-") {
            let mut text = String::new();
            io::stdin().take(LONGEST).read_to_string(&mut text).map(|_| text)
        } else {
            file::read_text(path, LONGEST)
        };
        let text = text.with_context(|| format!("cannot read `{origin}`"));
        let json = text.and_then(|text| {
            serde_json::from_str(&text).with_context(|| format!("`{origin}` is not valid JSON"))
        });
        let wrong = |reason: String| Failure::input(format!("{origin}: {reason}"));
        let fields = match json.map_err(Failure::Input)? {
            Value::Object(fields) => fields,
            other => return Err(wrong(format!("a case is an object, not {}", brief(&other)))),
        };
        let unknown = |key: &&String| !known.iter().chain(answers).any(|k| k == *key);
        if let Some(key) = fields.keys().find(unknown) {
            let hint = nearest(key, known.iter().copied()).map_or_else(
                || format!("it may have {}", known.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            return Err(wrong(format!("a case has no field `{key}`; {hint}")));
        }
        Ok(Self { origin, fields })
    }

    /// The text in the field `key`.
    ///
    /// # Errors
    /// If it is missing or no text.
    pub fn text(&self, key: &str) -> Result<&str, Failure> {
        name(&self.fields, key).map_err(|reason| self.wrong(&reason))
    }

    /// The texts in the list `key`.
    ///
    /// # Errors
    /// If it is missing, no list, or holds anything else.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>, Failure> {
        let Some(Value::Array(items)) = self.fields.get(key) else {
            return Err(self.wrong(&format!("field `{key}` must be a list")));
        };
        let texts = items.iter().enumerate().map(|(i, item)| {
            let wrong = || self.wrong(&format!("`{key}[{i}]` is {}, not a text", brief(item)));
            item.as_str().ok_or_else(wrong)
        });
        texts.collect()
    }

    /// The numbers in the field `key`, if it is there.
    ///
    /// # Errors
    /// If it holds anything else.
    pub fn optional<F: Real>(&self, key: &str) -> Result<Option<Nested<F>>, Failure> {
        let value = self.fields.get(key);
        value.map(|value| Nested::from_json(value, key)).transpose().map_err(|e| self.wrong(&e))
    }

    /// The numbers in the field `key`.
    ///
    /// # Errors
    /// If it is missing or holds anything else.
    pub fn required<F: Real>(&self, key: &str) -> Result<Nested<F>, Failure> {
        self.optional(key)?.ok_or_else(|| self.wrong(&format!("field `{key}` is missing")))
    }

    /// What the field `key` picks, spelled as on the command line.
    ///
    /// # Errors
    /// If it is missing, no text, or picks nothing of this kind.
    pub fn picked(&self, kind: Kind, key: &str) -> Result<Pick, Failure> {
        kind.parse(self.text(key)?).map_err(|error| self.wrong(&error.to_string()))
    }

    /// The entry that the field `about` names, with the field `params`, whose keys may be other words
    /// for its own: `renamed` has pairs of both.
    ///
    /// # Errors
    /// If there is none, or it has no such parameters.
    pub fn entry(
        &self,
        kind: Kind,
        about: &str,
        renamed: &[(&str, &str)],
    ) -> Result<Pick, Failure> {
        pick(kind, about, &self.fields, renamed).map_err(|reason| self.wrong(&reason))
    }

    /// How many elements the list `key` has, if it is there.
    #[must_use]
    pub fn count(&self, key: &str) -> Option<usize> {
        self.fields.get(key)?.as_array().map(Vec::len)
    }

    /// The numbers in each element of the list `key`.
    ///
    /// # Errors
    /// If it is missing, no list, or holds anything else.
    pub fn each<F: Real>(&self, key: &str) -> Result<Vec<Nested<F>>, Failure> {
        let Some(Value::Array(items)) = self.fields.get(key) else {
            return Err(self.wrong(&format!("field `{key}` must be a list")));
        };
        let items = items.iter().enumerate();
        let nested = items.map(|(i, item)| Nested::from_json(item, &format!("{key}[{i}]")));
        nested.collect::<Result<_, _>>().map_err(|reason| self.wrong(&reason))
    }

    /// An error in this case.
    #[must_use]
    pub fn wrong(&self, reason: &str) -> Failure {
        Failure::input(format!("{}: {reason}", self.origin))
    }
}

fn name<'a>(fields: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    match fields.get(key) {
        Some(Value::String(name)) => Ok(name),
        Some(other) => Err(format!("`{key}` is {}, not a text", brief(other))),
        None => Err(format!("field `{key}` is missing")),
    }
}

fn pick(
    kind: Kind,
    about: &str,
    fields: &Map<String, Value>,
    renamed: &[(&str, &str)],
) -> Result<Pick, String> {
    let name = name(fields, about)?;
    let mut pick = kind.pick(name).map_err(|error| error.to_string())?;
    match fields.get("params") {
        None => {}
        Some(Value::Object(params)) => {
            for (key, value) in params {
                let value = value_of(value, key)?;
                let own = renamed.iter().find(|(word, _)| word == key).map_or(&**key, |it| it.1);
                pick.set(own, value).map_err(|error| error.to_string())?;
            }
        }
        Some(other) => return Err(format!("`params` is {}, not an object", brief(other))),
    }
    catalog::check(&pick).map_err(|error| error.to_string())?;
    Ok(pick)
}

fn value_of(value: &Value, key: &str) -> Result<spec::Value, String> {
    Ok(match value {
        Value::Bool(flag) => spec::Value::Flag(*flag),
        Value::String(word) => spec::Value::Word(word.clone()),
        Value::Array(_) => spec::Value::List(Nested::from_json(value, key)?.flat()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) => spec::Value::Integer(n),
            (None, Some(x)) => spec::Value::Number(x),
            (None, None) => return Err(format!("`{key}` is out of range")),
        },
        Value::Null | Value::Object(_) => {
            return Err(format!("`{key}` is {}, not a parameter's value", brief(value)));
        }
    })
}
