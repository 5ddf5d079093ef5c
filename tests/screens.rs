//! The whole screen, as a stranger sees it, at the sizes that matter. A difference is looked at,
//! and accepted with `INSTA_UPDATE=always cargo test --test screens`.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

#[path = "screens/ascii.rs"]
mod ascii;
#[path = "screens/commands.rs"]
mod commands;
#[path = "screens/hostile.rs"]
mod hostile;
#[path = "screens/landscape.rs"]
mod landscape;
#[path = "screens/layers.rs"]
mod layers;
#[path = "screens/learn.rs"]
mod learn;
#[path = "screens/legible.rs"]
mod legible;
#[path = "screens/neurons.rs"]
mod neurons;
#[path = "screens/one_step.rs"]
mod one_step;
#[path = "screens/sizes.rs"]
mod sizes;
#[path = "screens/surface.rs"]
mod surface;
#[path = "screens/time.rs"]
mod time;

use std::collections::BTreeSet;
use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gradlab::compare::{Plan, Record, Results};
use gradlab::experiment;
use gradlab::export::text::buffer_to_text;
use gradlab::train::telemetry::Series;
use gradlab::tui::app::App;
use gradlab::tui::picture;
use gradlab::tui::theme::{Depth, Theme};
use gradlab::tui::widgets::format;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn trained(name: &str, steps: u64, size: (u16, u16)) -> App {
    let experiment = experiment::load(name).unwrap().experiment;
    picture::trained(&experiment, steps, size).unwrap()
}

fn text(app: &mut App, size: (u16, u16)) -> String {
    buffer_to_text(&picture::draw(app, size, Theme::new(Depth::True)))
}

fn press(app: &mut App, keys: &[KeyCode]) {
    for &code in keys {
        app.on_input(&Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }
}

fn typed(word: &str) -> Vec<KeyCode> {
    word.chars().map(KeyCode::Char).collect()
}

#[test]
fn every_kind_of_prediction() {
    // A plane of classes and of values, a curve, tables with and without pictures, a scatter.
    for name in ["spirals", "plane", "sine", "iris", "digits"] {
        for size in SIZES {
            let mut app = trained(name, 600, size);
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), text(&mut app, size));
        }
    }
}

#[test]
fn the_form_shows_what_is_not_at_its_default_and_all_settings_on_a_key() {
    let recipe = "moons/16-leaky_relu:negative_slope=0.2+batch_norm+dropout=0.1@sgd:lr=0.05,momentum=0.9\
                  /2-softmax/seed=3,eval_every=20,clip_norm=1,ema=0.99,decoupled_decay=0.01,\
                  optimizer=adam,lr=0.01,betas=0.8:0.99,schedule=warmup_cosine,eta_min=0.001";
    let experiment = experiment::parse_recipe(recipe).unwrap().experiment;
    for size in SIZES {
        let mut app = picture::trained(&experiment, 200, size).unwrap();
        insta::assert_snapshot!(format!("settings-{}x{}", size.0, size.1), text(&mut app, size));
        press(&mut app, &[KeyCode::Char('v')]);
        let all = text(&mut app, size);
        insta::assert_snapshot!(format!("all-settings-{}x{}", size.0, size.1), all);
        press(&mut app, &[KeyCode::End, KeyCode::Up, KeyCode::Up, KeyCode::Enter]);
        let prompt = text(&mut app, size);
        assert!(prompt.contains("Ema") && prompt.contains("0.99"), "{prompt}");
    }
}

#[test]
fn a_diverged_run() {
    for size in SIZES {
        let mut app = trained("rate-too-high", 5000, size);
        insta::assert_snapshot!(format!("diverged-{}x{}", size.0, size.1), text(&mut app, size));
    }
}

