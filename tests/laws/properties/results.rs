//! Results files: what is read is written back the same, and a ranking of any records can be told in
//! every form.

use std::sync::{Arc, OnceLock};

use gradlab::compare::{Plan, Ranking, Record, Results};
use gradlab::experiment::{CompareSpec, Metric, parse_picks, parse_recipe};
use gradlab::export::comparison::{Comparison, Summary, chart, csv, json, markdown};

use super::text::assert_clean;

/// The longest file that is tried, in bytes.
pub const LONGEST: usize = 1 << 16;

/// The properties of a results file. Returns whether all of its lines are read.
pub fn file(bytes: &[u8]) -> bool {
    if bytes.len() > LONGEST {
        return false;
    }
    let (records, whole) = match Record::parse_lines(bytes) {
        Ok(read) => read,
        Err(line) => {
            assert!((1..bytes.split(|&byte| byte == b'\n').count()).contains(&line));
            return false;
        }
    };
    assert!(whole <= bytes.len());
    let lines: Vec<u8> = records.iter().flat_map(|it| it.to_line().unwrap()).collect();
    assert_clean(std::str::from_utf8(&lines).unwrap(), "a results file");
    let (again, all) = Record::parse_lines(&lines).unwrap();
    assert_eq!((&again, all), (&records, lines.len()));
    told(plan(), results(plan(), records));
    true
}

/// A comparison of two arms at three rates on two seeds.
fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let experiment = parse_recipe("moons/4-tanh/2-softmax/steps=50").unwrap().experiment;
        let spec = CompareSpec {
            optimizers: parse_picks(gradlab::catalog::Kind::Optimizer, "sgd,adam").unwrap(),
            rates: "3".parse().unwrap(),
            seeds: 2,
            tuning_seeds: 1,
            target: Some("test_loss<0.5".parse().unwrap()),
            ..CompareSpec::default()
        };
        Plan::new(&experiment, &spec).unwrap()
    })
}

/// The records in the place of the trials that the plan wants next.
fn results(plan: &Plan, records: Vec<Record>) -> Results {
    let mut results = Results::default();
    for record in records {
        let Some(&trial) = plan.wanted(&results).first() else { break };
        results.insert(trial, Arc::new(record));
    }
    results
}

/// Every form of the comparison can be written, and is clean.
fn told(plan: &Plan, results: Results) {
    let ranking = Ranking::of(plan, &results);
    // Whatever the file calls an arm, the comparison may be called as well.
    let name = results.of_arm(0).next().map(|(_, record)| record.arm.clone()).unwrap_or_default();
    let comparison = Comparison { name: &name, plan, results: &results, ranking: &ranking };
    let comparisons = [comparison, comparison];
    let summary = Summary::of(&comparisons);
    assert_clean(&summary.lines().join("\n"), "the table");
    assert_clean(&json::pretty(&summary.json()), "JSON");
    assert_clean(&markdown::report(&comparison, &[]), "Markdown");
    for table in [csv::runs(&comparisons).unwrap(), csv::points(&comparisons).unwrap()] {
        assert_clean(std::str::from_utf8(&table).unwrap(), "CSV");
    }
    for drawn in [chart::curves, chart::sensitivity, chart::ranking] {
        if let Some(svg) = drawn(&comparison) {
            assert_clean(&svg.unwrap(), "a chart");
        }
    }
    for (_, record) in (0..plan.arms.len()).flat_map(|arm| results.of_arm(arm)) {
        let _ = record.last(Metric::TestLoss);
    }
}
