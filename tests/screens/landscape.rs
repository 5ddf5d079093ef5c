//! The network's own loss landscape.

use KeyCode::{Char, Esc};
use gradlab::experiment::Experiment;
use gradlab::train::landscape::PlaneKind;
use gradlab::tui::theme::Marker;

use super::*;

/// A small network, mapped in no time.
pub const MOONS: &str = "moons:samples=80/6-tanh/2-softmax/seed=1,steps=500,optimizer=adam,lr=0.02";

fn experiment_of(name: &str) -> Experiment {
    match experiment::load(name) {
        Ok(loaded) => loaded.experiment,
        Err(_) => experiment::parse_recipe(name).unwrap().experiment,
    }
}

pub fn mapped(name: &str, steps: u64, size: (u16, u16), plane: PlaneKind) -> App {
    picture::mapped(experiment_of(name), steps, size, plane).unwrap()
}

#[test]
fn every_plane_at_every_size() {
    for plane in PlaneKind::ALL {
        for size in SIZES {
            let mut app = mapped(MOONS, 400, size, plane);
            let drawn = text(&mut app, size);
            assert!(drawn.contains("true loss") && drawn.contains("plane loss"), "{drawn}");
            insta::assert_snapshot!(
                format!("landscape-{}-{}x{}", plane.name(), size.0, size.1),
                drawn
            );
        }
    }
    for size in [(60, 16), (40, 12), (30, 5), (60, 24)] {
        let mut app = mapped(MOONS, 400, size, PlaneKind::Trajectory);
        insta::assert_snapshot!(
            format!("landscape-small-{}x{}", size.0, size.1),
            text(&mut app, size)
        );
    }
}

#[test]
fn without_colour_and_without_braille() {
    let mut app = mapped("iris", 60, (120, 40), PlaneKind::Trajectory);
    let drawn = buffer_to_text(&picture::draw(&mut app, (120, 40), Theme::new(Depth::None)));
    insta::assert_snapshot!("landscape-no-colour", drawn);
    let ascii = Theme { marker: Marker::Ascii, ..Theme::new(Depth::None) };
    let drawn = buffer_to_text(&picture::draw(&mut app, (80, 24), ascii));
    assert!(!drawn.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c)), "{drawn}");
}

#[test]
fn keys_lead_there_and_back_and_are_those_of_the_run() {
    let size = (120, 40);
    let mut app = trained("spirals", 50, size);
    press(&mut app, &[Char('4'), Char('n')]);
    let drawn = text(&mut app, size);
    assert!(drawn.contains("╭ Loss landscape") && drawn.contains("run   m plane"), "{drawn}");
    assert!(drawn.contains("The map is on its way"), "{drawn}");
    assert_eq!(app.view().plane, PlaneKind::Trajectory);
    assert!(app.view().requests.landscape && app.view().map > (10, 10));
    press(&mut app, &[Char('m')]);
    assert_eq!(app.view().plane, PlaneKind::Hessian);
    assert!(text(&mut app, size).contains("Looking for the directions"));
    press(&mut app, &[Char('?')]);
    assert!(text(&mut app, size).contains("Loss landscape"));
    press(&mut app, &[Esc, Char('n')]);
    assert!(!app.view().requests.landscape);
    assert!(!text(&mut app, size).contains("Loss landscape"));
    press(&mut app, &[Char('n'), Esc]);
    assert!(text(&mut app, size).contains("╭ Loss"));
}

#[test]
fn what_cannot_be_mapped_is_said() {
    let size = (80, 24);
    let start = mapped("moons/6-tanh/2-softmax/seed=1", 0, size, PlaneKind::Trajectory);
    let wide = "moons/400-tanh/400-tanh/2-softmax/seed=1";
    let large = mapped(wide, 1, size, PlaneKind::Random);
    for (mut app, part) in
        [(start, "There is no path yet"), (large, "162,402 weights on 350 training rows")]
    {
        let drawn = text(&mut app, size);
        assert!(drawn.contains(part), "{drawn}");
    }
}
