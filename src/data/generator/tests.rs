use ndarray::Axis;

use super::*;
use crate::catalog::Kind;
use crate::data::TABLE;
use crate::rng::{Purpose, stream};
use crate::spec::Value;

const GENERATORS: [&str; 13] = [
    "spirals",
    "circles",
    "xor",
    "moons",
    "blobs",
    "checkerboard",
    "sine",
    "plane",
    "valley",
    "adding",
    "recall",
    "parity",
    "wave",
];

fn make(spelling: &str, seed: u64) -> Dataset {
    let pick = Kind::Dataset.parse(spelling).unwrap();
    let entry = TABLE.iter().find(|entry| entry.card.key == pick.key()).unwrap();
    entry.load(&pick, &mut stream(seed, Purpose::Data))
}

fn labels(data: &Dataset) -> &[usize] {
    match &data.target {
        Target::Classes { labels, .. } => labels,
        Target::Values { .. } => panic!("{} has no classes", data.name),
    }
}

/// The rows of `data` as points with their class.
fn points(data: &Dataset) -> impl Iterator<Item = ([f64; 2], usize)> {
    let rows = data.x.rows().into_iter().map(|row| [row[0], row[1]]);
    rows.zip(labels(data).iter().copied())
}

#[test]
fn a_seed_decides_every_bit() {
    for name in GENERATORS {
        assert_eq!(make(name, 3), make(name, 3), "{name}");
        assert_ne!(make(name, 3).x, make(name, 4).x, "{name}");
    }
}

/// Recorded experiments depend on these, and so do all platforms on each other.
#[test]
fn bits_are_stable_across_releases_and_platforms() {
    let sums = GENERATORS.map(|name| {
        let bits = |sum: u32, x: &f64| sum.rotate_left(5).wrapping_mul(31) ^ (*x as f32).to_bits();
        let data = make(&format!("{name}:noise=0.1"), 7);
        let inputs = data.x.iter().fold(0, bits);
        match &data.target {
            Target::Values { values, .. } => values.iter().fold(inputs, bits),
            Target::Classes { .. } => inputs,
        }
    });
    let recorded = [
        3_162_888_527,
        482_580_449,
        4_157_262,
        3_681_652_580,
        310_893_886,
        4_120_190_159,
        1_148_154_349,
        4_033_371_727,
        1_195_265_362,
        3_840_894_704,
        571_417_413,
        715_779_073,
        1_817_630_281,
    ];
    assert_eq!(sums, recorded);
}

#[test]
fn samples_and_noise_are_taken_by_all() {
    for name in GENERATORS {
        for samples in [4, 5, 37, 2000] {
            let data = make(&format!("{name}:samples={samples},noise=0.3"), 1);
            assert_eq!(data.len(), samples, "{name}");
        }
        let refused = Kind::Dataset.pick(name).unwrap().set("samples", Value::Integer(3));
        assert!(refused.is_err(), "{name}");
    }
}

#[test]
fn classes_are_balanced() {
    let planes =
        ["spirals", "circles", "xor", "moons", "blobs", "checkerboard", "spirals:classes=7"];
    for name in planes.into_iter().chain(["recall", "recall:classes=7", "parity"]) {
        let data = make(name, 1);
        let Task::Classes(classes) = data.task() else { panic!("{name} has classes") };
        let mut counts = vec![0; classes];
        for &label in labels(&data) {
            counts[label] += 1;
        }
        let spread = counts.iter().max().unwrap() - counts.iter().min().unwrap();
        assert!(spread <= 1, "{name}: {counts:?}");
    }
}

#[test]
fn inputs_stay_where_plain_networks_learn() {
    // A valley is narrow by intent; marks are rare, and a delay is of little but noise.
    for name in GENERATORS.into_iter().filter(|name| !["valley", "adding", "recall"].contains(name))
    {
        let data = make(name, 1);
        assert!(data.x.iter().all(|x| x.abs() < 3.0), "{name}");
        let spread = data.x.std_axis(Axis(0), 0.0);
        assert!(spread.iter().all(|&std| (0.25..1.5).contains(&std)), "{name}: {spread}");
    }
}

