//! Diagnosis: for each rule, runs with a planted fault in which it must be named, and runs of which
//! nothing may be said.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use gradlab::experiment::{self, Experiment, preset};
use gradlab::train::diagnosis::{Examiner, RULES, Stage};
use gradlab::train::{Problem, Row, Session};

/// A fault, and the rules of which one must name it.
struct Planted {
    rule: &'static str,
    /// Others that name it as well.
    or: &'static [&'static str],
    recipe: String,
}

/// A presets's run that learns little, so that something may be said.
const SICK: [&str; 3] = ["deep-sigmoid", "rate-too-high", "recall-rnn-vanishing"];
/// The length of a planted run.
const STEPS: u64 = 640;

fn stack(layer: &str, depth: usize) -> String {
    vec![layer; depth].join("/")
}

/// Every fault in networks whose hidden layers are of `n` units.
fn planted(n: usize) -> Vec<Planted> {
    let mut list = Vec::new();
    let mut plant = |rule, or: &'static [&'static str], recipe: String| {
        let recipe = format!("{recipe},steps={STEPS}");
        list.push(Planted { rule, or, recipe });
    };
    let scaled = |factor: f64| factor / (n as f64).sqrt();
    // A hundredth of the signal is lost or won in so many layers, whatever the width.
    let (weak, strong) = (scaled(0.3), scaled(6.0));
    let adam = "optimizer=adam,lr=0.01";

    let same = "symmetric_start";
    plant(same, &[], format!("moons/{n}-tanh+constant:value=0.1/2-softmax/{adam}"));
    plant(same, &[], format!("spirals/{n}-tanh/{n}-relu+ones/2-softmax/{adam}"));
    let zeros = stack(&format!("{n}-relu+zeros"), 2);
    plant(same, &[], format!("moons/{zeros}/2-softmax+zeros/optimizer=sgd,lr=0.1"));

    let dead = "dead_units";
    let born = format!("{n}-relu/{n}-relu+normal:mean=-1,std=0.1");
    plant(dead, &[], format!("circles/{born}/2-softmax/{adam}"));
    for depth in [2, 4] {
        let relu = stack(&format!("{n}-relu"), depth);
        plant(dead, &["diverged"], format!("circles/{relu}/2-softmax/optimizer=sgd,lr=5"));
    }

    let saturated = "saturation";
    for (depth, data) in [(2, "circles"), (3, "spirals")] {
        let wide = stack(&format!("{n}-tanh+normal:std=10"), depth);
        plant(saturated, &[], format!("{data}/{wide}/2-softmax/optimizer=sgd,lr=0.05"));
        let wide = stack(&format!("{n}-sigmoid+normal:std=30"), depth);
        plant(saturated, &[], format!("{data}/{wide}/2-softmax/{adam}"));
    }

    let vanishing = "vanishing_gradient";
    for depth in [5, 6, 8] {
        let layers = stack(&format!("{n}-sigmoid"), depth);
        plant(vanishing, &[], format!("circles/{layers}/2-softmax/optimizer=sgd,lr=0.05"));
        let layers = stack(&format!("{n}-tanh+normal:std={weak}"), depth);
        plant(vanishing, &[], format!("moons/{layers}/2-softmax/optimizer=sgd,lr=0.05"));
        let layers = stack(&format!("{n}-relu+normal:std={weak}"), depth);
        plant(vanishing, &[], format!("moons/{layers}/2-softmax/optimizer=adam,lr=0.001"));
    }

    let train = "loss=mse,optimizer=sgd,lr=0.01,clip_norm=1";
    let through_time = format!("adding:length=100,samples=400/rnn:{n}/1/{train}");
    plant("vanishing_through_time", &[], through_time);

    let exploding = "exploding_gradient";
    for depth in [4, 6, 8] {
        let layers = stack(&format!("{n}-relu+normal:std={strong}"), depth);
        plant(exploding, &[], format!("circles/{layers}/2-softmax/optimizer=adam,lr=0.001"));
        plant(exploding, &["diverged"], format!("sine/{layers}/1/optimizer=sgd,lr=0.001"));
    }

    let rate = "rate_too_high";
    let ways: &[&str] = &["diverged", "large_updates", "dead_units", "saturation"];
    let tanh = stack(&format!("{n}-tanh"), 2);
    plant(rate, ways, format!("spirals/{tanh}/2-softmax/optimizer=sgd,lr=20"));
    plant(rate, ways, format!("sine/{tanh}/1/optimizer=sgd,lr=2"));
    plant(rate, ways, format!("moons/{n}-tanh/2-softmax/optimizer=adam,lr=3"));
    plant(rate, ways, format!("digits/{n}-relu/10-softmax/optimizer=sgd,lr=10"));
    plant("diverged", &[], "plane/1/optimizer=sgd,lr=4".to_owned());

    let large = "large_updates";
    let decayed = format!("{n}-tanh/{n}-tanh/2-softmax/l2=0.5");
    plant(large, &["decay_dominates"], format!("moons/{decayed},optimizer=sgd,lr=0.5"));

    let small = "small_updates";
    plant(small, &[], format!("moons/{n}-tanh/2-softmax/optimizer=sgd,lr=1e-6"));
    plant(small, &[], format!("digits/{n}-relu/10-softmax/optimizer=adam,lr=1e-7"));
    plant(small, &[], format!("sine/{tanh}/1/optimizer=sgd,lr=1e-6"));

    let slowed = "decayed_rate";
    for schedule in ["exponential:gamma=0.97", "step:step_size=40,gamma=0.1"] {
        plant(slowed, &[], format!("spirals/{tanh}/2-softmax/{adam},schedule={schedule}"));
    }

    let decay = "decay_dominates";
    plant(decay, &[], format!("circles/{n}-relu/2-softmax/l2=5,optimizer=sgd,lr=0.05"));
    let adamw = "optimizer=adamw:lr=0.01,weight_decay=30";
    plant(decay, &[], format!("circles/{tanh}/2-softmax/{adamw}"));

    let flat = "no_progress";
    plant(flat, &[], format!("xor/2-softmax/{adam}"));
    plant(flat, &["small_updates"], format!("circles/{n}-tanh/2-softmax/optimizer=sgd,lr=1e-5"));
    plant(flat, &[], format!("circles/{zeros}/2-softmax+zeros/{adam}"));

    let fit = "output_activation";
    plant(fit, &[], format!("moons/{n}-tanh/2-softmax/loss=mse,{adam}"));
    plant(fit, &[], format!("moons/{n}-tanh/1-sigmoid/loss=mse,{adam}"));
    plant(fit, &[], format!("sine/{n}-tanh/1-relu/{adam}"));
    plant(fit, &[], format!("moons/{n}-tanh/1-tanh/loss=bce,{adam}"));
    plant(fit, &[], format!("iris/{n}-tanh/3-relu/loss=cross_entropy,{adam}"));

    for size in [2, 4] {
        let normed = format!("{n}-relu+batch_norm/2-softmax/batch_size={size}");
        plant("small_batch_norm", &[], format!("moons/{normed},{adam}"));
    }
    let scale = "input_scale";
    plant(scale, &[], "valley:condition=1e6/1/optimizer=sgd,lr=0.1".to_owned());
    plant(scale, &[], format!("blobs:noise=10,spread=10/{n}-relu/4-softmax/{adam}"));
    list
}

