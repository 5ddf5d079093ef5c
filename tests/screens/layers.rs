//! The inside of a network over a run.

use KeyCode::{Char, Down, End};

use super::*;

/// Twelve layers, more than there is room for at once.
const DEEP: &str = "spirals/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-tanh/8-relu/2-softmax/\
                    seed=5,steps=400,optimizer=adam,lr=0.003";

fn inside(name: &str, steps: u64, size: (u16, u16)) -> App {
    let experiment = match experiment::load(name) {
        Ok(loaded) => loaded.experiment,
        Err(_) => experiment::parse_recipe(name).unwrap().experiment,
    };
    picture::inside(&experiment, steps, size).unwrap()
}

#[test]
fn strips_of_every_quantity() {
    for (name, steps, size) in
        [("spirals", 600, (120, 40)), ("sine", 600, (80, 24)), ("digits", 200, (200, 60))]
    {
        let mut app = inside(name, steps, size);
        let at = |what: &str| format!("layers-{name}-{what}-{}x{}", size.0, size.1);
        insta::assert_snapshot!(at("weights"), text(&mut app, size));
        for quantity in ["gradients", "activations", "pre-activations", "updates"] {
            press(&mut app, &[Char('m')]);
            let drawn = text(&mut app, size);
            let title = format!("{}{}", quantity[..1].to_uppercase(), &quantity[1..]);
            assert!(drawn.contains(&format!("╭ {title} over time")), "{drawn}");
            assert!(drawn.contains("┤▀") || drawn.contains("│▀"), "{drawn}");
            let scale = |drawn: &str| drawn.contains("y symmetric log");
            press(&mut app, &[Char('y')]);
            assert_ne!(scale(&drawn), scale(&text(&mut app, size)), "{drawn}");
            press(&mut app, &[Char('y')]);
        }
        insta::assert_snapshot!(at("updates"), text(&mut app, size));
    }
}

#[test]
fn the_layer_under_the_cursor_is_in_sight() {
    for size in SIZES {
        let mut app = inside(DEEP, 100, size);
        for layer in 1..=12 {
            let drawn = text(&mut app, size);
            assert!(drawn.contains(&format!("▸{layer} ")), "{layer} {drawn}");
            press(&mut app, &[Down]);
        }
        insta::assert_snapshot!(format!("layers-deep-{}x{}", size.0, size.1), text(&mut app, size));
    }
    let size = (80, 24);
    let mut app = inside(DEEP, 100, size);
    press(&mut app, &[End]);
    for presses in 1..=4 {
        press(&mut app, &[Char('z')]);
        insta::assert_snapshot!(format!("layers-zoom-{presses}"), text(&mut app, size));
    }
}

#[test]
fn strips_are_told_without_colour_and_with_16() {
    let size = (120, 40);
    let mut app = inside("spirals", 600, size);
    let plain = picture::draw(&mut app, size, Theme::new(Depth::None));
    assert!(plain.content().iter().all(|cell| {
        cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
    }));
    let plain = buffer_to_text(&plain);
    assert!(plain.contains('█') && plain.contains('░'), "{plain}");
    insta::assert_snapshot!("layers-no-colour-120x40", plain);
    let few = buffer_to_text(&picture::draw(&mut app, size, Theme::new(Depth::Ansi16)));
    assert!(few.contains('▓') && few.contains('░'), "{few}");
}

#[test]
fn a_part_of_the_run_is_on_every_chart_alike() {
    let size = (120, 40);
    let mut app = inside("spirals", 600, size);
    press(&mut app, &[Char('x')]);
    let zoomed = text(&mut app, size);
    press(&mut app, &[Char('1')]);
    let train = text(&mut app, size);
    // The axis of the strips, of the charts below and of Train's charts.
    for drawn in [&zoomed, &train] {
        let steps = |step: &str| drawn.contains(&format!(" {step} "));
        assert!(steps("400") && !steps("0") && !steps("200"), "{drawn}");
    }
    press(&mut app, &[Char('X')]);
    assert!(text(&mut app, size).contains(" 0 "));
}

#[test]
fn edits_and_the_moment_shown_are_marked() {
    let size = (120, 40);
    let spirals = experiment::load("spirals").unwrap().experiment;
    let mut script = experiment::Script::from(spirals.clone());
    script.edit(300, spirals.with_overrides(&["optimizer.lr=0.001"]).unwrap()).unwrap();
    let mut app = picture::inside(script, 600, size).unwrap();
    let drawn = text(&mut app, size);
    assert!(drawn.matches('┊').count() > 20 && drawn.contains("◆ 300"), "{drawn}");
    press(&mut app, &[Char(','), Char('<')]);
    let drawn = text(&mut app, size);
    assert!(drawn.contains("╌╌╌") && drawn.contains("of 600"), "{drawn}");
    assert_eq!(app.workspace.moment(), 300);
}

#[test]
fn nothing_is_drawn_of_what_is_not_known() {
    for size in SIZES {
        let mut app = trained("spirals", 0, size);
        press(&mut app, &[Char('2'), Char('m')]);
        let drawn = text(&mut app, size);
        assert!(drawn.contains("– no values yet") && !drawn.contains("NaN"), "{drawn}");
    }
}

#[test]
fn any_size_will_do() {
    for (name, steps) in [("spirals", 60), ("digits", 3), (DEEP, 20), ("rate-too-high", 5000)] {
        let mut app = inside(name, steps, (80, 24));
        for keys in [vec![], vec![Char('z')], vec![Char('m'), Char('z')], vec![Char('z')]] {
            press(&mut app, &keys);
            for width in (0..=130).step_by(13) {
                for height in (0..=42).step_by(2) {
                    text(&mut app, (width, height));
                }
            }
        }
        press(&mut app, &[KeyCode::Esc]);
        at_many_sizes(&mut app, &OF_SMALL, |drawn, size| {
            assert!(drawn.contains("▸1 "), "{name} {size:?}\n{drawn}");
        });
    }
}
