//! One step, in numbers.

use gradlab::experiment::Experiment;
use gradlab::train::probe::Snapshot;
use gradlab::train::{Problem, Session};

use super::*;

/// The look into the step that follows so many steps.
fn inside(experiment: &Experiment, steps: u64, size: (u16, u16)) -> (App, Snapshot) {
    let (mut app, run) = picture::unseen(experiment.clone(), steps, size).unwrap();
    pressed(&mut app, &run, &[KeyCode::Char('i')]);
    (app, run)
}

/// Presses keys, each with the look at the run that it asks for.
fn pressed(app: &mut App, run: &Snapshot, keys: &[KeyCode]) {
    for &key in keys {
        press(app, &[key]);
        picture::look(app, run);
    }
}

fn named(name: &str) -> Experiment {
    match experiment::load(name) {
        Ok(loaded) => loaded.experiment,
        Err(_) => experiment::parse_recipe(name).unwrap().experiment,
    }
}

#[test]
fn two_halves_at_every_size() {
    let deep = format!("spirals/{}2-softmax/optimizer=adam,lr=0.003,seed=1", "8-tanh/".repeat(12));
    for (name, experiment, keys) in [
        ("spirals", "spirals", vec![]),
        ("sine", "sine", vec![KeyCode::Tab, KeyCode::Right, KeyCode::Char('z')]),
        ("digits", "digits", vec![KeyCode::Down, KeyCode::Char('n')]),
        ("deep", deep.as_str(), vec![KeyCode::BackTab, KeyCode::End]),
    ] {
        for size in SIZES {
            let (mut app, run) = inside(&named(experiment), 150, size);
            pressed(&mut app, &run, &keys);
            let name = format!("one-step-{name}-{}x{}", size.0, size.1);
            insta::assert_snapshot!(name, text(&mut app, size));
        }
    }
}

#[test]
fn the_numbers_shown_are_the_engines() {
    let experiment = named("moons/6-tanh/2-softmax/optimizer=rmsprop,lr=0.01,seed=3");
    let (mut app, run) = inside(&experiment, 40, (120, 40));
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, problem);
    session.advance(40, |_| {}).unwrap();
    let before = session.engine().parameters();
    session.advance(1, |_| {}).unwrap();
    let after = session.engine().parameters();
    for (keys, layer, tensor, at) in [
        (vec![KeyCode::Right, KeyCode::End], 0, "bias", (0, 1)),
        (vec![KeyCode::Tab, KeyCode::Right, KeyCode::End], 1, "bias", (0, 1)),
    ] {
        pressed(&mut app, &run, &keys);
        let drawn = text(&mut app, (120, 40));
        let [old, new] = [&before, &after].map(|it| f64::from(it[layer].get(tensor).unwrap()[at]));
        let expected = format!("{} → {}", format::figure(old), format::figure(new));
        assert!(drawn.contains(expected.trim()), "{expected}\n{drawn}");
        assert!(drawn.contains("step 41"), "{drawn}");
    }
}

#[test]
fn keys_move_what_is_looked_at() {
    use KeyCode::{BackTab, Char, Down, Home, Left, Right, Tab, Up};
    let (mut app, run) = inside(&named("spirals"), 20, (120, 40));
    for (key, words) in [
        (Right, "Neuron 2 of layer 1"),
        (Left, "Neuron 1 of layer 1"),
        (Left, "Neuron 16 of layer 1"),
        (Tab, "Neuron 1 of layer 2"),
        (BackTab, "Neuron 1 of layer 1"),
        (BackTab, "Neuron 1 of layer 3"),
        (Tab, "Neuron 1 of layer 1"),
        (Char('n'), "sample 2 of 32"),
        (Char('N'), "sample 1 of 32"),
        (Char('N'), "sample 32 of 32"),
        (KeyCode::End, "Bias of neuron 1"),
        (Up, "Weight 1←x"),
        (Home, "Weight 1←x"),
        (Down, "Weight 1←x"),
        (Down, "Bias of neuron 1"),
        (Char('z'), "along w − ●"),
        (Char('z'), "along w"),
    ] {
        pressed(&mut app, &run, &[key]);
        let drawn = text(&mut app, (120, 40));
        assert!(drawn.contains(words), "{key:?} {words}\n{drawn}");
    }
    press(&mut app, &[KeyCode::Esc]);
    assert!(text(&mut app, (120, 40)).contains("Network"));
}

