//! Checks of a picture as text: nothing is cut without a sign of it, and no panel lies over another.

use std::collections::BTreeSet;

/// The words of a picture: runs of at least three letters, but for those that are shortened by `…`.
pub fn words(picture: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in picture.lines() {
        let mut word = String::new();
        for c in line.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            if c != '…' && word.len() > 2 && word.chars().all(|c| c.is_alphabetic() || c == '_') {
                words.insert(word.clone());
            }
            word.clear();
        }
    }
    words
}

/// Whether every border is whole: each corner has its three others, joined by straight sides.
pub fn borders_are_whole(picture: &str) -> Result<(), String> {
    let grid: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
    let at = |x: usize, y: usize| grid.get(y).and_then(|row| row.get(x)).copied().unwrap_or(' ');
    let corners = |corner| picture.chars().filter(|c| *c == corner).count();
    let counts = ['╭', '╮', '╰', '╯'].map(corners);
    if counts.iter().any(|count| *count != counts[0]) {
        return Err(format!("corners {counts:?}"));
    }
    for y in 0..grid.len() {
        for x in (0..grid[y].len()).filter(|x| at(*x, y) == '╭') {
            let right = (x + 1..grid[y].len()).find(|x| "╭╮╰╯".contains(at(*x, y)));
            let Some(right) = right.filter(|right| at(*right, y) == '╮') else {
                return Err(format!("no upper right corner for ({x}, {y})"));
            };
            let side = |c: char| "│├┤".contains(c);
            let bottom = (y + 1..grid.len()).find(|y| !side(at(x, *y)) || !side(at(right, *y)));
            let ends = bottom.map(|y| (at(x, y), at(right, y)));
            if ends != Some(('╰', '╯')) {
                return Err(format!("({x}, {y}) to {right} ends with {ends:?}"));
            }
        }
    }
    Ok(())
}
