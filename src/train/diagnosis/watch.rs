//! What is told of a run: findings that stand over several looks at it.

use super::finding::Finding;

/// Looks without a finding after which it is no longer told.
const GONE: usize = 2;

/// Findings of a run, look after look.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    seen: Vec<Told>,
    last: Option<u64>,
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
    told: bool,
}

impl Watch {
    /// Takes in what was found at `step`. A second look at one step counts for nothing.
    pub fn look(&mut self, step: u64, findings: Vec<Finding>) {
        if self.last.is_some_and(|last| step < last) {
            // It is another moment or another run.
            *self = Self::default();
        }
        let again = self.last == Some(step);
        self.last = Some(step);
        for told in &mut self.seen {
            told.absent += usize::from(!again);
        }
        for finding in findings {
            let known = self.seen.iter_mut().find(|told| told.finding.is_of(&finding));
            if let Some(told) = known {
                if told.absent > 1 {
                    told.row = 0;
                }
                told.row += usize::from(!again);
                (told.absent, told.last) = (0, step);
                told.told |= told.row >= finding.rule.looks;
                told.finding = finding;
            } else {
                let told = finding.rule.looks <= 1;
                self.seen.push(Told { finding, first: step, last: step, row: 1, absent: 0, told });
            }
        }
        self.seen.retain(|told| told.told || told.absent == 0);
    }

    /// Forgets all: the run goes on under other settings.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The findings that stand, the gravest first; without waiting if `at_rest`.
    #[must_use]
    pub fn standing(&self, at_rest: bool) -> Vec<&Finding> {
        let stands = |told: &&Told| told.absent < GONE && (told.told || at_rest);
        in_order(self.seen.iter().filter(stands)).into_iter().map(|told| &told.finding).collect()
    }

    /// All findings that stood for long enough at some time, the gravest first.
    #[must_use]
    pub fn told(&self) -> Vec<&Told> {
        in_order(self.seen.iter().filter(|told| told.told))
    }
}

/// Told by the order of the table, which is that of gravity.
fn in_order<'a>(told: impl Iterator<Item = &'a Told>) -> Vec<&'a Told> {
    let mut told: Vec<_> = told.collect();
    let place = |told: &&Told| super::RULES.iter().position(|rule| rule.key == told.finding.rule.key);
    told.sort_by_key(place);
    told
}
