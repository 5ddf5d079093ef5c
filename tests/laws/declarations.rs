//! What the rows of optimizers and schedules declare is what the rules do, under their defaults and
//! under parameters drawn at random.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use gradlab::catalog::{self, Kind};
use gradlab::optim::schedule::Scheduler;
use gradlab::optim::{Dim, Group, Part, Reach, Rule, Share, State};
use gradlab::rng::{Purpose, stream};
use gradlab::spec::{Pick, Value};
use rand::RngExt;

use super::parameters::allowed;

/// Picks for each entry, beside its defaults.
const DRAWN: usize = 60;

/// Every entry of `kind` with its defaults, each followed by itself with parameters drawn at random.
fn picks(kind: Kind) -> Vec<Pick> {
    let mut stream = stream(7, Purpose::Data);
    let mut picks = Vec::new();
    for card in kind.cards() {
        let default = Pick::new(card);
        picks.push(default.clone());
        for _ in 0..DRAWN {
            let mut pick = default.clone();
            for param in card.params {
                let values = allowed(param);
                if stream.random::<f64>() < 0.5 && !values.is_empty() {
                    let index = (stream.random::<f64>() * values.len() as f64) as usize;
                    pick.set(param.key, values[index].clone()).unwrap();
                }
            }
            if catalog::check(&pick).is_ok() {
                picks.push(pick);
            }
        }
    }
    picks
}

fn is_default(pick: &Pick) -> bool {
    *pick == Pick::new(pick.card())
}

#[test]
fn optimizers_that_average_say_so() {
    for pick in picks(Kind::Optimizer) {
        let rule = catalog::optimizer(&pick).build::<f64>(&pick);
        let after_a_step = State { step: 1, ..rule.state(Dim::Vector(1)) };
        let averages = rule.evaluated(&after_a_step).is_some();
        assert_eq!(catalog::optimizer(&pick).averages(&pick), averages, "{pick}");
    }
}

/// A tensor on the slope of ½·‖x‖², which counts how often its gradient is taken again.
struct Slope {
    param: Vec<f64>,
    grad: Vec<f64>,
    state: State<f64>,
    taken: usize,
}

impl Group<f64> for Slope {
    fn loss(&self) -> f64 {
        self.param.iter().map(|x| x * x / 2.0).sum()
    }
    fn states(&mut self) -> &mut [State<f64>] {
        std::slice::from_mut(&mut self.state)
    }
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, f64>)) {
        let Self { param, grad, state, .. } = self;
        visit(Part { dim: Dim::Vector(param.len()), param, grad, state });
    }
    fn reevaluate(&mut self) -> f64 {
        self.taken += 1;
        self.grad.clone_from(&self.param);
        self.loss()
    }
}

/// How often `rule` takes gradients again in a few steps: before its updates, and within them.
fn reevaluations(rule: &Rule<f64>, lr: f64) -> (usize, usize) {
    let Rule::Group(rule) = rule else { return (0, 0) };
    let (param, state) = (vec![1.0, -2.0], rule.state(Dim::Vector(2)));
    let mut slope = Slope { grad: param.clone(), param, state, taken: 0 };
    let (mut before, mut within) = (0, 0);
    for _ in 0..3 {
        if rule.perturb(&mut slope) {
            before += 1;
            rule.restore(&mut slope);
        }
        slope.state.step += 1;
        slope.taken = 0;
        rule.update(lr, &mut slope);
        within += slope.taken;
        slope.grad.clone_from(&slope.param);
    }
    (before, within)
}

#[test]
fn optimizers_that_take_gradients_of_their_own_say_so() {
    for pick in picks(Kind::Optimizer) {
        let entry = catalog::optimizer(&pick);
        let (before, within) = reevaluations(&entry.build(&pick), pick.number("lr"));
        let (again, searches) = (before + within > 0, within > 0);
        if is_default(&pick) {
            assert_eq!((entry.reevaluates, entry.needs_full_batch), (again, searches), "{pick}");
        }
        // Some parameters keep one that searches from doing so.
        assert!(entry.reevaluates || !again, "{pick}");
        assert!(entry.needs_full_batch || !searches, "{pick}");
    }
}

/// Factors on a rate of `base` at some of the first steps of a run of `budget`.
fn rates(pick: &Pick, base: f64, budget: u64) -> Vec<f64> {
    let scheduler = Scheduler::new(catalog::schedule(pick).build(pick), base, budget);
    (0..=64).map(|share| scheduler.rate(1000 * share / 64)).collect()
}

