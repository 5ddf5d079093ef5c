//! What is wrong in an experiment is said with its place and with what would be right.

use std::path::Path;

use gradlab::experiment::{Diagnostic, load, load_with, parse_recipe, parse_toml};

/// A valid file, of which each case changes one line.
const GOOD: &str = r#"title = "Moons"
seed = 7
[data]
name = "moons"
noise = 0.1
[train]
batch_size = 32
[optimizer]
name = "adam"
[[layers]]
units = 8
activation = "relu"
[[layers]]
units = 2
activation = "softmax"
"#;

fn toml(text: &str) -> Diagnostic {
    parse_toml("x.toml", text, Path::new("")).err().unwrap_or_else(|| panic!("is fine:\n{text}"))
}

fn recipe(text: &str) -> Diagnostic {
    parse_recipe(text).err().unwrap_or_else(|| panic!("is fine: {text}"))
}

/// The error is at `position`, says `message`, and advises `advice`.
fn agrees(error: &Diagnostic, position: Option<(usize, usize)>, message: &str, advice: &str) {
    assert_eq!(error.position(), position, "{error}");
    assert!(error.message().contains(message), "{error}");
    assert!(error.advice().unwrap_or_default().contains(advice), "{error}");
}

#[test]
fn a_line_of_a_file() {
    for (from, to, (line, column), message, advice) in [
        // Names and keys.
        ("\"relu\"", "\"rellu\"", (12, 14), "no activation called `rellu`", "`relu`"),
        ("\"relu\"", "\"what\"", (12, 14), "no activation called `what`", "there are identity"),
        ("\"adam\"", "\"adamm\"", (9, 8), "no optimizer called `adamm`", "`adam`"),
        ("\"moons\"", "\"moon\"", (4, 8), "no dataset called `moon`", "`moons`"),
        (
            "activation = \"relu\"",
            "activatoin = \"relu\"",
            (12, 1),
            "unknown key `activatoin`",
            "did you mean `activation`?",
        ),
        (
            "batch_size = 32",
            "momentum = 0.9",
            (7, 1),
            "unknown key `momentum`",
            "the keys here are loss, batch_size, steps, eval_every, clip_norm",
        ),
        ("noise = 0.1", "nois = 0.1", (5, 1), "unknown key `nois`", "`noise`"),
        ("noise = 0.1", "batch_size = 8", (5, 1), "unknown key", "belongs under `[train]`"),
        ("batch_size = 32", "seed = 8", (7, 1), "unknown key", "belongs at the top"),
        ("seed = 7", "layer = 7", (2, 1), "unknown key `layer`", "`layers`"),
        (
            "name = \"adam\"",
            "name = \"adam\"\nrate = 1",
            (10, 1),
            "no parameter `rate`",
            "parameters are lr, betas",
        ),
        // Types.
        (
            "units = 8",
            "units = \"8\"",
            (11, 9),
            "must be a whole number, not a string",
            "1 to 65536",
        ),
        ("units = 8", "units = 8.5", (11, 9), "must be a whole number, not a number", "1 to 65536"),
        ("seed = 7", "seed = true", (2, 8), "must be a whole number, not true or false", ""),
        ("\"Moons\"", "7", (1, 9), "`title` must be a string", ""),
        ("\"Moons\"", "1979-05-27", (1, 9), "date", ""),
        ("noise = 0.1", "noise = \"0.1\"", (5, 9), "`noise` of `moons` cannot be 0.1", "a number"),
        ("noise = 0.1", "noise = [1]", (5, 9), "cannot be 1", "a number"),
        ("noise = 0.1", "noise = {}", (5, 9), "cannot be a table", "a number"),
        ("\"adam\"", "\"adam\"\nbetas = [0.9]", (10, 9), "`betas` of `adam`", "2 numbers"),
        ("\"adam\"", "\"adam\"\nbetas = [0.9, \"x\"]", (10, 15), "list is of numbers", ""),
        ("\"relu\"", "7", (12, 14), "`activation` must be a name, not a whole number", ""),
        ("\"relu\"", "{ name = 7 }", (12, 23), "must be a string", ""),
        ("\"relu\"", "{ }", (12, 14), "this activation has no `name`", ""),
        ("[[layers]]\nunits = 8", "[[layers]]\nunits = { a = 1 }", (11, 9), "not a table", ""),
        // Ranges.
        ("units = 8", "units = 0", (11, 9), "`units` cannot be 0", "1 to 65536"),
        ("units = 8", "units = -3", (11, 9), "`units` cannot be -3", "1 to 65536"),
        ("units = 8", "units = 100000", (11, 9), "`units` cannot be 100000", "1 to 65536"),
        ("units = 8", "units = 99999999999999999999999999999999999999999", (11, 9), "large", ""),
        ("batch_size = 32", "batch_size = 0", (7, 14), "cannot be 0", "1 to 1000000"),
        ("batch_size = 32", "steps = 0", (7, 9), "cannot be 0", "1 to"),
        ("batch_size = 32", "clip_norm = -1", (7, 13), "cannot be -1", "0 or more"),
        ("batch_size = 32", "ema = 1", (7, 7), "`ema` cannot be 1", "not including 1"),
        ("batch_size = 32", "l3 = 1", (7, 1), "unknown key `l3`", "did you mean `l1`?"),
        ("batch_size = 32", "lr = 1", (7, 1), "unknown key `lr`", "belongs under `[optimizer]`"),
        ("seed = 7", "schedule = \"cosin\"", (2, 12), "no schedule called `cosin`", "`cosine`"),
        ("seed = 7", "schedule = { t_max = 3 }", (2, 12), "this schedule has no `name`", ""),
        ("batch_size = 32", "clip_norm = nan", (7, 13), "cannot be NaN", "0 or more"),
        ("noise = 0.1", "test_fraction = 1", (5, 17), "cannot be 1", "between 0 and 1, exclusive"),
        ("noise = 0.1", "test_fraction = 0", (5, 17), "cannot be 0", "between 0 and 1, exclusive"),
        ("noise = 0.1", "samples = 1000000000", (5, 11), "cannot be 1000000000", ""),
        ("noise = 0.1", "noise = -1", (5, 9), "`noise` of `moons` cannot be -1", "must be"),
        ("noise = 0.1", "noise = inf", (5, 9), "cannot be inf", "must be"),
        ("\"relu\"", "\"leaky_relu:negative_slope=x\"", (12, 41), "cannot be x", "a number"),
        ("\"adam\"", "\"sgd\"\nmomentum = 1.5", (10, 12), "cannot be 1.5", "not including 1"),
        // What is missing.
        ("units = 8\n", "", (10, 1), "`units` is missing", ""),
        ("activation = \"relu\"\n", "", (10, 1), "`activation` is missing", ""),
        ("name = \"moons\"\n", "", (3, 1), "neither `name` nor `csv`", ""),
        ("name = \"moons\"", "csv = \"x.csv\"\ntest_fraction = 0.1", (6, 1), "unknown key", ""),
        // What does not go together.
        (
            "units = 2",
            "units = 3",
            (14, 9),
            "gives 3 outputs, but `moons` has 2 classes",
            "use 2, or 1 with sigmoid and bce",
        ),
        ("\"moons\"", "\"iris\"", (5, 1), "unknown key `noise`", ""),
        ("\"moons\"", "\"sine\"", (14, 9), "gives 2 outputs, but `sine` has 1 value", "use 1"),
        ("name = \"moons\"", "name = \"moons\"\ncsv = \"x\"", (5, 1), "both given", ""),
        ("\"adam\"", "\"sgd\"\nnesterov = true", (8, 1), "sgd", ""),
        // Shapes.
        ("[train]", "[[train]]", (6, 1), "`train` must be a table, not a list", ""),
        ("[data]\nname = \"moons\"\nnoise = 0.1", "data = 3", (3, 8), "`data` must be a name", ""),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        agrees(&toml(&text), Some((line, column)), message, advice);
    }
}

