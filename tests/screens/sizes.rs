//! Every screen at every size: nothing panics, and what must be seen is seen.

use super::*;

/// Columns and rows from one to the other.
const FROM: (u16, u16) = (20, 5);
const TO: (u16, u16) = (220, 70);

/// A screen, its key, and what must be seen on it from 40 × 12 on, and from 60 × 16 on.
const SCREENS: [(char, &[&str], &[&str]); 4] = [
    ('1', &["step", "tanh"], &["tanh", "adam"]),
    ('2', &["step", "1 tanh"], &["1 tanh"]),
    ('4', &["step"], &["step"]),
    ('5', &["Activations and optimizers"], &["Activations and optimizers"]),
];

fn see(app: &mut App, size: (u16, u16)) {
    for (key, small, middle) in SCREENS {
        press(app, &[KeyCode::Char(key)]);
        let drawn = text(app, size);
        for (least, words) in [((40, 12), small), ((60, 16), middle)] {
            if size.0 >= least.0 && size.1 >= least.1 {
                for word in words {
                    assert!(drawn.contains(word), "no `{word}` on {key} at {size:?}:\n{drawn}");
                }
            }
        }
        if key == '1' && size.0 >= 40 && size.1 >= 12 {
            let loss = app.workspace.run.latest(Series::TestLoss).unwrap();
            let loss = format::measure(loss);
            assert!(drawn.contains(loss.trim()), "no {loss} at {size:?}:\n{drawn}");
        }
        let widest = drawn.lines().map(format::width).max().unwrap_or(0);
        assert!(widest <= usize::from(size.0), "{size:?}");
    }
}

fn app() -> App {
    trained("spirals", 150, (120, 40))
}

#[test]
fn a_sample_of_all_sizes() {
    let mut app = app();
    let (mut width, mut height) = FROM;
    // Both steps are coprime to the ranges, so that the sample has no pattern.
    for _ in 0..150 {
        see(&mut app, (width, height));
        width = FROM.0 + (width - FROM.0 + 83) % (TO.0 - FROM.0 + 1);
        height = FROM.1 + (height - FROM.1 + 29) % (TO.1 - FROM.1 + 1);
    }
    for size in [FROM, TO, (40, 12), (60, 16), (80, 24)] {
        see(&mut app, size);
    }
}

#[test]
#[ignore = "takes minutes"]
fn all_sizes() {
    let mut app = app();
    for width in FROM.0..=TO.0 {
        for height in FROM.1..=TO.1 {
            see(&mut app, (width, height));
        }
    }
}
