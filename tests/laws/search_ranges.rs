//! The ranges in which a comparison searches parameters.

use gradlab::catalog::Kind;
use gradlab::spec::{DefaultValue, SearchScale, Value};

/// Whatever place in its range a search takes, the parameter may have that value, and every optimizer says
/// where its rate is searched.
#[test]
fn every_value_that_is_searched_is_allowed() {
    let kinds = [Kind::Optimizer, Kind::Schedule, Kind::Activation, Kind::Initializer, Kind::Norm];
    for card in kinds.iter().flat_map(|kind| kind.cards()) {
        for param in card.params {
            let Some(range) = param.search else {
                assert!(param.key != "lr", "{}: where is its rate searched?", card.key);
                continue;
            };
            let of = |x: f64| match param.default {
                DefaultValue::Number(_) => Value::Number(x),
                DefaultValue::List(model) => Value::List(vec![x; model.len()]),
                other => panic!("{}.{}: {other:?} cannot be searched", card.key, param.key),
            };
            assert!(range.low < range.high, "{}.{}", card.key, param.key);
            let positive = match range.scale {
                SearchScale::Linear => true,
                SearchScale::Log => range.low > 0.0,
                SearchScale::OneMinusLog => range.high < 1.0,
            };
            assert!(positive, "{}.{}", card.key, param.key);
            let mut pick = gradlab::spec::Pick::new(card);
            for place in [0.0, 0.1, 0.5, 0.9, 1.0] {
                let set = pick.set(param.key, of(range.at(place)));
                assert!(set.is_ok(), "{}.{}: {set:?}", card.key, param.key);
            }
        }
    }
}
