//! Experiments in one line, typed without shell quoting:
//! `spirals:noise=0.05/16-tanh/16-relu+kaiming_normal@sgd:lr=0.05/2-softmax/optimizer=adam,lr=0.01`.
//!
//! ```text
//! recipe   = data { "/" layer } { "/" settings }
//! data     = NAME [ ":" pairs ]  |  "csv=" FILE ",target=" COLUMN [ "," pairs ]
//! layer    = UNITS [ "-" pick ] { "+" part } [ "@" pick ]      activation, …, optimizer
//! part     = pick  |  "dropout=" SHARE                         a norm or an initializer
//! settings = pairs           what follows a loss, an optimizer or a schedule belongs to it if it
//!                            is no setting; `compare.KEY` is a key of the table `[compare]`
//! pick     = NAME [ ":" pairs ]
//! pairs    = KEY "=" VALUE { "," KEY "=" VALUE }
//! ```
//! Only characters that bash, zsh and fish leave alone in the middle of a word have a meaning. That
//! is why a norm, dropout or an initializer is marked by `+` and not by `~`, which zsh's extended globbing takes for
//! itself. A `+` counts as a mark only before a letter, so that `1e+2` remains a number. Any
//! other character is written as a percent sign and two hexadecimal digits for each of its UTF-8
//! bytes, as in URLs.

use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node, Table};
use super::pick;
use super::span::Span;
use crate::catalog;

pub(super) mod write;

/// Where a setting is found in the tree.
#[derive(Clone, Copy, PartialEq)]
enum Home {
    Root,
    Data,
    Train,
}

/// The settings, in the order in which they are written.
const SETTINGS: [(&str, Home); 17] = [
    ("title", Home::Root),
    ("about", Home::Root),
    ("seed", Home::Root),
    ("steps", Home::Train),
    ("batch_size", Home::Train),
    ("eval_every", Home::Train),
    ("clip_norm", Home::Train),
    ("clip_value", Home::Train),
    ("l1", Home::Train),
    ("l2", Home::Train),
    ("decoupled_decay", Home::Train),
    ("gradient_noise", Home::Train),
    ("ema", Home::Train),
    ("test_fraction", Home::Data),
    ("loss", Home::Train),
    ("optimizer", Home::Root),
    ("schedule", Home::Root),
];

/// The tree of a recipe.
pub(super) fn read(text: &str) -> Result<Node> {
    let end = Span::whole("recipe", text).at(text.len()..text.len());
    let mut segments = split(text, end.at(0..text.len()), '/').into_iter();
    let mut sections = Sections::default();
    if let Some(data) = segments.next() {
        sections.data = read_data(&data)?;
    }
    let mut layers = Vec::new();
    for segment in segments {
        let content = segment.text;
        if content.starts_with(|c: char| c.is_ascii_digit()) {
            layers.push(read_layer(&segment)?);
        } else if content.contains('=') {
            sections.read_settings(&segment)?;
        } else {
            let what = match content {
                "" => "there is nothing between these slashes".to_owned(),
                _ => format!("`{content}` is neither a layer nor a setting"),
            };
            return Err(Diagnostic::new(what).at(&segment.span).help(
                "a layer is UNITS-ACTIVATION as in `16-tanh`, a setting is key=value as in \
                 `seed=7`; a slash in a file's name is written %2F",
            ));
        }
    }
    sections.into_tree(layers, end)
}

/// A piece of the recipe and where it stands.
struct Piece<'a> {
    text: &'a str,
    span: Span,
}

/// The pieces of `text`, which stands at `span`, between separators.
fn split(text: &str, span: Span, separator: char) -> Vec<Piece<'_>> {
    let mut start = span.start();
    let mut pieces = Vec::new();
    for part in text.split(separator) {
        pieces.push(Piece { text: part, span: span.at(start..start + part.len()) });
        start += part.len() + separator.len_utf8();
    }
    pieces
}

impl<'a> Piece<'a> {
    /// The two pieces around the byte at `index`.
    fn around(&self, index: usize) -> (Piece<'a>, Piece<'a>) {
        (self.slice(0, index), self.slice(index + 1, self.text.len()))
    }

    fn slice(&self, from: usize, to: usize) -> Self {
        let start = self.span.start();
        Piece { text: &self.text[from..to], span: self.span.at(start + from..start + to) }
    }

    /// The key and the value of `key=value`.
    fn pair(&self) -> Result<(Piece<'a>, Piece<'a>)> {
        self.text.find('=').map(|equals| self.around(equals)).ok_or_else(|| {
            Diagnostic::new(format!("`{}` is not of the form key=value", self.text)).at(&self.span)
        })
    }

    fn word(&self) -> Result<Node> {
        Ok(Node::word(decode(self)?, self.span.clone()))
    }
}

