//! How a duel is run: each arm at the rate that suits it best by the very measure that decides. A rate that is
//! best for the loss at the end may be too slow for what is reached soon.

use std::sync::Arc;

use crossbeam_channel::Receiver;

use super::{Duel, Evidence, SEEDS, TUNING_SEEDS, raced, value};
use crate::compare::statistics::Quartiles;
use crate::compare::{Plan, Results, decisive};
use crate::experiment::{ArmSpec, CompareSpec, Rates, Script, load};

impl Duel {
    /// Its two arms and the rates that each is tried at.
    ///
    /// # Errors
    /// If its experiment or an arm is not valid, which a test sees to.
    pub fn plan(&self) -> Result<Plan, String> {
        let arm = |(name, set): &(&str, &[&str])| ArmSpec {
            name: (*name).into(),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
        };
        self.of(self.arms.iter().map(arm).collect(), self.rates.parse()?, SEEDS, None)
    }

    /// Runs it by `jobs` runs at a time. `told` hears how many runs are done, of how many. None if `stop` said
    /// so, or whoever held its other end is gone.
    pub(super) fn run(
        &'static self,
        jobs: usize,
        stop: &Receiver<()>,
        told: &mut dyn FnMut((usize, usize)),
    ) -> Result<Option<Evidence>, String> {
        let plan = self.plan()?;
        let tried = |arm: usize| -> Vec<f64> {
            let arm = &plan.arms[arm];
            arm.candidates.start().map(|candidate| arm.rate(candidate)).collect()
        };
        let tried = [tried(0), tried(1)];
        // On seeds of their own.
        let tuning = self.at([&tried[0], &tried[1]], TUNING_SEEDS, plan.tuning_seeds.first())?;
        let all = tuning.total(&Results::default()) + 2 * SEEDS;
        let Some(results) = raced(&tuning, jobs, stop, &mut |(done, _)| told((done, all)))? else {
            return Ok(None);
        };
        let best = |rates: &[f64], before: usize| {
            let mut rated: Vec<_> = (0..rates.len())
                .map(|index| (self.score(&tuning, &results, before + index), rates[index]))
                .collect();
            // Of equals the smaller rate.
            rated.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]).then(a.0[1].total_cmp(&b.0[1])));
            rated[0].1
        };
        let best = [best(&tried[0], 0), best(&tried[1], tried[0].len())];
        let tuned = results.len();
        let last = self.at([&best[..1], &best[1..]], SEEDS, None)?;
        let told = &mut |(done, _)| told((tuned + done, all));
        let Some(results) = raced(&last, jobs, stop, told)? else { return Ok(None) };
        let values = |arm| self.values(&last, &results, arm);
        let missing = || format!("{}: there are no results", self.task);
        Evidence::of(self, &values(0), &values(1)).map(Some).ok_or_else(missing)
    }

    /// A comparison of the arms, each at each of its rates, on so many seeds.
    fn at(
        &self,
        rates: [&[f64]; 2],
        seeds: usize,
        master: Option<&u64>,
    ) -> Result<Arc<Plan>, String> {
        let arm = |((name, set), rates): (&(&str, &[&str]), &[f64])| -> Vec<ArmSpec> {
            let at = |rate: &f64| ArmSpec {
                name: format!("{name} at {rate}").as_str().into(),
                set: set
                    .iter()
                    .map(|it| (*it).to_owned())
                    .chain([format!("optimizer.lr={rate}")])
                    .collect(),
            };
            rates.iter().map(at).collect()
        };
        let arms = self.arms.iter().zip(rates).flat_map(arm).collect();
        Ok(Arc::new(self.of(arms, Rates::Around(1), seeds, master)?))
    }

    fn of(
        &self,
        arms: Vec<ArmSpec>,
        rates: Rates,
        seeds: usize,
        master: Option<&u64>,
    ) -> Result<Plan, String> {
        let mut experiment = load(self.experiment).map_err(|error| error.to_string())?.experiment;
        experiment.seed = master.copied().unwrap_or(experiment.seed);
        let spec = CompareSpec {
            arms,
            rates,
            seeds,
            tuning_seeds: TUNING_SEEDS,
            ..CompareSpec::default()
        };
        Plan::new(Script::from(experiment), &spec)
    }

    /// The values of an arm, seed by seed.
    fn values(&self, plan: &Plan, results: &Results, arm: usize) -> Vec<f64> {
        let runs = decisive(plan, results, arm).into_iter();
        runs.map(|(_, record)| value(self.by, &record.points)).collect()
    }

    /// How good an arm is: the median of its values, and the median of its training losses at the end, since
    /// it may have come nowhere.
    fn score(&self, plan: &Plan, results: &Results, arm: usize) -> [f64; 2] {
        let last = decisive(plan, results, arm).into_iter();
        let last =
            last.map(|(_, record)| record.points.last().map_or(f64::INFINITY, |it| it.train_loss));
        let worst = f64::INFINITY;
        [self.values(plan, results, arm), last.collect()]
            .map(|values| Quartiles::of(values).map_or(worst, |it| it.median))
    }
}
