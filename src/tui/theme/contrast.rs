//! Everything can be read on every terminal: WCAG's contrast ratio of each role on each background.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, LEVELS, Scheme, Theme};
use crate::export::svg::palette::{PALETTES, Palette, Rgb, luminance};

/// WCAG's floor for text.
const TEXT: f64 = 4.5;
/// Its floor for lines around things.
const LINES: f64 = 3.0;

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let [low, high] = {
        let mut both = [one, other].map(luminance);
        both.sort_by(f64::total_cmp);
        both
    };
    (high + 0.05) / (low + 0.05)
}

/// The contrast of a style with what is behind it, as `palette` shows both.
fn of(style: Style, palette: &Palette) -> f64 {
    let ink = style.fg.and_then(|color| palette.rgb(color)).unwrap_or(palette.foreground);
    let behind = style.bg.and_then(|color| palette.rgb(color)).unwrap_or(palette.background);
    contrast(ink, behind)
}

/// Text and marks on the terminal's own background; plain text has a colour that the terminal chooses.
fn roles(theme: Theme) -> Vec<(String, Style)> {
    let mut roles: Vec<(String, Style)> = [
        ("muted", theme.muted()),
        ("accent", theme.accent()),
        ("selected", theme.selected()),
        ("good", theme.good()),
        ("warn", theme.warn()),
        ("bad", theme.bad()),
        ("train", theme.train()),
        ("test", theme.test()),
        ("negative edge", theme.edge(false, 1.0)),
        ("positive edge", theme.edge(true, 1.0)),
    ]
    .map(|(name, style)| (name.to_owned(), style))
    .into();
    roles.extend((0..8).map(|index| (format!("class {index}"), theme.class(index))));
    roles
}

/// Points and lines on surfaces and on maps.
fn on_surfaces(theme: Theme) -> Vec<(String, Style)> {
    let mut found = Vec::new();
    let confidences = || (0..=LEVELS).map(|level| level as f64 / LEVELS as f64);
    for under in (0..8).flat_map(|class| confidences().map(move |share| (class, share))) {
        let Some(surface) = theme.class_surface(under.0, under.1) else { continue };
        for class in 0..8 {
            let style = theme.class_point(class, Some(surface));
            found.push((format!("point {class} on {under:?}"), style));
        }
        for value in [-1.0, -0.4, 0.0, 0.3, 1.0] {
            let style = theme.value_point(value, Some(surface));
            found.push((format!("value {value} on {under:?}"), style));
        }
    }
    for (share, right) in confidences().flat_map(|share| [(share, true), (share, false)]) {
        if let Some(under) = theme.share(share, right) {
            let style = theme.on_surface(under).bg(under);
            found.push((format!("a count on {share} {right}"), style));
        }
    }
    for under in (0..=10).filter_map(|tenth| theme.relief(f64::from(tenth) / 10.0)) {
        found.push((format!("mark on {under:?}"), theme.relief_mark(Some(under))));
        for walker in 0..6 {
            found.push((format!("walker {walker} on {under:?}"), theme.walker(walker).bg(under)));
            let letter = theme.walker_point(walker, Some(under));
            found.push((format!("letter {walker} on {under:?}"), letter));
        }
    }
    found
}

/// The palettes that `scheme` is for, and the floor for text of 16 colours: Solarized gives its own text no
/// more than 4.1, and its hues a little less.
fn terminals(scheme: Scheme) -> impl Iterator<Item = (&'static Palette, f64)> {
    let is_for = move |palette: &&Palette| {
        scheme == Scheme::HighContrast || Scheme::on(palette.background) == scheme
    };
    PALETTES
        .iter()
        .filter(is_for)
        .map(|palette| (palette, if palette.name.starts_with("solarized") { LINES } else { TEXT }))
}

