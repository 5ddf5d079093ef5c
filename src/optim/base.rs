//! How an optimizer names another that it is wrapped around.

use super::{Entry, Precision, Reach, Rule, TABLE};
use crate::spec::{DefaultValue, Other, Param, Pick, Range, Value, nearest};

/// Any optimizer that sees each tensor by itself. Its parameters stand in its name, so that they
/// cannot be taken for those of the wrapper; its rate is the wrapper's.
pub static BASE: Other = Other {
    what: "an optimizer that moves each tensor by itself, its parameters joined by colons",
    names: || singles().map(|entry| entry.card.key).collect(),
    check: |text| read(text).map(|_| ()),
};

/// The parameter that names the base.
pub const fn base(default: &'static str) -> Param {
    Param {
        key: "base",
        default: DefaultValue::Word(default),
        range: Range::Entry(&BASE),
        meaning: "the optimizer inside, as sgd:momentum=0.9:nesterov=true; its rate is lr",
        search: None,
    }
}

/// The base that `pick` names in its parameter `base`.
pub fn build<F: Precision>(pick: &Pick) -> Rule<F> {
    let (entry, base) = named(pick);
    entry.build(&base)
}

/// Whether the base that `pick` names averages its own path.
pub fn averages(pick: &Pick) -> bool {
    let (entry, base) = named(pick);
    entry.averages(&base)
}

/// The reach of the base that `pick` names.
pub fn reach(pick: &Pick) -> Reach {
    let (entry, base) = named(pick);
    entry.reach(&base)
}

fn named(pick: &Pick) -> (&'static Entry, Pick) {
    match read(pick.word("base")) {
        Ok((entry, mut base)) => {
            if base.set("lr", Value::Number(pick.number("lr"))).is_err() {
                unreachable!("a rate is within the same range everywhere");
            }
            (entry, base)
        }
        Err(error) => unreachable!("a pick is checked when it is set: {error}"),
    }
}

fn singles() -> impl Iterator<Item = &'static Entry> {
    TABLE.iter().filter(|entry| entry.single)
}

/// `name` or `name:key=value:key=value`; a piece without `=` goes on with the list before it.
fn read(text: &str) -> Result<(&'static Entry, Pick), String> {
    let (name, params) = text.split_once(':').unwrap_or((text, ""));
    let entry = singles().find(|entry| entry.card.key == name).ok_or_else(|| {
        let near = nearest(name, singles().map(|entry| entry.card.key));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!("`{name}` is none{hint}")
    })?;
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for piece in params.split(':').filter(|piece| !piece.is_empty()) {
        match (piece.split_once('='), pairs.last_mut()) {
            (Some((key, value)), _) => pairs.push((key, value.to_owned())),
            (None, Some((_, list))) => list.extend([":", piece]),
            (None, None) => return Err(format!("`{piece}` is not of the form key=value")),
        }
    }
    let mut pick = Pick::new(entry.card);
    for (key, value) in pairs {
        if key == "lr" {
            return Err("`lr` belongs to the optimizer outside".to_owned());
        }
        pick.set_text(key, &value).map_err(|error| error.to_string())?;
    }
    (entry.check)(&pick)?;
    Ok((entry, pick))
}
