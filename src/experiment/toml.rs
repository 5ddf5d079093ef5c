//! Experiments as TOML: text to tree here, experiment to text in [`write`].

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Result};
use super::node::{Entry, Kind, Node, Table};
use super::span::Span;

pub(super) mod write;

/// The tree of a TOML text called `name`.
pub(super) fn read(name: &str, text: &str) -> Result<Node> {
    let root = Span::whole(name, text);
    let document = DeTable::parse(text).map_err(|error| {
        let range = error.span().unwrap_or_default();
        let place = text.get(range.clone()).unwrap_or_default();
        explain(error.message(), place).at(&root.at(range))
    })?;
    let kind = Kind::Table(table(document.get_ref(), &root)?);
    Ok(Node { span: root, kind })
}

fn table(table: &DeTable<'_>, root: &Span) -> Result<Table> {
    let mut tree = Table::default();
    for (key, value) in table {
        // The parser has seen to it that no key is given twice.
        let (key, key_span) = (key.get_ref().to_string(), root.at(key.span()));
        tree.entries.push(Entry { key, key_span, value: node(value, root)? });
    }
    tree.entries.sort_by_key(|entry| entry.key_span.start());
    Ok(tree)
}

fn node(value: &Spanned<DeValue<'_>>, root: &Span) -> Result<Node> {
    let span = root.at(value.span());
    let reject = |why: &str| Err(Diagnostic::new(why).at(&span));
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Text(text.clone().into_owned()),
        DeValue::Boolean(flag) => Kind::Flag(*flag),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => Kind::Integer(whole),
            Err(_) => return reject("this number is too large"),
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(real) => Kind::Float(real),
            Err(_) => return reject("this is not a number"),
        },
        DeValue::Datetime(_) => return reject("no key of an experiment takes a date"),
        DeValue::Array(items) => {
            Kind::Array(items.iter().map(|item| node(item, root)).collect::<Result<_>>()?)
        }
        DeValue::Table(inner) => Kind::Table(table(inner, root)?),
    };
    Ok(Node { span, kind })
}

/// The parser's error, where it is common and its words are not the clearest.
fn explain(message: &str, place: &str) -> Diagnostic {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    match what {
        "duplicate key" => Diagnostic::new(format!("`{place}` is given twice"))
            .help("keep one; each layer is a `[[layers]]` of its own"),
        "string values must be quoted" if place.is_empty() => {
            Diagnostic::new("a value is missing after `=`")
        }
        "string values must be quoted" => Diagnostic::new(format!("`{place}` is not a value"))
            .help(format!("a text stands in quotes: \"{place}\"")),
        _ if expected.is_empty() => Diagnostic::new(what),
        _ => Diagnostic::new(what).help(format!("expected {expected}")),
    }
}