#[test]
fn every_role_can_be_read_on_every_terminal() {
    let mut failures = Vec::new();
    for scheme in [Scheme::Dark, Scheme::Light, Scheme::HighContrast] {
        for (palette, floor_of_16) in terminals(scheme) {
            let console = palette.name == "linux";
            let few = if console { Depth::Console } else { Depth::Ansi16 };
            let depths = [(few, floor_of_16), (Depth::Ansi256, TEXT), (Depth::True, TEXT)];
            // Solarized's black is no black.
            let own = scheme == Scheme::HighContrast && floor_of_16 < TEXT;
            for (depth, floor) in depths.into_iter().skip(usize::from(own)) {
                let theme = Theme { scheme, ..Theme::new(depth) };
                let painted = match scheme {
                    Scheme::HighContrast => {
                        Palette { foreground: [255; 3], background: [0; 3], ..palette.clone() }
                    }
                    _ => palette.clone(),
                };
                let mut expect = |(role, style): (String, Style), floor: f64| {
                    let ratio = of(style, &painted);
                    if ratio < floor {
                        let place = format!("{scheme:?} {depth:?} {}", palette.name);
                        failures.push(format!("{place}: {role} {ratio:.2}"));
                    }
                };
                for role in roles(theme).into_iter().chain(on_surfaces(theme)) {
                    expect(role, floor);
                }
                expect(("border".to_owned(), theme.border()), LINES);
                if !matches!(depth, Depth::Ansi16 | Depth::Console) {
                    for class in 0..8 {
                        let band = theme.faint(theme.class(class));
                        expect((format!("band {class}"), band), LINES);
                    }
                    let contours = (0..=10).filter_map(|tenth| {
                        Some(theme.contour().bg(theme.relief(f64::from(tenth) / 10.0)?))
                    });
                    contours.for_each(|style| expect(("contour".to_owned(), style), LINES));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn without_colour_only_lines_are_dim() {
    let theme = Theme::new(Depth::None);
    assert!(roles(theme).iter().all(|(_, style)| !style.add_modifier.contains(Modifier::DIM)));
}

/// As Machado, Oliveira and Fernandes (2009) have it, for those who lack one kind of cones.
const DEFICIENCIES: [[[f64; 3]; 3]; 3] = [
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ],
    [
        [1.255_528, -0.076_749, -0.178_779],
        [-0.078_411, 0.930_809, 0.147_602],
        [0.004_733, 0.691_367, 0.303_900],
    ],
];

/// CIE L*a*b* of linear red, green and blue.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The least distance of two colours in L*a*b*, over all kinds of sight.
fn distance(one: Rgb, other: Rgb) -> f64 {
    let linear = |color: Rgb| {
        color.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    };
    let seen = |color: Rgb, matrix: &[[f64; 3]; 3]| {
        let light = linear(color);
        lab(matrix
            .map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0)))
    };
    let whole = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let apart = |matrix: &[[f64; 3]; 3]| {
        let (one, other) = (seen(one, matrix), seen(other, matrix));
        one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    DEFICIENCIES.iter().chain([&whole]).map(apart).fold(f64::INFINITY, f64::min)
}

#[test]
fn classes_are_told_apart_by_the_colour_blind_too() {
    for scheme in [Scheme::Dark, Scheme::Light] {
        let theme = Theme { scheme, ..Theme::new(Depth::True) };
        let colors: Vec<Rgb> = (0..8)
            .filter_map(|class| match theme.class(class).fg {
                Some(Color::Rgb(r, g, b)) => Some([r, g, b]),
                _ => None,
            })
            .collect();
        for (i, one) in colors.iter().enumerate() {
            for (j, other) in colors.iter().enumerate().take(i) {
                // The first four are most of what is ever shown.
                let floor = if i < 4 { 14.0 } else { 7.0 };
                let apart = distance(*one, *other);
                assert!(apart >= floor, "{scheme:?}: {i} and {j} are {apart:.1} apart");
            }
        }
    }
}
