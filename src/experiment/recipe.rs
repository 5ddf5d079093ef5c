//! Experiments in one line, typed without shell quoting:
//! `spirals:noise=0.05/16-tanh/16-relu+kaiming_normal@sgd:lr=0.05/2-softmax/optimizer=adam,lr=0.01`.
//!
//! ```text
//! recipe   = data { "/" layer } { "/" settings } { "/" edit }
//! data     = NAME [ ":" pairs ]  |  "csv=" FILE ",target=" COLUMN [ "," pairs ]     FILE may hold "/"
//! layer    = [ KIND ":" ] UNITS { "," KEY "=" VALUE } [ "-" pick ] { "+" part } [ "@" pick ]
//!                                                              activation, …, optimizer
//! part     = pick  |  "dropout=" SHARE                         a norm or an initializer
//! settings = pairs           what follows a loss, an optimizer or a schedule belongs to it if it
//!                            is no setting; `compare.KEY` is a key of the table `[compare]`
//! edit     = "@" STEP ":" PATH "=" VALUE      what is laid over the experiment after so many steps;
//!                            VALUE goes to the next "/", and a "/" in it is written %2F
//! pick     = NAME [ ":" pairs ]
//! pairs    = KEY "=" VALUE { "," KEY "=" VALUE }
//! ```
//! Only characters that bash, zsh and fish leave alone in the middle of a word have a meaning. That
//! is why a norm, dropout or an initializer is marked by `+` and not by `~`, which zsh's extended globbing takes for
//! itself. A `+` counts as a mark only before a letter, so that `1e+2` remains a number. Any
//! other character is written as a percent sign and two hexadecimal digits for each of its UTF-8
//! bytes, as in URLs.

use super::compare::ArmSpec;
use super::diagnostic::{Diagnostic, Result};
use super::node::{Kind, Node, Table};
use super::pick;
use super::settings::ValueKind::Dataset;
use super::settings::{self, ROWS, Row, Section};
use super::span::Span;
use crate::catalog;

pub(super) mod write;

/// The settings that stand by their keys after the layers, in the order in which they are written:
/// plain values before picks, since what follows a pick belongs to it. Where two have the same key,
/// the second stands elsewhere: the seed of the data beside its parameters.
fn named_settings() -> Vec<&'static Row> {
    let apart = |row: &&Row| {
        row.section != Section::Layers && !row.kind.is_of_csv() && !matches!(row.kind, Dataset)
    };
    let mut rows: Vec<&'static Row> = Vec::new();
    for row in ROWS.iter().filter(apart) {
        if rows.iter().all(|other| other.key != row.key) {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| match (row.picks(), row.section, row.key) {
        (Some(_), ..) => 4,
        (None, Section::Root, _) => 0,
        // The budget comes first of the training's.
        (None, _, "steps") => 1,
        (None, Section::Train | Section::Layers, _) => 2,
        (None, Section::Data, _) => 3,
    });
    rows
}

/// The place of a layer's setting in its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// At the beginning, with parameters behind what is [`Mark::First`] otherwise.
    Kind,
    /// At the beginning.
    First,
    /// After `-`.
    Minus,
    /// After `+`, by its entry's name.
    Plus,
    /// After `+`, as `key=value`.
    PlusKey,
    /// After `@`.
    At,
}

fn mark(row: &Row) -> Mark {
    match row.kind {
        settings::ValueKind::Pick { kind: catalog::Kind::Layer, .. } => Mark::Kind,
        settings::ValueKind::Pick { .. } => Mark::Minus,
        settings::ValueKind::OptionalPick { kind: catalog::Kind::Optimizer, .. } => Mark::At,
        settings::ValueKind::OptionalPick { .. } => Mark::Plus,
        settings::ValueKind::Real { .. } => Mark::PlusKey,
        _ => Mark::First,
    }
}

/// The settings of a layer that have this mark.
fn marked(wanted: Mark) -> impl Iterator<Item = &'static Row> {
    Section::Layers.rows().filter(move |row| mark(row) == wanted)
}

/// The key of the setting of a layer that has this mark.
fn key_of(wanted: Mark) -> &'static str {
    marked(wanted).next().map_or("", |row| row.key)
}

/// The tree of a recipe.
pub(super) fn read(text: &str) -> Result<Node> {
    let end = Span::whole("recipe", text).at(text.len()..text.len());
    let mut segments = segments(text, &end).into_iter();
    let mut sections = Sections::default();
    if let Some(data) = segments.next() {
        sections.data = read_data(&data)?;
    }
    let mut layers = Vec::new();
    for segment in segments {
        let content = segment.text;
        if is_layer(content) {
            layers.push(read_layer(&segment)?);
        } else if content.starts_with('@') {
            sections.edits.push(read_edit(&segment)?);
        } else if content.contains('=') {
            sections.read_settings(&segment)?;
        } else {
            let what = match content {
                "" => "there is nothing between these slashes".to_owned(),
                _ => format!("`{content}` is neither a layer nor a setting"),
            };
            return Err(Diagnostic::new(what).at(&segment.span).help(
                "a layer is UNITS-ACTIVATION as in `16-tanh` or KIND:UNITS as in `lstm:16`, a \
                 setting is key=value as in `seed=7`; a slash in a name is written %2F, but csv=FOLDER/FILE,target=COLUMN \
                 takes it as it is",
            ));
        }
    }
    sections.into_tree(layers, end)
}

