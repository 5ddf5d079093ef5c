use super::*;

fn planted(first: [f64; 8], second: [f64; 8]) -> Finding {
    Evidence::of(&CLAIMS[0].duels[0], &first, &second).unwrap().finding
}

#[test]
fn findings_follow_from_values() {
    let low = [1.0, 1.1, 0.9, 1.2, 0.8, 1.0, 1.1, 0.9];
    let high = low.map(|x| 2.0 * x + 0.1);
    let mixed = [1.1, 1.0, 1.0, 1.1, 0.9, 0.9, 1.2, 0.8];
    assert_eq!(planted(low, high), Finding::For);
    assert_eq!(planted(high, low), Finding::Against);
    assert_eq!(planted(low, mixed), Finding::Open);
    // Never to arrive is worse than to arrive late; both never, nothing can be told.
    assert_eq!(planted(high, [f64::INFINITY; 8]), Finding::For);
    assert_eq!(planted([f64::INFINITY; 8], [f64::INFINITY; 8]), Finding::Open);
}

#[test]
fn verdicts_change_with_findings() {
    use Finding::{Against, For, Open};
    for (findings, verdict) in [
        (&[For, For][..], Judgement::Holds),
        (&[For, Against], Judgement::HoldsHere),
        (&[For, Open], Judgement::HoldsHere),
        (&[Against, Open], Judgement::DoesNotHold),
        (&[Open, Open], Judgement::Undecided),
        (&[], Judgement::Undecided),
    ] {
        assert_eq!(Judgement::of(findings), verdict, "{findings:?}");
    }
}

#[test]
fn every_comparison_can_be_run_and_no_name_is_given_twice() {
    let mut names: Vec<_> = CLAIMS.iter().map(|claim| claim.name).collect();
    for claim in CLAIMS {
        assert!(!claim.duels.is_empty(), "{}", claim.name);
        for duel in claim.duels {
            let plan = duel.plan().unwrap_or_else(|error| panic!("{}: {error}", claim.name));
            assert_eq!(plan.arms.len(), 2);
        }
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CLAIMS.len());
    TwoWay::plan().unwrap();
}
