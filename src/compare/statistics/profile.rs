//! Performance profiles: who is how often how close to the best.

/// The profile of one contender over several problems.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its cost on each problem over the least cost there; infinite where it failed.
    pub ratios: Vec<f64>,
}

impl Profile {
    /// ρ(τ): the share of problems on which it needs at most τ times the least cost. ρ(1) is how
    /// often it is best, its limit how often it succeeds at all.
    #[must_use]
    pub fn at(&self, tau: f64) -> f64 {
        let within = self.ratios.iter().filter(|ratio| ratio.is_finite() && **ratio <= tau).count();
        within as f64 / self.ratios.len().max(1) as f64
    }

    /// The share of problems that it solved.
    #[must_use]
    pub fn solved(&self) -> f64 {
        self.at(f64::INFINITY)
    }
}

/// The profiles of contenders by `costs[contender][problem]`, each more than 0 and infinite where
/// there was no success. A problem that nobody solves counts against all. Dolan and Moré,
/// "Benchmarking optimization software with performance profiles" (2002).
#[must_use]
pub fn profiles(costs: &[Vec<f64>]) -> Vec<Profile> {
    let problems = costs.first().map_or(0, Vec::len);
    let least: Vec<f64> = (0..problems)
        .map(|problem| costs.iter().map(|row| row[problem]).fold(f64::INFINITY, f64::min))
        .collect();
    // Nothing may have been needed at all.
    let ratio = |(cost, least): (&f64, &f64)| {
        if cost.is_infinite() {
            f64::INFINITY
        } else if cost == least {
            1.0
        } else {
            cost / least
        }
    };
    costs
        .iter()
        .map(|row| Profile { ratios: row.iter().zip(&least).map(ratio).collect() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let inf = f64::INFINITY;
        // Best on problems: a, b, b, nobody.
        let got = profiles(&[vec![100.0, 40.0, inf, inf], vec![300.0, 20.0, 50.0, inf]]);
        assert_eq!(got[0].ratios, [1.0, 2.0, inf, inf]);
        assert_eq!(got[1].ratios, [3.0, 1.0, 1.0, inf]);
        let taus = [1.0, 1.9, 2.0, 3.0, 1e9];
        assert_eq!(taus.map(|tau| got[0].at(tau)), [0.25, 0.25, 0.5, 0.5, 0.5]);
        assert_eq!(taus.map(|tau| got[1].at(tau)), [0.5, 0.5, 0.5, 0.75, 0.75]);
        assert_eq!((got[0].solved(), got[1].solved()), (0.5, 0.75));
        assert_eq!(profiles(&[]), []);
        // Two that had no need to train.
        let ratios: Vec<_> = profiles(&[vec![0.0], vec![0.0], vec![10.0]])
            .into_iter()
            .map(|profile| profile.ratios[0])
            .collect();
        assert_eq!(ratios, [1.0, 1.0, inf]);
    }
}
