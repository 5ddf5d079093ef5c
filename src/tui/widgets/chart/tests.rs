use super::super::testing::{NASTY, picture, survives_every_size};
use super::*;
use crate::tui::theme::Marker;

fn theme() -> Theme {
    Theme::new(Depth::True)
}

fn series<'a>(name: &'a str, mark: char, points: &'a [Sample]) -> Series<'a> {
    Series { name, mark, style: Style::new(), points }
}

#[test]
fn any_size_and_any_numbers() {
    let points: Vec<Sample> = NASTY
        .into_iter()
        .flat_map(|x| NASTY.map(|y| Sample { x, min: y, mean: x, max: -y }))
        .chain(NASTY.map(|y| Sample::from((3.0, y))))
        .collect();
    let lines = [series("train", '●', &points), series("", '○', &[])];
    let events = NASTY.map(|x| Event { x, label: "layer 1 relu → tanh" });
    for scale in [Scale::Linear, Scale::Log, Scale::Percent] {
        for marker in Marker::TABLE.map(|(_, marker)| marker) {
            let theme = Theme { marker, ..Theme::new(Depth::None) };
            let chart = Chart::new(theme, scale, &lines).events(&events, "edits").cursor(Some(2.0));
            survives_every_size(&chart);
        }
    }
    survives_every_size(&Chart::new(theme(), Scale::Log, &[]));
}

#[test]
fn a_loss_curve() {
    let points: Vec<Sample> =
        (0..=120).map(|i| (f64::from(i) * 100.0, (-f64::from(i) / 30.0).exp()).into()).collect();
    let lines = [series("train", '●', &points)];
    let events = [Event { x: 5_000.0, label: "lr → 0.1" }];
    let chart = Chart::new(theme(), Scale::Log, &lines).events(&events, "edits");
    assert_eq!(
        picture(&chart, 46, 9),
        [
            "  1e0 ┤⠉⠒⠢⠤⢄⣀          ┊       ● train 0.0183",
            "      │      ⠉⠑⠒⠢⠤⣀⡀   ┊ lr → 0.1",
            "      │            ⠈⠉⠒⠒⠤⢄⣀",
            " 1e-1 ┤                ┊  ⠉⠑⠒⠢⠤⣀⡀",
            "      │                ┊        ⠈⠉⠑⠒⠤⢄⣀⡀",
            "      │                ┊               ⠈⠉⠒⠢⠤⣀●",
            " 1e-2 ┤                ┊",
            "      └┬───────────────┬───────────────┬──────",
            "       0              5k              10k"
        ]
    );
}

#[test]
fn values_without_a_place_on_a_log_axis_are_marked_below_it() {
    let falls: Vec<Sample> =
        (0..=60).map(|i| (f64::from(i), (0.5 - f64::from(i) / 40.0).max(0.0)).into()).collect();
    let lines = [series("train", '●', &falls)];
    assert_eq!(
        picture(&Chart::new(theme(), Scale::Log, &lines), 38, 9),
        [
            " 5e-1 ┤⠉⠒⠤⣀            ● train      0",
            "      │    ⠉⠢⡀",
            "      │      ⠈⠢⡀",
            " 1e-1 ┤        ⠱⡀",
            "      │         ⢇",
            " 2e-2 ┤         ⠘⡄",
            "    0 ┤          ▾ ▾ ▾ ▾ ▾ ▾ ▾ ▾ ▾ ▾ ●",
            "      └┬───────────────────┬──────────",
            "       0                  40",
        ]
    );
    let negative: Vec<Sample> = falls.iter().map(|it| (it.x, it.mean - 0.2).into()).collect();
    for (points, label) in [(&falls, "0 ┤"), (&negative, "≤ 0 ┤")] {
        let lines = [series("train", '●', points)];
        for marker in Marker::TABLE.map(|(_, marker)| marker) {
            let theme = Theme { marker, ..Theme::new(Depth::None) };
            let drawn = picture(&Chart::new(theme, Scale::Log, &lines), 60, 12);
            let row = drawn.iter().find(|row| row.contains(label)).unwrap();
            assert!(row.contains('▾') && row.ends_with('●'), "{drawn:?}");
            assert!(drawn[0].contains("train"), "{drawn:?}");
        }
    }
    // On a linear axis they have a place.
    let drawn = picture(&Chart::new(theme(), Scale::Linear, &lines), 38, 9);
    assert!(!drawn.concat().contains('▾'), "{drawn:?}");
}

#[test]
fn many_edits_merge_and_keep_the_legend_and_each_other_free() {
    let points: Vec<Sample> =
        (0..=120).map(|i| (f64::from(i), (-f64::from(i) / 30.0).exp()).into()).collect();
    let lines = [series("train", '●', &points), series("test", '○', &points)];
    let label = "layer 1 leaky_relu → tanh";
    for (count, apart) in [(1, 0.0), (3, 0.5), (40, 3.0), (200, 0.6), (5, 30.0)] {
        for last in [0.0, 60.0, 120.0] {
            let xs = (0..count).map(|i| (last - f64::from(i) * apart).max(0.0));
            let events: Vec<_> = xs.map(|x| Event { x, label }).collect();
            for scale in [Scale::Log, Scale::Linear, Scale::Percent] {
                let chart = Chart::new(theme(), scale, &lines).events(&events, "edits");
                for size in [(30, 6), (46, 9), (60, 12), (120, 20), (200, 40)] {
                    let drawn = picture(&chart, size.0, size.1).join("\n");
                    let value = if scale == Scale::Percent { "1.8%" } else { "0.0183" };
                    assert_eq!(drawn.matches(value).count(), 2, "{drawn}");
                    for (at, _) in drawn.match_indices("layer") {
                        let rest = &drawn[at..];
                        let shown = rest.split(['┊', '\n', '│']).next().unwrap_or_default();
                        assert!(shown.contains('…') || shown.starts_with(label), "{drawn}");
                    }
                }
            }
        }
    }
    let events = [1.0, 1.5, 2.0].map(|x| Event { x: 40.0 + x, label });
    let drawn = picture(&Chart::new(theme(), Scale::Log, &lines).events(&events, "edits"), 60, 9);
    assert_eq!(drawn.concat().matches("3 edits").count(), 1, "{drawn:?}");
}

