//! The rows, in the order in which a file has them.

use super::ladder::{
    BATCHES, DECAYS, DROPOUTS, INTERVALS, Ladder, NORMS, PENALTIES, PERCENTS, UNITS,
};
use super::{Absent, Effect, Field, Row, STEPS, Section, ValueKind, Wording, rescaled, reshaped};
use crate::catalog;
use crate::data::csv::{Choice, Delimiter, Options};
use crate::experiment::Experiment;
use crate::spec::Range;

/// A field of the experiment: `field!(train.ema)`.
macro_rules! field {
    ($($path:tt)+) => {
        Field { get: |it, _| &it.$($path)+, get_mut: |it, _| &mut it.$($path)+ }
    };
}

/// A field of a layer.
macro_rules! layer_field {
    ($name:ident) => {
        Field { get: |it, at| &it.layers[at].$name, get_mut: |it, at| &mut it.layers[at].$name }
    };
}

/// A setting of CSV files that is one of some words.
macro_rules! choice {
    ($name:ident) => {
        ValueKind::CsvChoice {
            words: || words_of(|it| it.$name),
            get: |it| it.$name.word().to_owned(),
            set: |it, word| Choice::from_word(word).map(|value| it.$name = value).is_some(),
        }
    };
}

/// A setting of CSV files that is a list of columns.
macro_rules! names {
    ($name:ident) => {
        ValueKind::CsvNames { get: |it| &it.$name, get_mut: |it| &mut it.$name }
    };
}

