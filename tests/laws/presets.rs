//! Every preset is valid, described, and written as the program itself would write it.

use gradlab::catalog::Kind;
use gradlab::experiment::{self, DataSource, preset};

#[test]
fn every_preset_is_valid_and_says_what_to_watch() {
    assert!(preset::PRESETS.all().len() >= 14);
    for preset in preset::PRESETS.all() {
        let loaded = experiment::load(preset.name).unwrap_or_else(|error| panic!("{error}"));
        assert!(loaded.warnings.is_empty(), "{}: {}", preset.name, loaded.warnings[0]);
        assert_eq!(loaded.experiment.title, preset.title());
        assert_eq!(loaded.experiment.about, preset.about());
        assert!((4..=32).contains(&preset.title().chars().count()), "{}", preset.name);
        assert!((80..=320).contains(&preset.about().chars().count()), "{}", preset.name);
        assert!(preset.about().ends_with('.'), "{}", preset.name);
    }
}

#[test]
fn every_preset_is_written_as_the_program_writes_it() {
    for preset in preset::PRESETS.all() {
        let experiment = experiment::load(preset.name).unwrap().experiment;
        assert_eq!(experiment::to_toml(&experiment), preset.text, "presets/{}.toml", preset.name);
    }
}

/// One of its own name, but for bags of words, whose preset says what there is to see in them.
#[test]
fn every_data_set_has_a_preset() {
    for card in Kind::Dataset.cards() {
        let name = if card.key == "words" { "rare-words" } else { card.key };
        let experiment = experiment::load(name).unwrap().experiment;
        let DataSource::Named(pick) = experiment.data.source else { panic!("{}", card.key) };
        assert_eq!(pick.key(), card.key);
    }
}

#[test]
fn the_default_comes_first_and_the_rest_by_name() {
    let names: Vec<_> = preset::PRESETS.all().iter().map(|preset| preset.name).collect();
    assert_eq!(names[0], preset::DEFAULT);
    assert!(names[1..].is_sorted(), "{names:?}");
}

#[test]
fn one_deep_network_differs_from_another_in_its_norms_only() {
    let [plain, mut normed] =
        ["deep-sigmoid", "deep-batch-norm"].map(|name| experiment::load(name).unwrap().experiment);
    let hidden = normed.layers.len() - 1;
    for layer in &mut normed.layers[..hidden] {
        assert_eq!(layer.norm.take().unwrap().key(), "batch_norm");
    }
    (normed.title, normed.about) = (plain.title.clone(), plain.about.clone());
    assert_eq!(normed, plain);
}

#[test]
fn the_deep_networks_differ_in_activation_and_initializer_only() {
    let [mut sigmoid, mut relu] =
        ["deep-sigmoid", "deep-relu"].map(|name| experiment::load(name).unwrap().experiment);
    for experiment in [&mut sigmoid, &mut relu] {
        experiment.title.clear();
        experiment.about.clear();
        for layer in &mut experiment.layers {
            layer.activation = Kind::Activation.pick("identity").unwrap();
            layer.init = None;
        }
    }
    assert_eq!(sigmoid, relu);
}

#[test]
fn one_preset_trains_each_layer_with_another_optimizer() {
    let experiment = experiment::load("optimizer-per-layer").unwrap().experiment;
    let mut names: Vec<_> =
        (0..experiment.layers.len()).map(|at| experiment.optimizer_of(at).key()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), experiment.layers.len());
}

#[test]
fn an_unknown_preset_is_answered_with_the_nearest() {
    let advice = |name| experiment::load(name).unwrap_err().advice().unwrap().to_owned();
    assert_eq!(advice("spiral"), "did you mean `spirals`?");
    assert_eq!(advice("deep_reluu"), "did you mean `deep-relu`?");
    assert!(
        advice("zzzzzz")
            .starts_with("the presets are spirals, activations-on-deep-net, adding, adding-lstm")
    );
}
