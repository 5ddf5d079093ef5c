//! What every card of the catalogue must be: readable, and strict about its parameters.

use std::collections::BTreeSet;

use gradlab::catalog::{self, Kind};
use gradlab::nn::activation;
use gradlab::spec::{Card, DefaultValue, Param, Pick, Range, Value};

fn cards() -> Vec<(Kind, &'static Card)> {
    let of = |kind: Kind| kind.cards().into_iter().map(move |card| (kind, card));
    Kind::ALL.into_iter().flat_map(of).collect()
}

#[test]
fn names_are_unique_and_lower_case() {
    for kind in Kind::ALL {
        let cards = kind.cards();
        let keys: BTreeSet<&str> = cards.iter().map(|card| card.key).collect();
        assert_eq!(keys.len(), cards.len(), "{}", kind.noun());
    }
    for (_, card) in cards() {
        let keys: BTreeSet<&str> = card.params.iter().map(|param| param.key).collect();
        assert_eq!(keys.len(), card.params.len(), "{}", card.key);
        for key in keys.into_iter().chain([card.key]) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(key.chars().all(plain), "{key}");
        }
    }
}

#[test]
fn formulas_fit_a_panel() {
    let derivatives = activation::TABLE.iter().map(|e| (e.card.key, e.traits.derivative));
    let formulas = cards().into_iter().map(|(_, card)| (card.key, card.formula));
    for (key, text) in formulas.chain(derivatives) {
        assert!(text.lines().count() <= 3, "{key}");
        for line in text.lines() {
            assert!(line.chars().count() <= 72, "{key}: {line}");
        }
    }
}

/// Values that a parameter of this range must refuse.
fn outside(range: Range) -> Vec<f64> {
    let mut values = vec![f64::NAN, f64::INFINITY];
    match range {
        Range::Any | Range::OneOf(_) | Range::Entry(_) => {}
        Range::Closed(low, high) => values.extend([low - 1.0, high + 1.0]),
        Range::HalfOpen(low, high) => values.extend([low - 1.0, high]),
        Range::Open(low, high) => values.extend([low, high]),
        Range::AtLeast(low) => values.push(low - 1.0),
        Range::Above(low) => values.push(low),
    }
    values
}

/// Values that `param` must refuse, of its own type and of others.
fn refused(param: &Param) -> Vec<Value> {
    let numbers = outside(param.range).into_iter();
    let word = Value::Word("nonsense".to_owned());
    match param.default {
        DefaultValue::Number(_) => numbers.map(Value::Number).chain([word]).collect(),
        DefaultValue::Integer(_) => {
            let whole = numbers.filter(|x| x.is_finite()).map(|x| Value::Integer(x as i64));
            whole.chain([word, Value::Number(1.5)]).collect()
        }
        DefaultValue::List(model) => {
            let one_wrong = |x| {
                let mut list = model.to_vec();
                list[0] = x;
                Value::List(list)
            };
            numbers.map(one_wrong).chain([word, Value::List(vec![0.5])]).collect()
        }
        DefaultValue::Series(_) => {
            numbers.map(|x| Value::List(vec![x])).chain([word, Value::Number(0.5)]).collect()
        }
        DefaultValue::Flag(_) => vec![word, Value::Number(1.0)],
        DefaultValue::Word(_) => vec![word, Value::Flag(true)],
    }
}

#[test]
fn parameters_refuse_what_lies_outside_their_range_and_name_it() {
    for (_, card) in cards() {
        for param in card.params {
            let mut pick = Pick::new(card);
            let default = Value::from(param.default);
            assert_eq!(pick.set(param.key, default), Ok(()), "{}: {}", card.key, param.key);
            for value in refused(param) {
                let given = value.to_string();
                let error = pick.set(param.key, value).expect_err(&given).to_string();
                assert!(error.contains(card.key) && error.contains(param.key), "{error}");
                if !matches!(param.default, DefaultValue::Flag(_)) {
                    assert!(error.contains(&param.range.to_string()), "{error}");
                }
            }
        }
    }
}

#[test]
fn combinations_that_do_not_go_together_are_refused() {
    for (text, reason) in [
        ("sgd:nesterov=true", "momentum"),
        ("sgd:nesterov=true,momentum=0.9,dampening=0.5", "dampening 0"),
        ("rprop:etas=0.5:0.9", "both sides of 1"),
        ("rprop:step_sizes=2:1", "shortest"),
        ("hardtanh:min_val=1,max_val=-1", "max_val"),
        ("multi_step:milestones=3:0.5", "whole number"),
        ("cyclic:base_lr=1,max_lr=0.5", "max_lr"),
        ("sam:base=sdg", "did you mean `sgd`?"),
        ("sam:base=lbfgs", "`lbfgs` is none"),
        ("sam:base=sgd:momentun=0.9", "did you mean `momentum`?"),
        ("sam:base=sgd:momentum=2", "not including 1"),
        ("sam:base=sgd:lr=2", "belongs to the optimizer outside"),
        ("sam:base=sgd:nesterov=true", "momentum"),
        ("lookahead:base=schedule_free_sgd", "averages its own path"),
        ("words:words=100", "use common 98 or less"),
        ("painted:points=0:0:1", "set 4 to 1000"),
    ] {
        let kinds = [Kind::Optimizer, Kind::Activation, Kind::Schedule, Kind::Dataset];
        let errors = kinds.map(|kind| kind.parse(text).map_err(|e| e.to_string()));
        let said = errors.iter().any(|e| e.as_ref().is_err_and(|e| e.contains(reason)));
        assert!(said, "{text}: {errors:?}");
    }
}

#[test]
fn every_activation_names_an_initializer_that_exists() {
    for entry in activation::TABLE {
        let initializer = catalog::suitable_initializer(&Pick::new(entry.card));
        assert!(entry.traits.init.starts_with(initializer.key()), "{}", entry.card.key);
    }
}

#[test]
fn long_lists_stand_in_groups_of_families_each_entry_once() {
    for kind in Kind::ALL {
        let groups = kind.groups();
        let keys: Vec<_> = groups.iter().flat_map(|it| &it.cards).map(|card| card.key).collect();
        let unique: BTreeSet<_> = keys.iter().collect();
        assert_eq!((unique.len(), keys.len()), (keys.len(), kind.cards().len()), "{}", kind.noun());
        let families = matches!(kind, Kind::Activation | Kind::Optimizer);
        for card in kind.cards() {
            let family = catalog::family(kind, card.key);
            assert_eq!(!family.is_empty(), families, "{}", card.key);
        }
        let titles: Vec<_> = groups.iter().map(|it| it.title).collect();
        assert_eq!(titles[0], if families { "Common" } else { "" });
        assert!(families || titles.len() == 1, "{titles:?}");
        for title in titles {
            // Lists to choose from are narrow.
            assert!(title.chars().count() <= 20, "{title}");
        }
    }
}