/// The pieces of a recipe between slashes. The name of a CSV file may hold slashes if another setting
/// of the data follows it: `csv=folder/file.csv,target=label/2-softmax`.
fn segments<'a>(text: &'a str, end: &Span) -> Vec<Piece<'a>> {
    let mut start = 0;
    if let Some(first) =
        Section::Data.rows().find(|row| matches!(row.kind, settings::ValueKind::CsvFile))
        && text.strip_prefix(first.key).is_some_and(|rest| rest.starts_with('='))
        && let Some(comma) = text.find(',')
    {
        let next = text[comma + 1..].split('=').next().unwrap_or_default();
        if Section::Data.rows().any(|row| row.key == next) {
            start = comma;
        }
    }
    let mut segments = split(&text[start..], end.at(start..text.len()), '/');
    if let Some(first) = segments.first_mut() {
        let stop = start + first.text.len();
        *first = Piece { text: &text[..stop], span: end.at(0..stop) };
    }
    segments
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

/// Whether a segment is a layer: it begins with a digit, or with a word, a colon and a digit.
fn is_layer(content: &str) -> bool {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    digit(content) || content.split_once(':').is_some_and(|(kind, rest)| word(kind) && digit(rest))
}

/// `16`, `lstm:16` or `lstm:16,return_sequences=true`: the kind with its parameters, and the units.
fn read_units(piece: &Piece<'_>, table: &mut Table) -> Result<()> {
    let mut pairs = split(piece.text, piece.span.clone(), ',').into_iter();
    let Some(first) = pairs.next() else { return Ok(()) };
    let (kind, units) = match first.text.find(':') {
        Some(colon) => {
            let (kind, units) = first.around(colon);
            (Some(kind), units)
        }
        None => (None, first),
    };
    let mut pick = Table::default();
    if let Some(kind) = &kind {
        pick.add("name", kind.span.clone(), kind.word()?)?;
    }
    for pair in pairs {
        let (key, value) = pair.pair()?;
        pick.add(key.text, key.span, value.word()?)?;
    }
    if !pick.entries.is_empty() {
        let span = kind.map_or_else(|| piece.span.clone(), |kind| kind.span);
        let node = Node { span: span.clone(), kind: Kind::Table(pick) };
        table.add(key_of(Mark::Kind), span, node)?;
    }
    table.add(key_of(Mark::First), units.span.clone(), units.word()?)
}

/// `16-relu:negative_slope=0.2+batch_norm+kaiming_normal+dropout=0.2@sgd:lr=0.05`.
fn read_layer(piece: &Piece<'_>) -> Result<Node> {
    let mut table = Table::default();
    let text = piece.text;
    let (mut key, mut start) = (key_of(Mark::First), 0);
    for (index, mark) in text.char_indices().chain([(text.len(), '/')]) {
        let next = match mark {
            '-' if key == key_of(Mark::First) => key_of(Mark::Minus),
            '+' if text[index + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) => "+",
            '@' => key_of(Mark::At),
            '/' => "",
            _ => continue,
        };
        let part = piece.slice(start, index);
        if key == key_of(Mark::First) {
            read_units(&part, &mut table)?;
            (key, start) = (next, index + 1);
            continue;
        }
        let (key_here, part) = if key == "+" { added(part) } else { (key, part) };
        table.add(key_here, part.span.clone(), part.word()?)?;
        (key, start) = (next, index + 1);
    }
    Ok(Node { span: piece.span.clone(), kind: Kind::Table(table) })
}

/// `@5000:optimizer=sgd:lr=0.05`.
fn read_edit(piece: &Piece<'_>) -> Result<Node> {
    let dated = piece.slice(1, piece.text.len());
    let Some(colon) = dated.text.find(':') else {
        let message = format!("`{}` is not of the form @STEP:PATH=VALUE", piece.text);
        return Err(Diagnostic::new(message).at(&piece.span).help(
            "an edit in the middle of the run is written as in @5000:optimizer=sgd:lr=0.05",
        ));
    };
    let (step, assignment) = dated.around(colon);
    let text = decode(&assignment)?;
    let node = |kind| Node { span: assignment.span.clone(), kind };
    let set = node(Kind::Array(vec![node(Kind::Text(text))]));
    let mut table = Table::default();
    table.add("step", step.span.clone(), step.word()?)?;
    table.add("set", assignment.span.clone(), set)?;
    Ok(Node { span: piece.span.clone(), kind: Kind::Table(table) })
}

