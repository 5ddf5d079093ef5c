use super::*;
use ratatui::{
    layout::Rect,
    style::{Color, Style},
};

/// The names of the elements in order; panics unless every one is closed where it should be.
fn elements(svg: &str) -> Vec<String> {
    let (mut names, mut open) = (Vec::new(), Vec::new());
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>') && tag.matches('"').count() % 2 == 0, "{tag}");
        let name = tag.trim_matches('/').split_whitespace().next().unwrap().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        if !tag.ends_with('/') {
            open.push(name.clone());
        }
        names.push(name);
    }
    assert!(open.is_empty(), "{open:?}");
    names
}

fn texts(buffer: &Buffer) -> Vec<String> {
    let svg = buffer_to_svg(buffer, "");
    svg.lines().filter(|line| line.starts_with("<text")).map(str::to_owned).collect()
}

#[test]
fn balanced_escaped_and_the_same_each_time() {
    let mut buffer = Buffer::with_lines(["a<b & \"c\"  > d", "╭──┤▀▄█▁░⣿⠁│ ┊", "日本 x\u{301}"]);
    buffer.set_style(Rect::new(0, 0, 4, 2), Style::new().fg(Color::Indexed(196)).bg(Color::Blue));
    let svg = buffer_to_svg(&buffer, "1 < 2 & \"3\"\u{7}");
    assert_eq!(elements(&svg)[..2], ["svg", "title"]);
    assert!(svg.contains("<title>1 &lt; 2 &amp; &quot;3&quot;\\u{7}</title>"));
    assert!(svg.contains("&amp; &quot;c&quot;</text>"));
    assert_eq!(svg, buffer_to_svg(&buffer, "1 < 2 & \"3\"\u{7}"));
    elements(&buffer_to_svg(&Buffer::empty(Rect::ZERO), ""));
}

#[test]
fn runs_start_at_their_own_column() {
    let mut buffer = Buffer::with_lines(["one two   three"]);
    buffer.set_style(Rect::new(10, 0, 2, 1), Style::new().add_modifier(Modifier::BOLD));
    assert_eq!(
        texts(&buffer),
        [
            r#"<text x="0" y="14" textLength="63">one two</text>"#,
            r#"<text x="90" y="14" textLength="18" font-weight="bold">th</text>"#,
            r#"<text x="108" y="14" textLength="27">ree</text>"#,
        ]
    );
}

#[test]
fn wide_characters_take_two_columns() {
    assert_eq!(
        texts(&Buffer::with_lines(["a日b"])),
        [
            r#"<text x="0" y="14" textLength="9">a</text>"#,
            r#"<text x="9" y="14" textLength="18">日</text>"#,
            r#"<text x="27" y="14" textLength="9">b</text>"#,
        ]
    );
}

#[test]
fn modifiers_and_colours_reach_the_picture() {
    let style = |style: Style| {
        let mut buffer = Buffer::with_lines(["x"]);
        buffer.set_style(buffer.area, style);
        buffer_to_svg(&buffer, "")
    };
    for (style_of, expected) in [
        (Style::new().fg(Color::Rgb(1, 2, 3)), "fill=\"#010203\">x"),
        (Style::new().fg(Color::Indexed(196)), "fill=\"#ff0000\">x"),
        (Style::new().bg(Color::Indexed(21)), "<path fill=\"#0000ff\" d=\"M0 0h9v18h-9z\"/>"),
        (Style::new().add_modifier(Modifier::UNDERLINED), "text-decoration=\"underline\">x"),
        (
            Style::new().fg(Color::Rgb(9, 9, 9)).add_modifier(Modifier::REVERSED),
            "fill=\"#090909\" d=",
        ),
        (
            Style::new().fg(Color::Rgb(255, 255, 255)).add_modifier(Modifier::DIM),
            "fill=\"#8a8b8e\">x",
        ),
    ] {
        let svg = style(style_of);
        assert!(svg.contains(expected), "{style_of:?}: {svg}");
    }
}

#[test]
fn neighbours_are_drawn_as_one() {
    let svg = buffer_to_svg(&Buffer::with_lines(["▀▀▀", "───"]), "");
    assert!(svg.contains("d=\"M0 0h27v9h-27z\""), "{svg}");
    assert!(svg.contains("d=\"M0 27h27\""), "{svg}");
}
