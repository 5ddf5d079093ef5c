//! What comparisons come to, and what follows from that for a claim.

use serde::{Deserialize, Serialize};

use super::{Claim, Duel, logarithm};
use crate::compare::statistics::{ALPHA, Pairwise, Quartiles};

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The first arm is better, and not by chance.
    For,
    /// The second arm is better, and not by chance.
    Against,
    /// The two cannot be told apart.
    Open,
}

impl Finding {
    /// What follows from Student's t of the first arm less the second, and the chance of such a difference
    /// between equals; smaller is better.
    fn of(t: f64, p: f64) -> Self {
        match p <= ALPHA {
            true if t < 0.0 => Self::For,
            true if t > 0.0 => Self::Against,
            _ => Self::Open,
        }
    }
}

/// The verdict on a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// All comparisons speak for it.
    Holds,
    /// Some speak for it, others do not.
    HoldsHere,
    /// None speaks for it, and some against it.
    DoesNotHold,
    /// Nothing can be told.
    Undecided,
}

impl Judgement {
    /// All, in the order in which one chooses among them.
    pub const ALL: [Self; 4] = [Self::Holds, Self::HoldsHere, Self::DoesNotHold, Self::Undecided];

    /// What findings come to.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let any = |finding| findings.contains(&finding);
        match (any(Finding::For), any(Finding::Against), any(Finding::Open)) {
            (true, false, false) => Self::Holds,
            (true, _, _) => Self::HoldsHere,
            (false, true, _) => Self::DoesNotHold,
            (false, false, _) => Self::Undecided,
        }
    }

    /// The words for it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsHere => "holds here",
            Self::DoesNotHold => "does not hold",
            Self::Undecided => "undecided",
        }
    }

    /// What it means, beside the others.
    #[must_use]
    pub const fn in_full(self) -> &'static str {
        match self {
            Self::Holds => "it holds in all comparisons",
            Self::HoldsHere => "it holds here, but not there",
            Self::DoesNotHold => "it does not hold",
            Self::Undecided => "nothing can be told",
        }
    }
}

/// A comparison with its outcome.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What was compared.
    pub duel: &'static Duel,
    /// The outcome.
    pub finding: Finding,
    /// Student's t of the first arm less the second, on the scale of their measure.
    pub t: f64,
    /// The chance of such a difference between equals.
    pub p: f64,
    /// What each arm came to, in the units of its measure; infinite for runs that never got there.
    pub values: [Quartiles; 2],
    /// Seeds.
    pub seeds: usize,
}

impl Evidence {
    /// What values of both arms come to, seed by seed; smaller is better. None without any.
    #[must_use]
    pub fn of(duel: &'static Duel, first: &[f64], second: &[f64]) -> Option<Self> {
        // A run that never gets there is worse than any that does, by as much as the worst of all.
        let worst =
            first.iter().chain(second).filter(|x| x.is_finite()).fold(1e-8, |a: f64, b| a.max(*b));
        let scale = |x: &f64| logarithm(if x.is_finite() { *x } else { 10.0 * worst });
        let rows: Vec<Vec<f64>> =
            first.iter().zip(second).map(|(a, b)| vec![scale(a), scale(b)]).collect();
        let pairwise = Pairwise::of(&rows, 0);
        let (t, p) = (*pairwise.t.first()?, *pairwise.adjusted_p.first()?);
        let quartiles = |values: &[f64]| Quartiles::of(values.iter().copied());
        let values = [quartiles(first)?, quartiles(second)?];
        Some(Self { duel, finding: Finding::of(t, p), t, p, values, seeds: rows.len() })
    }
}

/// The figures of a comparison as they are kept: what was found is not among them, but follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// A hash of what was compared, and how.
    of: String,
    seeds: usize,
    t: f64,
    p: f64,
    /// Quartiles of both arms; none for runs that never got there.
    values: [[Option<f64>; 3]; 2],
}

impl Figures {
    /// Those of `evidence`.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let finite = |value: f64| Some(value).filter(|it| it.is_finite());
        let values = evidence.values.map(|it| [it.low, it.median, it.high].map(finite));
        let Evidence { t, p, seeds, .. } = *evidence;
        // A difference that is the same for every seed is infinitely sure.
        Self { of: evidence.duel.hash(), seeds, t: t.clamp(-1e300, 1e300), p, values }
    }

    /// What they say of `duel`; none if they are of another comparison.
    #[must_use]
    pub fn evidence(&self, duel: &'static Duel) -> Option<Evidence> {
        let sound = self.of == duel.hash() && (0.0..=1.0).contains(&self.p);
        let values = self.values.map(|it| {
            let [low, median, high] = it.map(|value| value.unwrap_or(f64::INFINITY));
            Quartiles { low, median, high }
        });
        let (t, p, seeds) = (self.t, self.p, self.seeds);
        sound.then(|| Evidence { duel, finding: Finding::of(t, p), t, p, values, seeds })
    }
}

/// A claim with what its comparisons came to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The claim.
    pub claim: &'static Claim,
    /// What follows.
    pub judgement: Judgement,
    /// Why.
    pub evidence: Vec<Evidence>,
}

impl Judged {
    /// The claim as all of its comparisons judge it.
    #[must_use]
    pub fn of(claim: &'static Claim, evidence: Vec<Evidence>) -> Self {
        let findings: Vec<_> = evidence.iter().map(|it| it.finding).collect();
        Self { claim, judgement: Judgement::of(&findings), evidence }
    }
}
