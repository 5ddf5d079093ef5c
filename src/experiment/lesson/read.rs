//! Lessons from TOML.
//!
//! ```toml
//! title = "What an activation adds"
//! about = "Layers without an activation are one layer."
//! minutes = 6
//!
//! [[pages]]
//! name = "linear"                  # so that later pages can quote {linear.train_accuracy}
//! text = "Two rings of points …"
//! experiment = "circles/8-identity/2-softmax/steps=1000"
//! # or, after an experiment: change = ["layers.hidden.activation=tanh"]   at a new start
//! #                          edit = ["optimizer.lr=0.1"]                  in the middle of the run
//! # or: race = ["moons", "compare.seeds=8"]      or: [pages.walk] surface = "quadratic" …
//! screen = "train"
//! panel = "predictions"
//! until = "step 1000"
//! expect = ["train_accuracy <= 0.65"]
//! reveal = "It got {train_accuracy} right."
//!
//! [pages.question]
//! ask = "How many will it get right?"
//! choices = ["all", "three in four", "about half"]
//! right = 3
//! # or: number = "A.y", within = 0.1          or: curve = "tanh'", across = [-4, 4], up = [0, 1]
//! ```

use super::measure::LETTERS;
use super::template::{Expectation, Template};
use super::{Answer, Expression, Lesson, MOST_CHOICES, MOST_WORDS, Page};
use super::{Panel, Place, Question, Setup, Until, measure};
use crate::catalog;
use crate::experiment::diagnostic::{Diagnostic, Result};
use crate::experiment::keys::{list, require, table};
use crate::experiment::node::{Kind, Node, Table};
use crate::experiment::validate::read::{number, text, whole};
use crate::experiment::walk::read_walk;
use crate::experiment::{Experiment, load_with, toml};
use crate::spec::{Range, nearest};

/// The keys of a lesson.
const KEYS: [&str; 4] = ["title", "about", "minutes", "pages"];
/// The keys of each of `[[pages]]`.
const PAGE: [&str; 13] = [
    "name",
    "text",
    "experiment",
    "change",
    "edit",
    "walk",
    "race",
    "screen",
    "panel",
    "question",
    "until",
    "expect",
    "reveal",
];
/// Those of them that set something up.
const SETUPS: [&str; 5] = ["experiment", "change", "edit", "walk", "race"];
/// The keys of a question.
const QUESTION: [&str; 8] =
    ["ask", "choices", "right", "number", "within", "curve", "across", "up"];

/// The lesson in a TOML text called `name`.
///
/// # Errors
/// The mistake, its place, and what would be right.
pub fn parse(name: &str, text: &str) -> Result<Lesson> {
    let root = toml::read(name, text)?;
    let top = table(&root, "lesson", &KEYS)?;
    let word = |key| self::text(require(&root, top, key)?, key);
    let pages = require(&root, top, "pages")?;
    let mut reader = Reader::default();
    let lesson = Lesson {
        title: word("title")?.into(),
        about: word("about")?.into(),
        minutes: whole(require(&root, top, "minutes")?, "minutes", Range::Closed(1.0, 60.0))?,
        pages: list(pages, "pages")?.iter().map(|page| reader.page(page)).collect::<Result<_>>()?,
    };
    if lesson.pages.is_empty() {
        return Err(Diagnostic::new("a lesson has one page at least").at(&pages.span));
    }
    Ok(lesson)
}

/// What the pages before have made known.
#[derive(Default)]
struct Reader {
    /// The experiment as it was written, and what was laid over it.
    base: Option<(String, Vec<String>)>,
    /// The names of pages.
    names: Vec<String>,
}

