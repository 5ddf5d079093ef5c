//! The one filter of all lists.

use gradlab::catalog::Kind;
use gradlab::spec::{Card, search};

fn found(kind: Kind, query: &str) -> Vec<&'static str> {
    let cards = kind.cards_by_use();
    let rows = cards.iter().map(|card| card.texts());
    search(query, rows).into_iter().map(|index| cards[index].key).collect()
}

#[test]
fn a_filter_picks_what_is_so_called() {
    for kind in Kind::ALL {
        for card in kind.cards() {
            assert_eq!(found(kind, card.key)[0], card.key);
            assert_eq!(found(kind, &card.key.to_uppercase().replace('_', "-"))[0], card.key);
            let same = |other: &&Card| other.title == card.title;
            if kind.cards().into_iter().filter(same).count() == 1 {
                assert_eq!(found(kind, card.title)[0], card.key, "{}", card.title);
            }
        }
    }
}

#[test]
fn a_filter_prefers_beginnings_then_words_then_texts_then_neighbours() {
    for (kind, query, first) in [
        (Kind::Activation, "leaky", "leaky_relu"),
        (Kind::Activation, "tan", "tanh"),
        (Kind::Activation, "hardtan", "hardtanh"),
        (Kind::Activation, "swish", "silu"),
        (Kind::Activation, "rleu", "relu"),
        (Kind::Optimizer, "momentum", "sgd"),
        (Kind::Optimizer, "rms", "rmsprop"),
        (Kind::Loss, "entropy", "cross_entropy"),
        (Kind::Initializer, "he", "kaiming_uniform"),
    ] {
        assert_eq!(found(kind, query).first(), Some(&first), "{query}");
    }
    assert_eq!(found(Kind::Activation, "qqqq"), [""; 0]);
    assert_eq!(found(Kind::Norm, "").len(), Kind::Norm.cards().len());
    assert!(!found(Kind::Activation, "tanh").contains(&"relu"));
}
