//! The contenders.

use super::candidates::Candidates;
use super::search::Search;
use crate::catalog;
use crate::experiment::{CompareSpec, Experiment, Script};
use crate::spec::{Pick, Value};
use crate::text::Untrusted;

mod searchable;

/// One contender: an experiment that differs from the others' only in how it learns.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What it is called; no two arms have the same name.
    pub name: Untrusted,
    /// What it runs, at its own settings.
    pub script: Script,
    /// What it is tuned over.
    pub candidates: Candidates,
}

impl Arm {
    /// Whether an optimizer of it takes more than one pass over a batch in a step.
    #[must_use]
    pub fn reevaluates(&self) -> bool {
        self.script.segments().any(|(_, experiment)| {
            (0..experiment.layers.len())
                .any(|layer| catalog::optimizer(experiment.optimizer_of(layer)).reevaluates)
        })
    }

    /// The learning rate of its default optimizer at a candidate.
    #[must_use]
    pub fn rate(&self, candidate: i32) -> f64 {
        let own = self.script.start().optimizer.number("lr");
        match &self.candidates {
            Candidates::Rates(grid) => grid.rate(candidate),
            Candidates::Search(search) => search.lr(candidate).unwrap_or(own),
        }
    }

    /// At the settings of a candidate. Its rate is that of the default optimizer at the start;
    /// all other rates keep their ratio to it: those of layers with an optimizer of their own, those
    /// that the schedule names, and those of its edits.
    #[must_use]
    pub fn at(&self, candidate: i32) -> Script {
        let (own, rate) = (self.script.start().optimizer.number("lr"), self.rate(candidate));
        let scaled = |theirs: f64| if theirs == own { rate } else { theirs * (rate / own) };
        let search = self.candidates.search();
        self.script.map(|experiment| {
            let mut experiment = match search {
                Some(search) => search.applied(candidate, &self.script, experiment),
                None => experiment.clone(),
            };
            if rate != own {
                scale(&mut experiment, scaled);
            }
            experiment
        })
    }

    /// The settings of a candidate as assignments, if settings are searched.
    #[must_use]
    pub fn assignments(&self, candidate: i32) -> Vec<String> {
        let settings = self.candidates.search().map(|search| search.settings(candidate));
        let settings = settings.into_iter().flatten();
        settings.map(|(place, value)| format!("{place}={value}")).collect()
    }

    /// Sees to it that every candidate of a search is a valid experiment.
    ///
    /// # Errors
    /// The first whose settings do not go together.
    pub(super) fn check_candidates(&self) -> Result<(), String> {
        let Some(search) = self.candidates.search() else { return Ok(()) };
        for candidate in self.candidates.start() {
            let script = self.at(candidate);
            let picks = search.settings(candidate).flat_map(|(place, _)| {
                script.segments().filter_map(move |(_, it)| place.row.pick(it, place.layer))
            });
            for pick in picks {
                catalog::check(pick).map_err(|error| {
                    let (name, set) = (self.name.on_terminal(), self.assignments(candidate));
                    format!("arm `{name}` cannot be tuned at {}: {error}", set.join(", "))
                })?;
            }
        }
        Ok(())
    }
}

/// Sets every rate of `experiment` by what it was.
fn scale(experiment: &mut Experiment, scaled: impl Fn(f64) -> f64) {
    let layers = experiment.layers.iter_mut().filter_map(|layer| layer.optimizer.as_mut());
    for pick in layers.chain([&mut experiment.optimizer]) {
        // The candidates hold what a rate may be in every optimizer, so this cannot fail.
        let _ = pick.set("lr", Value::Number(scaled(pick.number("lr"))));
    }
    for key in catalog::schedule(&experiment.schedule).rates {
        // One that the schedule works out by itself is no number yet.
        if let Some(theirs) = experiment.schedule.number_if_any(key) {
            let _ = experiment.schedule.set(key, Value::Number(scaled(theirs)));
        }
    }
}