impl Reader {
    fn page(&mut self, node: &Node) -> Result<Page> {
        let table = table(node, "page", &PAGE)?;
        let setup = self.setup(node, table)?;
        let name = optional(table, "name", text)?;
        self.names.extend(name.clone());
        let parsed = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(entry) => self.template(&entry.value, key).map(Some),
        };
        let question = match table.get("question") {
            None => None,
            Some(entry) => Some(self.question(&entry.value)?),
        };
        let expect = match table.get("expect") {
            None => Vec::new(),
            Some(entry) => {
                let items = list(&entry.value, "expect")?.iter();
                items.map(|item| self.expectation(item)).collect::<Result<_>>()?
            }
        };
        let place = |node: &Node, key: &str| named(node, key, &Place::ALL);
        let panel = |node: &Node, key: &str| named(node, key, &Panel::ALL);
        let until = optional(table, "until", until)?;
        if let (Some(until), Some((recipe, over)), Some(entry)) =
            (until, &self.base, table.get("until"))
        {
            let steps = experiment(recipe, over, &entry.value)?.train.steps;
            if until.step > steps {
                let message = format!("the run has only {steps} steps");
                return Err(Diagnostic::new(message).at(&entry.value.span));
            }
        }
        Ok(Page {
            text: self.template(require(node, table, "text")?, "text")?,
            reveal: parsed("reveal")?,
            screen: optional(table, "screen", place)?.or(usual_screen(setup.as_ref())),
            panel: optional(table, "panel", panel)?,
            name,
            setup,
            question,
            until,
            expect,
        })
    }

    /// What the page sets up; one thing at most.
    fn setup(&mut self, node: &Node, table: &Table) -> Result<Option<Setup>> {
        let mut given = SETUPS.iter().filter_map(|key| table.get(key));
        let (Some(entry), other) = (given.next(), given.next()) else { return Ok(None) };
        if let Some(other) = other {
            let message = format!("a page has either `{}` or `{}`", entry.key, other.key);
            return Err(Diagnostic::new(message).at(&other.key_span));
        }
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "walk" => return Ok(Some(Setup::Walk(Box::new(read_walk(value)?)))),
            "experiment" => self.base = Some((text(value, key)?, Vec::new())),
            "race" => {
                let mut parts = match &value.kind {
                    Kind::Array(items) => {
                        items.iter().map(|item| text(item, key)).collect::<Result<Vec<_>>>()?
                    }
                    _ => vec![text(value, key)?],
                };
                let over = parts.split_off(parts.len().min(1));
                let raced = experiment(parts.first().map_or("", String::as_str), &over, value)?;
                if raced.compare.is_none() {
                    return Err(Diagnostic::new("this experiment has nothing to compare")
                        .at(&value.span)
                        .help("as in race = [\"moons\", \"compare.optimizers=sgd,adam\"]"));
                }
                return Ok(Some(Setup::Race(Box::new(raced))));
            }
            _ => {
                let Some((_, over)) = &mut self.base else {
                    let message = format!("`{key}` needs an experiment on a page before");
                    return Err(Diagnostic::new(message).at(&entry.key_span));
                };
                let items = list(value, key)?.iter();
                over.extend(items.map(|item| text(item, key)).collect::<Result<Vec<_>>>()?);
            }
        }
        let Some((recipe, over)) = &self.base else {
            return Err(Diagnostic::new("`experiment` is missing").at(&node.span));
        };
        let experiment = Box::new(experiment(recipe, over, value)?);
        Ok(Some(if key == "edit" {
            Setup::Edit(experiment)
        } else {
            Setup::Experiment(experiment)
        }))
    }

    fn template(&self, node: &Node, key: &str) -> Result<Template> {
        let wrong = |message: String| Diagnostic::new(message).at(&node.span);
        let template = Template::parse(&text(node, key)?).map_err(wrong)?;
        if template.words() > MOST_WORDS {
            let message = format!("`{key}` has {} words", template.words());
            return Err(wrong(message).help(format!("a page has room for {MOST_WORDS}")));
        }
        template.values().try_for_each(|value| self.check(value, node))?;
        Ok(template)
    }

    fn expectation(&self, node: &Node) -> Result<Expectation> {
        let wrong = |message: String| Diagnostic::new(message).at(&node.span);
        let expectation = Expectation::parse(&text(node, "expect")?).map_err(wrong)?;
        self.check(&expectation.left, node)?;
        self.check(&expectation.right, node)?;
        Ok(expectation)
    }

    /// Whether all names in `expression` are of what is measured: by itself, or on an earlier page.
    fn check(&self, expression: &Expression, node: &Node) -> Result<()> {
        for name in expression.names() {
            let mut parts = name.split('.').peekable();
            if parts.peek().is_some_and(|part| self.names.iter().any(|name| name == part)) {
                parts.next();
            }
            if parts.peek().is_some_and(|part| LETTERS.contains(part)) {
                parts.next();
            }
            let (own, rest) = (parts.next().unwrap_or(""), parts.next());
            if rest.is_none() && measure::find(own).is_some() {
                continue;
            }
            let names = measure::MEASURES.iter().map(|measure| measure.name);
            let help = nearest(own, names.clone()).map_or_else(
                || format!("what is measured is {}", names.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("nothing called `{name}` is measured");
            return Err(Diagnostic::new(message).at(&node.span).help(help));
        }
        Ok(())
    }

    fn question(&self, node: &Node) -> Result<Question> {
        let table = table(node, "question", &QUESTION)?;
        let ask = optional(table, "ask", text)?.unwrap_or_default().into();
        let answer = match ["choices", "number", "curve"].map(|key| table.get(key)) {
            [Some(choices), None, None] => choice(node, table, &choices.value)?,
            [None, Some(right), None] => {
                let value = &right.value;
                let parsed = match number(value, "number", Range::Any) {
                    Ok(number) => Expression::parse(&number.to_string()),
                    Err(_) => Expression::parse(&text(value, "number")?),
                };
                let right = parsed.map_err(|message| Diagnostic::new(message).at(&value.span))?;
                self.check(&right, value)?;
                Answer::Number { right, within: within(node, table)? }
            }
            [None, None, Some(curve)] => drawn(node, table, &curve.value)?,
            _ => {
                return Err(Diagnostic::new(
                    "a question has either `choices`, a `number` or a `curve`",
                )
                .at(&node.span));
            }
        };
        Ok(Question { ask, answer })
    }
}

/// The experiment of this text with assignments laid over it, told of at `node`.
fn experiment(recipe: &str, over: &[String], node: &Node) -> Result<Experiment> {
    load_with(recipe, over).map(|loaded| loaded.experiment).map_err(|error| {
        let shown = Diagnostic::new(error.message()).at(&node.span);
        match error.advice() {
            Some(advice) => shown.help(advice),
            None => shown,
        }
    })
}

const fn usual_screen(setup: Option<&Setup>) -> Option<Place> {
    match setup {
        None => None,
        Some(Setup::Experiment(_) | Setup::Edit(_)) => Some(Place::Train),
        Some(Setup::Walk(_)) => Some(Place::Surface),
        Some(Setup::Race(_)) => Some(Place::Compare),
    }
}

/// The value under `key`, if there is one.
fn optional<T>(
    table: &Table,
    key: &str,
    read: impl FnOnce(&Node, &str) -> Result<T>,
) -> Result<Option<T>> {
    table.get(key).map(|entry| read(&entry.value, key)).transpose()
}

fn until(node: &Node, key: &str) -> Result<Until> {
    Until::parse(&text(node, key)?).map_err(|message| {
        Diagnostic::new(message)
            .at(&node.span)
            .help("as in \"step 1000\" or \"train_loss <= 0.01 or step 5000\"")
    })
}

/// The one of `all` that is named at `node`.
fn named<T: Copy>(node: &Node, key: &str, all: &[(&'static str, T)]) -> Result<T> {
    let given = text(node, key)?;
    all.iter().find(|(name, _)| *name == given).map(|(_, it)| *it).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
        Diagnostic::new(format!("there is no {key} called `{given}`"))
            .at(&node.span)
            .help(format!("it may be {}", names.join(", ")))
    })
}

fn within(node: &Node, table: &Table) -> Result<f64> {
    number(require(node, table, "within")?, "within", Range::AtLeast(0.0))
}

fn choice(node: &Node, table: &Table, choices: &Node) -> Result<Answer> {
    let items = list(choices, "choices")?;
    let read = |item: &Node| text(item, "choices").map(Into::into);
    let given: Vec<_> = items.iter().map(read).collect::<Result<_>>()?;
    if !(2..=MOST_CHOICES).contains(&given.len()) {
        let message = format!("{} choices are given", given.len());
        let help = format!("a question has 2 to {MOST_CHOICES}");
        return Err(Diagnostic::new(message).at(&choices.span).help(help));
    }
    let range = Range::Closed(1.0, given.len() as f64);
    let right = whole(require(node, table, "right")?, "right", range)?;
    Ok(Answer::Choice { choices: given, right: right as usize - 1 })
}

fn drawn(node: &Node, table: &Table, curve: &Node) -> Result<Answer> {
    let name = text(curve, "curve")?;
    let (name, slope) = name.strip_suffix('\'').map_or((name.as_str(), false), |it| (it, true));
    let activation = catalog::Kind::Activation
        .parse(name)
        .map_err(|error| Diagnostic::new(error.to_string()).at(&curve.span))?;
    let ends = |key: &str| -> Result<(f64, f64)> {
        let node = require(node, table, key)?;
        let [low, high] = list(node, key)? else {
            return Err(Diagnostic::new(format!("`{key}` is two numbers")).at(&node.span));
        };
        let ends = (number(low, key, Range::Any)?, number(high, key, Range::Any)?);
        if ends.0 < ends.1 {
            Ok(ends)
        } else {
            Err(Diagnostic::new(format!("`{key}` must rise")).at(&node.span))
        }
    };
    let (across, up) = (ends("across")?, ends("up")?);
    Ok(Answer::Curve { activation, slope, across, up, within: within(node, table)? })
}
