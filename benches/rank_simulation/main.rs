//! How often the ranking of a comparison is wrong, and how much it finds, by simulated races.
//!
//! The losses are real ones: of runs of presets, with as many seeds, by the program itself. In a race each arm
//! has on each seed one of them, drawn by chance, so that all arms are alike; then half of the arms get
//! losses that are larger by a factor. Beside it stands what Wilcoxon's signed ranks over all pairs find,
//! with Holm's correction.
//!
//! `cargo bench --bench rank_simulation` takes some twenty minutes on two cores;
//! `cargo bench --bench rank_simulation -- 1000` makes so many races of each kind, in place of 10,000. It fails if
//! false alarms are more frequent than their level and three standard errors.

mod losses;
mod wilcoxon;

use std::error::Error;

use gradlab::compare::statistics::{ALPHA, Pairwise};
use gradlab::parallel;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const RACES: usize = 10_000;
const ARMS: [usize; 3] = [5, 10, 20];
const SEEDS: [usize; 3] = [8, 10, 16];
/// By how many standard deviations of the logarithms half of the arms are worse.
const SHIFT: f64 = 1.5;
/// Races that one core makes at a time.
const CHUNK: usize = 50;

/// What is found in one race.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    /// Pairs of arms that are alike and were told apart.
    wrong: usize,
    /// Pairs that differ and were told apart the right way round.
    right: usize,
    /// Pairs that differ and were told apart the wrong way round.
    reversed: usize,
}

/// Races of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Races in which an arm was called worse that is not.
    false_alarms: usize,
    /// Pairs found, of those that differ.
    found: usize,
}

impl Tally {
    fn add(&mut self, found: Found) {
        self.false_alarms += usize::from(found.wrong + found.reversed > 0);
        self.found += found.right;
    }

    fn and(self, other: Self) -> Self {
        Self {
            false_alarms: self.false_alarms + other.false_alarms,
            found: self.found + other.found,
        }
    }
}

/// A race of `arms` arms on `seeds` seeds, of which the second half is worse by `shift`.
#[derive(Clone, Copy)]
struct Kind {
    arms: usize,
    seeds: usize,
    shift: f64,
}

impl Kind {
    /// The number of the race seeds its draws.
    fn values(self, pool: &[Vec<f64>], race: u64) -> Vec<Vec<f64>> {
        let mut random = ChaCha8Rng::seed_from_u64(race);
        // Every race is of one preset.
        let losses = &pool[random.random_range(0..pool.len())];
        let mut draw = |arm: usize| {
            let shift = if arm < self.arms / 2 { 0.0 } else { self.shift };
            losses[random.random_range(0..losses.len())] + shift
        };
        (0..self.seeds).map(|_| (0..self.arms).map(&mut draw).collect()).collect()
    }

    /// The pairs that differ.
    const fn differing(self) -> usize {
        (self.arms / 2) * (self.arms - self.arms / 2)
    }

    fn judged(self, worse_than: &[Vec<usize>]) -> Found {
        let upper = |arm: usize| self.shift > 0.0 && arm >= self.arms / 2;
        let mut found = Found::default();
        for (worse, better) in worse_than.iter().enumerate() {
            for &better in better {
                match (upper(worse), upper(better)) {
                    (true, false) => found.right += 1,
                    (false, true) => found.reversed += 1,
                    _ => found.wrong += 1,
                }
            }
        }
        found
    }

    /// The tallies of the ranking and of Wilcoxon's over many races.
    fn simulate(self, pool: &[Vec<f64>], races: usize) -> [Tally; 2] {
        let chunks: Vec<std::ops::Range<usize>> =
            (0..races).step_by(CHUNK).map(|start| start..(start + CHUNK).min(races)).collect();
        let of_chunk = |chunk: std::ops::Range<usize>| {
            let mut tallies = [Tally::default(); 2];
            for race in chunk {
                let values = self.values(pool, race as u64);
                tallies[0].add(self.judged(&Pairwise::of(&values, race as u64).worse_than));
                tallies[1].add(self.judged(&wilcoxon::worse_than(&values, ALPHA)));
            }
            tallies
        };
        let tallies = parallel::each(chunks, of_chunk);
        tallies.into_iter().fold([Tally::default(); 2], |[a, b], [c, d]| [a.and(c), b.and(d)])
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench` of its own.
    let races = std::env::args().skip(1).find(|it| !it.starts_with("--"));
    let races: usize = races.map_or(Ok(RACES), |text| text.parse())?;
    let pool = losses::pool()?;
    println!("{races} races of each kind; half of the arms worse by {SHIFT} standard deviations\n");
    println!(
        "            all arms alike: any false \"worse\"     half worse: share of the pairs found"
    );
    println!("arms seeds       ranking   Wilcoxon–Holm              ranking   Wilcoxon–Holm");
    let limit = ALPHA + 3.0 * (ALPHA * (1.0 - ALPHA) / races as f64).sqrt();
    let mut worst = 0.0_f64;
    for arms in ARMS {
        for seeds in SEEDS {
            let alike = Kind { arms, seeds, shift: 0.0 };
            let half = Kind { arms, seeds, shift: SHIFT };
            let alarms =
                alike.simulate(&pool, races).map(|it| it.false_alarms as f64 / races as f64);
            let pairs = (races * half.differing()) as f64;
            let power = half.simulate(&pool, races).map(|it| it.found as f64 / pairs);
            let [ranking, wilcoxon] = alarms.map(|share| format!("{:.2} %", 100.0 * share));
            let [found, by_ranks] = power.map(|share| format!("{:.1} %", 100.0 * share));
            println!(
                "{arms:>4} {seeds:>5} {ranking:>13} {wilcoxon:>15} {found:>20} {by_ranks:>15}"
            );
            worst = worst.max(alarms[0]);
        }
    }
    let verdict = format!(
        "at most {:.2} % false alarms; {:.2} % would be three standard errors above the level",
        100.0 * worst,
        100.0 * limit
    );
    if worst > limit {
        return Err(verdict.into());
    }
    println!("\n{verdict}");
    Ok(())
}