/// Over-fitting takes its time: these runs are longer.
fn overfitted(n: usize) -> Vec<Planted> {
    let recipe = |data: &str, outputs: &str, steps: u64| Planted {
        rule: "over_fitting",
        or: &[],
        recipe: format!("{data}/{n}-tanh/{n}-tanh/{outputs}/optimizer=adam,lr=0.01,steps={steps}"),
    };
    vec![
        recipe("moons:samples=60,noise=0.5", "2-softmax", 3000),
        recipe("circles:samples=60,noise=0.4", "2-softmax", 3000),
        recipe("sine:samples=30,noise=0.5", "1", 5000),
    ]
}

/// Faults that take a file: one class of ten rows in eleven, and counts in hundreds.
fn of_files(folder: &Path) -> Vec<(&'static str, Experiment)> {
    let (mut classes, mut counts) = ("a,b,kind\n".to_owned(), "a,count\n".to_owned());
    for i in 0..330_u64 {
        // Features that say nothing.
        let [a, b] = [i * 7919 % 331, i * 104_729 % 337].map(|x| x as f64 / 100.0);
        let kind = if i % 11 == 3 { "rare" } else { "usual" };
        let _ = writeln!(classes, "{a},{b},{kind}");
        let _ = writeln!(counts, "{a},{}", 200 + i * 31 % 97);
    }
    std::fs::write(folder.join("classes.csv"), classes).unwrap();
    std::fs::write(folder.join("counts.csv"), counts).unwrap();
    let read = |rule, data: &str, train: &str, layers: &str| {
        let text = format!(
            "[data]\n{data}\n[train]\nsteps = {STEPS}\n{train}\n[optimizer]\nname = \"adam\"\n\
             lr = 0.01\n{layers}"
        );
        let loaded = experiment::parse_toml("a test", &text, folder);
        (rule, loaded.unwrap_or_else(|error| panic!("{error}")).experiment)
    };
    let layer = |units: u64, activation: &str| {
        format!("[[layers]]\nunits = {units}\nactivation = \"{activation}\"\n")
    };
    vec![
        read(
            "majority_answer",
            "csv = \"classes.csv\"\ntarget = \"kind\"",
            "",
            &(layer(4, "tanh") + &layer(2, "softmax")),
        ),
        read(
            "target_scale",
            "csv = \"counts.csv\"\ntarget = \"count\"\ntask = \"regression\"",
            "loss = \"poisson_nll\"",
            &(layer(8, "tanh") + &layer(1, "identity")),
        ),
    ]
}

