use super::*;
use crate::experiment::{load_with, parse_recipe};

fn recipe(text: &str) -> Experiment {
    parse_recipe(text).unwrap_or_else(|error| panic!("{error}")).experiment
}

/// The others of each offer for a setting of an experiment.
fn others(base: &str, path: &str, text: &str) -> Vec<String> {
    let base = recipe(base);
    let wanted = match base.assign(path, text) {
        Ok(experiment) => experiment,
        Err(refused) => *refused.wanted.expect("something to mend"),
    };
    let offers = base.offers(&wanted);
    for offer in &offers {
        // Each is valid, has what was wanted, and can be made by the assignments that it names.
        let mut all = vec![format!("{path}={text}")];
        all.extend(offer.others.iter().cloned());
        let made = base.with_overrides(&all).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(made, offer.experiment, "{all:?}");
    }
    offers.into_iter().map(|offer| offer.others.join(" ")).collect()
}

#[test]
fn an_edit_that_needs_others_offers_them_together() {
    for (base, path, text, expected) in [
        ("moons/8-relu/2-softmax", "layers.2.activation", "sigmoid", "train.loss=bce"),
        (
            "moons/8-relu/2-softmax",
            "layers.2.units",
            "1",
            "train.loss=bce layers.2.activation=sigmoid",
        ),
        (
            "moons/8-relu/1-sigmoid",
            "train.loss",
            "cross_entropy",
            "layers.2.units=2 layers.2.activation=softmax",
        ),
        ("moons/8-relu/2-softmax", "optimizer", "lbfgs", "train.batch_size=350"),
        (
            "moons/8-relu/2-softmax/clip_norm=1",
            "optimizer",
            "lbfgs",
            "train.clip_norm=none train.batch_size=350",
        ),
        (
            "moons/8-relu/2-softmax",
            "layers.1.optimizer",
            "lbfgs",
            "train.batch_size=350 optimizer=lbfgs",
        ),
        (
            "moons/8-relu/2-softmax/batch_size=1",
            "layers.1.norm",
            "batch_norm",
            "train.batch_size=2",
        ),
        ("moons/8-relu+batch_norm/2-softmax", "train.batch_size", "1", "layers.1.norm=none"),
        ("moons/8-relu/2-softmax/ema=0.9", "optimizer", "schedule_free_adamw", "train.ema=none"),
        ("moons/7-relu/2-softmax", "layers.1.activation", "glu", "layers.1.units=8"),
        ("sine/8-relu/1", "layers.2.activation", "softmax", "train.loss=cross_entropy"),
    ] {
        let offers = others(base, path, text);
        let first = offers.first().map(String::as_str);
        if path == "layers.2.activation" && base.starts_with("sine") {
            // Nothing makes it right.
            assert_eq!(first, None, "{base} {path}={text}");
            continue;
        }
        let sorted = |text: &str| {
            let mut parts: Vec<_> = text.split(' ').map(str::to_owned).collect();
            parts.sort();
            parts
        };
        assert_eq!(first.map(sorted), Some(sorted(expected)), "{base} {path}={text}: {offers:?}");
    }
}

#[test]
fn every_offer_over_the_catalog_validates() {
    for base in ["moons/8-relu/2-softmax", "iris/8-relu/3-softmax", "sine/8-tanh/1-identity"] {
        for (path, kind) in [
            ("layers.2.activation", catalog::Kind::Activation),
            ("train.loss", catalog::Kind::Loss),
            ("optimizer", catalog::Kind::Optimizer),
            ("layers.1.norm", catalog::Kind::Norm),
        ] {
            for card in kind.cards() {
                let base = recipe(base);
                let wanted = match base.assign(path, card.key) {
                    Ok(experiment) => experiment,
                    Err(refused) => *refused.wanted.unwrap(),
                };
                for offer in base.offers(&wanted) {
                    check::check(&offer.experiment).unwrap_or_else(|it| panic!("{}", it.message));
                    assert!(offer.others.len() <= MOST_OTHERS, "{path}={}", card.key);
                }
            }
        }
    }
}

#[test]
fn the_command_line_names_what_else_is_needed() {
    let base = "moons/8-relu/2-softmax/loss=cross_entropy";
    let error = load_with(base, &["layers.2.units=1"]).unwrap_err();
    let advice = error.advice().unwrap_or_default();
    assert!(advice.contains("--set train.loss=bce --set layers.2.activation=sigmoid"), "{error}");
}