/// The text with its percent signs resolved.
fn decode(piece: &Piece<'_>) -> Result<String> {
    let mut bytes = Vec::with_capacity(piece.text.len());
    let mut rest = piece.text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(|digit| (digit? as char).to_digit(16));
            let [Some(high), Some(low)] = digits else {
                return Err(Diagnostic::new("`%` is not followed by two hexadecimal digits")
                    .at(&piece.span)
                    .help("a percent sign itself is written %25"));
            };
            bytes.push((16 * high + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| {
        Diagnostic::new(format!("`{}` is not UTF-8 when decoded", piece.text)).at(&piece.span)
    })
}

/// `spirals:noise=0.05` or `csv=FILE,target=COLUMN`.
fn read_data(piece: &Piece<'_>) -> Result<Table> {
    let mut table = Table::default();
    let name_end = piece.text.find([':', '=']).unwrap_or(piece.text.len());
    let pairs = if piece.text[name_end..].starts_with('=') {
        piece.slice(0, piece.text.len())
    } else {
        let name = piece.slice(0, name_end);
        table.add("name", name.span.clone(), name.word()?)?;
        piece.slice((name_end + 1).min(piece.text.len()), piece.text.len())
    };
    if name_end < piece.text.len() {
        for pair in split(pairs.text, pairs.span, ',') {
            let (key, value) = pair.pair()?;
            table.add(key.text, key.span.clone(), value.word()?)?;
        }
    }
    Ok(table)
}

/// `16-relu:negative_slope=0.2+batch_norm+kaiming_normal+dropout=0.2@sgd:lr=0.05`.
fn read_layer(piece: &Piece<'_>) -> Result<Node> {
    let mut table = Table::default();
    let text = piece.text;
    let (mut key, mut start) = ("units", 0);
    for (index, mark) in text.char_indices().chain([(text.len(), '/')]) {
        let next = match mark {
            '-' if key == "units" => "activation",
            '+' if text[index + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) => "+",
            '@' => "optimizer",
            '/' => "",
            _ => continue,
        };
        let part = piece.slice(start, index);
        let (key_here, part) = if key == "+" { added(part) } else { (key, part) };
        table.add(key_here, part.span.clone(), part.word()?)?;
        (key, start) = (next, index + 1);
    }
    Ok(Node { span: piece.span.clone(), kind: Kind::Table(table) })
}

/// What a part of a layer after `+` is: dropout, a norm or an initializer, the last two by whose
/// names are nearest.
fn added(part: Piece<'_>) -> (&'static str, Piece<'_>) {
    let name = part.text.split([':', '=']).next().unwrap_or_default();
    if name == "dropout" {
        let value = part.text.len().min(name.len() + 1);
        return ("dropout", part.slice(value, part.text.len()));
    }
    let names = |kind: catalog::Kind| kind.cards().into_iter().map(|card| card.key);
    let all = names(catalog::Kind::Norm).chain(names(catalog::Kind::Initializer));
    let near = crate::spec::nearest(name, all).unwrap_or(name);
    let norm = names(catalog::Kind::Norm).any(|norm| norm == near);
    (if norm { "norm" } else { "init" }, part)
}

/// The tables of the tree while the settings are read.
#[derive(Default)]
struct Sections {
    root: Table,
    data: Table,
    train: Table,
    compare: Table,
    /// The loss, optimizer or schedule named last, to which unknown keys belong.
    open: Option<(&'static str, Home)>,
}

impl Sections {
    fn home(&mut self, home: Home) -> &mut Table {
        match home {
            Home::Root => &mut self.root,
            Home::Data => &mut self.data,
            Home::Train => &mut self.train,
        }
    }

    fn read_settings(&mut self, segment: &Piece<'_>) -> Result<()> {
        for pair in split(segment.text, segment.span.clone(), ',') {
            let (key, value) = pair.pair()?;
            if let Some(name) = key.text.strip_prefix("compare.") {
                self.compare.add(name, key.span, value.word()?)?;
                continue;
            }
            let setting = SETTINGS.iter().find(|(name, _)| *name == key.text);
            match (setting, self.open) {
                (Some(&(name @ ("loss" | "optimizer" | "schedule"), home)), _) => {
                    let table = pick::expand(&value.word()?, name)?;
                    let node = Node { span: value.span.clone(), kind: Kind::Table(table) };
                    self.home(home).add(name, key.span, node)?;
                    self.open = Some((name, home));
                }
                (Some(&(name, home)), _) => self.home(home).add(name, key.span, value.word()?)?,
                (None, Some((name, home))) => {
                    let node = self.home(home).value_mut(name, key.span.clone());
                    node.span = node.span.to(&value.span);
                    if let Kind::Table(table) = &mut node.kind {
                        table.add(key.text, key.span, value.word()?)?;
                    }
                }
                (None, None) => return Err(unknown(&key)),
            }
        }
        Ok(())
    }

    fn into_tree(self, layers: Vec<Node>, end: Span) -> Result<Node> {
        let Self { mut root, data, train, compare, .. } = self;
        let node = |kind| Node { span: end.clone(), kind };
        for (key, kind) in [
            ("data", Kind::Table(data)),
            ("train", Kind::Table(train)),
            ("layers", Kind::Array(layers)),
        ] {
            root.add(key, end.clone(), node(kind))?;
        }
        if !compare.entries.is_empty() {
            root.add("compare", end.clone(), node(Kind::Table(compare)))?;
        }
        Ok(node(Kind::Table(root)))
    }
}

fn unknown(key: &Piece<'_>) -> Diagnostic {
    let names = SETTINGS.map(|(name, _)| name);
    let of_optimizers = || {
        let cards = crate::catalog::Kind::Optimizer.cards().into_iter();
        cards.flat_map(|card| card.params).any(|param| param.key == key.text)
    };
    let help = match crate::spec::nearest(key.text, names) {
        _ if of_optimizers() => {
            format!("an optimizer's parameters follow its name: optimizer=NAME,{}=…", key.text)
        }
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the settings are {}; an optimizer's follow it", names.join(", ")),
    };
    Diagnostic::new(format!("there is no setting `{}`", key.text)).at(&key.span).help(help)
}