/// All settings.
pub static ROWS: &[Row] = &[
    text("title", "the experiment's name", ValueKind::Text { prose: false, of: field!(title) }),
    text("about", "what there is to see in it", ValueKind::Text { prose: true, of: field!(about) }),
    Row {
        help: "the seed of all randomness that has no seed of its own",
        effect: Effect::Reload,
        effect_of: Some(|old, new, _| {
            if old.data_seed() == new.data_seed() { Effect::Restart } else { Effect::Reload }
        }),
        ladder: Ladder::OneByOne,
        ..row(
            Section::Root,
            "seed",
            "seed",
            ValueKind::Whole {
                range: Range::AtLeast(0.0),
                absent: None,
                get: |it, _| Some(it.seed),
                set: |it, _, seed| it.seed = seed.unwrap_or_default(),
            },
        )
    },
    Row {
        help: "the data set",
        default: "required, or a CSV file",
        effect: Effect::Reload,
        wording: Wording::Labelled,
        ..row(Section::Root, "data", "data", ValueKind::Dataset)
    },
    Row {
        help: "a CSV file in place of a data set",
        effect: Effect::Reload,
        ladder: Ladder::Typed,
        ..row(Section::Data, "csv", "file", ValueKind::CsvFile)
    },
    Row {
        help: "the column of the CSV file that is to be predicted",
        effect: Effect::Reload,
        ladder: Ladder::Typed,
        ..row(Section::Data, "target", "target", ValueKind::CsvTarget)
    },
    Row {
        help: "the meaning of the target: classes or a quantity",
        default: "auto: classes if it is text or at most 20 whole numbers",
        ..csv("task", "task", choice!(task))
    },
    Row {
        help: "columns of the CSV file that are left out",
        ladder: Ladder::Typed,
        ..csv("exclude", "left out", names!(exclude))
    },
    Row {
        help: "the only columns of the CSV file that are inputs",
        default: "none: all columns",
        ladder: Ladder::Typed,
        ..csv("columns", "inputs", names!(columns))
    },
    Row {
        help: "the separator of the CSV file's cells: one of these words, or another character",
        default: "auto: the one that gives rows of equal length",
        ..csv(
            "delimiter",
            "delimiter",
            ValueKind::CsvChoice {
                words: || Delimiter::WORDS.iter().map(|(word, _)| *word).collect(),
                get: |it| it.delimiter.to_string(),
                set: |it, word| {
                    Delimiter::from_word(word).map(|delimiter| it.delimiter = delimiter).is_some()
                },
            },
        )
    },
    Row {
        help: "true if the CSV file's first line names the columns; else they are c1, c2, …",
        default: "auto: true if the target is named there",
        ..csv("header", "header", choice!(header))
    },
    Row {
        help: "missing cells: their rows are left out, or they are the mean, or marked as well",
        ..csv("missing", "missing cells", choice!(missing))
    },
    Row {
        help: "the decimal mark of the CSV file's numbers",
        default: "auto: the one that whole columns fit",
        ..csv("decimal", "decimal mark", choice!(decimal))
    },
    Row {
        help: "the inputs of the network, made of points of the plane and joined by +",
        effect: Effect::Reload,
        ladder: Ladder::Words,
        ..row(Section::Data, "features", "features", ValueKind::Features(field!(data.features)))
    },
    Row {
        help: "the share of rows held out for testing",
        effect: Effect::Reload,
        ladder: Ladder::Percents(&PERCENTS),
        ..row(
            Section::Data,
            "test_fraction",
            "test fraction",
            ValueKind::Real {
                range: Range::Open(0.0, 1.0),
                absent: None,
                of: field!(data.test_fraction),
            },
        )
    },
    seed(
        Section::Data,
        "seed",
        "data seed",
        "the seed of generating and splitting the data",
        |it, _| it.data.seed,
        |it, _, seed| it.data.seed = seed,
    ),
    Row {
        help: "the loss function",
        default: "mse for values, bce for a single output, else cross_entropy",
        wording: Wording::Labelled,
        effect_of: Some(|old, new, _| rescaled(old, new)),
        ..row(
            Section::Train,
            "loss",
            "loss",
            ValueKind::Pick { kind: catalog::Kind::Loss, of: field!(train.loss) },
        )
    },
    Row {
        help: "samples a step",
        ladder: Ladder::Wholes(&BATCHES),
        ..row(
            Section::Train,
            "batch_size",
            "batch",
            ValueKind::Whole {
                range: Range::Closed(1.0, 1e6),
                absent: None,
                get: |it, _| Some(it.train.batch_size as u64),
                set: |it, _, size| it.train.batch_size = size.unwrap_or_default() as usize,
            },
        )
    },
    Row {
        help: "steps of the run, and the length of its schedule",
        ladder: Ladder::OneTwoFive,
        ..row(
            Section::Train,
            "steps",
            "steps",
            ValueKind::Whole {
                range: STEPS,
                absent: None,
                get: |it, _| Some(it.train.steps),
                set: |it, _, steps| it.train.steps = steps.unwrap_or_default(),
            },
        )
    },
    Row {
        help: "steps between evaluations on both splits",
        default: "auto: 1/200 of the steps",
        ladder: Ladder::Wholes(&INTERVALS),
        ..row(
            Section::Train,
            "eval_every",
            "evaluation every",
            ValueKind::Whole {
                range: Range::Closed(0.0, 1e12),
                absent: Some(absent("auto")),
                get: |it, _| Some(it.train.eval_every).filter(|&every| every > 0),
                set: |it, _, every| it.train.eval_every = every.unwrap_or_default(),
            },
        )
    },
    Row {
        help: "the largest norm of all gradients together",
        ladder: Ladder::Reals(&NORMS),
        ..train("clip_norm", "clip norm", Range::AtLeast(0.0), field!(train.clip_norm))
    },
    Row {
        help: "the largest size of each element of the gradients, before clip_norm",
        ladder: Ladder::Reals(&NORMS),
        ..train("clip_value", "clip value", Range::AtLeast(0.0), field!(train.clip_value))
    },
    Row {
        help: "λ of a penalty λ·Σ|w| on the weights, but not on biases",
        ..train("l1", "l1", Range::AtLeast(0.0), field!(train.l1))
    },
    Row {
        help: "λ of a penalty ½·λ·Σw² on the weights, but not on biases",
        ..train("l2", "l2", Range::AtLeast(0.0), field!(train.l2))
    },
    Row {
        help: "the share of the weights, times their rate, lost at each step, as AdamW has it",
        ..train(
            "decoupled_decay",
            "decoupled decay",
            Range::AtLeast(0.0),
            field!(train.decoupled_decay),
        )
    },
    Row {
        help: "η of normal noise of variance η/(1 + t)^0.55 added to the gradients of step t",
        ..train(
            "gradient_noise",
            "gradient noise",
            Range::AtLeast(0.0),
            field!(train.gradient_noise),
        )
    },
    Row {
        help: "β of a moving average of all parameters, at which the network is evaluated",
        ladder: Ladder::Reals(&DECAYS),
        ..train("ema", "ema", Range::HalfOpen(0.0, 1.0), field!(train.ema))
    },
    seed(
        Section::Train,
        "init_seed",
        "init seed",
        "the seed of the initial weights",
        |it, _| it.train.init_seed,
        |it, _, seed| it.train.init_seed = seed,
    ),
    seed(
        Section::Train,
        "batch_seed",
        "batch seed",
        "the seed of batches, dropout and noise",
        |it, _| it.train.batch_seed,
        |it, _, seed| it.train.batch_seed = seed,
    ),
    Row {
        help: "the optimizer of every layer that has none of its own",
        ..row(
            Section::Root,
            "optimizer",
            "optimizer",
            ValueKind::Pick { kind: catalog::Kind::Optimizer, of: field!(optimizer) },
        )
    },
    Row {
        help: "the course of the learning rates over the run",
        wording: Wording::Prefixed,
        ..row(
            Section::Root,
            "schedule",
            "schedule",
            ValueKind::Pick { kind: catalog::Kind::Schedule, of: field!(schedule) },
        )
    },
    Row {
        help: "the kind of layer: dense, or one that goes through a sequence",
        effect: Effect::Restart,
        effect_of: Some(|old, new, _| reshaped(old, new)),
        wording: Wording::Bare,
        ..row(
            Section::Layers,
            "kind",
            "kind",
            ValueKind::Pick { kind: catalog::Kind::Layer, of: layer_field!(kind) },
        )
    },
    Row {
        help: "neurons of the layer; of one that goes through a sequence, those of a step",
        default: "required",
        effect: Effect::Restart,
        effect_of: Some(|old, new, _| reshaped(old, new)),
        ladder: Ladder::Wholes(&UNITS),
        ..row(
            Section::Layers,
            "units",
            "units",
            ValueKind::Whole {
                range: Range::Closed(1.0, 65_536.0),
                absent: None,
                get: |it, at| Some(it.layers[at].units as u64),
                set: |it, at, units| it.layers[at].units = units.unwrap_or_default() as usize,
            },
        )
    },
    Row {
        help: "the activation function; another number of outputs restarts",
        default: "required, but identity at the output and behind a recurrent layer",
        effect_of: Some(|old, new, (i, j)| {
            let outputs = |it: &Experiment, at: usize| it.layers[at].outputs(it.inputs_of(at));
            let same = outputs(old, i) == outputs(new, j);
            if same { Effect::Live } else { reshaped(old, new) }
        }),
        wording: Wording::Bare,
        ..row(
            Section::Layers,
            "activation",
            "activation",
            ValueKind::Pick { kind: catalog::Kind::Activation, of: layer_field!(activation) },
        )
    },
    Row {
        help: "the normalisation before the activation",
        ladder: Ladder::EntriesAndNone,
        wording: Wording::Bare,
        ..row(
            Section::Layers,
            "norm",
            "norm",
            ValueKind::OptionalPick {
                kind: catalog::Kind::Norm,
                absent: absent("none"),
                of: layer_field!(norm),
                in_force: |it, at| it.layers[at].norm.as_ref(),
            },
        )
    },
    Row {
        help: "the share of outputs that is set to 0 in training",
        ladder: Ladder::Percents(&DROPOUTS),
        ..row(
            Section::Layers,
            "dropout",
            "dropout",
            ValueKind::Real {
                range: Range::HalfOpen(0.0, 1.0),
                absent: Some(absent("0")),
                of: layer_field!(dropout),
            },
        )
    },
    Row {
        help: "the initializer of the weights",
        default: "auto: the one that suits the activation, or PyTorch's of a recurrent layer",
        effect: Effect::Restart,
        ladder: Ladder::EntriesAndNone,
        ..row(
            Section::Layers,
            "init",
            "init",
            ValueKind::OptionalPick {
                kind: catalog::Kind::Initializer,
                absent: absent("auto"),
                of: layer_field!(init),
                in_force: |it, at| it.layers[at].init.as_ref(),
            },
        )
    },
    Row {
        help: "the optimizer of this layer",
        default: "default: the experiment's",
        ..row(
            Section::Layers,
            "optimizer",
            "optimizer",
            ValueKind::OptionalPick {
                kind: catalog::Kind::Optimizer,
                absent: absent("default"),
                of: layer_field!(optimizer),
                in_force: |it, at| Some(it.optimizer_of(at)),
            },
        )
    },
];

