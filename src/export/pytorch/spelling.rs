//! How Python spells what is picked.

use super::NoTwin;
use crate::catalog;
use crate::spec::{Param, Pick, Plain, Value};

/// The expression of an activation or a loss, its parameters filled in; `what` names its place
/// where PyTorch has none.
///
/// # Errors
/// If PyTorch has none.
pub fn expression(pick: &Pick, what: &str) -> Result<String, NoTwin> {
    let mut spelled = torch(pick, what)?.to_owned();
    for (param, value) in pick.params() {
        let slot = format!("{{{}}}", param.key);
        if Value::from(param.default) == *value {
            // PyTorch has the same defaults.
            spelled = spelled.replace(&format!(", {}={slot}", param.key), "");
        }
        spelled = spelled.replace(&slot, &literal(value));
    }
    Ok(spelled)
}

/// `spelled` with `text` for every `{slot}` that is left in it.
#[must_use]
pub fn fill_slots(spelled: &str, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = spelled;
    while let Some((before, slot)) = rest.split_once('{') {
        filled = filled + before + text;
        rest = slot.split_once('}').map_or("", |(_, after)| after);
    }
    filled + rest
}

/// The construction of an optimizer for `tensors`, with every parameter that is not at its default:
/// the defaults are PyTorch's own, but for the line search.
///
/// # Errors
/// If PyTorch has none.
pub fn optimizer(pick: &Pick, tensors: &str, what: &str) -> Result<String, NoTwin> {
    let class = torch(pick, what)?;
    if pick.key() == "adafactor" && pick.number("d") < 1.0 {
        return Err(NoTwin(format!("d below 1 in the {what} `adafactor`")));
    }
    let mut arguments = format!("lr={}", Plain(pick.number("lr")));
    let changed = |(param, value): &(&Param, &Value)| Value::from(param.default) != **value;
    let searches = |param: &Param| param.key == "line_search_fn";
    let given = pick.params().filter(|it| it.0.key != "lr" && (changed(it) || searches(it.0)));
    for (param, value) in given {
        let key = param.key;
        // Here 0 stands for the precision of the float; in PyTorch None does.
        let precision = pick.key() == "adafactor" && key == "eps" && pick.list(key)[0] == 0.0;
        let value = if precision {
            format!("(None, {})", Plain(pick.list(key)[1]))
        } else if searches(param) && pick.word(key) == "none" {
            "None".to_owned()
        } else {
            literal(value)
        };
        arguments.push_str(&format!(", {key}={value}"));
    }
    Ok(format!("{class}({tensors}, {arguments})"))
}

fn torch(pick: &Pick, what: &str) -> Result<&'static str, NoTwin> {
    catalog::torch(pick).ok_or_else(|| NoTwin(format!("the {what} `{}`", pick.key())))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Flag(true) => "True".to_owned(),
        Value::Flag(false) => "False".to_owned(),
        Value::Word(word) => format!("\"{word}\""),
        Value::List(xs) => {
            // PyTorch tells lists of floats from others by their types.
            let float = |x: &f64| match Plain(*x).to_string() {
                whole if whole.chars().all(|c| c.is_ascii_digit() || c == '-') => whole + ".0",
                number => number,
            };
            let numbers: Vec<_> = xs.iter().map(float).collect();
            format!("({})", numbers.join(", "))
        }
        Value::Number(_) | Value::Integer(_) => value.to_string(),
    }
}
