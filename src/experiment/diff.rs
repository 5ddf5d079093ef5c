//! The differences between two experiments: in words short enough for a marker on a chart, and as
//! the assignments that make the one of the other.

use super::settings::{Effect, ROWS, Row, Section, ValueKind, Wording};
use super::{DataSource, Experiment, LayerSpec, wording};
use crate::catalog::Kind;
use crate::data::Painted;
use crate::spec::{Pick, Plain, Value};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The setting with its old and new value: `layer 1 relu → tanh`, `all lr 0.01 → 0.001`.
    pub text: String,
    /// Its effect on a run.
    pub effect: Effect,
}

impl Change {
    /// True if training can go on from the present weights; otherwise it starts again.
    #[must_use]
    pub fn live(&self) -> bool {
        self.effect <= Effect::Live
    }
}

/// All differences between `old` and `new` that bear on the numbers, in the order of the file.
#[must_use]
pub fn changes(old: &Experiment, new: &Experiment) -> Vec<Change> {
    let mut list = Vec::new();
    // Optimizers are told of as they are in force in each layer, last of all.
    let (of_root, others): (Vec<_>, Vec<_>) = ROWS
        .iter()
        .filter(|row| row.section != Section::Layers && row.picks() != Some(Kind::Optimizer))
        .partition(|row| row.section == Section::Root && row.wording == Wording::Prefixed);
    for row in others {
        of_row(row, old, new, (0, 0), &mut list);
    }
    let pairs = layers(old, new, &mut list);
    for row in of_root {
        of_row(row, old, new, (0, 0), &mut list);
    }
    let moved = optimizers(old, new, &pairs).into_iter();
    list.extend(moved.map(|text| Change { text, effect: Effect::Live }));
    list
}

fn arrow(name: &str, old: impl ToString, new: impl ToString) -> Option<String> {
    let (old, new) = (old.to_string(), new.to_string());
    (old != new).then(|| format!("{name} {old} → {new}"))
}

/// Lists the change of one setting, if it bears on the numbers.
fn of_row(
    row: &Row,
    old: &Experiment,
    new: &Experiment,
    pair: (usize, usize),
    list: &mut Vec<Change>,
) {
    let effect = row.effect_in(old, new, pair);
    if effect == Effect::None || row.kind.is_of_csv() {
        return;
    }
    let texts = match (row.section, row.picks()) {
        (Section::Root, Some(Kind::Dataset)) => source(row, old, new),
        _ => words(row, old, new, pair),
    };
    let place = match row.section {
        Section::Layers => format!("layer {} ", pair.1 + 1),
        _ => String::new(),
    };
    list.extend(texts.into_iter().map(|text| Change { text: format!("{place}{text}"), effect }));
}

/// The change of one setting in words, if it changed.
fn words(row: &Row, old: &Experiment, new: &Experiment, (i, j): (usize, usize)) -> Vec<String> {
    let label = row.label;
    match (row.wording, row.own_pick(old, i), row.own_pick(new, j)) {
        (Wording::Bare, Some(old), Some(new)) => picks("", old, new),
        (Wording::Bare, old, new) => {
            let or_none =
                |pick: Option<&Pick>| pick.map_or(row.absent().map_or("", |a| a.shown), Pick::key);
            arrow(label, or_none(old), or_none(new)).into_iter().collect()
        }
        (Wording::Labelled, Some(old), Some(new)) => picks(&format!("{label} "), old, new),
        (Wording::Prefixed, Some(old), Some(new)) => {
            picks("", old, new).into_iter().map(|text| format!("{label} {text}")).collect()
        }
        _ => arrow(label, row.shown(old, i), row.shown(new, j)).into_iter().collect(),
    }
}

/// The change of the data's origin in words.
fn source(row: &Row, old: &Experiment, new: &Experiment) -> Vec<String> {
    match (&old.data.source, &new.data.source) {
        (DataSource::Named(_), DataSource::Named(_)) => words(row, old, new, (0, 0)),
        (a, b) if a == b => Vec::new(),
        (DataSource::Csv { path: a, .. }, DataSource::Csv { path: b, .. }) if a == b => {
            let rows = Section::Data.rows().filter(|row| row.kind.is_of_csv());
            rows.flat_map(|row| words(row, old, new, (0, 0))).collect()
        }
        _ => vec![format!("data {} → {}", old.data.label(), new.data.label())],
    }
}

