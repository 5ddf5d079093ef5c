//! Which commands a query means: what is so called, what begins so, what has all of its words, and what has
//! its letters in this order; among equals, what was done lately.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::command::Command;

/// How well a command matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its name, its title or the end of its path is what was typed.
    Exact,
    /// Its name or its title begins so, or it is another word for it.
    Prefix,
    /// Words of its name and title begin with those that were typed.
    Words,
    /// Words of all that is said of it begin so.
    About,
    /// Its name or title has the letters in this order.
    Fuzzy,
}

/// The least score of a letter, on the average, of what is taken for a fuzzy match.
const NEAR: u32 = 14;

/// A query, ready to rank commands.
#[derive(Debug)]
pub struct Ranked<'a> {
    query: String,
    recent: &'a [String],
}

impl<'a> Ranked<'a> {
    /// A query; `recent` are the names of what was done before, the latest last.
    #[must_use]
    pub fn new(query: &str, recent: &'a [String]) -> Self {
        Self { query: normalised(query), recent }
    }

    /// The indices of the commands that match, the best first.
    #[must_use]
    pub fn of(&self, commands: &[Command]) -> Vec<usize> {
        let age = |command: &Command| {
            let latest = self.recent.iter().rev().position(|name| *name == command.name);
            latest.unwrap_or(usize::MAX)
        };
        let mut matcher = Matcher::new(Config::DEFAULT);
        let kind = AtomKind::Fuzzy;
        let pattern = Pattern::new(&self.query, CaseMatching::Ignore, Normalization::Smart, kind);
        let mut found: Vec<(Rank, usize, u32, usize, usize)> = Vec::new();
        for (index, command) in commands.iter().enumerate() {
            let named = normalised(&format!("{} {}", command.name, command.title));
            let (rank, score) = match self.rank(command, &named) {
                Some(rank) => (rank, 0),
                None => match self.score(&pattern, &mut matcher, &named) {
                    Some(score) => (Rank::Fuzzy, u32::MAX - score),
                    None => continue,
                },
            };
            found.push((rank, age(command), score, named.len(), index));
        }
        // Where anything has the words, letters here and there are noise.
        if found.iter().any(|(rank, ..)| *rank < Rank::About) {
            found.retain(|(rank, ..)| *rank < Rank::Fuzzy);
        }
        if self.query.is_empty() {
            found.sort_by_key(|(_, age, _, _, index)| (*age, *index));
        } else {
            found.sort_unstable();
        }
        found.into_iter().map(|(.., index)| index).collect()
    }

    fn rank(&self, command: &Command, named: &str) -> Option<Rank> {
        let (name, title) = (normalised(&command.name), normalised(&command.title));
        let query = self.query.as_str();
        let ends = || name.strip_suffix(query).is_some_and(|rest| rest.ends_with(' '));
        if query.is_empty() || name == query || title == query {
            return Some(Rank::Exact);
        }
        let is_alias = || command.aliases.split(' ').any(|alias| alias == query);
        if name.starts_with(query) || title.starts_with(query) || ends() || is_alias() {
            return Some(Rank::Prefix);
        }
        if has_words(query, named) {
            return Some(Rank::Words);
        }
        let about = format!("{named} {} {}", normalised(&command.words), command.kind);
        has_words(query, &about).then_some(Rank::About)
    }

    fn score(&self, pattern: &Pattern, matcher: &mut Matcher, named: &str) -> Option<u32> {
        let mut buffer = Vec::new();
        let score = pattern.score(Utf32Str::new(named, &mut buffer), matcher)?;
        let letters = self.query.chars().filter(|c| *c != ' ').count() as u32;
        (score >= NEAR * letters).then_some(score)
    }
}

/// Lower case, with single blanks for what separates words.
fn normalised(text: &str) -> String {
    let spaced = text.to_lowercase().replace(['_', '-', '.', ',', ':', ';', '(', ')', '/'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every word of `query` begins a word of `text`.
fn has_words(query: &str, text: &str) -> bool {
    query.split(' ').all(|wanted| text.split(' ').any(|word| word.starts_with(wanted)))
}

#[cfg(test)]
mod tests {
    use super::super::command::{self, Scope};
    use super::*;
    use crate::experiment;
    use crate::tui::screen::SCREENS;

    fn commands() -> Vec<Command> {
        let experiment = experiment::load("spirals").unwrap().experiment;
        let here = Scope { tab: None, context: SCREENS[0].keys };
        let everywhere = Scope { tab: None, context: &crate::tui::keymap::EVERYWHERE };
        let others = SCREENS.iter().map(|tab| Scope { tab: Some(tab.key), context: tab.keys });
        let scopes: Vec<Scope> = [here, everywhere].into_iter().chain(others).collect();
        command::all(&experiment, &scopes)
    }

    fn first(query: &str, recent: &[String], count: usize) -> Vec<String> {
        let commands = commands();
        let found = Ranked::new(query, recent).of(&commands);
        found.into_iter().take(count).map(|index| commands[index].name.clone()).collect()
    }

    /// What people type, and the name of what they mean.
    const QUERIES: [(&str, &str); 30] = [
        ("pause", "toggle"),
        ("undo", "undo"),
        ("quit", "quit"),
        ("restart", "reset"),
        ("faster", "faster"),
        ("speed", "faster"),
        ("rewind", "earlier"),
        ("save", "save"),
        ("export", "save"),
        ("copy recipe", "copy recipe"),
        ("compare", "Compare screen"),
        ("layers screen", "Layers screen"),
        ("add layer", "add layer"),
        ("shortcuts", "help"),
        ("fullscreen", "zoom"),
        ("batch size", "train.batch_size"),
        ("learning rate", "optimizer.lr"),
        ("dropout", "layers.1.dropout"),
        ("seed", "seed"),
        ("momentum", "momentum"),
        ("adam", "adam"),
        ("relu", "relu"),
        ("geul", "gelu"),
        ("spirals", "spirals"),
        ("digits", "digits"),
        ("himmelblau", "himmelblau"),
        ("vanishing gradients", "vanishing_gradients"),
        ("overfitting", "overfitting"),
        ("cosine", "cosine"),
        ("xavier", "xavier_uniform"),
    ];

    #[test]
    fn what_people_type_finds_what_they_mean() {
        let mut failures = Vec::new();
        for (query, wanted) in QUERIES {
            let found = first(query, &[], 3);
            if !found.iter().any(|name| name == wanted) {
                failures.push(format!("{query}: not {wanted}, but {found:?}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn what_was_done_lately_comes_first_among_equals() {
        let before = first("ad", &[], 6);
        let later = before.last().cloned().unwrap();
        assert_eq!(first("ad", std::slice::from_ref(&later), 1), [later]);
        let recent = ["adam".to_owned(), "undo".to_owned()];
        assert_eq!(first("", &recent, 2), ["undo", "adam"]);
    }

    #[test]
    fn nothing_is_found_for_nonsense() {
        assert!(first("qzxqzxqzx", &[], 3).is_empty());
    }
}