fn load(recipe: &str, seed: u64) -> Experiment {
    let loaded = experiment::load(recipe).unwrap_or_else(|error| panic!("{recipe}: {error}"));
    loaded.experiment.with_seed(seed)
}

/// The rules that are told of a run, in full.
fn told(experiment: &Experiment) -> Examiner {
    told_of(experiment).0
}

/// The rules that are told of a run, and its evaluations.
fn told_of(experiment: &Experiment) -> (Examiner, Vec<Row>) {
    let problem = Problem::load(experiment).unwrap();
    let mut session = Session::new(experiment, Arc::clone(&problem));
    let mut examiner = Examiner::default();
    let mut rows = Vec::new();
    let mut take = |row, examiner: &mut Examiner, session: &mut Session| {
        rows.push(row);
        examiner.push(&row);
        if examiner.is_due(session)
            && let Some(signs) = examiner.measure(session)
        {
            examiner.see(&signs, Stage::GoesOn);
        }
    };
    take(session.evaluate(), &mut examiner, &mut session);
    let mut stage = Stage::Ended;
    while !session.finished() {
        match session.step() {
            Ok((_, None)) => {}
            Ok((_, Some(row))) => take(row, &mut examiner, &mut session),
            Err(_) => {
                stage = Stage::Diverged;
                break;
            }
        }
    }
    examiner.look_at_end(&mut session, stage);
    (examiner, rows)
}

/// Whether a run has learned nothing of the test rows, and so is not healthy.
fn barren(rows: &[Row]) -> bool {
    rows[rows.len() - 1].test_loss >= rows[0].test_loss
}

/// Whether a fault did harm. By some seeds a rate that is far too high, or a few noisy rows, happen to do
/// none: over-fitting does some if a quarter of what was learned of the test rows is lost again, any other
/// fault also if the training rows are not learned.
fn harmed(fault: &Planted, rows: &[Row]) -> bool {
    let (first, last) = (rows[0], rows[rows.len() - 1]);
    let lowest = rows.iter().map(|row| row.test_loss).fold(f64::INFINITY, f64::min);
    let lost = last.test_loss - lowest >= 0.25 * (first.test_loss - lowest);
    lost || fault.rule != "over_fitting" && last.train_loss >= 0.1 * first.train_loss
}

/// Whether a fault is named, what is told, and whether it did harm.
fn named(fault: &Planted, seed: u64) -> (bool, String, bool) {
    let (examiner, rows) = told_of(&load(&fault.recipe, seed));
    let told = examiner.watch.told();
    let hit = |key: &str| key == fault.rule || fault.or.contains(&key);
    let keys: Vec<_> = told.iter().map(|it| it.finding.rule.key).collect();
    (keys.iter().any(|key| hit(key)), keys.join(" "), harmed(fault, &rows))
}

