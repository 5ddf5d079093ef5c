//! TOML, recipe and memory hold the same experiment; nothing is lost on the way between them.

use std::path::Path;

use gradlab::catalog::Kind;
use gradlab::data::csv::{Decimal, Delimiter, Header, Missing, Options, TaskChoice};
use gradlab::experiment::{
    self, DataSource, Experiment, LayerSpec, load, load_with, parse_recipe, parse_toml, preset,
    to_recipe, to_toml,
};

/// The example of the format's description, in both spellings.
const TOML: &str = r#"
title = "Two spirals"
seed = 7
[data]
name = "spirals"
samples = 400
noise = 0.04
test_fraction = 0.3
[train]
loss = "cross_entropy"
batch_size = 32
steps = 20000
[optimizer]
name = "adam"
lr = 0.01
[[layers]]
units = 16
activation = { name = "leaky_relu", negative_slope = 0.2 }
init = "xavier_uniform"
[[layers]]
units = 16
activation = "relu"
optimizer = { name = "sgd", lr = 0.05, momentum = 0.9 }
[[layers]]
units = 2
activation = "softmax"
"#;
const RECIPE: &str = "spirals:samples=400,noise=0.04/16-leaky_relu:negative_slope=0.2+xavier_uniform\
                      /16-relu@sgd:lr=0.05,momentum=0.9/2-softmax\
                      /optimizer=adam,lr=0.01,seed=7,title=Two%20spirals,steps=20000";

fn toml(text: &str) -> Experiment {
    parse_toml("x.toml", text, Path::new("")).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn recipe(text: &str) -> Experiment {
    parse_recipe(text).unwrap_or_else(|error| panic!("{error}")).experiment
}

/// Both spellings of `experiment` read back as it, and are written the same again.
fn survives(experiment: &Experiment) {
    let (file, line) = (to_toml(experiment), to_recipe(experiment));
    assert_eq!(toml(&file), *experiment, "{file}");
    assert_eq!(to_toml(&toml(&file)), file);
    assert_eq!(recipe(&line), *experiment, "{line}");
    assert_eq!(to_recipe(&recipe(&line)), line);
    let safe = |c: char| c.is_alphanumeric() || "/:,=@+-_.%".contains(c);
    assert!(line.chars().all(safe), "needs quoting in a shell: {line}");
}

#[test]
fn both_spellings_of_the_example_are_one_experiment() {
    assert_eq!(toml(TOML), recipe(RECIPE));
    survives(&toml(TOML));
}

#[test]
fn presets_survive() {
    for preset in preset::PRESETS.all() {
        survives(&load(preset.name).unwrap().experiment);
    }
}

#[test]
fn lists_flags_and_words_survive() {
    for text in [
        "xor/4-gelu:approximate=tanh/2-softmax/optimizer=adam,betas=0.8:0.99,amsgrad=true",
        "xor/4-tanh@sgd:lr=0.1,momentum=0.9,nesterov=true/1-sigmoid/optimizer=sgd,lr=1e-300",
        "xor:seed=18446744073709551615/2/seed=18446744073709551615,clip_norm=0.5,eval_every=3",
        "xor/4-leaky_relu:negative_slope=1e+2+normal:std=0.1,mean=-0.5@adam/2/optimizer=adagrad",
        "sine/3-tanh+kaiming_normal/1/optimizer=rmsprop,centered=true,test_fraction=0.25",
        "iris/3-softmax/loss=cross_entropy:label_smoothing=0.1,optimizer=sgd,lr=0.5",
        "iris/3-softmax/loss=cross_entropy,label_smoothing=0.1/optimizer=sgd:lr=0.5",
        "iris/3-sigmoid/loss=bce/batch_size=1/steps=1",
        "iris/8-relu+batch_norm:eps=1e+2,momentum=0.5+dropout=0.25/8-tanh+normal:std=2+rms_norm/3",
        "iris/8-relu+dropout=1e-3+layer_norm:affine=false+lsuv@sgd:lr=0.5/3-softmax+batch_norm",
        "xor/2/clip_value=0.5,l1=0.001,l2=1e-5,decoupled_decay=0.1,gradient_noise=0.3,ema=0.999",
        "xor/2/optimizer=sgd,lr=0.5/schedule=cosine,eta_min=0.001,seed=3",
        "xor/2/schedule=multi_step:milestones=50:100:200.0,gamma=0.3/optimizer=adam,lr=0.1",
        "xor/2/schedule=one_cycle,max_lr=0.1,anneal_strategy=linear,three_phase=true",
    ] {
        survives(&recipe(text));
    }
}

#[test]
fn text_of_any_kind_survives() {
    let mut experiment = toml(TOML);
    let long = "a long word ".repeat(40);
    for text in [
        "quotes \" ' \\ and a \\ at the end \\",
        "lines\n\nand\ttabs\r\n",
        "percent %41 /slash:colon,comma=equals@at+plus-minus",
        "Zwei Spiralen – 二つの螺旋 🌀 e\u{301}",
        "\u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{feff}",
        "   spaces   around   ",
        "\"\"\"",
        &long,
        &format!(" {long}  {long}\n \\"),
        &"\"\\\n ".repeat(60),
    ] {
        experiment.title = text.into();
        experiment.about = text.into();
        survives(&experiment);
    }
}

#[test]
fn csv_files_survive_and_are_found_beside_the_toml() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("my data, 100%");
    std::fs::create_dir(&inner).unwrap();
    let csv = "a,b c,kind\n1,2,x\n2,3,y\n3,5,x\n4,4,z\n5,1,z\n6,1,y\n";
    std::fs::write(inner.join("größe=1.csv"), csv).unwrap();
    let text = "data = { csv = \"my data, 100%/größe=1.csv\", target = \"kind\", seed = 3 }\n\
                [[layers]]\nunits = 3\n";
    let file = folder.path().join("x.toml");
    std::fs::write(&file, text).unwrap();

    let experiment = load(file.to_str().unwrap()).unwrap().experiment;
    assert_eq!((experiment.data.extent().numbers(), experiment.outputs()), (2, 3));
    assert_eq!(experiment.data.seed, Some(3));
    survives(&experiment);

    let elsewhere = folder.path().join("my data, 100%/out.toml");
    std::fs::write(&elsewhere, experiment::to_portable_toml(&experiment)).unwrap();
    assert_eq!(load(elsewhere.to_str().unwrap()).unwrap().experiment, experiment);
}

