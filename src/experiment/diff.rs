//! What differs between two experiments, in words short enough for a marker on a chart.

use super::dial::DIALS;
use super::{DataSource, Experiment, LayerSpec};
use crate::spec::{Pick, Plain};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed: `layer 1 relu → tanh`, `all lr 0.01 → 0.001`.
    pub text: String,
    /// Whether training can go on from the present weights; otherwise it starts again.
    pub live: bool,
}

impl Change {
    const fn live(text: String) -> Self {
        Self { text, live: true }
    }

    const fn restart(text: String) -> Self {
        Self { text, live: false }
    }
}

/// All differences between `old` and `new` that bear on the numbers, in the order of the file.
#[must_use]
pub fn changes(old: &Experiment, new: &Experiment) -> Vec<Change> {
    let mut list = Vec::new();
    if old.seed != new.seed {
        list.push(Change::restart(format!("seed {} → {}", old.seed, new.seed)));
    }
    list.extend(data(old, new).into_iter().map(Change::restart));
    list.extend(train(old, new).into_iter().map(Change::live));
    let pairs = layers(old, new, &mut list);
    list.extend(schedule(old, new).into_iter().map(Change::live));
    list.extend(optimizers(old, new, &pairs).into_iter().map(Change::live));
    list
}

fn arrow(what: &str, old: impl ToString, new: impl ToString) -> Option<String> {
    let (old, new) = (old.to_string(), new.to_string());
    (old != new).then(|| format!("{what} {old} → {new}"))
}

fn data(old: &Experiment, new: &Experiment) -> Vec<String> {
    let (old, new) = (&old.data, &new.data);
    let seed = |seed: Option<u64>| seed.map_or("as the run".to_owned(), |seed| seed.to_string());
    let mut list = match (&old.source, &new.source) {
        (DataSource::Named(old), DataSource::Named(new)) => picks("data ", old, new),
        (old, new) if old == new => Vec::new(),
        (
            DataSource::Csv { target: from, path: a, .. },
            DataSource::Csv { target: to, path: b, .. },
        ) if a == b => arrow("target", from, to).into_iter().collect(),
        _ => vec![format!("data {} → {}", old.label(), new.label())],
    };
    list.extend(arrow("test fraction", Plain(old.test_fraction), Plain(new.test_fraction)));
    list.extend(arrow("data seed", seed(old.seed), seed(new.seed)));
    list
}

fn train(old: &Experiment, new: &Experiment) -> Vec<String> {
    let (old, new) = (&old.train, &new.train);
    let or = |zero: &str, x: f64| if x == 0.0 { zero.to_owned() } else { Plain(x).to_string() };
    let mut list = picks("loss ", &old.loss, &new.loss);
    list.extend(arrow("batch", old.batch_size, new.batch_size));
    list.extend(arrow("steps", old.steps, new.steps));
    let every = |steps: u64| or("auto", steps as f64);
    list.extend(arrow("evaluation every", every(old.eval_every), every(new.eval_every)));
    for dial in &DIALS {
        let name = dial.limit.key.replace('_', " ");
        list.extend(arrow(&name, or("none", dial.get(old)), or("none", dial.get(new))));
    }
    list
}

fn schedule(old: &Experiment, new: &Experiment) -> Vec<String> {
    let texts = picks("", &old.schedule, &new.schedule).into_iter();
    texts.map(|text| format!("schedule {text}")).collect()
}

/// How one pick became another: another entry, introduced by `what`, or other parameters.
fn picks(what: &str, old: &Pick, new: &Pick) -> Vec<String> {
    if old.key() != new.key() {
        return vec![format!("{what}{} → {}", old.key(), new.key())];
    }
    let pairs = old.params().zip(new.params());
    pairs.filter_map(|((param, old), (_, new))| arrow(param.key, old, new)).collect()
}

/// Lists what changed in the layers but for their optimizers; gives the layers that correspond, as
/// pairs of an old and a new index.
fn layers(old: &Experiment, new: &Experiment, list: &mut Vec<Change>) -> Vec<(usize, usize)> {
    let (a, b) = (&old.layers, &new.layers);
    let same = |(x, y): &(&LayerSpec, &LayerSpec)| x == y;
    let head = a.iter().zip(b).take_while(same).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(same).count();
    let (gone, come) = (a.len() - head - tail, b.len() - head - tail);
    let kept = head + gone.min(come);
    let pairs: Vec<_> = (0..kept)
        .map(|index| (index, index))
        .chain((0..tail).rev().map(|back| (a.len() - 1 - back, b.len() - 1 - back)))
        .collect();
    for &(i, j) in &pairs {
        layer(&format!("layer {}", j + 1), &a[i], &b[j], list);
    }
    let removed = (kept..a.len() - tail).map(|index| format!("layer {} removed", index + 1));
    let added = (kept..b.len() - tail).map(|index| format!("layer {} added", index + 1));
    list.extend(removed.chain(added).map(Change::restart));
    pairs
}

