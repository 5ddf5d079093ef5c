use super::super::testing::{NASTY, picture, survives_every_size};
use super::*;
use crate::tui::theme::Marker;

const WINDOW: Window = Window { x: (-2.0, 2.0), y: (-1.0, 1.0) };

fn bowl() -> Heights {
    Heights::of(|x, y| x * x + y * y, WINDOW, (81, 41))
}

fn trail(points: &[(f64, f64)], index: usize) -> Trail<'_> {
    Trail { points, index, style: Theme::new(Depth::None).walker(index) }
}

fn map<'a>(depth: Depth, heights: &'a Heights, trails: &'a [Trail<'a>]) -> Relief<'a> {
    let theme = Theme::new(depth);
    Relief { theme, heights, window: WINDOW, trails, marked: &[(0.0, 0.0)] }
}

#[test]
fn any_size_and_any_numbers() {
    let places: Vec<(f64, f64)> = NASTY.into_iter().flat_map(|x| NASTY.map(|y| (x, y))).collect();
    let (nasty, bowl, none) =
        (Heights::new(NASTY.to_vec(), 3), bowl(), Heights::new(Vec::new(), 0));
    let trails = [trail(&places, 0), trail(&places[..1], 1), trail(&[], 2)];
    for depth in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True] {
        survives_every_size(&map(depth, &bowl, &trails));
        survives_every_size(&map(depth, &nasty, &trails));
        survives_every_size(&Relief { marked: &places, ..map(depth, &none, &trails) });
        for bound in NASTY {
            let window = Window { x: (bound, 1.0), y: (0.0, bound) };
            survives_every_size(&Relief { window, ..map(depth, &bowl, &trails) });
        }
    }
}

#[test]
fn lines_around_a_bowl_and_paths_into_it() {
    let heights = bowl();
    let (one, other) =
        ([(-2.0, 1.0), (-1.0, 0.5), (9.0, 0.5), (0.0, -1.0)], [(1.5, -0.8), (1.0, 0.0)]);
    let trails = [trail(&one, 0), trail(&other, 1)];
    insta::assert_snapshot!(picture(&map(Depth::None, &heights, &trails), 60, 16).join("\n"));
    let ascii = Theme { marker: Marker::Ascii, ..Theme::new(Depth::Ansi16) };
    let ascii = Relief { theme: ascii, ..map(Depth::Ansi16, &heights, &trails) };
    insta::assert_snapshot!(picture(&ascii, 60, 16).join("\n"));
}

#[test]
fn a_trail_that_left_ends_at_the_edge_with_the_way_out() {
    let heights = bowl();
    let out = [(0.0, 0.5), (9.0, 0.5)];
    let trails = [trail(&out, 0)];
    let rows = picture(&map(Depth::None, &heights, &trails), 40, 10);
    assert!(rows.iter().any(|row| row.ends_with("→A")), "{rows:#?}");
}

#[test]
fn letters_in_one_place_keep_clear_of_each_other() {
    let heights = bowl();
    let here = [(1.0, 0.5)];
    let trails: Vec<_> = (0..6).map(|index| trail(&here, index)).collect();
    let text = picture(&map(Depth::None, &heights, &trails), 60, 16).join("\n");
    assert!(('A'..='F').all(|letter| text.contains(letter)), "{text}");
}

#[test]
fn low_is_dark_and_shades_have_equal_shares() {
    let heights = bowl();
    assert_eq!(heights.bands(), 18);
    let (low, high) = (heights.band(0.5, 0.5), heights.band(0.0, 0.0));
    assert_eq!((low, high), (Some(0), Some(17)));
    let theme = Theme::new(Depth::True);
    let sum = |share: f64| match theme.relief(share) {
        Some(Color::Rgb(r, g, b)) => u32::from(r) + u32::from(g) + u32::from(b),
        other => panic!("{other:?}"),
    };
    assert!((0..17).all(|i| sum(f64::from(i) / 17.0) < sum(f64::from(i + 1) / 17.0)));
    assert_eq!(Theme::new(Depth::Ansi16).relief(0.5), None);
}

#[test]
fn heights_are_linear_between_points_and_exact_on_them() {
    // Rows run downwards: 0 and 1 above, 2 and 7 below.
    let heights = Heights::new(vec![0.0, 1.0, 2.0, 7.0], 2);
    for (right, up, height) in
        [(0.0, 1.0, 0.0), (1.0, 0.0, 7.0), (0.5, 1.0, 0.5), (0.5, 0.0, 4.5), (0.5, 0.5, 2.5)]
    {
        assert_eq!(heights.value(right, up), Some(height), "{right}, {up}");
    }
    let hole = Heights::new(vec![0.0, f64::NAN, 2.0, 7.0], 2);
    assert_eq!((hole.value(0.5, 0.5), hole.value(0.0, 0.25)), (None, Some(1.5)));
}

#[test]
fn a_plain_has_no_relief_but_for_its_hole() {
    let window = Window { x: (-3.0, 3.0), y: (-3.0, 3.0) };
    let plain = |x: f64, y: f64| -libm::exp(-50.0 * (x * x + y * y));
    let heights = Heights::of(plain, window, (61, 61));
    assert!(heights.bands() < 6, "{}", heights.bands());
    assert_eq!(Heights::new(vec![3.0; 100], 10).bands(), 1);
}