fn bits(pick: &Pick, budget: u64) -> Vec<u64> {
    rates(pick, 0.01, budget).into_iter().map(f64::to_bits).collect()
}

#[test]
fn schedules_that_go_by_the_length_of_the_run_say_so() {
    let mut paced = [0, 0];
    for pick in picks(Kind::Schedule) {
        let declared = catalog::schedule(&pick).paced_by_steps(&pick);
        // By bits: rates that overflow are no numbers, and those are never equal.
        let found = bits(&pick, 1000) != bits(&pick, 2000);
        assert!(declared || !found, "{pick} goes by the length of the run");
        if is_default(&pick) {
            assert_eq!(declared, found, "{pick}");
        }
        // Some parameters make a schedule flat, or all of it longer than what is looked at.
        if declared == found {
            paced[usize::from(found)] += 1;
        }
    }
    assert!(paced.iter().all(|&count| count > 100), "{paced:?}");
}

#[test]
fn schedules_that_watch_the_loss_say_so() {
    for pick in picks(Kind::Schedule).into_iter().filter(is_default) {
        let entry = catalog::schedule(&pick);
        let watched = |loss: f64| {
            let mut scheduler = Scheduler::new(entry.build(&pick), 0.01, 1000);
            let rate = |step| {
                scheduler.observe(step, loss / step as f64);
                scheduler.rate(step)
            };
            (1..100).map(rate).collect::<Vec<_>>()
        };
        assert_eq!(entry.watches_loss, watched(1.0) != watched(-1.0), "{pick}");
    }
}

#[test]
fn the_rates_of_schedules_are_all_declared() {
    for pick in picks(Kind::Schedule) {
        let mut scaled = pick.clone();
        for key in catalog::schedule(&pick).rates {
            scaled.set(key, Value::Number(8.0 * pick.number(key))).unwrap();
        }
        for (rate, scaled) in rates(&pick, 0.5, 1000).iter().zip(rates(&scaled, 4.0, 1000)) {
            let near = (scaled - 8.0 * rate).abs() <= 1e-9 * scaled.abs();
            assert!(near || !rate.is_finite(), "{pick}: {rate}, {scaled}");
        }
    }
}

/// Where a rule moves the first of six weights to in forty steps down ½·Σ c·x², where those of
/// the others are `others`.
fn first_after_steps(pick: &Pick, others: f64) -> f64 {
    let rule = catalog::optimizer(pick).build::<f64>(pick);
    let dim = Dim::Matrix(2, 3);
    let mut state = rule.state(dim);
    let (mut param, mut grad) = (vec![0.5, -0.4, 0.3, 0.2, -0.6, 0.7], vec![0.0; 6]);
    let slopes = [1.0, others, others, others, others, others];
    let mut objective = |at: &[f64], grad: &mut [f64]| {
        for ((grad, x), c) in grad.iter_mut().zip(at).zip(slopes) {
            *grad = c * x;
        }
        at.iter().zip(slopes).map(|(x, c)| c * x * x / 2.0).sum()
    };
    for _ in 0..40 {
        let lr = pick.number("lr");
        rule.descend(lr, dim, (&mut param, &mut grad), &mut state, &mut objective);
    }
    param[0]
}

#[test]
fn whose_gradients_bear_on_a_move_is_declared() {
    for pick in picks(Kind::Optimizer).iter().filter(|pick| is_default(pick)) {
        let alone = first_after_steps(pick, 2.0) == first_after_steps(pick, 3.0);
        let reach = catalog::optimizer(pick).reach(pick);
        assert_eq!(reach == Reach::Element, alone, "{pick}: {reach:?}");
    }
}

#[test]
fn every_tensor_of_a_state_is_of_the_length_that_its_share_says() {
    for pick in picks(Kind::Optimizer) {
        let rule = catalog::optimizer(&pick).build::<f64>(&pick);
        for dim in [Dim::Matrix(3, 5), Dim::Matrix(1, 4), Dim::Vector(7)] {
            for (name, tensor) in rule.state(dim).tensors {
                let len = match (rule.share(name, dim), dim) {
                    (Share::Element, _) => dim.elements(),
                    (Share::Row, Dim::Matrix(rows, _)) => rows,
                    (Share::Column, Dim::Matrix(_, columns)) => columns,
                    (Share::Whole, _) => continue,
                    (share, _) => panic!("{pick} {name}: {share:?} of a vector"),
                };
                assert_eq!(tensor.len(), len, "{pick} {name} {dim:?}");
            }
        }
    }
}