fn layer(name: &str, old: &LayerSpec, new: &LayerSpec, list: &mut Vec<Change>) {
    let units = arrow(&format!("{name} units"), old.units, new.units);
    list.extend(units.map(Change::restart));
    // One that gives other numbers of outputs changes the shape of what follows.
    let live = old.outputs() == new.outputs();
    for text in picks("", &old.activation, &new.activation) {
        list.push(Change { text: format!("{name} {text}"), live });
    }
    let norms = match (&old.norm, &new.norm) {
        (Some(old), Some(new)) => picks("", old, new),
        (old, new) => {
            let or_none = |norm: &Option<Pick>| norm.as_ref().map_or("none", Pick::key);
            arrow("norm", or_none(old), or_none(new)).into_iter().collect()
        }
    };
    let dropout = arrow("dropout", Plain(old.dropout), Plain(new.dropout));
    let changed = norms.into_iter().chain(dropout);
    list.extend(changed.map(|text| Change::live(format!("{name} {text}"))));
    let init = |pick: &Option<Pick>| pick.as_ref().map_or("auto".to_owned(), Pick::to_string);
    let init = arrow(&format!("{name} init"), init(&old.init), init(&new.init));
    list.extend(init.map(Change::restart));
}

/// What changed in the optimizers in force: in one line if it is the same in every layer.
fn optimizers(old: &Experiment, new: &Experiment, pairs: &[(usize, usize)]) -> Vec<String> {
    let prefixed = |prefix: &str, texts: &[String]| -> Vec<String> {
        texts.iter().map(|text| format!("{prefix} {text}")).collect()
    };
    let change = |&(i, j): &(usize, usize)| picks("", old.optimizer_of(i), new.optimizer_of(j));
    let changed: Vec<_> = pairs.iter().map(change).collect();
    if changed.iter().all(Vec::is_empty) {
        return prefixed("default", &picks("", &old.optimizer, &new.optimizer));
    }
    if changed.len() > 1 {
        if changed.windows(2).all(|two| two[0] == two[1]) {
            return prefixed("all", &changed[0]);
        }
        if let Some(factor) = common_factor(old, new, pairs) {
            return vec![format!("all lr × {}", Plain(factor))];
        }
    }
    let named = pairs.iter().zip(&changed);
    named.flat_map(|((_, j), texts)| prefixed(&format!("layer {}", j + 1), texts)).collect()
}

