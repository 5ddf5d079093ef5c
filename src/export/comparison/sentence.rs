//! The verdict on all arms, in a sentence or two.

use crate::compare::statistics::{Pairwise, fewest_blocks};
use crate::compare::{Plan, Ranking};

/// Which of the arms, called `names`, can be told apart, and how: the arms in the `order` given. Blocks
/// are called `block` and `blocks`, such as seed and seeds.
///
/// ```text
/// On 16 seeds, adam, rmsprop and nadam cannot be told apart; sgd is worse than all three.
/// ```
#[must_use]
pub fn sentence(
    found: &Pairwise,
    names: &[String],
    order: &[usize],
    (block, blocks): (&str, &str),
) -> String {
    let count = found.blocks;
    let unit = if count == 1 { block } else { blocks };
    if names.len() < 2 {
        return "There is one arm only.".to_owned();
    }
    if count < fewest_blocks() {
        let fewest = fewest_blocks();
        return format!(
            "On {count} {unit} nothing can be told apart: that takes {fewest} or more."
        );
    }
    let leaders: Vec<usize> = order.iter().copied().filter(|arm| found.leads(*arm)).collect();
    let called = |arms: &[usize]| listed(arms.iter().map(|arm| names[*arm].as_str()));
    let mut parts = Vec::new();
    if leaders.len() > 1 {
        parts.push(format!("{} cannot be told apart", called(&leaders)));
    }
    for (arms, better) in groups(found, order) {
        let verb = if arms.len() > 1 { "are" } else { "is" };
        let others = match &leaders[..] {
            [leader] if better == [*leader] => names[*leader].clone(),
            _ if better == leaders => all_of(leaders.len()),
            _ if better.len() + arms.len() == names.len() && better.len() > 2 => {
                "all others".to_owned()
            }
            _ => called(&better),
        };
        parts.push(format!("{} {verb} worse than {others}", called(&arms)));
    }
    format!("On {count} {unit}, {}.", parts.join("; "))
}

/// The verdict on the arms of a comparison that have final runs; none while there are no pairs.
#[must_use]
pub fn of_ranking(plan: &Plan, ranking: &Ranking) -> Option<String> {
    let paired = ranking.paired.as_ref()?;
    let name = |arm: &usize| plan.arms[*arm].name.on_terminal().into_owned();
    let names: Vec<String> = paired.arms.iter().map(name).collect();
    let place = |arm: usize| paired.arms.iter().position(|it| *it == arm);
    let order: Vec<usize> = ranking.standings.iter().filter_map(|it| place(it.arm)).collect();
    Some(sentence(&paired.pairwise, &names, &order, ("seed", "seeds")))
}

/// Arms that are worse than the same others, in their order, with those others in theirs.
fn groups(found: &Pairwise, order: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for &arm in order.iter().filter(|arm| !found.leads(**arm)) {
        let worse_than = &found.worse_than[arm];
        let better: Vec<usize> =
            order.iter().copied().filter(|it| worse_than.contains(it)).collect();
        match groups.iter_mut().find(|(_, it)| *it == better) {
            Some((arms, _)) => arms.push(arm),
            None => groups.push((vec![arm], better)),
        }
    }
    groups
}

/// So many arms, all of which have just been named.
fn all_of(count: usize) -> String {
    const NAMES: [&str; 8] = ["three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    match count {
        2 => "both".to_owned(),
        3..=10 => format!("all {}", NAMES[count - 3]),
        _ => format!("all {count}"),
    }
}

/// `a, b and c`.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match &names[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of arms at these distances from the best, with a little noise.
    fn said(distances: &[f64], blocks: usize) -> String {
        let noise = |block: usize, arm: usize| ((block * 31 + arm * 17) as f64).sin();
        let row = |block| {
            let value = |(arm, distance): (usize, &f64)| distance + noise(block, arm);
            distances.iter().enumerate().map(value).collect::<Vec<f64>>()
        };
        let values: Vec<Vec<f64>> = (0..blocks).map(row).collect();
        let names: Vec<String> =
            "abcdefgh".chars().map(String::from).take(distances.len()).collect();
        let order: Vec<usize> = (0..distances.len()).collect();
        sentence(&Pairwise::of(&values, 0), &names, &order, ("seed", "seeds"))
    }

    #[test]
    fn a_verdict_is_a_sentence() {
        for (distances, expected) in [
            (&[0.0, 0.1, 0.1][..], "a, b and c cannot be told apart."),
            (&[0.0, 0.1, 0.1, 20.0], "a, b and c cannot be told apart; d is worse than all three."),
            (&[0.0, 0.1, 20.0, 20.1], "a and b cannot be told apart; c and d are worse than both."),
            (&[0.0, 20.0], "b is worse than a."),
            (&[0.0, 20.0, 20.1, 60.0], "b and c are worse than a; d is worse than all others."),
            (&[0.0, 20.0, 60.0], "b is worse than a; c is worse than a and b."),
        ] {
            assert_eq!(said(distances, 16), format!("On 16 seeds, {expected}"), "{distances:?}");
        }
        let few = "On 5 seeds nothing can be told apart: that takes 6 or more.";
        assert_eq!(said(&[0.0, 20.0], 5), few);
        assert_eq!(said(&[0.0], 16), "There is one arm only.");
    }
}
