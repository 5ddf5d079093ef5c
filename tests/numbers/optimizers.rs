//! What every optimizer of the catalogue must do, whatever its rule.

use gradlab::catalog::{self, Kind};
use gradlab::experiment::load_with;
use gradlab::nn::Real;
use gradlab::optim::{self, Dim, Rule, State, Update};
use gradlab::spec::{Pick, PickError};
use gradlab::train::{Problem, Session};

const DIM: Dim = Dim::Matrix(3, 4);

/// A parameter with its state, under a rule that pulls it down a bowl, ½·Σ k·x² with curvatures
/// k from 1 to 12.
struct Descent<F> {
    rule: Rule<F>,
    lr: f64,
    param: Vec<F>,
    state: State<F>,
}

/// Height and gradient of the bowl.
fn bowl<F: Real>(at: &[F], grad: &mut [F]) -> f64 {
    let mut height = 0.0;
    for (i, (slope, &x)) in grad.iter_mut().zip(at).enumerate() {
        let curvature = (i + 1) as f64;
        *slope = F::of(curvature) * x;
        height += 0.5 * curvature * x.f64() * x.f64();
    }
    height
}

impl<F: Real> Descent<F> {
    fn new(rule: Rule<F>, lr: f64) -> Self {
        let state = rule.state(DIM);
        let start = |i: usize| F::of(if i.is_multiple_of(2) { 1.5 } else { -1.0 });
        Self { rule, lr, param: (0..DIM.elements()).map(start).collect(), state }
    }

    fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            let mut grad = vec![F::ZERO; self.param.len()];
            let here = (self.param.as_mut_slice(), grad.as_mut_slice());
            self.rule.descend(self.lr, DIM, here, &mut self.state, &mut bowl);
        }
    }

    fn loss(&self) -> f64 {
        bowl(&self.param, &mut self.param.clone())
    }
}

/// Every optimizer with its defaults, and some with the switches that change what they remember.
fn picks() -> Result<Vec<Pick>, PickError> {
    let switched = [
        "sgd:momentum=0.9,nesterov=true",
        "adam:amsgrad=true",
        "rmsprop:momentum=0.9,centered=true",
        "nadam:weight_decay=0.1,decoupled_weight_decay=true",
        "lbfgs:max_iter=3,history_size=2",
        "lbfgs:line_search_fn=none,lr=0.1",
        "lookahead:base=sgd:momentum=0.9:nesterov=true,lr=0.01,k=3",
        "sam:base=adam:betas=0.8:0.99:amsgrad=true",
        "sam:adaptive=true,rho=0.5",
    ];
    let defaults = optim::TABLE.iter().map(|entry| Ok(Pick::new(entry.card)));
    defaults.chain(switched.map(|text| Kind::Optimizer.parse(text))).collect()
}

#[test]
fn a_state_written_down_and_read_back_goes_on_bit_for_bit() {
    for pick in picks().unwrap() {
        let rule = || catalog::optimizer(&pick).build::<f32>(&pick);
        let mut run = Descent::new(rule(), pick.number("lr"));
        run.run(10);

        let written: Vec<(String, Vec<u32>)> = run
            .state
            .tensors
            .iter()
            .map(|(name, xs)| ((*name).to_owned(), xs.iter().map(|x| x.to_bits()).collect()))
            .collect();
        let scalars = run.state.scalars.clone();
        let mut restored = Descent::new(rule(), run.lr);
        restored.param.clone_from(&run.param);
        restored.state.step = run.state.step;
        restored.state.scalars = scalars;
        assert_eq!(restored.state.tensors.len(), written.len(), "{pick}");
        for ((name, tensor), (written_name, bits)) in restored.state.tensors.iter_mut().zip(written)
        {
            assert_eq!(*name, written_name, "{pick}");
            *tensor = bits.into_iter().map(f32::from_bits).collect();
        }

        run.run(20);
        restored.run(20);
        assert_eq!(run.param, restored.param, "{pick}");
        assert_eq!(run.state, restored.state, "{pick}");
    }
}

#[test]
fn each_goes_down_a_bowl_by_its_defaults() {
    for pick in picks().unwrap() {
        let mut run =
            Descent::new(catalog::optimizer(&pick).build::<f64>(&pick), pick.number("lr"));
        let start = run.loss();
        run.run(1000);
        assert!(run.loss() < 0.9 * start, "{pick}: from {start} to {}", run.loss());
    }
}

#[test]
fn each_lowers_the_loss_of_a_small_network() {
    for pick in picks().unwrap() {
        let recipe = "moons:samples=100/8-tanh/2-softmax/batch_size=100";
        let loaded = load_with(recipe, &[format!("optimizer={pick}")]);
        let it = loaded.unwrap_or_else(|error| panic!("{error}")).experiment;
        let mut session = Session::new(&it, Problem::load(&it).unwrap());
        let start = session.evaluate().train_loss;
        for _ in 0..200 {
            session.step().unwrap();
        }
        let end = session.evaluate().train_loss;
        assert!(end < 0.995 * start, "{pick}: from {start} to {end}");
    }
}

#[test]
fn each_reaches_the_bottom_of_a_bowl_at_a_suitable_rate() {
    for entry in optim::TABLE {
        let best = [1e-3, 1e-2, 0.03, 0.1, 1.0, 10.0, 100.0]
            .into_iter()
            .map(|lr| {
                let pick = Pick::new(entry.card);
                let mut run = Descent::new(entry.build::<f64>(&pick), lr);
                run.run(3000);
                run.loss()
            })
            .fold(f64::INFINITY, f64::min);
        assert!(best < 1e-2, "{}: {best}", entry.card.key);
    }
}