#[test]
fn what_one_weight_cannot_tell_is_said() {
    use KeyCode::{Char, End, Tab};
    for (recipe, keys, words) in [
        ("sine/1-tanh/1-identity/seed=1", vec![], vec!["Neuron 1 of layer 1", "z = "]),
        ("moons/4-relu/2-softmax/batch_size=1,seed=1", vec![], vec!["of one sample"]),
        ("moons/8-swiglu/2-softmax/seed=1", vec![], vec!["swiglu(z of neurons 1 and 5)"]),
        (
            "moons/8-relu/2-softmax/seed=1",
            vec![Tab],
            vec!["a = z = ", "softmax is part of the loss", "own"],
        ),
        ("moons/8-relu+batch_norm/2-softmax/seed=1", vec![End], vec!["n = batch_norm(z)", "β"]),
        ("moons/8-prelu/2-softmax/seed=1", vec![End], vec!["θ of neuron 1"]),
        ("moons/8-relu+dropout=0.5/2-softmax/seed=1", vec![], vec!["dropout: "]),
        ("moons/8-relu/2-softmax/optimizer=sam,seed=1", vec![], vec!["taken anew at W + E"]),
        (
            "moons/8-relu/2-softmax/optimizer=shampoo,seed=1",
            vec![],
            vec!["‖left‖", "of the whole matrix", "all weights of its tensor"],
        ),
        ("moons/8-relu/2-softmax/optimizer=adafactor,seed=1", vec![], vec!["row", "of its row"]),
        (
            "moons/8-relu/2-softmax/optimizer=prodigy,seed=1",
            vec![],
            vec!["all weights of the optimizer"],
        ),
        ("moons/8-relu/2-softmax/l2=0.1,clip_norm=0.1,seed=1", vec![], vec!["with l1 and l2"]),
        (
            "moons/8-relu/2-softmax/optimizer=sgd,lr=0.1,seed=1",
            vec![],
            vec!["momentum 0", "dampening 0"],
        ),
        ("moons/4-softmax/2-softmax/seed=1", vec![], vec!["softmax(z of all 4)"]),
        ("digits", vec![Char('n')], vec![" more", "sample 2 of"]),
        ("moons/4-relu+zeros/2-softmax+zeros/seed=1", vec![], vec!["loss does not change"]),
        ("rate-too-high", vec![], vec!["The run diverged", "This is the step that"]),
    ] {
        let size = (120, 40);
        let steps = if recipe == "rate-too-high" { 5000 } else { 30 };
        let (mut app, run) = inside(&named(recipe), steps, size);
        pressed(&mut app, &run, &keys);
        let drawn = text(&mut app, size);
        for word in words {
            assert!(drawn.contains(word), "{recipe} {word}\n{drawn}");
        }
        for width in (0..=130).step_by(13) {
            for height in (0..=41).step_by(3) {
                let drawn = text(&mut app, (width, height));
                if width >= 78 && height >= 21 {
                    assert!(drawn.contains("∂L/∂w") && drawn.contains("z = "), "{recipe}\n{drawn}");
                    assert!(drawn.contains("│ w  "), "{recipe}\n{drawn}");
                }
            }
        }
    }
}

#[test]
fn numbers_that_are_none_are_drawn() {
    // The weights leave all numbers at once.
    let experiment = named("moons/4-identity/2-identity/optimizer=sgd,lr=1e30,loss=mse,seed=1");
    for steps in [0, 1, 2, 9] {
        let (mut app, run) = inside(&experiment, steps, (80, 24));
        for keys in [vec![], vec![KeyCode::Tab], vec![KeyCode::Char('z')]] {
            pressed(&mut app, &run, &keys);
            for size in SIZES {
                let drawn = text(&mut app, size);
                assert!(drawn.contains("∂L/∂w"), "{drawn}");
            }
        }
    }
}

#[test]
fn before_there_is_a_look_nothing_is_claimed() {
    let (mut app, _) = picture::unseen(named("spirals"), 5, (80, 24)).unwrap();
    press(&mut app, &[KeyCode::Char('i')]);
    let drawn = text(&mut app, (80, 24));
    assert!(drawn.contains("One step, in numbers") && drawn.contains('–'), "{drawn}");
    for key in [KeyCode::Down, KeyCode::Char('n'), KeyCode::Right, KeyCode::Tab] {
        press(&mut app, &[key]);
        assert_eq!(text(&mut app, (80, 24)), drawn);
    }
}
