use std::sync::Arc;

use super::*;
use crate::catalog::{self, Kind};
use crate::experiment::{Experiment, parse_recipe};
use crate::optim::{Precision, Reach, Rule, Update};
use crate::spec::Pick;
use crate::train::Problem;
use crate::train::engine::Checkpoint;
use crate::train::probe::step::{OneStep, Selection};

fn experiment(settings: &str) -> Experiment {
    // L-BFGS takes all training rows at a time.
    let rows = if settings.contains("lbfgs") { 34 } else { 12 };
    let recipe =
        format!("moons:samples=48/6-tanh/2-softmax/seed=3,batch_size={rows},steps=90,{settings}");
    parse_recipe(&recipe).unwrap().experiment
}

/// A run of `experiment` after `steps`, and its data.
fn run(experiment: &Experiment, steps: usize) -> (Checkpoint, Arc<Problem>) {
    let problem = Problem::load(experiment).unwrap();
    let mut engine = Engine::new(experiment, Arc::clone(&problem));
    for _ in 0..steps {
        engine.step().unwrap();
    }
    (engine.snapshot(90), problem)
}

fn settings_of(key: &str) -> String {
    format!("optimizer={key}")
}

fn value(engine: &Engine, element: Element) -> f32 {
    tensor(engine.network(), element).unwrap().values()[element.index]
}

/// A step as it is traced at each of some elements, beside the same step as it is made: the numbers of
/// weight and memory are the engine's to the bit.
fn check(experiment: &Experiment, steps: usize) {
    let (checkpoint, problem) = run(experiment, steps);
    let mut made = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
    let before = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
    let loss = made.step().unwrap();
    for (layer, name, index) in
        [(0, "weight", 0), (0, "weight", 7), (0, "bias", 2), (1, "weight", 9), (1, "bias", 1)]
    {
        let element = Element { layer, tensor: name, index };
        let mut engine = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
        let (trace, ()) = engine.trace(element, |_, _| ()).unwrap();
        assert_eq!(trace.loss, loss);
        assert_eq!(engine.parameters(), made.parameters(), "the traced step is the step");
        let values = (value(&before, element), value(&made, element));
        assert_eq!(trace.values, values, "{element:?}");
        // The search of L-BFGS takes others after the first.
        if experiment.optimizer_of(layer).key() != "lbfgs" {
            let last = tensor(made.network(), element).unwrap().grads()[index];
            assert_eq!(trace.gradient(), last, "{element:?}");
        }
        let mut fresh = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
        fresh.gradients();
        let first = tensor(fresh.network(), element).unwrap().grads()[index];
        let taken =
            trace.gradients.iter().rfind(|it| matches!(it.0, Stage::Loss | Stage::Penalised));
        assert_eq!(taken.unwrap().1, first, "{element:?}");
        check_memory(&trace, (&before, &made), element);
    }
}

fn check_memory(trace: &Trace, (before, made): (&Engine, &Engine), element: Element) {
    let (group, place) = made.optimizer(element).unwrap();
    let states = [before, made].map(|engine| &engine.groups[group].states[place]);
    let find = |state: &State<f32>, name: &str| {
        state.tensors.iter().find(|it| it.0 == name).map(|it| it.1.clone()).unwrap()
    };
    let dim = Dim::of(tensor(made.network(), element).unwrap());
    for (name, memory) in &trace.memory {
        let columns = if let Dim::Matrix(_, columns) = dim { columns } else { 1 };
        let at = |index: usize| {
            let [old, new] = states.map(|state| find(state, name)[index]);
            (old, new)
        };
        match *memory {
            Memory::Own(values) => assert_eq!(values, at(element.index), "{name}"),
            Memory::Row(values) => assert_eq!(values, at(element.index / columns), "{name}"),
            Memory::Column(values) => assert_eq!(values, at(element.index % columns), "{name}"),
            Memory::Whole { len, .. } => assert_eq!(len, find(states[1], name).len(), "{name}"),
            Memory::Scalar(values) => {
                let scalar =
                    |state: &State<f32>| state.scalars.iter().find(|it| it.0 == *name).unwrap().1;
                assert_eq!(values, (scalar(states[0]), scalar(states[1])), "{name}");
            }
        }
    }
    let shown = trace.memory.len();
    let kept = states[1].tensors.iter().filter(|it| !it.1.is_empty()).count();
    assert_eq!(shown, kept + states[1].scalars.len(), "nothing is left out");
    assert_eq!(trace.updates, states[1].step);
}

#[test]
fn the_numbers_of_every_optimizer_are_the_engines() {
    for card in Kind::Optimizer.cards() {
        let experiment = experiment(&settings_of(card.key));
        for steps in [0, 4] {
            check(&experiment, steps);
        }
    }
}

#[test]
fn the_numbers_are_the_engines_under_every_regularization() {
    for settings in [
        "optimizer=adam,lr=0.02,l1=0.01,l2=0.1,clip_value=0.01,clip_norm=0.02,gradient_noise=0.1",
        "optimizer=sam,lr=0.05,clip_norm=0.1,decoupled_decay=0.1,ema=0.9",
        "optimizer=sgd,lr=0.1,schedule=reduce_on_plateau,patience=0,eval_every=2",
    ] {
        for steps in [0, 5] {
            check(&experiment(settings), steps);
        }
    }
}