#[test]
fn everything_that_lies_on_top() {
    use KeyCode::{Char, Down, Enter, Right, Tab};
    let tops: [(&str, Vec<KeyCode>); 8] = [
        ("help", vec![Char('?')]),
        ("log", vec![Char('g')]),
        ("presets", [vec![Char('p')], typed("deep"), vec![Down]].concat()),
        ("activations", [vec![Enter], typed("gelu")].concat()),
        ("optimizers", [vec![Tab, Enter], typed("adam"), vec![Tab, Down, Right]].concat()),
        (
            "data",
            [
                vec![KeyCode::End, KeyCode::Up, KeyCode::Up, KeyCode::Up, KeyCode::Up],
                vec![KeyCode::Up],
            ]
            .concat(),
        ),
        ("schedules", [vec![KeyCode::End, KeyCode::Up, Enter], typed("warmup_cosine")].concat()),
        ("rate", [vec![Tab, Tab, Enter], typed("-1"), vec![Enter]].concat()),
    ];
    for (name, keys) in tops {
        for size in SIZES {
            let mut app = trained("spirals", 200, size);
            press(&mut app, &keys);
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), text(&mut app, size));
        }
    }
}

#[test]
fn footers_show_the_ways_out_and_nothing_of_other_screens() {
    use KeyCode::{Char, Enter};
    let size = (80, 24);
    let footer = |app: &mut App| text(app, size).lines().last().unwrap().trim().to_owned();
    let mut app = trained("spirals", 200, size);
    assert!(footer(&mut app).ends_with("c race   5 learn   q quit   ? all keys"));
    for (keys, expected) in [
        (vec![Char('?')], "↑↓ scroll   Esc back"),
        (vec![Char('g')], "↑↓ scroll   Esc back"),
        (vec![Char('p')], "⏎ choose   Esc back"),
        (vec![Enter], "⏎ choose   Esc back"),
        (vec![KeyCode::Tab, Enter], "⏎ choose   Tab parameters   Esc back"),
    ] {
        press(&mut app, &keys);
        assert_eq!(footer(&mut app), expected, "{keys:?}");
        press(&mut app, &[KeyCode::Esc]);
    }
    let (plan, results) = raced("optimizers-on-spirals", 20);
    let mut app = picture::comparing(&plan, &results, size).unwrap();
    assert!(footer(&mut app).ends_with("1 train   q quit   ? all keys"));
}

#[test]
fn lists_say_when_nothing_matches() {
    for open in [KeyCode::Char('p'), KeyCode::Enter] {
        let mut app = trained("spirals", 20, (80, 24));
        press(&mut app, &[open]);
        press(&mut app, &typed("nothing like it"));
        let before = text(&mut app, (80, 24));
        assert!(before.contains("nothing matches"), "{before}");
        press(&mut app, &[KeyCode::Tab, KeyCode::Enter]);
        assert_eq!(text(&mut app, (80, 24)), before);
    }
}

#[test]
fn one_panel_on_the_whole_screen() {
    for presses in 1..=3 {
        let size = (80, 24);
        let mut app = trained("spirals", 600, size);
        press(&mut app, &vec![KeyCode::Char('z'); presses]);
        insta::assert_snapshot!(format!("zoom-{presses}"), text(&mut app, size));
    }
}

#[test]
fn small_terminals_degrade_and_none_panics() {
    for name in ["spirals", "digits", "sine", "rate-too-high"] {
        let mut app = trained(name, 100, (80, 24));
        for width in (0..=100).step_by(7) {
            for height in 0..=30 {
                text(&mut app, (width, height));
            }
        }
        for keys in [vec![KeyCode::Char('?')], vec![KeyCode::Char('p')], vec![KeyCode::Enter]] {
            press(&mut app, &keys);
            for size in [(0, 0), (1, 1), (20, 5), (39, 9), (40, 10), (40, 12), (79, 23)] {
                text(&mut app, size);
            }
            press(&mut app, &[KeyCode::Esc]);
        }
    }
    let mut app = trained("spirals", 100, (80, 24));
    insta::assert_snapshot!("tiny-40x12", text(&mut app, (40, 12)));
    insta::assert_snapshot!("tiny-30x5", text(&mut app, (30, 5)));
}

