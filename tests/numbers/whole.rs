//! Optimizers that see all tensors they move, in networks and out of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::sync::Arc;

use gradlab::catalog::{self, Kind};
use gradlab::experiment::{Experiment, load_with, parse_recipe};
use gradlab::nn::network::Batch;
use gradlab::nn::{Network, Tensor};
use gradlab::optim::{Dim, Group, Part, Rule, State};
use gradlab::train::engine::{Engine, Parameters, network_with};
use gradlab::train::{Problem, Session};

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{recipe}: {error}")).experiment
}

fn engine(experiment: &Experiment) -> Engine {
    Engine::new(experiment, Problem::load(experiment).unwrap())
}

fn stepped(experiment: &Experiment, steps: usize) -> Engine {
    let mut engine = engine(experiment);
    for _ in 0..steps {
        engine.step().unwrap_or_else(|divergence| panic!("{divergence}"));
    }
    engine
}

/// A curved valley in 12 dimensions (Rosenbrock's, chained), cut into tensors.
struct Valley {
    at: Vec<f64>,
    grad: Vec<f64>,
    cuts: Vec<usize>,
    states: Vec<State<f64>>,
}

impl Valley {
    fn new(rule: &Rule<f64>, cuts: &[usize]) -> Self {
        let len = cuts.iter().sum();
        let states = cuts.iter().map(|&len| rule.state(Dim::Vector(len))).collect();
        let at = (0..len).map(|i| if i % 2 == 0 { -1.0 } else { 0.5 }).collect();
        Self { at, grad: vec![0.0; len], cuts: cuts.to_vec(), states }
    }

    /// One step as training has it.
    fn step(&mut self, rule: &Rule<f64>, lr: f64) {
        let Rule::Group(rule) = rule else { unreachable!() };
        self.reevaluate();
        if rule.perturb(self) {
            self.reevaluate();
            rule.restore(self);
        }
        self.states.iter_mut().for_each(|state| state.step += 1);
        rule.update(lr, self);
    }
}

