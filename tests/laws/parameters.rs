//! Every parameter of everything that can be picked, at the ends of its range: what is allowed trains
//! (or diverges and says so), what is not is refused by the program with the range.

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use gradlab::catalog::{self, Kind};
use gradlab::experiment::load_with;
use gradlab::spec::{Card, DefaultValue, Param, Range, Value};
use gradlab::train::descent::Path;
use gradlab::train::{Engine, Problem, Session};

/// Numbers at the ends of `range`, and one well within it.
fn within(range: Range) -> Vec<f64> {
    match range {
        Range::Any => vec![-3.0, 0.0, 1e3],
        Range::Closed(low, high) => vec![low, f64::midpoint(low, high), high],
        Range::HalfOpen(low, high) => {
            vec![low, f64::midpoint(low, high), high - (high - low) * 1e-6]
        }
        Range::Open(low, high) => vec![low + (high - low) * 1e-6, high - (high - low) * 1e-6],
        Range::AtLeast(low) => vec![low, low + 1.0, low + 1e3],
        Range::Above(low) => vec![low + 1e-6, low + 1.0, low + 1e3],
        Range::OneOf(_) | Range::Entry(_) => Vec::new(),
    }
}

/// Values that `param` must take.
pub(super) fn allowed(param: &Param) -> Vec<Value> {
    let numbers = within(param.range).into_iter();
    match param.default {
        DefaultValue::Number(_) => numbers.map(Value::Number).collect(),
        // Of sizes, none that would take long.
        DefaultValue::Integer(_) => {
            numbers.map(|x| Value::Integer(x.ceil().min(2000.0) as i64)).collect()
        }
        DefaultValue::List(model) => numbers.map(|x| Value::List(vec![x; model.len()])).collect(),
        DefaultValue::Series(_) => numbers.map(|x| Value::List(vec![x])).collect(),
        DefaultValue::Flag(_) => vec![Value::Flag(false), Value::Flag(true)],
        DefaultValue::Word(_) => {
            let words = param.range.words().unwrap_or_default().into_iter();
            words.map(|word| Value::Word(word.to_owned())).collect()
        }
    }
}

/// `card` with each parameter in turn at each of these values, as it is typed.
fn spellings(card: &'static Card) -> impl Iterator<Item = String> {
    let key = card.key;
    card.params.iter().flat_map(move |param| {
        allowed(param).into_iter().map(move |value| format!("{key}:{}={value}", param.key))
    })
}

/// Where something of `kind` goes in an experiment; surfaces have no place in one.
fn place(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Activation => Some("layers.1.activation"),
        Kind::Optimizer => Some("optimizer"),
        Kind::Schedule => Some("schedule"),
        Kind::Loss => Some("train.loss"),
        Kind::Initializer => Some("layers.1.init"),
        Kind::Norm => Some("layers.1.norm"),
        Kind::Dataset => Some("data"),
        Kind::Surface => None,
        Kind::Layer => Some("layers.1.kind"),
    }
}

/// Trains a small network with `spelled` for a few steps. Whether that was possible at all.
fn trains(kind: Kind, spelled: &str) -> bool {
    let Some(place) = place(kind) else { return descends(spelled) };
    // Numbers or classes, as many as the loss and the data are for.
    let classes = (2..=20).map(|n| format!("blobs:samples=40/6-tanh/{n}-softmax/batch_size=40"));
    let others = [
        "sine:samples=40/6-tanh/1/loss=mse",
        "moons/6-tanh/1-sigmoid/loss=bce",
        "adding:samples=40,length=5/6-tanh/1/loss=mse",
    ];
    let mut networks = classes.chain(others.map(str::to_owned));
    networks.any(|network| {
        let Ok(loaded) = load_with(&network, &[format!("{place}={spelled}")]) else { return false };
        let it = loaded.experiment;
        let Ok(problem) = Problem::load(&it) else { return false };
        let mut engine = Engine::new(&it, problem);
        for _ in 0..4 {
            match engine.step() {
                Ok(loss) => assert!(loss.is_finite(), "{spelled}"),
                Err(_) => break,
            }
        }
        true
    })
}