#[test]
fn meaning_is_never_by_colour_alone() {
    let size = (120, 40);
    let mut app = trained("spirals", 600, size);
    let plain = picture::draw(&mut app, size, Theme::new(Depth::None));
    assert!(plain.content().iter().all(|cell| {
        cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
    }));
    insta::assert_snapshot!("no-colour-120x40", buffer_to_text(&plain));
}

/// A small race without its clock: seconds are a thousandth of the steps.
fn raced(name: &str, steps: u64) -> (Arc<Plan>, Results) {
    let (plan, results) =
        picture::raced(&experiment::load(name).unwrap().experiment, steps).unwrap();
    (Arc::clone(&plan), timeless(&plan, &results, usize::MAX))
}

/// The first so many records of each arm, with seconds that follow from steps.
fn timeless(plan: &Plan, results: &Results, most: usize) -> Results {
    let mut timeless = Results::default();
    for arm in 0..plan.arms.len() {
        for (trial, record) in results.of_arm(arm).take(most) {
            let mut record = Record::clone(record);
            record.points.iter_mut().for_each(|it| it.seconds = it.step as f64 / 1000.0);
            record.seconds = record.points.last().map_or(0.0, |point| point.seconds);
            timeless.insert(trial, Arc::new(record));
        }
    }
    timeless
}