#[test]
fn every_rule_names_a_planted_fault() {
    let mut missed = Vec::new();
    let mut rules: Vec<&str> = Vec::new();
    let mut check = |rule, (hit, keys): (bool, String), name: String| {
        rules.push(rule);
        if !hit {
            missed.push(format!("{rule} in {name}: {keys}"));
        }
    };
    for (n, seed) in [(8, 1), (32, 2)] {
        for fault in planted(n) {
            let (hit, keys, _) = named(&fault, seed);
            check(fault.rule, (hit, keys), format!("{} seed {seed}", fault.recipe));
        }
    }
    // By another seed the few rows of the moons happen to be told apart without harm.
    for (fault, seed) in overfitted(32).into_iter().zip([1, 3, 3]) {
        let (hit, keys, _) = named(&fault, seed);
        check(fault.rule, (hit, keys), fault.recipe.clone());
    }
    let folder = tempfile::tempdir().unwrap();
    for (rule, experiment) in of_files(folder.path()) {
        let examiner = told(&experiment);
        let keys: Vec<_> = examiner.watch.told().iter().map(|it| it.finding.rule.key).collect();
        check(rule, (keys.contains(&rule), keys.join(" ")), "a file".to_owned());
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    for rule in RULES {
        assert!(rules.contains(&rule.key), "no fault is planted for {}", rule.key);
    }
}

#[test]
fn nothing_is_said_of_runs_that_learn() {
    let mut said = Vec::new();
    for preset in preset::PRESETS.all() {
        let experiment = experiment::load(preset.name).unwrap().experiment;
        if SICK.contains(&preset.name) || experiment.train.steps > 3000 {
            continue;
        }
        for seed in [1, 7] {
            let (examiner, rows) = told_of(&experiment.with_seed(seed));
            if barren(&rows) {
                continue;
            }
            for it in examiner.watch.told() {
                said.push(format!("{} seed {seed}: {}", preset.name, it.finding.sentence()));
            }
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

/// A remedy is an experiment that can be run, and another one than that which is diagnosed.
#[test]
fn every_remedy_is_a_valid_edit() {
    for fault in planted(8) {
        let experiment = load(&fault.recipe, 1);
        for it in told(&experiment).watch.told() {
            let Some(remedy) = &it.finding.remedy else { continue };
            assert_ne!(*remedy.experiment, experiment, "{}", fault.recipe);
            let text = experiment::to_toml(&remedy.experiment);
            let again = experiment::parse_toml("remedy", &text, Path::new(""));
            let again = again.unwrap_or_else(|error| panic!("{}: {error}", fault.recipe));
            assert_eq!(again.experiment, *remedy.experiment, "{}", fault.recipe);
        }
    }
}

/// The table of the rules: planted runs that are named, and healthy ones of which something is said.
/// It takes minutes: `cargo test --release --test numbers -- --ignored --nocapture diagnosis`.
#[test]
#[ignore = "it takes minutes"]
fn all_rules_over_sizes_and_seeds() {
    let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut harmless) = (Vec::new(), Vec::new());
    for n in [8, 16, 32, 64] {
        for seed in 1..=5 {
            for fault in planted(n).into_iter().chain(overfitted(n)) {
                let (hit, keys, harm) = named(&fault, seed);
                if !hit && !harm {
                    harmless.push(format!("{} seed {seed}", fault.recipe));
                    continue;
                }
                let row = rows.entry(fault.rule).or_default();
                row.0 += usize::from(hit);
                row.1 += 1;
                if !hit {
                    missed.push(format!("{} seed {seed}: {keys}", fault.recipe));
                }
            }
        }
    }
    println!("rule: planted runs named");
    for (rule, (named, all)) in &rows {
        println!("{rule}: {named} of {all}");
    }
    let (mut alarms, mut unlearned, mut runs) = (Vec::new(), Vec::new(), 0);
    for preset in preset::PRESETS.all().iter().filter(|it| !SICK.contains(&it.name)) {
        for seed in 1..=5 {
            let experiment = experiment::load(preset.name).unwrap().experiment;
            let (examiner, rows) = told_of(&experiment.with_seed(seed));
            let keys: Vec<_> =
                examiner.watch.told().iter().map(|it| it.finding.sentence()).collect();
            if barren(&rows) {
                unlearned.push(format!("{} seed {seed}: {}", preset.name, keys.join("; ")));
                continue;
            }
            runs += 1;
            if !keys.is_empty() {
                alarms.push(format!("{} seed {seed}: {}", preset.name, keys.join("; ")));
            }
        }
    }
    println!("healthy runs: {} of {runs} with a false alarm", alarms.len());
    for (what, list) in [
        ("missed", &missed),
        ("did no harm", &harmless),
        ("false alarms", &alarms),
        ("learned nothing", &unlearned),
    ] {
        println!("{what}:\n{}", list.join("\n"));
    }
    assert!(
        missed.is_empty(),
        "{} of {}",
        missed.len(),
        rows.values().map(|row| row.1).sum::<usize>()
    );
    assert!(alarms.len() * 100 <= runs, "{} of {runs}", alarms.len());
}
