//! The one filter of all lists: whatever is searched for by typing is ranked here.

use super::{Card, nearest};

/// The texts by which a row of a list is found.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    /// Its name, as it is typed.
    pub name: &'a str,
    /// Its name in prose; may be empty.
    pub title: &'a str,
    /// The prose about it and the names of its parameters, of which whole words count from their
    /// beginning.
    pub words: Vec<&'a str>,
}

impl Card {
    /// The texts by which it is found: its parameters and its use beside its names.
    #[must_use]
    pub fn texts(&self) -> Texts<'static> {
        let params = self.params.iter().map(|param| param.key);
        let prose = [self.usage, self.source].into_iter().chain(self.caution);
        Texts { name: self.key, title: self.title, words: params.chain(prose).collect() }
    }
}

/// How well a row matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Its name or its title is what was typed.
    Exact,
    /// Its name begins so.
    Prefix,
    /// A word of its name or title begins so.
    Word,
    /// Its name or its title has it in the middle.
    Within,
    /// A word about it begins so.
    About,
    /// Its name is spelled nearly so, or has these letters in this order.
    Fuzzy,
}

/// The indices of the rows that match `query`, best first and otherwise in their order: those that
/// are so called, then those that begin so, then those that contain it, then those whose texts speak
/// of it. If there are none, those whose names are near. Every row matches an empty query. Case does
/// not count, and `_`, `-` and blanks are the same.
#[must_use]
pub fn search<'a>(query: &str, rows: impl IntoIterator<Item = Texts<'a>>) -> Vec<usize> {
    let query = normalised(query);
    let mut found: Vec<(Rank, usize)> = Vec::new();
    for (index, texts) in rows.into_iter().enumerate() {
        found.extend(rank(&query, &texts).map(|rank| (rank, index)));
    }
    if found.iter().any(|(rank, _)| *rank < Rank::Fuzzy) {
        found.retain(|(rank, _)| *rank < Rank::Fuzzy);
    }
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// Lower case, with single blanks for what separates words.
fn normalised(text: &str) -> String {
    let spaced = text.to_lowercase().replace(['_', '-'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rank(query: &str, texts: &Texts<'_>) -> Option<Rank> {
    let names = [texts.name, texts.title].map(normalised);
    let begins = |text: &String| words(text).any(|at| text[at..].starts_with(query));
    if query.is_empty() || names.iter().any(|name| name == query) {
        return Some(Rank::Exact);
    }
    if names[0].starts_with(query) {
        return Some(Rank::Prefix);
    }
    if names.iter().any(begins) {
        return Some(Rank::Word);
    }
    if names.iter().any(|name| name.contains(query)) {
        return Some(Rank::Within);
    }
    let about: Vec<String> = texts.words.iter().map(|text| normalised(text)).collect();
    let of_any = |word: &str| {
        let begins = |text: &String| words(text).any(|at| text[at..].starts_with(word));
        names.iter().chain(&about).any(begins)
    };
    if query.split(' ').all(of_any) {
        return Some(Rank::About);
    }
    let near = query.chars().count() > 2 && nearest(query, [names[0].as_str()]).is_some();
    (near || subsequence(query, &names[0])).then_some(Rank::Fuzzy)
}

/// Where words begin: after anything that is neither a letter nor a digit.
fn words(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_alphanumeric() && !before.is_alphanumeric();
        before = c;
        begins.then_some(at)
    })
}

/// True if `text` has the letters of `query` in their order.
fn subsequence(query: &str, text: &str) -> bool {
    let mut letters = text.chars();
    query.chars().all(|wanted| letters.any(|c| c == wanted))
}
