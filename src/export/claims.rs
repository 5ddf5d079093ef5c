//! The evidence of claims, in words.

use super::comparison;
use crate::compare::claims::{Evidence, Finding};

/// The least p that is written as a number.
const LEAST: f64 = 0.001;

/// A comparison with its outcome in a sentence.
#[must_use]
pub fn sentence(evidence: &Evidence) -> String {
    let [first, second] = evidence.duel.arms.map(|(name, _)| name);
    let [a, b] = evidence.values.map(|it| number(it.median));
    let (by, p) = (evidence.duel.by.name(), evidence.p);
    let p = if p < LEAST { format!("p < {LEAST}") } else { format!("p = {p:.3}") };
    match evidence.finding {
        Finding::For => format!("{first} is better than {second}: {by} {a} and {b}, {p}"),
        Finding::Against => format!("{second} is better than {first}: {by} {b} and {a}, {p}"),
        Finding::Open => {
            format!("{first} and {second} cannot be told apart: {by} {a} and {b}, {p}")
        }
    }
}

/// A number in three digits; `never` for runs that never got there.
#[must_use]
pub fn number(x: f64) -> String {
    if x.is_infinite() { "never".to_owned() } else { comparison::number(x) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::claims::CLAIMS;

    #[test]
    fn figures_stand_in_the_order_of_the_names() {
        let duel = &CLAIMS[3].duels[0];
        let low = [100.0, 110.0, 90.0, 120.0, 80.0, 100.0, 110.0, 90.0];
        let told =
            |first: &[f64], second: &[f64]| sentence(&Evidence::of(duel, first, second).unwrap());
        let high = low.map(|x| 3.0 * x);
        assert!(told(&low, &high).starts_with("adam is better than sgd: steps to"));
        assert!(told(&low, &high).contains("0.3 100 and 300, p = 0.0"), "{}", told(&low, &high));
        assert!(told(&high, &low).contains("sgd is better than adam: steps to"));
        assert!(told(&high, &low).contains("0.3 100 and 300, p"), "{}", told(&high, &low));
        assert!(told(&low, &[f64::INFINITY; 8]).contains("and never, p"));
        assert!(told(&low, &low).contains("cannot be told apart"));
    }
}