#[test]
fn an_optimizer_that_has_the_network_to_itself() {
    for (from, to, (line, column), message, advice) in [
        (
            "\"adam\"",
            "\"lbfgs\"",
            (7, 14),
            "`lbfgs` takes all 350 training rows at a time, but batch_size is 32",
            "use batch_size 350",
        ),
        (
            "units = 8",
            "units = 8\noptimizer = \"lbfgs\"",
            (12, 13),
            "`lbfgs` moves the whole network, but layer 2 has `adam`",
            "give every layer `lbfgs`, or none",
        ),
        (
            "batch_size = 32\n[optimizer]\nname = \"adam\"",
            "clip_norm = 1\n[optimizer]\nname = \"lbfgs\"",
            (7, 13),
            "`clip_norm` does not go with `lbfgs`",
            "leave it out",
        ),
        (
            "batch_size = 32\n[optimizer]\nname = \"adam\"",
            "decoupled_decay = 1\n[optimizer]\nname = \"lbfgs\"",
            (7, 19),
            "`decoupled_decay` does not go with `lbfgs`",
            "use l2",
        ),
        (
            "\"adam\"",
            "\"sam\"\nbase = \"sgdd\"",
            (10, 8),
            "`base` of `sam` cannot be sgdd",
            "did you mean `sgd`?",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        agrees(&toml(&text), Some((line, column)), message, advice);
    }
}

#[test]
fn broken_toml() {
    for (text, position, message, advice) in [
        ("seed = 7\nseed = 8", (2, 1), "`seed` is given twice", ""),
        ("[data]\nname = \"xor\"\n[data]\n", (3, 2), "`data` is given twice", ""),
        ("[[layers]]\nunits = 1\n[layers]\n", (3, 2), "`layers` is given twice", "[[layers]]"),
        ("[data\nname = 1", (1, 6), "unclosed table", "expected `]`"),
        ("seed = ", (1, 8), "a value is missing", ""),
        ("[data]\nname = moons", (2, 8), "`moons` is not a value", "\"moons\""),
        ("title = \"x", (1, 11), "invalid basic string", "expected `\"`"),
        ("seed 7", (1, 6), "key with no value", "expected `=`"),
        ("noise = 0.1.2", (1, 12), "invalid float", ""),
        ("a = [1,\n", (1, 8), "unclosed array", ""),
    ] {
        agrees(&toml(text), Some(position), message, advice);
    }
}

#[test]
fn files_with_little_in_them() {
    agrees(&toml(""), None, "is empty", "[[layers]]");
    agrees(&toml("# nothing\n\n"), None, "is empty", "[[layers]]");
    agrees(&toml("seed = 1"), None, "`data` is missing", "");
    agrees(&toml("data = \"xor\""), None, "there are no layers", "[[layers]]");
    agrees(&toml("data = \"xor\"\nlayers = []"), Some((2, 10)), "there are no layers", "");
    agrees(&toml("data = \"xor\"\n[layers]\nunits = 1"), Some((2, 1)), "not a list", "[[layers]]");
    agrees(&toml("data = \"xor\"\nlayers = [1]"), Some((2, 11)), "must be a table", "");
}

#[test]
fn networks_too_large_for_any_memory() {
    let wide = "digits/16-relu/60000-relu/60000-relu/10-softmax";
    agrees(&recipe(wide), Some((1, 27)), "would have 36", "use fewer units");
    let deep = format!("xor{}/2", "/4-relu".repeat(64));
    agrees(&recipe(&deep), Some((1, deep.len() + 1)), "there are 65 layers", "at most 64");
}

#[test]
fn a_place_in_a_recipe() {
    for (text, column, message, advice) in [
        ("spiral/2", 1, "no dataset called `spiral`", "`spirals`"),
        ("spirals:nois=1/2", 9, "unknown key `nois`", "`noise`"),
        ("spirals:noise=x/2", 15, "`noise` of `spirals` cannot be x", "a number"),
        ("spirals:noise/2", 9, "not of the form key=value", ""),
        ("spirals:/2", 9, "not of the form key=value", ""),
        ("spirals:noise=1,noise=2/2", 17, "`noise` is given twice", ""),
        ("spirals/16-rellu/2", 12, "no activation called `rellu`", "`relu`"),
        ("spirals/16/2", 9, "`activation` is missing", ""),
        ("spirals/0-relu/2", 9, "`units` cannot be 0", "1 to 65536"),
        ("spirals/16x-relu/2", 9, "must be a whole number, not `16x`", ""),
        ("spirals/16-/2", 12, "no activation called ``", "there are"),
        (
            "spirals/8-relu+kaming_normal/2",
            16,
            "no initializer called `kaming_normal`",
            "`kaiming_normal`",
        ),
        ("spirals/8-relu+batch_nrm/2", 16, "no norm called `batch_nrm`", "`batch_norm`"),
        ("spirals/8-relu+layer_norm:ep=1/2", 27, "no parameter `ep`", "`eps`"),
        ("spirals/8-relu+layer_norm+rms_norm/2", 27, "`norm` is given twice", ""),
        ("spirals/8-relu+dropout=1/2", 24, "`dropout` cannot be 1", "0 up to but not"),
        ("spirals/8-relu+dropout/2", 23, "`dropout` must be a number", ""),
        (
            "spirals/2-softmax+dropout=0.1",
            27,
            "the output layer cannot drop out",
            "the layers before",
        ),
        ("xor/8-relu+batch_norm/2/batch_size=1", 12, "batch of one sample", "layer_norm"),
        ("spirals/8-relu@sdg/2", 16, "no optimizer called `sdg`", "`sgd`"),
        ("spirals/8-relu@sgd:lr=x/2", 23, "`lr` of `sgd` cannot be x", "a number"),
        ("spirals/8-relu@sgd:lr=1,momentun=1/2", 25, "no parameter `momentun`", "`momentum`"),
        ("spirals/8-relu@sgd@adam/2", 20, "`optimizer` is given twice", ""),
        ("spirals/3-softmax", 9, "gives 3 outputs, but `spirals` has 2 classes", "use 2"),
        ("spirals/5-glu/2", 9, "`glu` takes units in pairs, but there are 5", "use 6"),
        // Sequences.
        ("spirals/lstm:4/2", 9, "a sample of `spirals` is none", "adding, recall, parity, wave"),
        ("wave/gru:4/rnn:4/1", 12, "layer 1 hands on none", "layer 1 return_sequences=true"),
        ("wave/4-tanh/rnn:4/1", 13, "layer 1 hands on none", "use dense, or put it before"),
        ("wave/lstn:4/1", 6, "no layer called `lstn`", "`lstm`"),
        ("wave/gru:4,nonlinearity=relu/1", 12, "no parameter `nonlinearity`", "return_sequences"),
        ("wave/rnn:4,nonlinearity=gelu/1", 25, "cannot be gelu", "one of tanh, relu"),
        ("wave/gru:x/1", 6, "neither a layer nor a setting", "`lstm:16`"),
        ("wave/gru:4,return_sequences/1", 12, "not of the form key=value", ""),
        ("wave/gru:4,return_sequences=true+layer_norm/1", 34, "is for one state", "last state"),
        ("wave/gru:4,return_sequences=true-glu/1", 34, "is for one state", "last state"),
        ("wave/gru:4+lsuv/1", 12, "pre-activations of a dense layer", "another initializer"),
        ("wave:length=1000,samples=100000/1", 26, "too many", "at most 50000"),
        ("spirals//2", 9, "nothing between these slashes", "16-tanh"),
        ("spirals/2/", 11, "nothing between these slashes", ""),
        ("spirals/relu/2", 9, "`relu` is neither a layer nor a setting", "16-tanh"),
        ("spirals/2/sed=1", 11, "no setting `sed`", "`seed`"),
        ("spirals/2/schedule=cosine,tmax=3", 27, "no parameter `tmax`", "`t_max`"),
        ("spirals/2/lr=1", 11, "no setting `lr`", "optimizer=NAME,lr=…"),
        ("spirals/2/seed=1,seed=2", 18, "`seed` is given twice", ""),
        ("spirals/2/optimizer=adam,momentum=1", 26, "`adam` has no parameter", "parameters are"),
        ("spirals/2/optimizer=adam,lr=x", 29, "`lr` of `adam` cannot be x", ""),
        ("spirals/2/seed=-1", 16, "`seed` cannot be -1", "0 or more"),
        ("spirals/2/title=100%", 17, "hexadecimal", "%25"),
        ("spirals/2/title=%ff", 17, "not UTF-8", ""),
        ("csv=a.csv/2", 5, "without `target`", "target ="),
        ("csv=nowhere.csv,target=x/2", 5, "nowhere.csv: cannot be read", ""),
        ("sine/1/loss=bce", 13, "`bce` takes targets from 0 to 1", "use mse"),
        ("xor/1-sigmoid/loss=cross_entropy", 20, "always 0", "bce"),
        ("spirals/", 9, "nothing between", ""),
        ("/2", 1, "no dataset called ``", "there are"),
    ] {
        agrees(&recipe(text), Some((1, column)), message, advice);
    }
}

#[test]
fn overrides() {
    for (text, column, message, advice) in [
        ("train.batch_size", 1, "not of the form key=value", "--set train.batch_size=64"),
        ("train.batch_size=x", 18, "must be a whole number, not `x`", ""),
        ("trian.batch_size=1", 1, "unknown key `trian`", "`train`"),
        ("batch_size=1", 1, "unknown key `batch_size`", "under `[train]`"),
        ("layers.9.units=1", 8, "there is no layer `9`", "1 to 3"),
        ("layers.0.units=1", 8, "there is no layer `0`", "1 to 3"),
        ("layers.1.unit=1", 10, "unknown key `unit`", "`units`"),
        ("optimizer.momentum=1", 11, "`adam` has no parameter", "lr"),
        ("seed.x=1", 6, "`x` is asked of a whole number", ""),
        ("=", 1, "unknown key ``", ""),
    ] {
        let error = load_with("spirals", &[text]).unwrap_err();
        agrees(&error, Some((1, column)), message, advice);
        assert!(error.to_string().contains("--> --set:1:"), "{error}");
    }
}

#[test]
fn what_an_argument_may_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    assert!(load(&file("good.toml", GOOD.as_bytes())).is_ok());
    assert!(load(&file("good", GOOD.as_bytes())).is_ok());
    let fails = |argument: &str| load(argument).unwrap_err();
    agrees(&fails("spirals.toml"), None, "there is no such file", "`spirals`, without `.toml`");
    agrees(&fails("nowhere/x.toml"), None, "cannot read `nowhere/x.toml`", "");
    agrees(&fails(&file("latin.toml", b"title = \"\xe9\"")), None, "UTF-8", "");
    agrees(&fails(&file("my.csv", b"a,b\n1,2\n")), None, "is data", "csv=FILE,target=COLUMN");
    agrees(&fails("spirls"), None, "no preset called `spirls`", "`spirals`");
    agrees(&fails(""), None, "no preset called ``", "");
}

