//! What differs between two experiments, in words short enough for a marker on a chart.

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
    list.extend(arrow("clip norm", or("none", old.clip_norm), or("none", new.clip_norm)));
    list
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
    for text in picks("", &old.activation, &new.activation) {
        list.push(Change::live(format!("{name} {text}")));
    }
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