/// The letter by which an arm is known in tables and charts: a, b … z, then a1, b1 …
#[must_use]
pub fn letter(arm: usize) -> String {
    let letter = char::from(b'a' + (arm % 26) as u8);
    match arm / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// All arms that `spec` asks for on `base`, whose edits hold for all of them: its named ones, then
/// optimizers × activations.
///
/// # Errors
/// If there are none or too many, two have one name, or one of them is not valid.
pub fn arms(base: &Script, spec: &CompareSpec) -> Result<Vec<Arm>, String> {
    let mut arms = Vec::new();
    for arm in &spec.arms {
        let name = arm.name.on_terminal();
        let own =
            base.with_overrides(&arm.set).map_err(|error| format!("arm `{name}`: {error}"))?;
        comparable_throughout(base, &own)
            .map_err(|what| format!("arm `{name}` changes {what}, which all arms must share"))?;
        arms.push((arm.name.clone(), own));
    }
    let choices = |picks: &[Pick]| -> Vec<Option<Pick>> {
        if picks.is_empty() { vec![None] } else { picks.iter().cloned().map(Some).collect() }
    };
    for optimizer in choices(&spec.optimizers) {
        for activation in choices(&spec.activations) {
            let name: Vec<_> = [&optimizer, &activation].into_iter().flatten().collect();
            if !name.is_empty() {
                let name = name.iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
                let own = with(base.start(), optimizer.as_ref(), activation.as_ref())
                    .and_then(|start| base.over(start).map_err(|error| error.to_string()))
                    .map_err(|error| format!("arm `{name}`: {error}"))?;
                arms.push((name.into(), own));
            }
        }
    }
    check_names(&arms)?;
    let arms: Vec<Arm> =
        arms.into_iter().map(|(name, own)| arm(name, own, spec)).collect::<Result<_, _>>()?;
    searchable::check(&arms, &spec.tune)?;
    Ok(arms)
}

/// The most arms.
const MOST: usize = 100;

fn check_names(arms: &[(Untrusted, Script)]) -> Result<(), String> {
    if arms.is_empty() {
        return Err("there is nothing to compare: name optimizers, activations or arms".to_owned());
    }
    if arms.len() > MOST {
        return Err(format!("there are {} arms; at most {MOST} can be compared", arms.len()));
    }
    let twice = (1..arms.len()).find(|&i| arms[..i].iter().any(|arm| arm.0 == arms[i].0));
    twice.map_or(Ok(()), |i| Err(format!("the arm `{}` is given twice", arms[i].0.on_terminal())))
}

fn arm(name: Untrusted, script: Script, spec: &CompareSpec) -> Result<Arm, String> {
    let own = script.start().optimizer.number("lr");
    let of_rates = spec.tune.is_empty() || spec.tune.iter().any(|path| path == "optimizer.lr");
    if own == 0.0 && of_rates {
        return Err(format!(
            "arm `{}` has the learning rate 0: there is no other to be tried in its place",
            name.on_terminal()
        ));
    }
    if !spec.tune.is_empty() {
        let search = Search::new(&script, &spec.tune, spec.trials);
        return Ok(Arm { name, script, candidates: Candidates::Search(search) });
    }
    match spec.rates.grid(own) {
        Some(grid) => Ok(Arm { name, script, candidates: Candidates::Rates(grid) }),
        None => Err(format!(
            "arm `{}`: the grid around its rate {own} leaves the numbers",
            name.on_terminal()
        )),
    }
}

/// `experiment` with one optimizer for all layers and one activation for all hidden layers, recurrent
/// ones left alone.
fn with(
    experiment: &Experiment,
    optimizer: Option<&Pick>,
    activation: Option<&Pick>,
) -> Result<Experiment, String> {
    let mut own = experiment.clone();
    let hidden = 0..own.layers.len() - 1;
    if let Some(activation) = activation {
        let dense: Vec<_> = hidden.filter(|&at| !experiment.layers[at].is_recurrent()).collect();
        if dense.is_empty() {
            return Err("the network has no hidden layer to put an activation into".to_owned());
        }
        for at in dense {
            own = own.with_activation(at, activation.clone()).map_err(|it| it.reason)?;
        }
    }
    if let Some(optimizer) = optimizer {
        own = own.with_one_optimizer(optimizer.clone()).map_err(|it| it.reason)?;
    }
    Ok(own)
}

/// As [`comparable`], of what is in force from each step on at which either of them is edited.
fn comparable_throughout(common: &Script, own: &Script) -> Result<(), &'static str> {
    let steps = common.segments().chain(own.segments()).map(|(step, _)| step);
    let mut pairs = steps.map(|step| (common.at(step), own.at(step)));
    pairs.try_for_each(|(common, own)| comparable(common, own))
}

/// Whether results of both can be compared; the error says what is in the way.
fn comparable(common: &Experiment, own: &Experiment) -> Result<(), &'static str> {
    let units = |it: &Experiment| it.layers.iter().map(|layer| layer.units).collect::<Vec<_>>();
    let (a, b) = (&common.train, &own.train);
    for (same, what) in [
        (common.data == own.data, "the data"),
        (common.seed == own.seed, "the seed"),
        (a.init_seed == b.init_seed, "the seed of the initial weights"),
        (a.batch_seed == b.batch_seed, "the seed of the batches"),
        (a.loss == b.loss, "the loss"),
        (a.batch_size == b.batch_size, "the batch size"),
        ((a.steps, a.eval_every) == (b.steps, b.eval_every), "the number of steps"),
        (units(common) == units(own), "the layers"),
    ] {
        if !same {
            return Err(what);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