/// The arm of a comparison that is typed as `NAME=ASSIGNMENT[/ASSIGNMENT…]`; an assignment that begins
/// with a step is an edit there: `switch=@5000:optimizer=sgd:lr=0.05`. A slash in a value is written
/// %2F.
///
/// # Errors
/// If it has no name, or an assignment is empty.
pub fn parse_arm(text: &str) -> Result<ArmSpec> {
    let span = Span::whole("--arm", text).at(0..text.len());
    let whole = Piece { text, span };
    let wrong = |message: String, span: &Span| {
        Err(Diagnostic::new(message)
            .at(span)
            .help("as in --arm switch=@5000:optimizer=sgd:lr=0.05 or --arm small=train.l2=0.1"))
    };
    let Some(equals) = text.find('=').filter(|&equals| !text[..equals].trim().is_empty()) else {
        return wrong(format!("`{text}` is not of the form NAME=ASSIGNMENT"), &whole.span);
    };
    let (name, rest) = whole.around(equals);
    if rest.text.is_empty() {
        return Ok(ArmSpec { name: name.text.into(), set: Vec::new() });
    }
    let mut set = Vec::new();
    for piece in split(rest.text, rest.span.clone(), '/') {
        let assignment = decode(&piece)?;
        if assignment.is_empty() || assignment.contains('\n') {
            return wrong("there is no assignment between these slashes".to_owned(), &piece.span);
        }
        set.push(assignment);
    }
    Ok(ArmSpec { name: name.text.into(), set })
}

/// The setting that a part of a layer after `+` is: one with its key, or a pick by whose names are
/// nearest.
fn added(part: Piece<'_>) -> (&'static str, Piece<'_>) {
    let name = part.text.split([':', '=']).next().unwrap_or_default();
    if let Some(row) = marked(Mark::PlusKey).find(|row| row.key == name) {
        let value = part.text.len().min(name.len() + 1);
        return (row.key, part.slice(value, part.text.len()));
    }
    let named = marked(Mark::Plus).flat_map(|row| {
        let cards = row.picks().map(catalog::Kind::cards).unwrap_or_default();
        cards.into_iter().map(move |card| (card.key, row.key))
    });
    let named: Vec<_> = named.collect();
    let near = crate::spec::nearest(name, named.iter().map(|(entry, _)| *entry)).unwrap_or(name);
    let home = named.iter().find(|(entry, _)| *entry == near).map(|(_, key)| *key);
    let last = marked(Mark::Plus).last().map_or("", |row| row.key);
    (home.unwrap_or(last), part)
}

/// The tables of the tree while the settings are read.
#[derive(Default)]
struct Sections {
    root: Table,
    data: Table,
    train: Table,
    compare: Table,
    edits: Vec<Node>,
    /// The loss, optimizer or schedule named last, to which unknown keys belong.
    open: Option<&'static Row>,
}

impl Sections {
    fn home(&mut self, row: &Row) -> &mut Table {
        match row.section {
            Section::Data => &mut self.data,
            Section::Train => &mut self.train,
            Section::Root | Section::Layers => &mut self.root,
        }
    }

    fn read_settings(&mut self, segment: &Piece<'_>) -> Result<()> {
        let named = named_settings();
        for pair in split(segment.text, segment.span.clone(), ',') {
            let (key, value) = pair.pair()?;
            if let Some(name) = key.text.strip_prefix("compare.") {
                self.compare.add(name, key.span, value.word()?)?;
                continue;
            }
            let setting = named.iter().copied().find(|row| row.key == key.text);
            match (setting, self.open) {
                (Some(row), _) if row.picks().is_some() => {
                    let table = pick::expand(&value.word()?, row.key)?;
                    let node = Node { span: value.span.clone(), kind: Kind::Table(table) };
                    self.home(row).add(row.key, key.span, node)?;
                    self.open = Some(row);
                }
                (Some(row), _) => self.home(row).add(row.key, key.span, value.word()?)?,
                (None, Some(row)) => {
                    let node = self.home(row).value_mut(row.key, key.span.clone());
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
        let Self { mut root, data, train, compare, edits, .. } = self;
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
        if !edits.is_empty() {
            root.add("edits", end.clone(), node(Kind::Array(edits)))?;
        }
        Ok(node(Kind::Table(root)))
    }
}

fn unknown(key: &Piece<'_>) -> Diagnostic {
    let names: Vec<_> = named_settings().iter().map(|row| row.key).collect();
    let of_optimizers = || {
        let cards = crate::catalog::Kind::Optimizer.cards().into_iter();
        cards.flat_map(|card| card.params).any(|param| param.key == key.text)
    };
    let help = match crate::spec::nearest(key.text, names.iter().copied()) {
        _ if of_optimizers() => {
            format!("an optimizer's parameters follow its name: optimizer=NAME,{}=…", key.text)
        }
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the settings are {}; an optimizer's follow it", names.join(", ")),
    };
    Diagnostic::new(format!("there is no setting `{}`", key.text)).at(&key.span).help(help)
}
