//! Optimizers on a test surface.

use KeyCode::{Char, Down, Enter, Home, Right, Tab};
use gradlab::experiment::walk;
use gradlab::tui::theme::Marker;

use super::*;

fn walking(name: &str, steps: u64) -> App {
    let experiment = experiment::load("spirals").unwrap().experiment;
    picture::walking(&experiment, walk::WALKS.load(name).unwrap(), steps)
}

#[test]
fn walks_at_every_size() {
    for (name, steps) in [("ravine", 30), ("saddle", 40), ("rosenbrock", 200)] {
        for size in SIZES {
            let mut app = walking(name, steps);
            insta::assert_snapshot!(
                format!("surface-{name}-{}x{}", size.0, size.1),
                text(&mut app, size)
            );
        }
    }
    for size in [(60, 16), (40, 12), (30, 5)] {
        let mut app = walking("noisy-bowl", 60);
        insta::assert_snapshot!(
            format!("surface-small-{}x{}", size.0, size.1),
            text(&mut app, size)
        );
    }
}

#[test]
fn walkers_are_told_apart_without_colour_and_with_16() {
    for (name, depth) in [("no-colour", Depth::None), ("16-colours", Depth::Ansi16)] {
        let mut app = walking("saddle", 25);
        let drawn = buffer_to_text(&picture::draw(&mut app, (120, 40), Theme::new(depth)));
        assert!(('A'..='D').all(|letter| drawn.matches(letter).count() >= 2), "{drawn}");
        insta::assert_snapshot!(format!("surface-{name}"), drawn);
    }
    let mut app = walking("saddle", 25);
    let ascii = Theme { marker: Marker::Ascii, ..Theme::new(Depth::None) };
    let drawn = buffer_to_text(&picture::draw(&mut app, (80, 24), ascii));
    assert!(!drawn.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c)), "{drawn}");
}

#[test]
fn each_panel_can_have_the_whole_screen() {
    let mut app = walking("turned-valley", 50);
    for presses in 1..=4 {
        press(&mut app, &[Char('z')]);
        insta::assert_snapshot!(format!("surface-zoom-{presses}"), text(&mut app, (80, 24)));
    }
}

#[test]
fn settings_are_turned_typed_and_picked() {
    let mut app = walking("ravine", 10);
    press(&mut app, &[Tab, Home, Down, Right]);
    let drawn = text(&mut app, (120, 40));
    assert!(
        drawn.contains("▸ condition   100") && drawn.contains("quadratic:condition=100"),
        "{drawn}"
    );
    press(&mut app, &[Enter]);
    let prompt = text(&mut app, (120, 40));
    assert!(prompt.contains("how much steeper it is along v than along u"), "{prompt}");
    press(&mut app, &typed("0.5"));
    press(&mut app, &[Enter]);
    let refused = text(&mut app, (120, 40));
    assert!(refused.contains("it must be 1 or more"), "{refused}");
    press(&mut app, &[Char('p')]);
    press(&mut app, &typed("himmel"));
    press(&mut app, &[Enter, Char('s')]);
    let drawn = text(&mut app, (120, 40));
    assert!(drawn.contains("╭ himmelblau ─") && drawn.contains("step 1   ‖ paused"), "{drawn}");
    press(&mut app, &[Char('a')]);
    press(&mut app, &typed("adamw"));
    press(&mut app, &[Enter, Char('o')]);
    let list = text(&mut app, (120, 40));
    assert!(list.contains("╭ Walks ─") && list.contains("noisy-bowl"), "{list}");
    press(&mut app, &typed("noisy"));
    press(&mut app, &[Enter]);
    let drawn = text(&mut app, (120, 40));
    assert!(drawn.contains("╭ Noisy bowl: quadratic") && drawn.contains("C sgd"), "{drawn}");
}