/// Every setting of a file at once, with names that have to be written in another way.
#[test]
fn settings_of_csv_files_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    let csv = "a:b;c,d;e%41;none;y\n1,5;2;3;4;1\n2,5;3;4;4;2\n3,5;4;4;1;3\n4,5;4;4;0;1\n";
    std::fs::write(&path, csv).unwrap();
    let mut options = Options {
        exclude: vec!["a:b".to_owned(), "e%41".to_owned()],
        columns: vec!["c,d".to_owned(), "none".to_owned()],
        task: TaskChoice::Regression,
        delimiter: Delimiter::Byte(b';'),
        header: Header::True,
        missing: Missing::Category,
        decimal: Decimal::Comma,
        ..Options::new("y")
    };
    for names in [vec!["none".to_owned()], vec!["c,d".to_owned(), "none".to_owned()], vec![]] {
        options.columns = names;
        let source = DataSource::csv(path.clone(), options.clone()).unwrap();
        let identity = Kind::Activation.pick("identity").unwrap();
        survives(&Experiment::new(source, vec![LayerSpec::new(1, identity)]));
    }
}

#[test]
fn recurrent_layers_survive() {
    for (text, short) in [
        ("adding/lstm:4-identity/1-identity", "adding/lstm:4/1"),
        ("adding/dense:4-tanh/1", "adding/4-tanh/1"),
        (
            "wave/rnn:3,nonlinearity=relu,return_sequences=true-tanh+orthogonal@sgd/gru:2,bptt=5/1",
            "wave/rnn:3,nonlinearity=relu,return_sequences=true-tanh+orthogonal@sgd/gru:2,bptt=5/1",
        ),
        (
            "recall/gru:4,return_sequences=true+dropout=0.2/lstm:4-relu/4-softmax",
            "recall/gru:4,return_sequences=true+dropout=0.2/lstm:4-relu/4-softmax",
        ),
    ] {
        let experiment = recipe(text);
        survives(&experiment);
        assert_eq!(experiment::short_recipe(&experiment), short);
    }
    let file = "data = { name = \"wave\" }\n[[layers]]\nunits = 3\n\
                kind = { name = \"rnn\", bptt = 7 }\n[[layers]]\nunits = 1\n";
    let experiment = experiment::parse_toml("x.toml", file, Path::new("")).unwrap().experiment;
    assert_eq!(experiment, recipe("wave/rnn:3,bptt=7/1"));
}

#[test]
fn what_is_left_out_has_its_documented_default() {
    let experiment = recipe("moons/8-relu/2");
    assert_eq!((experiment.seed, experiment.train.batch_size), (0, 32));
    assert_eq!((experiment.train.steps, experiment.train.eval_every), (10_000, 0));
    let train = &experiment.train;
    assert_eq!([train.clip_norm, train.clip_value, train.l1, train.l2], [0.0; 4]);
    assert_eq!([train.decoupled_decay, train.gradient_noise, train.ema], [0.0; 3]);
    assert_eq!(experiment.schedule.key(), "none");
    assert_eq!((experiment.data.test_fraction, experiment.data.seed), (0.3, None));
    assert_eq!(experiment.optimizer, Kind::Optimizer.pick("adam").unwrap());
    assert_eq!(experiment.layers[1].activation.key(), "identity");
    for (text, loss) in
        [("moons/2", "cross_entropy"), ("moons/1-sigmoid", "bce"), ("sine/1", "mse")]
    {
        assert_eq!(recipe(text).train.loss.key(), loss);
    }
}

