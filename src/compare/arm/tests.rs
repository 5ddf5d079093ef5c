use super::*;
use crate::catalog::Kind;
use crate::experiment::{ArmSpec, parse_picks, parse_recipe, short_recipe};

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn spec(optimizers: &str, activations: &str) -> CompareSpec {
    let picks = |kind, text: &str| match text {
        "" => Vec::new(),
        text => parse_picks(kind, text).unwrap(),
    };
    CompareSpec {
        optimizers: picks(Kind::Optimizer, optimizers),
        activations: picks(Kind::Activation, activations),
        ..CompareSpec::default()
    }
}

fn named(arms: &[(&str, &[&str])]) -> CompareSpec {
    let arm = |(name, set): &(&str, &[&str])| ArmSpec {
        name: (*name).into(),
        set: set.iter().map(|&text| text.to_owned()).collect(),
    };
    CompareSpec { arms: arms.iter().map(arm).collect(), ..CompareSpec::default() }
}

const MIX: &str = "moons/8-relu@sgd:lr=0.1/4-relu/2-softmax/optimizer=adam,lr=0.01";

#[test]
fn optimizers_go_to_all_layers_and_activations_to_the_hidden_ones() {
    let arms = arms(&experiment(MIX), &spec("lion,rmsprop", "tanh,gelu")).unwrap();
    let names: Vec<_> = arms.iter().map(|arm| arm.name.raw()).collect();
    assert_eq!(names, ["lion × tanh", "lion × gelu", "rmsprop × tanh", "rmsprop × gelu"]);
    let recipe = short_recipe(&arms[1].experiment);
    assert_eq!(recipe, "moons/8-gelu/4-gelu/2-softmax/optimizer=lion");
    assert_eq!(arms[0].rates[3], 1e-4);
}

#[test]
fn layers_keep_the_ratio_of_their_rates() {
    let arms = arms(&experiment(MIX), &spec("", "tanh")).unwrap();
    assert_eq!(arms[0].rates[3], 0.01);
    let at = |rate: usize| {
        let it = arms[0].at(rate);
        [it.optimizer_of(0).number("lr"), it.optimizer_of(1).number("lr")]
    };
    assert_eq!(at(3), [0.1, 0.01]);
    let [first, second] = at(6);
    assert!((first / second - 10.0).abs() < 1e-12 && second == 1.0, "{first} {second}");
}

#[test]
fn named_arms_lay_values_over_the_experiment() {
    let spec = named(&[("a", &["optimizer=sgd:lr=0.5"]), ("b", &["layers.2.activation=tanh"])]);
    let arms = arms(&experiment(MIX), &spec).unwrap();
    assert_eq!(arms[0].rates[3], 0.5);
    assert_eq!(arms[1].experiment.layers[1].activation.key(), "tanh");
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_reason() {
    for (spec, part) in [
        (CompareSpec::default(), "nothing to compare"),
        (spec("adam,adam", ""), "`adam` is given twice"),
        (spec("sgd:lr=0,adam", ""), "the learning rate 0"),
        (named(&[("a", &["data.noise=0.3"])]), "changes the data"),
        (named(&[("a", &["train.steps=3"])]), "changes the number of steps"),
        (named(&[("a", &["train.batch_size=3"])]), "changes the batch size"),
        (named(&[("a", &["layers.1.units=3"])]), "changes the layers"),
        (named(&[("a", &["seed=3"])]), "changes the seed"),
        (named(&[("a", &["optimizer=adamm"])]), "`adamm`"),
    ] {
        let error = arms(&experiment(MIX), &spec).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let error = arms(&experiment("moons/2"), &spec("", "relu")).unwrap_err();
    assert!(error.contains("no hidden layer"), "{error}");
}

#[test]
fn letters_go_on_after_z() {
    assert_eq!([0, 25, 26, 53].map(letter), ["a", "z", "a1", "b2"]);
}
