use super::super::testing::{NASTY, picture, survives_every_size};
use super::*;
use crate::tui::theme::{Depth, Marker};

fn node(name: &str, picture: Picture) -> Node {
    Node { name: name.to_owned(), class: None, picture }
}

fn surface(values: &[f64], columns: usize) -> Picture {
    Picture::Surface { columns, values: values.to_vec() }
}

/// Two inputs, three neurons, one output.
fn columns() -> Vec<Column> {
    let steps = [-1.0, -0.5, 0.0, 0.5, 1.0].repeat(5);
    let hidden = |sign: f64| {
        let values: Vec<f64> = steps.iter().map(|step| step * sign).collect();
        node("", surface(&values, 5))
    };
    let column = |title: &str, nodes, hidden, edges| Column {
        title: title.to_owned(),
        nodes,
        hidden,
        edges,
    };
    let edge = |from, to, weight| Edge { from, to, weight };
    vec![
        column("", ["x", "y"].map(|it| node(it, surface(&steps, 5))).to_vec(), 0, Vec::new()),
        column(
            "1 tanh",
            vec![hidden(1.0), hidden(-1.0), hidden(0.0)],
            5,
            vec![edge(0, 0, 1.0), edge(1, 1, -0.5), edge(1, 2, 0.01)],
        ),
        column("out", vec![node("a", surface(&steps, 5))], 0, vec![edge(2, 0, 0.4)]),
    ]
}

const SHAPE: Shape = Shape {
    columns: 3,
    units: 8,
    pictures: Pictures::Planes,
    inputs: 2,
    pictured_inputs: true,
    outputs: 2,
};

fn theme(depth: Depth, marker: Marker) -> Theme {
    Theme { marker, ..Theme::new(depth) }
}

#[test]
fn signs_show_without_colour() {
    let (columns, theme) = (columns(), Theme::new(Depth::None));
    let room = SHAPE.room((36, 12), theme);
    let drawing = NetworkDrawing { theme, columns: &columns, room, first: 0, cursor: Some((1, 1)) };
    assert_eq!(
        picture(&drawing, 36, 12),
        [
            "               1 tanh         out",
            "                 ░▒█",
            "           ⢀⣀⠤⠒⠉ ░▒█",
            "x  ░▒█ ⣀⠤⠒⠊⠁",
            "   ░▒█⠉        ▐█▓▒░▌          ░▒█ a",
            "            ⢀⠤⠒▐█▓▒░▌      ⣀⠔⠊ ░▒█",
            "y  ░▒█ ⢀⠤⠒              ⡠⠔⠉",
            "   ░▒█          ▒▒▒▒⢀⡠⠒⠉",
            "                ▒▒▒▒⠁",
            "",
            "",
            "               +5 more",
        ]
    );
}

#[test]
fn any_size_and_any_numbers() {
    let mut columns = columns();
    let odd = [
        surface(&NASTY, 3),
        surface(&NASTY, 0),
        surface(&[], 4),
        Picture::Curve(NASTY.to_vec()),
        Picture::Curve(Vec::new()),
        Picture::Classes(NASTY.to_vec()),
        Picture::Classes(Vec::new()),
        Picture::Histogram(NASTY.to_vec()),
        Picture::None,
    ];
    columns[1].nodes = odd.map(|picture| node("日本語", picture)).to_vec();
    columns[2].edges.extend(NASTY.into_iter().enumerate().map(|(from, weight)| Edge {
        from,
        to: 7,
        weight,
    }));
    for depth in [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True] {
        for marker in Marker::TABLE.map(|(_, marker)| marker) {
            for pictures in [Pictures::Planes, Pictures::Curves, Pictures::Bars(10)] {
                let theme = theme(depth, marker);
                let shape = Shape { pictures, ..SHAPE };
                for size in [(0, 0), (5, 3), (30, 12), (u16::MAX, u16::MAX)] {
                    let room = shape.room(size, theme);
                    let (columns, cursor) = (&columns[..], Some((1, 2)));
                    for first in [0, 1, 9] {
                        let drawing = NetworkDrawing { theme, columns, room, first, cursor };
                        picture(&drawing, 30, 12);
                    }
                }
            }
        }
    }
    let theme = theme(Depth::True, Marker::Braille);
    let room = SHAPE.room((30, 12), theme);
    let cursor = None;
    survives_every_size(&NetworkDrawing { theme, columns: &columns, room, first: 0, cursor });
}

#[test]
fn what_is_drawn_lies_within_its_area() {
    let columns = columns();
    for theme in [Depth::None, Depth::True].map(Theme::new) {
        for (width, height) in [(30, 9), (37, 11), (44, 30), (120, 40)] {
            let area = Rect::new(3, 2, width, height);
            let room = SHAPE.room((width, height), theme);
            assert!(room.units >= 2, "{width}×{height}");
            let drawing = NetworkDrawing { theme, columns: &columns, room, first: 0, cursor: None };
            let places = drawing.places(area);
            for (index, (node, place)) in places.iter().enumerate() {
                assert_eq!(area.intersection(*place), *place, "{node:?}");
                let over = |other: &((usize, usize), Rect)| other.1.intersects(*place);
                assert!(!places[index + 1..].iter().any(over), "{node:?}");
            }
        }
    }
}

#[test]
fn deep_networks_are_cut_to_the_columns_that_fit() {
    let shape = Shape { columns: 13, ..SHAPE };
    let theme = Theme::new(Depth::True);
    let room = shape.room((37, 11), theme);
    assert!((2..13).contains(&room.columns), "{room:?}");
    assert_eq!(shape.room((300, 60), theme).columns, 13);
    assert_eq!(shape.room((300, 60), theme).units, 8);
}
