//! The network drawn, one neuron alone, and lists that look at the run.

use std::sync::Arc;

use gradlab::experiment::Experiment;
use gradlab::train::probe::{Requests, Snapshot, View, observe};
use gradlab::train::{Problem, Session};

use super::*;

const STEPS: u64 = 400;

/// A run that can be looked at again.
struct Looked {
    app: App,
    snapshot: Snapshot,
    size: (u16, u16),
}

impl Looked {
    fn at(experiment: &Experiment, size: (u16, u16)) -> Self {
        let app = picture::trained(experiment, STEPS, size).unwrap();
        let mut session = Session::new(experiment, Problem::load(experiment).unwrap());
        let motion = session.advance(STEPS, |_| {}).unwrap();
        let state = Some(Arc::new(session.keyframe()));
        let snapshot = Snapshot { state, ..Snapshot::of(session.engine(), 1, motion) };
        Self { app, snapshot, size }
    }

    /// Presses keys, and looks at the weights after each as the observer does.
    fn press(&mut self, keys: &[KeyCode]) {
        for &code in keys {
            press(&mut self.app, &[code]);
            let _ = text(&mut self.app, self.size);
            // The spectrum of the loss is looked at elsewhere, and takes its time.
            let view = self.app.view();
            let requests = Requests { stability: false, ..view.requests };
            let seen = observe(&self.snapshot, View { requests, ..view });
            self.app.on_observation(Box::new(seen));
        }
    }

    fn text(&mut self) -> String {
        text(&mut self.app, self.size)
    }
}

fn named(name: &str) -> Experiment {
    match experiment::load(name) {
        Ok(loaded) => loaded.experiment,
        Err(_) => experiment::parse_recipe(name).unwrap().experiment,
    }
}

/// A dozen hidden layers.
fn deep() -> String {
    format!("moons/{}2-softmax/seed=3,optimizer=adam,lr=0.003", "6-tanh/".repeat(12))
}

#[test]
fn one_neuron_alone() {
    use KeyCode::{Char, Down, Right};
    let deep = deep();
    for (name, called) in [
        ("spirals", "spirals"),
        ("sine", "sine"),
        ("digits", "digits"),
        ("iris", "iris"),
        (&deep, "deep"),
        ("valley", "valley"),
    ] {
        for size in SIZES {
            let mut looked = Looked::at(&named(name), size);
            looked.press(&[Char('N'), Down]);
            let first = looked.text();
            let alone = ["Layer 1, neuron ", "Output 1"];
            assert!(alone.iter().any(|it| first.contains(it)), "{name}\n{first}");
            insta::assert_snapshot!(format!("neuron-{called}-{}x{}", size.0, size.1), first);
            looked.press(&[Right]);
            let second = looked.text();
            assert!(second.contains("Layer 2, neuron ") || second.contains("Output"), "{second}");
            insta::assert_snapshot!(format!("neuron-2-{called}-{}x{}", size.0, size.1), second);
            looked.press(&[KeyCode::Esc]);
            let after = looked.text();
            assert!(!after.contains(", neuron ") && after.contains("Network"), "{after}");
        }
    }
}

#[test]
fn every_neuron_is_reached_and_every_edit_keeps_the_cursor_on_one() {
    use KeyCode::{Char, Down, Esc, Left, Right};
    let mut looked = Looked::at(&named("spirals/9-tanh/6-glu/2-softmax/seed=1"), (120, 40));
    looked.press(&[Char('N')]);
    let title = |drawn: &str| {
        let start = drawn.find("Layer 1, neuron ").unwrap();
        drawn[start..].chars().take_while(|c| *c != ':').collect::<String>()
    };
    let mut seen = BTreeSet::new();
    for _ in 0..9 {
        seen.insert(title(&looked.text()));
        looked.press(&[Down]);
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
    looked.press(&[Left, Left, Right, Right, Right, Right]);
    let drawn = looked.text();
    assert!(drawn.contains("Output"), "{drawn}");
    press(&mut looked.app, &[Char('d'), Char('d'), Char('a')]);
    let _ = looked.text();
    press(&mut looked.app, &[Esc]);
    assert!(looked.text().contains("▸"));
}

#[test]
fn without_colour_signs_are_dashes_and_shades() {
    for (name, depth) in [("spirals", Depth::None), ("digits", Depth::None)] {
        let size = (120, 40);
        let mut looked = Looked::at(&named(name), size);
        looked.press(&[KeyCode::Char('N')]);
        let plain = picture::draw(&mut looked.app, size, Theme::new(depth));
        assert!(plain.content().iter().all(|cell| {
            cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
        }));
        let drawn = buffer_to_text(&plain);
        insta::assert_snapshot!(format!("neuron-no-colour-{name}"), drawn);
    }
}

#[test]
fn decided_classes_have_no_shades_between() {
    let size = (120, 40);
    let mut app = trained("spirals", STEPS, size);
    let colours = |app: &mut App| {
        let buffer = picture::draw(app, size, Theme::new(Depth::True));
        // The plane.
        let cells = (2..20).flat_map(|y| (42..78).map(move |x| (x, y)));
        cells.map(|at| format!("{:?}", buffer[at].bg)).collect::<BTreeSet<_>>()
    };
    let shades = colours(&mut app);
    press(&mut app, &[KeyCode::Char('C')]);
    let drawn = text(&mut app, size);
    assert!(drawn.contains("Decided classes"), "{drawn}");
    let decided = colours(&mut app);
    assert!(decided.len() < shades.len() && decided.len() <= 3, "{decided:?} {shades:?}");
    press(&mut app, &[KeyCode::Char('C')]);
    assert_eq!(colours(&mut app), shades);
}

#[test]
fn lists_look_at_the_run() {
    use KeyCode::{Down, Enter, Tab};
    for size in SIZES {
        let at = |name: &str| format!("{name}-{}x{}", size.0, size.1);
        let mut looked = Looked::at(&named("spirals"), size);
        looked.press(&[Enter, Down]);
        let drawn = looked.text();
        assert!(drawn.contains("lie where this"), "{drawn}");
        insta::assert_snapshot!(at("activations-seen"), drawn);
        let mut looked = Looked::at(&named("spirals"), size);
        looked.press(&[Tab, Enter]);
        let drawn = looked.text();
        assert!(drawn.contains("update:weight") && drawn.contains("cos(ΔW"), "{drawn}");
        insta::assert_snapshot!(at("optimizers-seen"), drawn);
        looked.press(&[Down]);
        assert!(looked.text().contains("states fresh"));
    }
}