impl Group<f64> for Valley {
    fn loss(&self) -> f64 {
        let pairs = self.at.windows(2);
        pairs.map(|p| 5.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum()
    }
    fn states(&mut self) -> &mut [State<f64>] {
        &mut self.states
    }
    fn each(&mut self, visit: &mut dyn FnMut(Part<'_, f64>)) {
        let (mut param, mut grad) = (self.at.as_mut_slice(), self.grad.as_slice());
        for (&len, state) in self.cuts.iter().zip(&mut self.states) {
            let (here, rest) = std::mem::take(&mut param).split_at_mut(len);
            let (slope, others) = grad.split_at(len);
            visit(Part { dim: Dim::Vector(len), param: here, grad: slope, state });
            (param, grad) = (rest, others);
        }
    }
    fn reevaluate(&mut self) -> f64 {
        self.grad.fill(0.0);
        for i in 1..self.at.len() {
            let (a, b) = (self.at[i - 1], self.at[i]);
            self.grad[i - 1] -= 20.0 * a * (b - a * a) + 2.0 * (1.0 - a);
            self.grad[i] += 10.0 * (b - a * a);
        }
        self.loss()
    }
}

#[test]
fn several_tensors_go_the_way_of_one() {
    for text in [
        "prodigy:estim_lr0=0.01",
        "lbfgs:max_iter=3,history_size=4",
        "lbfgs:line_search_fn=none,lr=0.01",
        "sam:lr=0.001,rho=0.2",
        "sam:lr=0.001,adaptive=true,rho=0.2",
        "lookahead:lr=0.01,k=3",
    ] {
        let pick = Kind::Optimizer.parse(text).unwrap();
        let rule = catalog::optimizer(&pick).build::<f64>(&pick);
        let mut one = Valley::new(&rule, &[12]);
        let mut several = Valley::new(&rule, &[5, 1, 6]);
        let start = one.loss();
        for _ in 0..15 {
            one.step(&rule, pick.number("lr"));
            several.step(&rule, pick.number("lr"));
        }
        for (a, b) in one.at.iter().zip(&several.at) {
            assert!((a - b).abs() <= 1e-7 * (1.0 + a.abs()), "{text}: {a} and {b}");
        }
        assert!(one.loss() < start, "{text}: from {start} to {}", one.loss());
    }
}

#[test]
fn a_tensor_that_joins_starts_the_curvature_again() {
    let pick = Kind::Optimizer.pick("lbfgs").unwrap();
    let rule = catalog::optimizer(&pick).build::<f64>(&pick);
    let mut valley = Valley::new(&rule, &[5, 7]);
    valley.step(&rule, 1.0);
    valley.states[1] = rule.state(Dim::Vector(7));
    valley.step(&rule, 0.5);
    valley.step(&rule, 0.5);
    let mut fresh = Valley::new(&rule, &[5, 7]);
    fresh.step(&rule, 1.0);
    fresh.states = [5, 7].map(|len| rule.state(Dim::Vector(len))).into();
    fresh.step(&rule, 0.5);
    fresh.step(&rule, 0.5);
    assert_eq!(valley.at, fresh.at);
}

#[test]
fn lbfgs_refuses_states_whose_pairs_do_not_fit_together() {
    let pick = Kind::Optimizer.parse("lbfgs:history_size=3").unwrap();
    let rule = catalog::optimizer(&pick).build::<f64>(&pick);
    let mut valley = Valley::new(&rule, &[5, 7]);
    for _ in 0..3 {
        assert!(rule.accepts(&valley.states));
        valley.step(&rule, 1.0);
    }
    assert!(rule.accepts(&valley.states));
    let forged = |forge: &dyn Fn(&mut State<f64>)| {
        let mut states = valley.states.clone();
        forge(&mut states[0]);
        rule.accepts(&states)
    };
    for name in ["steps", "changes"] {
        let at = valley.states[0].tensors.iter().position(|it| it.0 == name).unwrap();
        assert!(!forged(&|state| state.tensors[at].1.truncate(5)));
        assert!(!forged(&|state| state.tensors[at].1.push(0.0)));
    }
    for oldest in [-1.0, 3.0, f64::NAN, f64::INFINITY] {
        let at = valley.states[0].scalars.iter().position(|it| it.0 == "oldest").unwrap();
        assert!(!forged(&|state| state.scalars[at].1 = oldest), "{oldest}");
    }
}

#[test]
fn every_optimizer_trains_a_small_network() {
    for card in Kind::Optimizer.cards() {
        let name = card.key;
        // Rates are their own, but these are made for long runs.
        let lr = match name {
            "sgd" | "asgd" | "qhm" | "sign_sgd" | "signum" | "lars" => ",lr=0.05",
            "aggmo" | "rprop" => ",lr=0.01",
            _ => "",
        };
        let it = experiment(&format!(
            "moons/8-tanh/8-relu/2-softmax/optimizer={name}{lr},batch_size=350,steps=400"
        ));
        let mut session = Session::new(&it, Problem::load(&it).unwrap());
        let start = session.evaluate().train_loss;
        while !session.finished() {
            session.step().unwrap_or_else(|divergence| panic!("{name}: {divergence}"));
        }
        let end = session.evaluate().train_loss;
        assert!(end < 0.97 * start, "{name}: from {start} to {end}");
    }
}

#[test]
fn lbfgs_ends_where_the_penalised_loss_is_flat() {
    let it = experiment("blobs/4-tanh/4-softmax/optimizer=lbfgs,batch_size=1000,l2=0.01,l1=0");
    let engine = stepped(&it, 30);
    let params = engine.parameters();
    let mut network = network_with(&it, &params);
    network.loss_and_gradients(&all_rows(engine.problem()));
    for (layer, params) in network.layers().iter().zip(&params) {
        let slopes = layer.weights().flat_map(Tensor::grads).zip(params.weights());
        for (grad, weight) in slopes {
            assert!((grad + 0.01 * weight).abs() < 2e-4, "{grad} at {weight}");
        }
    }
}

fn all_rows(problem: &Arc<Problem>) -> Batch<f32> {
    let mut batch = Batch::default();
    problem.train.chunk(0, problem.train.len(), &mut batch);
    batch
}

/// ‖∇L‖ over the layers that `of` names.
fn norm(network: &Network<f32>, of: impl Fn(usize) -> bool) -> f64 {
    let layers = network.layers().iter().enumerate().filter(|(index, _)| of(*index));
    let tensors = layers.flat_map(|(_, layer)| layer.trained());
    let squares = tensors.flat_map(Tensor::grads).map(|&g| f64::from(g) * f64::from(g));
    squares.sum::<f64>().sqrt()
}

#[test]
fn sam_takes_the_gradients_uphill_and_others_with_it() {
    // Full batches, so that the rows are known; dropout, which must be the same in both passes.
    let it = experiment(
        "moons/6-tanh@sam:base=sgd,lr=0.1,rho=0.5+dropout=0.3/5-tanh@sam:base=sgd,lr=0.1,rho=0.5/2-softmax/optimizer=sgd,lr=0.2,batch_size=1000,seed=3",
    );
    let mut engine = engine(&it);
    let (before, problem) = (engine.parameters(), Arc::clone(engine.problem()));
    engine.step().unwrap();
    let after = engine.parameters();

    // The rows are shuffled, which with dropout matters: each row has its own mask.
    let mut order = gradlab::data::batch::Batcher::new(problem.train.len(), 1000, it.seed);
    let mut batch = Batch::default();
    problem.train.fill(order.next(), &mut batch);
    let mut network = network_with(&it, &before);
    network.set_chance(it.seed, 0);
    network.loss_and_gradients(&batch);
    let rate = 0.5 / norm(&network, |index| index < 2);
    for layer in &mut network.layers_mut()[..2] {
        for tensor in layer.trained_mut() {
            let (param, grad) = tensor.parts_mut();
            param.iter_mut().zip(grad).for_each(|(w, g)| *w += (rate * f64::from(*g)) as f32);
        }
    }
    network.loss_and_gradients(&batch);
    for (index, layer) in network.layers().iter().enumerate() {
        let lr = if index < 2 { 0.1 } else { 0.2 };
        let expected = layer.trained().map(Tensor::grads).collect::<Vec<_>>();
        let moved = moves(&before[index], &after[index]);
        for (grads, moved) in expected.into_iter().zip(moved) {
            for (grad, moved) in grads.iter().zip(moved) {
                assert!((moved + lr * grad).abs() < 1e-6, "layer {index}: {moved}, {grad}");
            }
        }
    }
}

fn moves(before: &Parameters, after: &Parameters) -> Vec<Vec<f32>> {
    let pairs = after.trained().zip(before.trained());
    pairs.map(|(new, old)| (&new.value - &old.value).into_iter().collect()).collect()
}

#[test]
fn the_same_experiment_gives_the_same_numbers_and_a_diverged_one_its_last_state() {
    for optimizer in ["lbfgs", "sam:base=adam", "lookahead", "prodigy"] {
        let it = experiment(&format!(
            "moons/6-prelu+batch_norm/6-tanh+dropout=0.2/2-softmax/optimizer={},batch_size=350",
            optimizer.replace(':', ",")
        ));
        assert_eq!(stepped(&it, 30).parameters(), stepped(&it, 30).parameters(), "{optimizer}");
    }
    let it = experiment("moons/6-relu/2/loss=mse,optimizer=sam,lr=1e6,base=sgd,batch_size=64");
    let mut run = engine(&it);
    let end = loop {
        if let Err(divergence) = run.step() {
            break divergence;
        }
        assert!(run.step_count() < 1000, "does not diverge");
    };
    let steps = usize::try_from(end.last_finite_step).unwrap();
    assert_eq!(run.parameters(), stepped(&it, steps).parameters());
}

#[test]
fn a_run_goes_on_under_another_optimizer() {
    let settings = |name: &str, first: &str| {
        let optimizer = format!("optimizer={name}");
        let activation = format!("layers.1.activation={first}");
        load_with("moons", &["train.batch_size=1000", "train.l2=0.01", &optimizer, &activation])
            .unwrap()
            .experiment
    };
    let mut engine = stepped(&settings("adam", "tanh"), 5);
    for (name, activation) in [
        ("lbfgs", "tanh"),
        ("lbfgs:history_size=5", "tanh"),
        ("lbfgs:history_size=5", "prelu"),
        ("sam:lr=0.001", "prelu"),
        ("sam:base=adam", "tanh"),
        ("lookahead", "tanh"),
        ("lbfgs", "tanh"),
    ] {
        engine.apply(&settings(name, activation));
        let loss = engine.evaluate().0.loss;
        for _ in 0..3 {
            engine.step().unwrap();
        }
        let now = engine.evaluate().0.loss;
        assert!(now <= 1.01 * loss + 0.01, "{name}, {activation}: from {loss} to {now}");
    }
}