#[test]
fn without_noise_each_class_lies_where_its_formula_says() {
    for ([x, y], class) in points(&make("circles:noise=0,factor=0.3", 1)) {
        let radius = if class == 0 { 1.0 } else { 0.3 };
        assert!((x.hypot(y) - radius).abs() < 1e-6);
    }
    for ([x, y], class) in points(&make("moons:noise=0", 1)) {
        let (centre, side) = if class == 0 { ([0.0, 0.0], 1.0) } else { ([1.0, 0.5], -1.0) };
        assert!(((x - centre[0]).hypot(y - centre[1]) - 1.0).abs() < 1e-6);
        assert!((y - centre[1]) * side >= 0.0);
    }
    for ([x, y], class) in points(&make("xor:noise=0", 1)) {
        assert_eq!(class == 1, x * y < 0.0);
        assert!(x.abs().min(y.abs()) >= 0.06 - 1e-7);
    }
    for ([x, y], class) in points(&make("checkerboard:noise=0,cells=5", 1)) {
        let cell = |x: f64| ((x + 1.0) / 0.4).floor() as usize;
        assert_eq!((cell(x) + cell(y)) % 2, class);
    }
    for ([x, y], class) in points(&make("blobs:spread=0,classes=4", 1)) {
        let centre = [[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]][class];
        assert!((x - centre[0]).abs() < 1e-6 && (y - centre[1]).abs() < 1e-6);
    }
}

#[test]
fn a_spiral_winds_as_often_as_asked() {
    for turns in [0.5, 1.25, 3.0] {
        let data = make(&format!("spirals:noise=0,turns={turns},samples=1000"), 1);
        let arm: Vec<[f64; 2]> =
            points(&data).filter(|(_, class)| *class == 1).map(|(point, _)| point).collect();
        let radius = |[x, y]: [f64; 2]| x.hypot(y);
        assert!((radius(arm[0]) - 0.1).abs() < 0.01 && (radius(arm[499]) - 1.0).abs() < 0.01);
        assert!(arm.is_sorted_by(|a, b| radius(*a) < radius(*b)));
        let wound: f64 = arm
            .windows(2)
            .map(|pair| {
                let ([x, y], [u, v]) = (pair[0], pair[1]);
                (y * u - x * v).atan2(x * u + y * v)
            })
            .sum();
        assert!((wound / std::f64::consts::TAU - turns).abs() < 0.01, "{wound}");
        let opposite = |a: [f64; 2], b: [f64; 2]| (a[0] + b[0]).hypot(a[1] + b[1]);
        let other = points(&data).find(|(_, class)| *class == 0).unwrap().0;
        assert!(opposite(arm[0], other) < 1e-6);
    }
}

#[test]
fn functions_give_their_values() {
    let value = |data: &Dataset, row: usize| match &data.target {
        Target::Values { values, .. } => values[[row, 0]],
        Target::Classes { .. } => panic!("{} has values", data.name),
    };
    let sine = make("sine:noise=0,frequency=3", 1);
    let plane = make("plane:noise=0", 1);
    for row in 0..500 {
        let x = sine.x[[row, 0]];
        assert!((value(&sine, row) - (3.0 * std::f64::consts::PI * x).sin()).abs() < 1e-5);
        let mean = f64::midpoint(plane.x[[row, 0]], plane.x[[row, 1]]);
        assert!((value(&plane, row) - mean).abs() < 1e-6);
    }
}

#[test]
fn noise_has_the_deviation_asked_for() {
    let exact = make("moons:noise=0,samples=20000", 1);
    let noisy = make("moons:noise=0.2,samples=20000", 1);
    let difference = &noisy.x - &exact.x;
    assert!(difference.mean().unwrap().abs() < 0.005);
    assert!((difference.std(0.0) - 0.2).abs() < 0.005);
}

/// The steps of a row, `N` numbers each.
fn steps<const N: usize>(data: &Dataset, row: usize) -> Vec<[f64; N]> {
    let row = data.x.row(row).to_vec();
    let (steps, _) = row.as_chunks::<N>();
    steps.to_vec()
}

fn targets(data: &Dataset) -> Vec<f64> {
    match &data.target {
        Target::Values { values, .. } => values.iter().copied().collect(),
        Target::Classes { .. } => panic!("{} has values", data.name),
    }
}