#[test]
fn overrides_reach_every_part() {
    let set = |overrides: &[&str]| {
        let loaded = load_with(RECIPE, overrides).unwrap_or_else(|error| panic!("{error}"));
        to_recipe(&loaded.experiment)
    };
    let base = to_recipe(&recipe(RECIPE));
    for (overrides, from, to) in [
        (&["train.batch_size=64"][..], "steps=20000", "steps=20000,batch_size=64"),
        (&["seed=9"], "seed=7", "seed=9"),
        (&["title=a b"], "Two%20spirals", "a%20b"),
        (&["train.ema=0.9", "train.l1=0.1"], "steps=20000", "steps=20000,l1=0.1,ema=0.9"),
        (&["data.noise=0.1"], "noise=0.04", "noise=0.1"),
        (&["data=moons:noise=0.2"], "spirals:samples=400,noise=0.04", "moons:noise=0.2"),
        (&["layers.1.activation=relu"], "leaky_relu:negative_slope=0.2", "relu"),
        (&["layers.1.activation.negative_slope=0.3"], "slope=0.2", "slope=0.3"),
        (&["layers.2.optimizer.lr=1"], "sgd:lr=0.05", "sgd:lr=1"),
        (&["optimizer.lr=0.1"], "adam,lr=0.01", "adam,lr=0.1"),
        (&["optimizer.betas=0.8:0.9"], "adam,lr=0.01", "adam,lr=0.01,betas=0.8:0.9"),
        (
            &["optimizer=sgd:lr=0.1", "optimizer.momentum=0.5"],
            "adam,lr=0.01",
            "sgd,lr=0.1,momentum=0.5",
        ),
        (&["schedule=step:gamma=0.5"], "adam,lr=0.01", "adam,lr=0.01,schedule=step,gamma=0.5"),
        (
            &["schedule.name=multi_step", "schedule.milestones=5:7"],
            "adam,lr=0.01",
            "adam,lr=0.01,schedule=multi_step,milestones=5:7",
        ),
        (&["train.loss=mse"], "steps=20000", "steps=20000,loss=mse"),
        (&["layers.2.dropout=0.5"], "16-relu@", "16-relu+dropout=0.5@"),
        (
            &["layers.2.norm=batch_norm", "layers.2.norm.momentum=0.2"],
            "16-relu@",
            "16-relu+batch_norm:momentum=0.2@",
        ),
    ] {
        assert!(base.contains(from), "{base} lacks {from}");
        // The title is that of what is not changed.
        let untitled = |line: &str| {
            let (before, rest) = line.split_once("title=").unwrap_or((line, ""));
            before.to_owned() + rest.split_once(',').map_or("", |(_, rest)| rest)
        };
        assert_eq!(untitled(&set(overrides)), untitled(&base.replacen(from, to, 1)));
    }
    let rate = load_with("xor/2", &["optimizer.lr=0.5"]).unwrap().experiment.optimizer.number("lr");
    assert_eq!(rate, 0.5);
}

#[test]
fn numbers_are_exact() {
    for lr in [0.1 + 0.2, 1.0 / 3.0, 5e-324, f64::MAX, 1e7, 123_456.789] {
        let mut experiment = toml(TOML);
        experiment.optimizer.set("lr", gradlab::spec::Value::Number(lr)).unwrap();
        survives(&experiment);
    }
}

#[test]
fn no_parameter_hides_a_key_of_the_format() {
    let settings = [
        "title",
        "about",
        "seed",
        "steps",
        "batch_size",
        "eval_every",
        "clip_norm",
        "clip_value",
        "l1",
        "l2",
        "decoupled_decay",
        "gradient_noise",
        "ema",
    ];
    let rows = experiment::settings::Section::Data.rows().map(|row| row.key);
    let data: Vec<_> = rows.chain(["name"]).collect();
    for kind in Kind::ALL {
        for (card, param) in
            kind.cards().into_iter().flat_map(|card| card.params.iter().map(move |p| (card, p)))
        {
            let reserved = match kind {
                Kind::Loss | Kind::Optimizer | Kind::Schedule => settings.contains(&param.key),
                Kind::Dataset => data.contains(&param.key),
                // They stand by themselves, but in a recipe behind the units.
                Kind::Activation | Kind::Initializer | Kind::Norm | Kind::Surface | Kind::Layer => {
                    false
                }
            };
            let clash = reserved
                || ["name", "loss", "optimizer", "schedule", "test_fraction"].contains(&param.key);
            assert!(!clash, "`{}` of `{}`", param.key, card.key);
        }
    }
}
