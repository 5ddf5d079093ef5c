//! Where there is nothing but ASCII, no screen holds anything else.

use gradlab::train::landscape::PlaneKind;

use super::*;
use gradlab::tui::theme::{Charset, Marker};

const SIZES: [(u16, u16); 6] = [(200, 60), (120, 40), (80, 24), (60, 16), (40, 12), (20, 5)];

fn only_ascii(what: &str, app: &mut App, size: (u16, u16)) {
    for depth in [Depth::None, Depth::Console, Depth::True] {
        let theme = Theme { marker: Marker::Ascii, charset: Charset::Ascii, ..Theme::new(depth) };
        let drawn = buffer_to_text(&picture::draw(app, size, theme));
        let other = drawn.chars().find(|c| !c.is_ascii());
        assert_eq!(other, None, "{what} at {size:?}:\n{drawn}");
        // No character is unknown.
        let asked = text(app, size).matches('?').count();
        assert!(drawn.matches('?').count() <= asked, "{what} at {size:?}:\n{drawn}");
    }
}

#[test]
fn no_screen_holds_anything_else() {
    use KeyCode::{Char, Enter, Tab};
    for name in ["spirals", "sine", "digits", "iris"] {
        let mut app = trained(name, 200, (120, 40));
        for size in SIZES {
            for key in ['1', '2', '4', '5'] {
                press(&mut app, &[Char(key)]);
                only_ascii(&format!("{name}, screen {key}"), &mut app, size);
            }
        }
    }
    let (plan, results) = raced("optimizers-on-spirals", 20);
    let mut race = picture::comparing(&plan, &results, (120, 40)).unwrap();
    let mut mapped = landscape::mapped(landscape::MOONS, 200, (120, 40), PlaneKind::Trajectory);
    for size in SIZES {
        only_ascii("a race", &mut race, size);
        only_ascii("a landscape", &mut mapped, size);
    }
    let tops: [(&str, Vec<KeyCode>); 6] = [
        ("help", vec![Char('?')]),
        ("presets", vec![Char('p')]),
        ("activations", vec![Enter]),
        ("optimizers", vec![Tab, Enter]),
        ("concepts", vec![Char('/')]),
        ("one step", vec![Char('i')]),
    ];
    for (name, keys) in tops {
        for size in SIZES {
            let mut app = trained("spirals", 200, size);
            press(&mut app, &keys);
            only_ascii(name, &mut app, size);
        }
    }
}

#[test]
fn the_look_of_ascii_and_of_the_console() {
    let mut app = trained("spirals", 600, (120, 40));
    let ascii = Theme { marker: Marker::Ascii, charset: Charset::Ascii, ..Theme::new(Depth::None) };
    insta::assert_snapshot!("ascii", buffer_to_text(&picture::draw(&mut app, (100, 30), ascii)));
    let console = Theme {
        marker: Marker::HalfBlock,
        charset: Charset::Console,
        ..Theme::new(Depth::Console)
    };
    insta::assert_snapshot!(
        "console",
        buffer_to_text(&picture::draw(&mut app, (100, 30), console))
    );
}