/// Whether there is a path over the surface `spelled`.
fn descends(spelled: &str) -> bool {
    let (Ok(surface), Ok(adam)) = (Kind::Surface.parse(spelled), Kind::Optimizer.pick("adam"))
    else {
        return false;
    };
    let path = Path::walk(&surface, &adam, catalog::surface(&surface).scene.start, 3);
    path.losses.len() == 3
}

#[test]
fn what_the_cards_allow_can_be_run() {
    for kind in Kind::ALL {
        for spelled in kind.cards().into_iter().flat_map(spellings) {
            if kind.parse(&spelled).is_ok() {
                assert!(trains(kind, &spelled), "{} {spelled}", kind.noun());
            }
        }
    }
}

/// A value of each parameter that it must refuse, as it is typed.
fn forbidden(param: &Param) -> String {
    let number = match param.range {
        Range::Any => "inf".to_owned(),
        Range::Closed(low, _) | Range::HalfOpen(low, _) | Range::AtLeast(low) => {
            (low - 1.0).to_string()
        }
        Range::Open(low, _) | Range::Above(low) => low.to_string(),
        Range::OneOf(_) | Range::Entry(_) => "nonsense".to_owned(),
    };
    match param.default {
        DefaultValue::Integer(_) if matches!(param.range, Range::Any) => "0.5".to_owned(),
        DefaultValue::List(model) => vec![number; model.len()].join(":"),
        DefaultValue::Flag(_) => "perhaps".to_owned(),
        _ => number,
    }
}

/// The words of a command that takes something of `kind`.
fn command(kind: Kind, spelled: &str) -> Vec<String> {
    let words: &[&str] = match kind {
        Kind::Activation => &["activation", spelled, "--at", "1"],
        Kind::Optimizer => &["step", spelled, "--start", "1", "--grads", "2"],
        Kind::Schedule => &["schedule", spelled, "--base-lr", "0.1", "--steps", "10"],
        Kind::Surface => &["optimize", spelled, "--optimizer", "adam"],
        Kind::Loss | Kind::Initializer | Kind::Norm | Kind::Dataset | Kind::Layer => {
            let place = place(kind).unwrap_or_default();
            return ["run", "blobs", "--steps", "1", "--set"]
                .into_iter()
                .map(str::to_owned)
                .chain([format!("{place}={spelled}")])
                .collect();
        }
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn what_they_forbid_is_refused_by_the_program_with_the_range() {
    for kind in Kind::ALL {
        for card in kind.cards() {
            for param in card.params {
                let spelled = format!("{}:{}={}", card.key, param.key, forbidden(param));
                let mut program = Command::new(cargo_bin!("gradlab"));
                let output = program.args(command(kind, &spelled)).output().expect("it starts");
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(2), "{spelled}: {said}");
                assert!(
                    said.starts_with("error: ") && output.stdout.is_empty(),
                    "{spelled}: {said}"
                );
                assert!(said.contains(param.key), "{spelled}: {said}");
                if !matches!(param.default, DefaultValue::Flag(_)) {
                    let range = param.range.to_string();
                    assert!(said.contains(&range), "{spelled}: {said} does not name {range}");
                }
            }
        }
    }
}

#[test]
fn every_activation_may_stand_at_the_output() {
    let losses = ["cross_entropy", "mse", "bce"];
    for card in Kind::Activation.cards() {
        let trained = ["iris/8-tanh", "sine/8-tanh", "moons/8-tanh"].into_iter().any(|data| {
            (1..=6).any(|units| {
                losses.iter().any(|loss| {
                    let recipe = format!("{data}/{units}-{}/loss={loss}", card.key);
                    let Ok(loaded) = load_with(&recipe, &[] as &[&str]) else { return false };
                    let it = loaded.experiment;
                    let problem = Problem::load(&it).unwrap();
                    let mut session = Session::new(&it, problem);
                    session.evaluate();
                    session.step().is_ok()
                })
            })
        });
        assert!(trained, "{}", card.key);
    }
}