#[test]
fn vectors_and_matrices_of_one_row_or_column_move_too() {
    for pick in picks().unwrap() {
        for dim in [Dim::Vector(5), Dim::Vector(1), Dim::Matrix(1, 5), Dim::Matrix(5, 1)] {
            let rule = catalog::optimizer(&pick).build::<f32>(&pick);
            let mut state = rule.state(dim);
            let mut param = vec![0.5_f32; dim.elements()];
            let mut grad = param.clone();
            for _ in 0..3 {
                let here = (param.as_mut_slice(), grad.as_mut_slice());
                rule.descend(pick.number("lr"), dim, here, &mut state, &mut bowl);
            }
            assert!(param.iter().all(|&x| x.is_finite() && x < 0.5), "{pick} {dim:?}: {param:?}");
        }
    }
}

#[test]
fn a_wrapper_that_does_nothing_leaves_its_base_as_it_is() {
    let mut bases = 0;
    for entry in optim::TABLE {
        let key = entry.card.key;
        let end = |text: &str| {
            let pick = Kind::Optimizer.parse(text)?;
            let mut run = Descent::new(catalog::optimizer(&pick).build::<f64>(&pick), 0.01);
            run.run(12);
            Ok::<_, PickError>(run.param)
        };
        // Those that see all tensors cannot stand inside another.
        let Ok(around) = end(&format!("sam:base={key},rho=0,lr=0.01")) else { continue };
        let own = end(&format!("{key}:lr=0.01")).unwrap();
        assert_eq!(around, own, "sam around {key}");
        bases += 1;
        if let Ok(around) = end(&format!("lookahead:base={key},k=1000,lr=0.01")) {
            assert_eq!(around, own, "lookahead around {key}");
        }
    }
    assert!(bases >= 30, "{bases}");
}

/// Where rules look at rows and columns, a matrix of one row is a matrix: its step is along a gradient
/// that keeps its direction. A vector is not, and moves element by element, all by the same amount.
#[test]
fn a_matrix_of_one_row_is_not_a_vector() {
    for key in ["soap:weight_decay=0", "muon:weight_decay=0", "shampoo"] {
        let pick = Kind::Optimizer.parse(key).unwrap();
        let rule = catalog::optimizer(&pick).build::<f64>(&pick);
        for (dim, ratio) in [(Dim::Matrix(1, 2), 4.0 / 3.0), (Dim::Vector(2), 1.0)] {
            let (mut param, mut state) = ([0.0; 2], rule.state(dim));
            for size in [1.0, 0.5, 2.0] {
                state.step += 1;
                let grad = &[3.0 * size, 4.0 * size];
                rule.update(Update { lr: 0.01, dim, param: &mut param, grad, state: &mut state });
            }
            let [x, y] = param;
            assert!(x < 0.0 && (y / x - ratio).abs() < 1e-5, "{key} {dim:?}: {param:?}");
        }
    }
}

/// Where gradients are 0 for ever, as at a dead unit, means dwindle. None stays among the subnormal
/// numbers, on which arithmetic is slow, and no weight is another one for that. Rules that go by a sign
/// alone are let be: to them a number is never too small. So is Prodigy, whose ε is multiplied by its own
/// estimate and may be less than the root of a subnormal number.
#[test]
fn what_has_dwindled_is_nothing() {
    const LET_BE: [&str; 3] = ["lion", "signum", "prodigy"];
    let subnormal = |x: &f32| x.is_subnormal();
    for pick in picks().unwrap() {
        let key = pick.key();
        if LET_BE.contains(&key) || catalog::optimizer(&pick).reevaluates {
            continue;
        }
        let rule = catalog::optimizer(&pick).build::<f32>(&pick);
        let dim = Dim::Vector(8);
        let mut state = rule.state(dim);
        let mut param: [f32; 8] = std::array::from_fn(|i| 0.3 - i as f32 / 10.0);
        let step = |state: &mut State<f32>, param: &mut [f32], grad: &[f32]| {
            state.step += 1;
            rule.update(Update { lr: 0.001, dim, param, grad, state });
        };
        for t in 0..20 {
            let grad: [f32; 8] = std::array::from_fn(|i| (i as f32 + 0.5) * f32::sin(t as f32));
            step(&mut state, &mut param, &grad);
        }
        for t in 0..100_000 {
            if t % 500 == 0 {
                // As much as will be nothing soon makes no difference to where the weights go.
                let (mut rest, mut moved) = (state.clone(), param);
                for x in rest.tensors.iter_mut().flat_map(|(_, tensor)| tensor) {
                    *x = if x.abs() < 1e-37 { 0.0 } else { *x };
                }
                step(&mut rest, &mut moved, &[0.0; 8]);
                let mut before = (state.clone(), param);
                step(&mut before.0, &mut before.1, &[0.0; 8]);
                assert_eq!(moved.map(f32::to_bits), before.1.map(f32::to_bits), "{key} at {t}");
            }
            step(&mut state, &mut param, &[0.0; 8]);
        }
        for (name, tensor) in &state.tensors {
            assert!(!tensor.iter().any(subnormal), "{key}: {name} is {tensor:?}");
        }
    }
}