#[test]
fn a_race() {
    use KeyCode::{Char, Down, Left};
    let (plan, results) = raced("optimizers-on-spirals", 300);
    let early = timeless(&plan, &results, 9);
    for size in SIZES {
        let at = |name: &str| format!("race-{name}-{}x{}", size.0, size.1);
        let mut app = picture::comparing(&plan, &Results::default(), size).unwrap();
        insta::assert_snapshot!(at("begun"), text(&mut app, size));
        let mut app = picture::comparing(&plan, &early, size).unwrap();
        insta::assert_snapshot!(at("early"), text(&mut app, size));
        let mut app = picture::comparing(&plan, &results, size).unwrap();
        insta::assert_snapshot!(at("finished"), text(&mut app, size));
        press(&mut app, &[Down, Char(' '), Left, Left, Char('x'), Char('x'), Char('m')]);
        insta::assert_snapshot!(at("read"), text(&mut app, size));
        press(&mut app, &[Char('c')]);
        insta::assert_snapshot!(at("checklist"), text(&mut app, size));
    }
    let size = (80, 24);
    let mut app = picture::comparing(&plan, &results, size).unwrap();
    for name in ["sensitivity", "networks", "curves", "ranking"] {
        press(&mut app, &[Char('z')]);
        insta::assert_snapshot!(format!("race-zoom-{name}"), text(&mut app, size));
    }
    press(&mut app, &[Char('g')]);
    insta::assert_snapshot!("race-warnings", text(&mut app, size));
    press(&mut app, &[KeyCode::Esc, Char('?')]);
    insta::assert_snapshot!("race-help", text(&mut app, size));
    press(&mut app, &[KeyCode::Esc, KeyCode::Esc, KeyCode::Esc]);
    assert_eq!(app.tab().title(), "Train");
    press(&mut app, &[Char('c')]);
    assert_eq!(app.tab().title(), "Compare");
    let plain = picture::draw(&mut app, size, Theme::new(Depth::None));
    assert!(plain.content().iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
    insta::assert_snapshot!("race-no-colour", buffer_to_text(&plain));
}

#[test]
fn a_race_fits_any_terminal() {
    use KeyCode::{Char, End, Left};
    for name in ["per-layer-mix", "sine", "activations-on-deep-net"] {
        let (plan, results) = raced(name, 20);
        for results in [&results, &Results::default()] {
            let mut app = picture::comparing(&plan, results, (120, 40)).unwrap();
            for keys in [
                vec![],
                vec![Left, Char('X'), Char('y')],
                vec![Char('z')],
                vec![Char('z')],
                vec![Char('z'), End, Char('m')],
                vec![Char('z')],
                vec![Char('z'), Char('s'), Char(' ')],
                vec![Char('c')],
            ] {
                press(&mut app, &keys);
                for width in (0..=130).step_by(13) {
                    for height in 0..=40 {
                        text(&mut app, (width, height));
                    }
                }
            }
        }
    }
}

const WIDTHS: [u16; 11] = [40, 43, 50, 60, 71, 72, 80, 99, 100, 110, 200];
const HEIGHTS: [u16; 9] = [10, 11, 12, 15, 18, 24, 29, 30, 60];

/// Draws an app at many sizes. What is on each picture is looked at by `see`; words are those of
/// `known` or of the largest picture, and no panel lies over another.
fn at_many_sizes(app: &mut App, known: &[&str], see: impl Fn(&str, (u16, u16))) {
    let theme = Theme::new(Depth::True);
    let mut vocabulary: BTreeSet<String> = known.iter().map(|&word| word.to_owned()).collect();
    for size in [(200, 60), (250, 90)] {
        vocabulary.extend(legible::words(&text(app, size)));
    }
    for size in WIDTHS.into_iter().flat_map(|width| HEIGHTS.map(|height| (width, height))) {
        let buffer = picture::draw(app, size, theme);
        let drawn = buffer_to_text(&buffer);
        let cut: Vec<_> = legible::words(&drawn).difference(&vocabulary).cloned().collect();
        assert!(cut.is_empty(), "{size:?} {cut:?}\n{drawn}");
        legible::borders_are_whole(&drawn).unwrap_or_else(|it| panic!("{size:?} {it}\n{drawn}"));
        see(&drawn, size);
    }
}

/// Words that only small pictures have.
const OF_SMALL: [&str; 7] =
    ["more", "sat", "dead", "saturated", "step", "petal_length", "petal_width"];

#[test]
fn panels_drop_away_before_numbers_do_and_what_is_edited_is_seen() {
    let rates = "moons/16-relu/16-relu/16-relu/16-relu/16-relu/2-softmax/seed=1,schedule=cosine";
    for (name, steps) in [
        ("spirals", 0),
        ("spirals", 150),
        ("sine", 50),
        ("digits", 3),
        ("rate-too-high", 5000),
        ("iris/4-tanh/3-softmax/steps=50", 50),
        (rates, 40),
    ] {
        let experiment = match experiment::load(name) {
            Ok(loaded) => loaded.experiment,
            Err(_) => experiment::parse_recipe(name).unwrap().experiment,
        };
        let mut app = picture::trained(&experiment, steps, (80, 24)).unwrap();
        let run = &app.workspace.run;
        let losses = [Series::TrainLoss, Series::TestLoss].map(|it| run.latest(it).unwrap());
        let losses = losses.map(|loss| format::measure(loss).trim().to_owned());
        let step = format::thousands(run.step as f64);
        let notes = run.problem.as_ref().unwrap().split.train.notes.join(" ");
        let known = legible::words(&format!("The data {notes} {}", experiment.about.raw()));
        let known: Vec<&str> =
            OF_SMALL.into_iter().chain(known.iter().map(String::as_str)).collect();
        for keys in [vec![], vec![KeyCode::End]] {
            press(&mut app, &keys);
            at_many_sizes(&mut app, &known, |drawn, size| {
                for number in losses.iter().chain([&step]) {
                    assert!(drawn.contains(number.as_str()), "{name} {size:?} {number}\n{drawn}");
                }
                // The row under the cursor.
                assert!(drawn.contains("│▸"), "{name} {size:?}\n{drawn}");
            });
            let buffer = picture::draw(&mut app, (40, 12), Theme::new(Depth::True));
            let reversed = ratatui::style::Modifier::REVERSED;
            assert!(buffer.content().iter().any(|cell| cell.modifier.contains(reversed)), "{name}");
        }
    }
}

#[test]
fn the_numbers_of_a_race_stay_at_every_size() {
    let (plan, results) = raced("optimizers-on-spirals", 20);
    for results in [&results, &timeless(&plan, &results, 3), &Results::default()] {
        let mut app = picture::comparing(&plan, results, (120, 40)).unwrap();
        let status = &app.workspace.race.as_ref().unwrap().status;
        let standing = status.score.ranking.standings.iter().find(|it| it.arm == 0);
        let loss = standing.unwrap().test_loss;
        let loss = loss.map(|it| gradlab::export::comparison::number(it.median));
        let runs = format!("of {} runs", status.score.ranking.total);
        at_many_sizes(&mut app, &OF_SMALL, |drawn, size| {
            for number in loss.iter().chain([&runs]) {
                assert!(drawn.contains(number.as_str()), "{size:?} {number}\n{drawn}");
            }
            assert!(drawn.contains("│▸"), "{size:?}\n{drawn}");
        });
    }
}

#[test]
fn losses_of_zero_are_marked_at_the_edge_of_a_log_axis() {
    // Two classes far apart: the margin loss of all rows is soon exactly 0.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("apart.csv");
    let rows = (0..60).map(|i| format!("{},{}\n", if i % 2 == 0 { -9 } else { 9 } + i % 5, i % 2));
    std::fs::write(&file, ["x,kind\n".to_owned(), rows.collect()].concat()).unwrap();
    let text_of_experiment = "seed = 1\n[optimizer]\nname = \"adam\"\nlr = 0.05\n\
        [data]\ncsv = \"apart.csv\"\ntarget = \"kind\"\n\
        [[layers]]\nunits = 2\nactivation = \"identity\"\n\
        [train]\nloss = \"multi_margin\"\n";
    let path = dir.path().join("apart.toml");
    std::fs::write(&path, text_of_experiment).unwrap();
    let experiment = experiment::load(path.to_str().unwrap()).unwrap().experiment;
    let mut app = picture::trained(&experiment, 600, (120, 40)).unwrap();
    assert_eq!(app.workspace.run.latest(Series::TestLoss), Some(0.0));
    for size in [(40, 12), (80, 24), (120, 40)] {
        let drawn = text(&mut app, size);
        assert!(drawn.contains('▾') && drawn.contains("0 ┤"), "{drawn}");
        assert!(drawn.contains("train      0 ") && drawn.contains("test       0 "), "{drawn}");
    }
    assert!(text(&mut app, (120, 40)).contains("fitted"));
}

#[test]
fn good_is_not_said_of_what_does_not_learn() {
    for (recipe, words) in [
        // No gradient gets through weights of 0.
        ("moons/8-relu/2-softmax/seed=1", vec!["symmetric", "equal weights"]),
        ("moons/8-tanh/2-softmax/optimizer=sgd,lr=0,seed=1", vec!["frozen", "its rate is 0"]),
        // Far too large a rate kills the units at once.
        ("moons/32-relu/2-softmax/optimizer=sgd,lr=300,seed=1", vec!["dead"]),
        ("moons/8-sigmoid/8-sigmoid/8-sigmoid/2-softmax/optimizer=sgd,lr=1e-9", vec!["still"]),
    ] {
        let mut experiment = experiment::parse_recipe(recipe).unwrap().experiment;
        if words[0] == "symmetric" {
            for layer in ["layers.1.init", "layers.2.init"] {
                experiment = experiment.assign(layer, "zeros").unwrap();
            }
        }
        let mut app = picture::trained(&experiment, 60, (120, 40)).unwrap();
        let drawn = text(&mut app, (120, 40));
        assert!(!drawn.contains(" good ") && !drawn.contains("NaN"), "{recipe}\n{drawn}");
        for word in words {
            assert!(drawn.contains(word), "{recipe} {word}\n{drawn}");
        }
    }
    let mut app = trained("spirals", 0, (120, 40));
    assert!(!text(&mut app, (120, 40)).contains(" good "));
}
