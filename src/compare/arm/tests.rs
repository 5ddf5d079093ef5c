use super::*;
use crate::catalog::Kind;
use crate::experiment::{ArmSpec, parse_picks, parse_script_recipe, short_script_recipe};

fn script(recipe: &str) -> Script {
    parse_script_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).script
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
    let arms = arms(&script(MIX), &spec("lion,rmsprop", "tanh,gelu")).unwrap();
    let names: Vec<_> = arms.iter().map(|arm| arm.name.raw()).collect();
    assert_eq!(names, ["lion × tanh", "lion × gelu", "rmsprop × tanh", "rmsprop × gelu"]);
    let recipe = short_script_recipe(&arms[1].script);
    assert_eq!(recipe, "moons/8-gelu/4-gelu/2-softmax/optimizer=lion");
    assert_eq!(arms[0].rate(0), 1e-4);
}

#[test]
fn layers_keep_the_ratio_of_their_rates() {
    let arms = arms(&script(MIX), &spec("", "tanh")).unwrap();
    assert_eq!(arms[0].rate(0), 0.01);
    let at = |rate: i32| {
        let it = arms[0].at(rate);
        let it = it.start();
        [it.optimizer_of(0).number("lr"), it.optimizer_of(1).number("lr")]
    };
    assert_eq!(at(0), [0.1, 0.01]);
    let [first, second] = at(3);
    assert!((first / second - 10.0).abs() < 1e-12 && second == 1.0, "{first} {second}");
}

#[test]
fn named_arms_lay_values_over_the_experiment() {
    let spec = named(&[("a", &["optimizer=sgd:lr=0.5"]), ("b", &["layers.2.activation=tanh"])]);
    let arms = arms(&script(MIX), &spec).unwrap();
    assert_eq!(arms[0].rate(0), 0.5);
    assert_eq!(arms[1].script.start().layers[1].activation.key(), "tanh");
}

#[test]
fn an_arm_may_be_edited_in_its_middle() {
    let base = format!("{MIX}/@10:train.l2=0.1");
    let switch: &[&str] = &["@5:optimizer=sgd:lr=0.5", "layers.1.optimizer=default"];
    let named = arms(&script(&base), &named(&[("a", &[]), ("b", switch)])).unwrap();
    let steps = |arm: usize| named[arm].script.edits().iter().map(|it| it.step).collect::<Vec<_>>();
    assert_eq!([steps(0), steps(1)], [vec![10], vec![5, 10]]);
    assert_eq!(named[1].script.end().train.l2, 0.1);
    // The rates of all of a run are tuned together.
    let rates = |rate: i32| {
        let script = named[1].at(rate);
        [script.start(), script.end()].map(|it| it.optimizer.number("lr"))
    };
    assert_eq!(rates(0), [0.01, 0.5]);
    let [first, second] = rates(2);
    assert_eq!(first, named[1].rate(2));
    assert!((second / first - 50.0).abs() < 1e-9, "{first} {second}");
    // Those that a schedule names are among them, and another schedule, initializer or edit is an arm.
    let other: &[&str] =
        &["schedule=cosine:eta_min=0.001", "layers.1.init=kaiming_normal", "@5:train.l2=0"];
    let cosine = &arms(&script(MIX), &super::tests::named(&[("c", other)])).unwrap()[0];
    let least = |rate: i32| cosine.at(rate).start().schedule.number("eta_min");
    assert_eq!(least(0), 0.001);
    assert!((least(3) / least(0) - 100.0).abs() < 1e-9, "{}", least(3));
    // Optimizers and activations have the edits of what is compared on as well.
    let base = format!("{MIX}/@10:layers.1.optimizer=default");
    let picked = arms(&script(&base), &spec("", "tanh,gelu")).unwrap();
    assert_eq!(picked[1].script.edits()[0].experiment.layers[0].optimizer, None);
    let base = format!("{MIX}/@10:optimizer.betas=0.5:0.9");
    let error = arms(&script(&base), &spec("adamw,sgd", "")).unwrap_err();
    assert!(error.starts_with("arm `sgd`: `sgd` has no parameter `betas`"), "{error}");
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
        (named(&[("a", &["@5:train.batch_size=3"])]), "changes the batch size"),
        (named(&[("a", &["@5:train.steps=3"])]), "changes the number of steps"),
        (named(&[("a", &["@5:layers.1.units=3"])]), "cannot change in the middle"),
    ] {
        let error = arms(&script(MIX), &spec).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let error = arms(&script("moons/2"), &spec("", "relu")).unwrap_err();
    assert!(error.contains("no hidden layer"), "{error}");
}

#[test]
fn letters_go_on_after_z() {
    assert_eq!([0, 25, 26, 53].map(letter), ["a", "z", "a1", "b2"]);
}