#[test]
fn the_sum_is_that_of_the_two_marked_numbers_one_in_each_half() {
    for length in [2, 7, 50] {
        let data = make(&format!("adding:length={length}"), 1);
        for (row, sum) in targets(&data).into_iter().enumerate() {
            let steps = steps::<2>(&data, row);
            let marked: Vec<_> = (0..length).filter(|&step| steps[step][1] == 1.0).collect();
            assert!(marked.len() == 2 && marked[0] < length / 2 && marked[1] >= length / 2);
            assert_eq!(marked.iter().map(|&step| steps[step][0]).sum::<f64>(), sum);
            assert!(
                steps.iter().all(|[value, mark]| {
                    (0.0..1.0).contains(value) && [0.0, 1.0].contains(mark)
                })
            );
        }
    }
}

#[test]
fn without_noise_a_symbol_stands_at_the_first_step_only() {
    let data = make("recall:noise=0,classes=5,length=9", 1);
    for (row, &label) in labels(&data).iter().enumerate() {
        let ones: Vec<_> = (0..45).filter(|&at| data.x[(row, at)] != 0.0).collect();
        assert_eq!(ones, [label]);
    }
}

#[test]
fn the_class_is_the_parity_of_the_bits() {
    let data = make("parity:length=6", 1);
    let mut seen = std::collections::BTreeSet::new();
    for (row, &label) in labels(&data).iter().enumerate() {
        let bits: Vec<bool> = steps::<1>(&data, row).iter().map(|[x]| *x == 1.0).collect();
        assert_eq!(bits.iter().filter(|bit| **bit).count() % 2, label);
        seen.insert(bits);
    }
    assert_eq!(seen.len(), 64);
}

#[test]
fn a_text_has_one_word_that_tells_its_class_among_common_ones() {
    let data = make("words:words=60,common=20,length=9,samples=3000", 1);
    let mut class_of = [None; 60];
    let mut counts = [0.0; 60];
    for (row, &label) in data.x.rows().into_iter().zip(labels(&data)) {
        assert_eq!(row.sum(), 9.0);
        let telling: Vec<usize> = (20..60).filter(|&word| row[word] > 0.0).collect();
        assert!(telling.len() == 1 && row[telling[0]] == 1.0);
        assert_eq!(*class_of[telling[0]].get_or_insert(label), label);
        row.iter().zip(&mut counts).for_each(|(count, sum)| *sum += count);
    }
    // Of common words the first is ten times as frequent as the tenth.
    assert!((counts[0] / counts[9] - 10.0).abs() < 1.0, "{counts:?}");
    let zeros = make("words", 1).x.iter().filter(|x| **x == 0.0).count();
    assert!(zeros as f64 > 0.98 * 2e6, "{zeros}");
}

#[test]
fn painted_points_are_the_ones_that_were_set() {
    let set = "painted:points=0.5:-1:3:0.25:1:3:0:0:7:-0.125:2:3:1:1:7";
    let data = make(set, 1);
    assert_eq!(data, make(set, 2), "there is no chance in it");
    assert_eq!(data.x.row(3).to_vec(), [-0.125, 2.0]);
    let Target::Classes { names, .. } = &data.target else { panic!("classes") };
    // As a CSV file names and numbers them.
    assert_eq!(
        (labels(&data), &names[..]),
        (&[0, 0, 1, 0, 1][..], &["3".to_owned(), "7".to_owned()][..])
    );
    for (points, reason) in [
        ("0:0:1:1", "4 numbers are no points"),
        ("0:0:1:1:1:1.5:0:0:0:1:1:1", "1.5 is no class"),
        ("0:0:1:1:1:10:0:0:0:1:1:1", "10 is no class"),
        ("0:0:1:1:1:0", "there are 2 points: set 4 to 1000"),
        ("0:0:1:1:1:1:2:2:1:3:3:1", "all points are of one class"),
    ] {
        let error = Kind::Dataset.parse(&format!("painted:points={points}")).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn one_sine_goes_on_by_its_recurrence() {
    // x(t + 1) = 2·cos(ω)·x(t) − x(t − 1), ω from the steps before.
    let data = make("wave:noise=0,sines=1", 1);
    for (row, next) in targets(&data).into_iter().enumerate() {
        let x: Vec<f64> = steps::<1>(&data, row).into_iter().map(|[x]| x).collect();
        let at = (1..x.len() - 1).max_by(|&a, &b| x[a].abs().total_cmp(&x[b].abs())).unwrap();
        let double_cosine = (x[at - 1] + x[at + 1]) / x[at];
        let last = x.len() - 1;
        assert!((double_cosine * x[last] - x[last - 1] - next).abs() < 1e-9);
    }
}
