//! Every screen at every size: nothing panics, and what must be seen is seen.

use gradlab::train::landscape::PlaneKind;

use super::*;

/// Columns and rows from one to the other.
const FROM: (u16, u16) = (20, 5);
const TO: (u16, u16) = (220, 70);

/// A key, if one leads there, and what must be seen on the screen from 40 × 12 on, and from 60 × 16 on.
type Sight = (Option<char>, &'static [&'static str], &'static [&'static str]);

const RUN: &[Sight] = &[
    (Some('1'), &["step", "tanh"], &["tanh", "adam"]),
    (Some('2'), &["step", "1 tanh"], &["1 tanh"]),
    (Some('4'), &["step"], &["step", "sgd"]),
    (Some('5'), &["Activations and optimizers"], &["Activations and optimizers"]),
];
const RACE: &[Sight] = &[(None, &["sgd"], &["sgd", "0.665"])];
const LANDSCAPE: &[Sight] = &[(None, &["landscape"], &["landscape", "step 200"])];

fn see(app: &mut App, sights: &[Sight], size: (u16, u16)) {
    for (key, small, middle) in sights {
        if let Some(key) = key {
            press(app, &[KeyCode::Char(*key)]);
        }
        let drawn = text(app, size);
        for (least, words) in [((40, 12), small), ((60, 16), middle)] {
            if size.0 >= least.0 && size.1 >= least.1 {
                for word in *words {
                    assert!(drawn.contains(word), "no `{word}` on {key:?} at {size:?}:\n{drawn}");
                }
            }
        }
        if *key == Some('1') && size.0 >= 40 && size.1 >= 12 {
            let loss = app.workspace.run.latest(Series::TestLoss).unwrap();
            let loss = format::measure(loss);
            assert!(drawn.contains(loss.trim()), "no {loss} at {size:?}:\n{drawn}");
        }
        let widest = drawn.lines().map(format::width).max().unwrap_or(0);
        assert!(widest <= usize::from(size.0), "{size:?}");
    }
}

/// A run with its screens, a race, and a landscape.
fn apps() -> [(App, &'static [Sight]); 3] {
    let (plan, results) = raced("optimizers-on-spirals", 20);
    let race = picture::comparing(&plan, &results, (120, 40)).unwrap();
    let mapped = landscape::mapped(landscape::MOONS, 200, (120, 40), PlaneKind::Trajectory);
    [(trained("spirals", 150, (120, 40)), RUN), (race, RACE), (mapped, LANDSCAPE)]
}

fn see_all(apps: &mut [(App, &[Sight])], size: (u16, u16)) {
    for (app, sights) in apps {
        see(app, sights, size);
    }
}

#[test]
fn a_sample_of_all_sizes() {
    let mut apps = apps();
    let (mut width, mut height) = FROM;
    // Both steps are coprime to the ranges, so that the sample has no pattern.
    for _ in 0..150 {
        see_all(&mut apps, (width, height));
        width = FROM.0 + (width - FROM.0 + 83) % (TO.0 - FROM.0 + 1);
        height = FROM.1 + (height - FROM.1 + 29) % (TO.1 - FROM.1 + 1);
    }
    for size in [FROM, TO, (40, 12), (60, 16), (80, 24)] {
        see_all(&mut apps, size);
    }
}

#[test]
#[ignore = "takes minutes"]
fn all_sizes() {
    let mut apps = apps();
    for width in FROM.0..=TO.0 {
        for height in FROM.1..=TO.1 {
            see_all(&mut apps, (width, height));
        }
    }
}
