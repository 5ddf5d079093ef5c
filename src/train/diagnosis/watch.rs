//! What is told of a run: findings that stand over several looks at it.

use super::finding::Finding;

/// Looks without a finding after which it is no longer told.
const GONE: usize = 2;
/// The share of a run between two looks that count.
const SPACING: u64 = 32;
/// The most steps between two looks that count.
const FARTHEST: u64 = 5000;

/// Findings of a run, look after look.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    seen: Vec<Told>,
    /// What was found at the last look.
    now: Vec<Finding>,
    /// The step of the last look that counted.
    counted: Option<u64>,
}

/// A finding, and when it stood.
#[derive(Clone, Debug)]
pub struct Told {
    /// As it was measured last.
    pub finding: Finding,
    /// The step at which it was seen first.
    pub first: u64,
    /// The step at which it was seen last.
    pub last: u64,
    /// Looks in a row at which it was there.
    row: usize,
    /// Looks since then.
    absent: usize,
    /// Whether it has stood for long enough.
    stands: bool,
}

impl Watch {
    /// Takes in what was found at `step` of a run of so many steps. Looks that are close together count
    /// as one.
    pub fn look(&mut self, step: u64, steps: u64, findings: Vec<Finding>) {
        if self.counted.is_some_and(|counted| step < counted) {
            // It is another moment, or another run.
            self.clear();
        }
        let spacing = (steps / SPACING).clamp(1, FARTHEST);
        let counts = self.counted.is_none_or(|counted| step >= counted + spacing);
        if counts {
            self.counted = Some(step);
            self.seen.iter_mut().for_each(|told| told.absent += 1);
        }
        for finding in &findings {
            let known = self.seen.iter_mut().find(|told| told.finding.is_of(finding));
            if let Some(told) = known {
                if counts {
                    told.row = if told.absent > 1 { 1 } else { told.row + 1 };
                    told.stands |= told.row >= finding.rule.looks;
                    told.absent = 0;
                }
                told.last = step;
                told.finding = finding.clone();
            } else {
                // Before the first step nothing is left to chance.
                let stands = finding.rule.looks <= 1 || step == 0 && finding.rule.at_start;
                let finding = finding.clone();
                self.seen.push(Told {
                    finding,
                    first: step,
                    last: step,
                    row: 1,
                    absent: 0,
                    stands,
                });
            }
        }
        self.seen.retain(|told| told.stands || told.absent == 0);
        self.now = findings;
    }

    /// Forgets all: the run goes on under other settings.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Lets what was found at the last look stand without waiting for another one.
    pub fn believe(&mut self) {
        self.seen.iter_mut().filter(|told| told.absent == 0).for_each(|told| told.stands = true);
    }

    /// What was found at the last look, whether it stands or not.
    #[must_use]
    pub fn now(&self) -> &[Finding] {
        &self.now
    }

    /// The findings that stand, the gravest first.
    #[must_use]
    pub fn standing(&self) -> Vec<&Finding> {
        let stands = |told: &&Told| told.absent < GONE && told.stands;
        in_order(self.seen.iter().filter(stands)).into_iter().map(|told| &told.finding).collect()
    }

    /// All findings that stood for long enough at some time, the gravest first.
    #[must_use]
    pub fn told(&self) -> Vec<&Told> {
        in_order(self.seen.iter().filter(|told| told.stands))
    }
}

/// By the order of the table, which is that of gravity.
fn in_order<'a>(told: impl Iterator<Item = &'a Told>) -> Vec<&'a Told> {
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|told| {
        super::RULES.iter().position(|rule| std::ptr::eq(rule, told.finding.rule))
    });
    told
}

#[cfg(test)]
mod tests {
    use super::super::RULES;
    use super::*;

    fn finding(key: &str) -> Finding {
        let rule = RULES.iter().find(|rule| rule.key == key).unwrap();
        Finding { rule, layers: vec![0], measured: String::new(), remedy: None }
    }

    fn told(watch: &Watch) -> Vec<&'static str> {
        watch.standing().iter().map(|it| it.rule.key).collect()
    }

    #[test]
    fn what_holds_for_one_look_is_not_told() {
        let mut watch = Watch::default();
        for (step, found, expected) in [
            (100, vec!["dead_units"], vec![]),
            // Too close to count.
            (101, vec!["dead_units"], vec![]),
            (102, vec!["dead_units"], vec![]),
            (200, vec!["dead_units"], vec![]),
            (300, vec!["dead_units"], vec!["dead_units"]),
            (400, vec![], vec!["dead_units"]),
            (500, vec![], vec![]),
            (600, vec!["output_activation"], vec!["output_activation"]),
        ] {
            watch.look(step, 1000, found.into_iter().map(finding).collect());
            assert_eq!(told(&watch), expected, "at {step}");
        }
        // It is told of what stood before.
        assert!(watch.told().iter().any(|it| it.finding.rule.key == "dead_units"));
        // An earlier step is another moment.
        watch.look(50, 1000, Vec::new());
        assert!(watch.told().is_empty());
    }

    #[test]
    fn before_the_first_step_nothing_is_left_to_chance() {
        let mut watch = Watch::default();
        watch.look(0, 1000, vec![finding("vanishing_gradient"), finding("large_updates")]);
        assert_eq!(told(&watch), ["vanishing_gradient"]);
        watch.believe();
        assert_eq!(told(&watch), ["vanishing_gradient", "large_updates"]);
    }

    #[test]
    fn the_gravest_comes_first() {
        let mut watch = Watch::default();
        let found = ["input_scale", "output_activation", "symmetric_start"];
        watch.look(0, 10, found.into_iter().map(finding).collect());
        assert_eq!(told(&watch), ["symmetric_start", "output_activation", "input_scale"]);
    }
}
