//! Drawn screens one after another as one picture that moves.
//!
//! Cells that never change are drawn once. Every other cell is drawn once for each stretch of frames in
//! which it stays the same, together with all that have the same stretch, and is visible only then. Where
//! pictures do not move, or should not, the last frame is seen.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};

use super::palette::Palette;
use super::{CELL, Drawing, MARGIN};

/// Seconds of a frame, and of the last one.
const FRAME: f64 = 0.3;
const LAST: f64 = 3.0;

/// A moving picture of screens of equal size, with `title` for those who cannot see it.
#[must_use]
pub fn buffers_to_animated_svg(palette: &Palette, frames: &[Buffer], title: &str) -> String {
    let Some(last) = frames.last() else { return String::new() };
    let mut svg = String::new();
    let size = (
        last.area.width as usize * CELL.0 + 2 * MARGIN,
        last.area.height as usize * CELL.1 + 2 * MARGIN,
    );
    Drawing::open(&mut svg, palette, size, title);
    let stretches = stretches(frames);
    let all = 0..frames.len();
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "<style>{}</style>", style(stretches.keys(), frames.len()));
    for (stretch, buffer) in &stretches {
        let body = Drawing::of(palette, buffer).body(palette);
        if body.is_empty() {
            continue;
        }
        if Range::from(*stretch) == all {
            svg.push_str(&body);
        } else {
            let _ = write!(svg, "<g class=\"{}\">\n{body}</g>\n", name(*stretch));
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// A stretch of frames: the first, and the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch(usize, usize);

impl From<Stretch> for Range<usize> {
    fn from(Stretch(from, to): Stretch) -> Self {
        from..to
    }
}

/// The cells of each stretch, as screens that are empty elsewhere.
fn stretches(frames: &[Buffer]) -> BTreeMap<Stretch, Buffer> {
    let mut stretches: BTreeMap<Stretch, Buffer> = BTreeMap::new();
    let Some(first) = frames.first() else { return stretches };
    for index in 0..first.content.len() {
        let cell = |frame: usize| frames[frame].content.get(index);
        let mut from = 0;
        for frame in 1..=frames.len() {
            if frame < frames.len() && cell(frame) == cell(from) {
                continue;
            }
            if let Some(cell) = cell(from).filter(|cell| **cell != Cell::default()) {
                let buffer = stretches.entry(Stretch(from, frame));
                let buffer = buffer.or_insert_with(|| Buffer::empty(first.area));
                buffer.content[index] = cell.clone();
            }
            from = frame;
        }
    }
    stretches
}

fn name(Stretch(from, to): Stretch) -> String {
    format!("f{from}-{to}")
}

/// The rules by which each stretch is seen only in its time.
fn style<'a>(stretches: impl Iterator<Item = &'a Stretch>, frames: usize) -> String {
    let length = (frames - 1) as f64 * FRAME + LAST;
    let percent = |frame: usize| (frame as f64 * FRAME / length * 1e4).round() / 100.0;
    let mut rules = String::new();
    let mut moving = String::new();
    for stretch in stretches.filter(|it| (it.0, it.1) != (0, frames)) {
        let (name, Stretch(from, to)) = (name(*stretch), *stretch);
        let mut steps = String::new();
        if from > 0 {
            steps.push_str("0%{visibility:hidden}");
        }
        let _ = write!(steps, "{}%{{visibility:visible}}", percent(from));
        if to < frames {
            let _ = write!(steps, "{}%{{visibility:hidden}}", percent(to));
            let _ = write!(rules, ".{name}{{visibility:hidden}}");
        }
        let _ = write!(rules, "@keyframes {name}{{{steps}}}");
        let _ = write!(moving, ".{name}{{animation:{name} {length:.1}s step-end infinite}}");
    }
    format!("{rules}@media(prefers-reduced-motion:no-preference){{{moving}}}")
}

#[cfg(test)]
mod tests {
    use super::super::palette::PALETTES;
    use super::*;

    fn moving(frames: &[&str]) -> String {
        let frames: Vec<_> = frames.iter().map(|text| Buffer::with_lines([*text])).collect();
        buffers_to_animated_svg(&PALETTES[0], &frames, "moving")
    }

    #[test]
    fn what_stays_is_drawn_once_and_what_changes_has_its_time() {
        let svg = moving(&["ab", "ac", "ac", "ab"]);
        assert_eq!(svg.matches(">a<").count(), 1);
        assert_eq!((svg.matches(">b<").count(), svg.matches(">c<").count()), (2, 1));
        for name in ["f0-1", "f1-3", "f3-4"] {
            assert!(svg.contains(&format!("@keyframes {name}")), "{svg}");
            assert!(svg.contains(&format!("<g class=\"{name}\">")), "{svg}");
        }
        // Without motion the last frame is seen.
        let hidden = |name: &str| svg.contains(&format!(".{name}{{visibility:hidden}}"));
        assert!(hidden("f0-1") && hidden("f1-3") && !hidden("f3-4"));
        roxmltree::Document::parse(&svg).unwrap();
    }

    #[test]
    fn one_frame_does_not_move() {
        assert!(!moving(&["ab"]).contains("@keyframes"));
        assert_eq!(buffers_to_animated_svg(&PALETTES[0], &[], ""), "");
    }
}
