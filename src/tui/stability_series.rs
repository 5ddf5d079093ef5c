//! The sharpness over the steps of a run, as the observer has found it.

use std::collections::VecDeque;

use crate::train::curvature::Measured;
use crate::train::probe::Stability;
use crate::train::telemetry::Envelope;

/// Buckets that are kept.
const KEPT: usize = 1024;
/// The latest looks of which each is kept.
pub const LATEST: usize = 3;

/// The sharpness of a run over its steps, with its threshold where that is known.
#[derive(Clone, Debug)]
pub struct StabilitySeries {
    /// The sharpness: divided as the rules divide, where they have a theory.
    pub sharpness: Envelope,
    /// What the rates can take.
    pub threshold: Envelope,
    /// The share of what the rates can take at each of the latest looks; none where that was not known.
    shares: VecDeque<(u64, Option<f64>)>,
    /// The step of the latest.
    latest: Option<u64>,
}

impl Default for StabilitySeries {
    fn default() -> Self {
        let empty = Envelope::new(KEPT);
        Self { sharpness: empty.clone(), threshold: empty, shares: VecDeque::new(), latest: None }
    }
}

impl StabilitySeries {
    /// Adds what was found, unless it is of a step that is not later than what is here.
    pub fn push(&mut self, stability: &Stability) {
        let Stability::Seen { step, sighting } = stability else { return };
        if self.latest.is_some_and(|latest| latest >= *step) {
            return;
        }
        self.latest = Some(*step);
        let both = sighting.against_threshold();
        self.shares.push_back((*step, both.map(|(sharpness, threshold)| sharpness / threshold)));
        if self.shares.len() > LATEST {
            self.shares.pop_front();
        }
        match (both, sighting.measured) {
            (Some((sharpness, threshold)), _) => {
                self.sharpness.push(*step, sharpness);
                self.threshold.push(*step, threshold);
            }
            (None, Measured::Bare { sharpness, .. }) => self.sharpness.push(*step, sharpness),
            (None, _) => {}
        }
    }

    /// The shares of what the rates can take at the latest looks, if there were as many and it was known
    /// at each.
    #[must_use]
    pub fn latest_shares(&self) -> Option<[f64; LATEST]> {
        let shares: Option<Vec<f64>> = self.shares.iter().map(|it| it.1).collect();
        shares?.try_into().ok()
    }

    /// Forgets what is later than `step`.
    pub fn cut(&mut self, step: u64) {
        if self.latest.is_some_and(|latest| latest > step) {
            self.sharpness = self.sharpness.until(step);
            self.threshold = self.threshold.until(step);
            self.shares.retain(|it| it.0 <= step);
            self.latest = Some(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::curvature::{Scope, Sighting, Threshold};

    fn seen(step: u64, share: f64) -> Stability {
        let layer = Threshold { optimizer: "sgd", rate: 0.05, sharpness: Some(40.0) };
        let sighting = Sighting {
            measured: Measured::Share { share, known: true },
            layers: vec![layer; 2],
            scope: Scope { settles: true, smooth: true },
            sources: Vec::new(),
        };
        Stability::Seen { step, sighting }
    }

    #[test]
    fn time_goes_forward_and_can_be_cut() {
        let mut series = StabilitySeries::default();
        series.push(&Stability::Pending);
        assert!(series.sharpness.buckets().is_empty());
        for (step, share) in [(10, 0.5), (20, 0.75), (20, 9.0), (15, 9.0), (30, 1.0)] {
            series.push(&seen(step, share));
        }
        let of = |series: &StabilitySeries| -> Vec<(u64, f64)> {
            series.sharpness.buckets().iter().map(|b| (b.last, b.latest)).collect()
        };
        assert_eq!(of(&series), [(10, 20.0), (20, 30.0), (30, 40.0)]);
        assert_eq!(series.threshold.latest(), Some(40.0));
        assert_eq!(series.latest_shares(), Some([0.5, 0.75, 1.0]));
        series.cut(20);
        assert_eq!(of(&series), [(10, 20.0), (20, 30.0)]);
        assert_eq!(series.latest_shares(), None);
        series.push(&seen(25, 0.25));
        assert_eq!(series.latest_shares(), Some([0.5, 0.75, 0.25]));
        assert_eq!(of(&series).last(), Some(&(25, 10.0)));
    }
}