#[test]
fn unusual_pairs_are_warned_of() {
    for (text, warned) in [
        ("xor/2-softmax", None),
        ("xor/2", None),
        ("xor/1-sigmoid", None),
        ("xor/2-softmax/loss=mse", None),
        ("sine/1", None),
        ("sine/1-leaky_relu", None),
        ("xor/2-sigmoid/loss=cross_entropy", Some((5 + 2, "takes logits and applies softmax"))),
        ("xor/2-softmax/loss=bce", Some((5 + 2, "takes logits and applies sigmoid"))),
        ("xor/1-tanh", Some((5 + 2, "takes logits and applies sigmoid"))),
        ("sine/1-sigmoid", Some((6 + 2, "cannot reach every value"))),
        ("sine/1-relu", Some((6 + 2, "cannot reach every value"))),
        ("xor/1-softmax/loss=mse", Some((5 + 2, "always 1"))),
    ] {
        let warnings = parse_recipe(text).unwrap_or_else(|error| panic!("{error}")).warnings;
        let found: Vec<_> =
            warnings.iter().map(|w| (w.position().unwrap().1, w.message())).collect();
        match (warned, found.as_slice()) {
            (None, []) => {}
            (Some((column, message)), [(at, said)]) => {
                assert_eq!(column, *at, "{text}");
                assert!(said.contains(message), "{said}");
            }
            _ => panic!("{text}: {found:?}"),
        }
    }
}

#[test]
fn an_error_reads_like_a_compiler_error() {
    let error = toml(&GOOD.replace("\"relu\"", "\"rellu\""));
    let expected = r#"there is no activation called `rellu`
  --> x.toml:12:14
   |
12 | activation = "rellu"
   |              ^^^^^^^
   = help: did you mean `relu`?"#;
    assert_eq!(error.to_string(), expected);
}