/// A live setting that the arrow keys take through the entries of its kind.
const fn row(section: Section, key: &'static str, label: &'static str, kind: ValueKind) -> Row {
    Row {
        section,
        key,
        kind,
        label,
        help: "",
        default: "",
        effect: Effect::Live,
        effect_of: None,
        ladder: Ladder::Entries,
        wording: Wording::Whole,
    }
}

/// The words of a choice.
fn words_of<T: Choice>(_: fn(&Options) -> T) -> Vec<&'static str> {
    T::WORDS.iter().map(|(word, _)| *word).collect()
}

/// A setting of CSV files.
const fn csv(key: &'static str, label: &'static str, kind: ValueKind) -> Row {
    let effect = Effect::Reload;
    Row { effect, ladder: Ladder::Words, ..row(Section::Data, key, label, kind) }
}

/// A seed that follows the run's unless it is set: that of the data makes them again.
const fn seed(
    section: Section,
    key: &'static str,
    label: &'static str,
    help: &'static str,
    get: fn(&Experiment, usize) -> Option<u64>,
    set: fn(&mut Experiment, usize, Option<u64>),
) -> Row {
    let kind = ValueKind::Whole {
        range: Range::AtLeast(0.0),
        absent: Some(Absent { word: "auto", shown: "as the run" }),
        get,
        set,
    };
    let effect = if matches!(section, Section::Data) { Effect::Reload } else { Effect::Restart };
    let default = "auto: the run's seed";
    Row { help, default, effect, ladder: Ladder::OneByOne, ..row(section, key, label, kind) }
}

/// A text that bears on no number.
const fn text(key: &'static str, help: &'static str, kind: ValueKind) -> Row {
    let effect = Effect::None;
    Row { help, effect, ladder: Ladder::Typed, ..row(Section::Root, key, key, kind) }
}

/// A number of `[train]` that is off at 0.
const fn train(key: &'static str, label: &'static str, range: Range, of: Field<f64>) -> Row {
    let kind = ValueKind::Real { range, absent: Some(absent("none")), of };
    Row { ladder: Ladder::Reals(&PENALTIES), ..row(Section::Train, key, label, kind) }
}

/// A word for absence that is shown as it is typed.
const fn absent(word: &'static str) -> Absent {
    Absent { word, shown: word }
}