/// The change of one pick into another: another entry, introduced by `what`, or other parameters.
fn picks(what: &str, old: &Pick, new: &Pick) -> Vec<String> {
    if old.key() != new.key() {
        return vec![format!("{what}{} → {}", old.key(), new.key())];
    }
    let pairs = old.params().zip(new.params());
    let changed = pairs.filter(|((_, old), (_, new))| old != new);
    changed
        .map(|((param, before), (_, after))| {
            let (before, after) = (brief(old, before), brief(new, after));
            format!("{} {before} → {after}", param.key)
        })
        .collect()
}

/// The most numbers of a list that are told one by one.
const FEW: usize = 8;

/// A value of a pick in a few words: of painted points their number.
fn brief(pick: &Pick, value: &Value) -> String {
    match (Painted::points(pick), value) {
        (Some(points), _) => points.len().to_string(),
        (None, Value::List(numbers)) if numbers.len() > FEW => {
            format!("{} numbers", numbers.len())
        }
        _ => value.to_string(),
    }
}

/// Lists the changes of the layers but for their optimizers; gives the layers that correspond, as
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
    let rows = || Section::Layers.rows().filter(|row| row.picks() != Some(Kind::Optimizer));
    for &pair in &pairs {
        rows().for_each(|row| of_row(row, old, new, pair, list));
    }
    let removed = (kept..a.len() - tail).map(|index| format!("layer {} removed", index + 1));
    let added = (kept..b.len() - tail).map(|index| format!("layer {} added", index + 1));
    let effect = super::settings::reshaped(old, new);
    list.extend(removed.chain(added).map(|text| Change { text, effect }));
    pairs
}

/// The changes of the optimizers in force: in one line if they are the same in every layer.
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
        let factor = super::rounded(to / from);
        if scaled != *new || !factor.is_finite() || common.is_some_and(|other| other != factor) {
            return None;
        }
        common = Some(factor);
    }
    common
}

/// The assignments, as `--set` takes them, that make `new` of `old`:
/// `old.with_overrides(&assignments(old, new)?)` is `new`. Where only parameters of a pick differ,
/// those alone are assigned. `[compare]`, which bears on no number, is left as it is.
///
/// None if assignments cannot say it: with another number of layers, or where a CSV file comes in
/// the place of a data set.
#[must_use]
pub fn assignments(old: &Experiment, new: &Experiment) -> Option<Vec<String>> {
    let from_file = |it: &Experiment| matches!(it.data.source, DataSource::Csv { .. });
    if old.layers.len() != new.layers.len() || !from_file(old) && from_file(new) {
        return None;
    }
    let mut list = Vec::new();
    for row in ROWS.iter().filter(|row| !matches!(row.kind, ValueKind::Text { .. })) {
        for layer in row.layers(new).filter(|&layer| !row.equal(old, new, (layer, layer))) {
            let path = row.path_at(layer);
            match (row.own_pick(old, layer), row.own_pick(new, layer)) {
                (Some(old), Some(new)) if old.key() == new.key() => {
                    let params = old.params().zip(new.params());
                    let changed = params.filter(|((_, old), (_, new))| old != new);
                    let assigned =
                        changed.map(|(_, (param, x))| format!("{path}.{}={x}", param.key));
                    list.extend(assigned);
                }
                _ => list.push(format!("{path}={}", row.text(new, layer))),
            }
        }
    }
    let words = |it: &Experiment| (it.title.clone(), it.about.clone());
    let (title, about) = words(old);
    let mut unsaid = Experiment { title, about, ..new.clone() };
    wording::reword(old, &mut unsaid);
    if words(&unsaid) != words(new) {
        // One of them keeps both from being marked.
        if new.title != old.title || new.about == old.about {
            list.push(format!("title={}", new.title.raw()));
        }
        if new.about != old.about {
            list.push(format!("about={}", new.about.raw()));
        }
    }
    Some(list)
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
                .map(|change| format!("{}{}", if change.live() { "" } else { "! " }, change.text))
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