/// The factor by which every rate was multiplied, if that is all that happened.
fn common_factor(old: &Experiment, new: &Experiment, pairs: &[(usize, usize)]) -> Option<f64> {
    let mut common = None;
    for &(i, j) in pairs {
        let (old, new) = (old.optimizer_of(i), new.optimizer_of(j));
        let (from, to) = (old.number_if_any("lr")?, new.number_if_any("lr")?);
        let mut scaled = old.clone();
        scaled.set("lr", crate::spec::Value::Number(to)).ok()?;
        let factor = super::edit::rounded(to / from);
        if scaled != *new || !factor.is_finite() || common.is_some_and(|other| other != factor) {
            return None;
        }
        common = Some(factor);
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::parse_recipe;

    fn experiment(recipe: &str) -> Experiment {
        parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment
    }

    #[test]
    fn each_kind_of_change() {
        let base = "xor:noise=0.05/16-relu/8-tanh@sgd:lr=0.01/2-softmax/optimizer=adam,lr=0.01";
        let old = experiment(base);
        for (from, to, expected) in [
            // Training goes on.
            ("16-relu", "16-tanh", "layer 1 relu → tanh"),
            ("16-relu", "16-leaky_relu", "layer 1 relu → leaky_relu"),
            ("@sgd:lr=0.01", "@adagrad", "layer 2 sgd → adagrad"),
            ("@sgd:lr=0.01", "@sgd:lr=0.001", "layer 2 lr 0.01 → 0.001"),
            ("@sgd:lr=0.01", "@sgd:lr=0.01,momentum=0.9", "layer 2 momentum 0 → 0.9"),
            ("@sgd:lr=0.01", "", "layer 2 sgd → adam"),
            ("adam,lr=0.01", "adam,lr=0.1", "layer 1 lr 0.01 → 0.1; layer 3 lr 0.01 → 0.1"),
            ("optimizer=adam", "batch_size=64,optimizer=adam", "batch 32 → 64"),
            ("optimizer=adam", "steps=5,optimizer=adam", "steps 10000 → 5"),
            ("optimizer=adam", "eval_every=5,optimizer=adam", "evaluation every auto → 5"),
            ("optimizer=adam", "clip_norm=1,optimizer=adam", "clip norm none → 1"),
            ("optimizer=adam", "ema=0.99,optimizer=adam", "ema none → 0.99"),
            ("optimizer=adam", "loss=mse,optimizer=adam", "loss cross_entropy → mse"),
            (
                "optimizer=adam",
                "loss=cross_entropy,label_smoothing=0.1,optimizer=adam",
                "label_smoothing 0 → 0.1",
            ),
            (
                "optimizer=adam,lr=0.01",
                "optimizer=adam,lr=0.01,schedule=cosine",
                "schedule none → cosine",
            ),
            ("16-relu", "16-relu+batch_norm", "layer 1 norm none → batch_norm"),
            ("8-tanh@", "8-tanh+rms_norm:eps=0.1@", "layer 2 norm none → rms_norm"),
            ("16-relu", "16-relu+dropout=0.5", "layer 1 dropout 0 → 0.5"),
            // Training starts again.
            ("xor:noise=0.05", "xor:noise=0.1", "! noise 0.05 → 0.1"),
            ("xor:noise=0.05", "xor:noise=0.05,seed=3", "! data seed as the run → 3"),
            ("xor:noise=0.05", "moons", "! data xor → moons"),
            ("optimizer=adam", "seed=8,optimizer=adam", "! seed 0 → 8"),
            ("optimizer=adam", "test_fraction=0.5,optimizer=adam", "! test fraction 0.3 → 0.5"),
            ("16-relu", "8-relu", "! layer 1 units 16 → 8"),
            ("16-relu", "16-relu+constant", "! layer 1 init auto → constant"),
            ("16-relu", "16-relu/16-relu", "! layer 2 added"),
            ("/2-softmax", "/4-gelu/2-softmax", "! layer 3 added"),
            ("/16-relu", "", "! layer 1 removed"),
            ("/8-tanh@sgd:lr=0.01", "", "! layer 2 removed"),
            // Nothing that bears on the numbers.
            ("optimizer=adam", "title=x,optimizer=adam", ""),
        ] {
            assert!(base.contains(from), "{from}");
            let list = changes(&old, &experiment(&base.replacen(from, to, 1)));
            let shown: Vec<_> = list
                .iter()
                .map(|change| format!("{}{}", if change.live { "" } else { "! " }, change.text))
                .collect();
            assert_eq!(shown.join("; "), expected, "{from} → {to}");
        }
        assert_eq!(changes(&old, &old), []);
    }

    #[test]
    fn a_change_of_all_layers_is_one() {
        for (old, new, expected) in [
            ("adam,lr=0.01", "adam,lr=0.001", "all lr 0.01 → 0.001"),
            ("adam", "sgd", "all adam → sgd"),
            ("adam", "adam,weight_decay=0.1", "all weight_decay 0 → 0.1"),
        ] {
            let [old, new] =
                [old, new].map(|text| experiment(&format!("xor/4-relu/2/optimizer={text}")));
            let texts: Vec<_> = changes(&old, &new).into_iter().map(|change| change.text).collect();
            assert_eq!(texts, [expected]);
        }
        let two = experiment("xor/4-relu@sgd:lr=0.5/2/optimizer=adam,lr=0.01");
        let texts = |new: &Experiment| changes(&two, new).into_iter().map(|c| c.text).collect();
        let scaled: Vec<_> = texts(&two.with_rates_scaled(0.1).unwrap());
        assert_eq!(scaled, ["all lr × 0.1"]);

        let own = experiment("xor/2@sgd/optimizer=adam");
        let other = experiment("xor/2@sgd/optimizer=adagrad");
        assert_eq!(changes(&own, &other)[0].text, "default adam → adagrad");
    }
}