#[test]
fn each_form_of_the_gradient_is_told() {
    use Stage::{Elsewhere, Loss, NormClipped, Penalised, ValueClipped};
    for (settings, expected) in [
        ("optimizer=sgd,lr=0.1", vec![Loss]),
        ("optimizer=sgd,lr=0.1,l2=0.1,clip_norm=0.01", vec![Loss, Penalised, NormClipped]),
        ("optimizer=sam,clip_value=0.001", vec![Loss, Elsewhere, ValueClipped]),
        ("optimizer=sgd,gradient_noise=0.1", vec![Loss, Stage::Noisy]),
    ] {
        let (checkpoint, problem) = run(&experiment(settings), 3);
        let mut engine = Engine::resume(&checkpoint, problem).unwrap();
        let element = Element { layer: 0, tensor: "weight", index: 3 };
        let weight = value(&engine, element);
        let (trace, ()) = engine.trace(element, |_, _| ()).unwrap();
        let stages: Vec<Stage> = trace.gradients.iter().map(|it| it.0).collect();
        assert_eq!(stages, expected, "{settings}");
        if stages[1..].first() == Some(&Penalised) {
            let [plain, penalised] = [trace.gradients[0].1, trace.gradients[1].1];
            assert!(
                (penalised - plain - 0.1 * weight).abs() < 1e-6,
                "{plain} {penalised} {weight}"
            );
        }
    }
}

/// The tensor of `element` moved by a rule by itself, as `gradlab step` moves one.
fn replayed<F: Precision>(
    pick: &Pick,
    (before, traced): (&Engine, &Engine),
    element: Element,
    rate: f64,
) -> F {
    let rule: Rule<F> = catalog::optimizer(pick).build(pick);
    let (group, place) = before.optimizer(element).unwrap();
    let old = &before.groups[group].states[place];
    let cast = |values: &[f32]| values.iter().map(|&x| F::of(f64::from(x))).collect::<Vec<F>>();
    let mut state = State {
        step: old.step + 1,
        tensors: old.tensors.iter().map(|(name, it)| (*name, cast(it))).collect(),
        scalars: old.scalars.clone(),
    };
    let mut param = cast(tensor(before.network(), element).unwrap().values());
    let grads = tensor(traced.network(), element).unwrap();
    rule.update(Update {
        lr: rate,
        dim: Dim::of(grads),
        param: &mut param,
        grad: &cast(grads.grads()),
        state: &mut state,
    });
    param[element.index]
}

#[test]
fn the_rule_by_itself_makes_the_same_move() {
    let mut left_out = Vec::new();
    for card in Kind::Optimizer.cards() {
        let experiment = experiment(&settings_of(card.key));
        let pick = experiment.optimizer_of(0);
        let entry = catalog::optimizer(pick);
        // Sam's gradient is the one that it took elsewhere; it sees the others there only.
        if entry.reach(pick) == Reach::Group && card.key != "sam" {
            left_out.push(card.key);
            continue;
        }
        let (checkpoint, problem) = run(&experiment, 4);
        for (layer, name, index) in [(0, "weight", 7), (0, "bias", 2), (1, "weight", 9)] {
            let element = Element { layer, tensor: name, index };
            let before = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
            let mut engine = Engine::resume(&checkpoint, Arc::clone(&problem)).unwrap();
            let (trace, ()) = engine.trace(element, |_, _| ()).unwrap();
            let engines = (&before, &engine);
            let moved: f32 = replayed(pick, engines, element, trace.rate);
            assert_eq!(moved, trace.values.1, "{} {element:?}", card.key);
            // The two rows of gradients of a softmax are opposite, and a basis of so few directions
            // is another in another precision.
            if card.key == "soap" && layer == 1 {
                continue;
            }
            let wide: f64 = replayed(pick, engines, element, trace.rate);
            let (from, to) = (f64::from(trace.values.0), f64::from(trace.values.1));
            let bound = 1e-6 * from.abs().max(1.0) + 2e-3 * (to - from).abs();
            assert!((wide - to).abs() <= bound, "{}: {from} → {to}, {wide}", card.key);
        }
    }
    assert_eq!(left_out, ["prodigy", "lbfgs"]);
}

#[test]
fn the_loss_along_a_weight_has_the_slope_that_is_told() {
    for settings in ["optimizer=sgd,lr=0.1", "optimizer=adam,lr=0.05,l2=0.1"] {
        let recipe = format!("moons:samples=48/6-tanh+dropout=0.3/2-softmax/seed=3,{settings}");
        let experiment = parse_recipe(&recipe).unwrap().experiment;
        let (checkpoint, problem) = run(&experiment, 5);
        for (layer, weight) in [(0, 1), (0, 2), (1, 4), (1, 6)] {
            let selection = Selection { layer, unit: 1, weight, close: true, ..Default::default() };
            let step = OneStep::after(&checkpoint, &problem, selection).unwrap();
            let [now, after, _] = step.along.losses.unwrap();
            assert_eq!(now, step.trace.loss, "the same batch, the same dropout");
            let (from, to) = step.trace.values;
            let length = f64::from(to) - f64::from(from);
            let slope = f64::from(step.trace.gradients[0].1);
            assert!(((after - now) - slope * length).abs() <= 0.05 * (slope * length).abs() + 1e-6);
            let within = |x: f64| step.along.points.iter().any(|it| it.0 == x);
            assert!(within(f64::from(from)) && within(f64::from(to)), "{:?}", step.along);
        }
    }
}

#[test]
fn plain_gradient_descent_is_where_sgd_goes() {
    let (checkpoint, problem) = run(&experiment("optimizer=sgd,lr=0.1,schedule=cosine"), 7);
    for weight in 0..3 {
        let selection = Selection { weight, ..Selection::default() };
        let step = OneStep::after(&checkpoint, &problem, selection).unwrap();
        assert_eq!(step.plain(), f64::from(step.trace.values.1));
        assert!(step.trace.factor < 1.0 && step.trace.rate == 0.1 * step.trace.factor);
    }
}