#[test]
fn the_numbers_stay_in_any_room() {
    let points = [(0.0, 0.5), (1_000.0, 0.75)].map(Sample::from);
    let lines = [series("train", '●', &points), series("test", '○', &points)];
    for (size, expected) in [
        ((46, 9), "● train 0.7500"),
        ((28, 9), " ● 0.7500   ○ 0.7500"),
        ((33, 9), " ● train 0.7500   ○ test 0.7500"),
        ((46, 1), " ● train 0.7500   ○ test 0.7500"),
        ((46, 3), " ● train 0.7500   ○ test 0.7500"),
        ((14, 3), " ● 0.7500   ○…"),
    ] {
        let drawn = picture(&Chart::new(theme(), Scale::Linear, &lines), size.0, size.1);
        assert!(drawn[0].contains(expected), "{size:?} {drawn:?}");
    }
}

#[test]
fn a_gap_and_a_spike() {
    let mut points: Vec<Sample> = (0..100).map(|i| (f64::from(i), 1.0).into()).collect();
    for hole in &mut points[30..50] {
        hole.mean = f64::NAN;
    }
    points[70].max = 9.0;
    let lines = [series("a", 'a', &points)];
    assert_eq!(
        picture(&Chart::new(theme(), Scale::Linear, &lines), 32, 8),
        [
            "    8 ┤              a a 1.0000",
            "      │                 ⠅",
            "      │                 ⠅",
            "    4 ┤                 ⠅",
            "      │                 ⠅",
            "      │⣀⣀⣀⣀⣀⣀⣀⡀    ⢀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀a",
            "      └┬───────────┬───────────┬",
            "       0          50         100"
        ]
    );
}

#[test]
fn the_cursor_reads_values() {
    let points = [(0.0, 0.5), (1_000.0, 0.75), (2_000.0, 0.991)].map(Sample::from);
    let lines = [series("train", '●', &points)];
    let chart = Chart::new(theme(), Scale::Percent, &lines).cursor(Some(1_500.0));
    assert_eq!(
        picture(&chart, 46, 7),
        [
            " 100% ┤                             │  ⣀⣀⠤⠤⠒⠒●",
            "      │                        ⢀⣀⡠⠤⠔⠒⠉⠉",
            "  80% ┤                ⢀⣀⡠⠤⠔⠒⠊⠉⠁    │",
            "  60% ┤        ⣀⣀⠤⠤⠒⠒⠊⠉⠁           step 1,500",
            "      │⣀⡠⠤⠔⠒⠊⠉⠉                ● train  75.0%",
            "      └┬──────────────────┬──────────────────┬",
            "       0                 1k                 2k"
        ]
    );
}

#[test]
fn letters_along_the_lines_where_there_is_no_colour() {
    let a = [(0.0, 1.0), (1_000.0, 3.0)].map(Sample::from);
    let b = [(0.0, 3.0), (1_000.0, 1.0)].map(Sample::from);
    let lines = [series("adam", 'a', &a), series("sgd", 'b', &b)];
    let theme = Theme { marker: Marker::Ascii, ..Theme::new(Depth::None) };
    assert_eq!(
        picture(&Chart::new(theme, Scale::Linear, &lines), 60, 9),
        [
            "    3 ┤''....                                 a adam 3.0000a",
            "      │      ''b'....                        .b sgd  1.0000",
            "      │              ''''..b.        ....'''''",
            "    2 ┤                      ::::::a:'",
            "      │              ..a.'''''       ''b'....",
            "      │      ....'''''                       ''''..b.",
            "    1 ┤..''a''                                       ''''..b",
            "      └┬─────────┬──────────┬─────────┬──────────┬─────────┬",
            "       0        200        400       600        800     1.0k"
        ]
    );
}

#[test]
fn the_line_in_front_hides_the_others() {
    let flat: Vec<Sample> = (0..=30).map(|i| (f64::from(i), 1.0).into()).collect();
    let lines = ["a", "b"].map(|name| series(name, name.chars().next().unwrap_or(' '), &flat));
    for (front, mark) in [(None, 'b'), (Some(0), 'a')] {
        let chart = Chart::new(theme(), Scale::Linear, &lines).front(front);
        let drawn = picture(&chart, 46, 9);
        assert!(drawn.iter().any(|row| row.trim_end().ends_with(mark)), "{drawn:?}");
    }
}

#[test]
fn rings_are_on_top_and_may_lie_anywhere() {
    let flat: Vec<Sample> = (0..=30).map(|i| (f64::from(i), 1.0).into()).collect();
    let lines = [series("", 'a', &flat)];
    let ring = |x, y| super::Ring { x, y, style: Style::new() };
    let nasty: Vec<_> = NASTY.iter().flat_map(|&x| NASTY.map(|y| ring(x, y))).collect();
    survives_every_size(&Chart::new(theme(), Scale::Log, &lines).rings(&nasty));
    let rings = [ring(15.0, 1.0), ring(99.0, 1.0)];
    let drawn = picture(&Chart::new(theme(), Scale::Linear, &lines).rings(&rings), 46, 9);
    assert_eq!(drawn.concat().matches('○').count(), 1);
}
