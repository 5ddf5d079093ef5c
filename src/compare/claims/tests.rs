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
fn kept_figures_say_the_same_and_only_of_their_own_comparison() {
    let [duel, other] = [&CLAIMS[0].duels[0], &CLAIMS[0].duels[1]];
    let low = [1.0, 1.1, 0.9, 1.2, 0.8, 1.0, 1.1, 0.9];
    for high in [low.map(|x| 2.0 * x + 0.1), low.map(|x| 2.0 * x), [f64::INFINITY; 8]] {
        let evidence = Evidence::of(duel, &low, &high).unwrap();
        let text = serde_json::to_string(&Figures::of(&evidence)).unwrap();
        let kept: Figures = serde_json::from_str(&text).unwrap();
        let again = kept.evidence(duel).unwrap();
        assert_eq!((again.finding, again.p), (Finding::For, evidence.p));
        assert_eq!((again.values, again.seeds), (evidence.values, 8));
        assert!(kept.evidence(other).is_none());
        // What was found is not written, but follows.
        let turned: Figures = serde_json::from_str(&text.replace("\"t\":-", "\"t\":")).unwrap();
        assert_eq!(turned.evidence(duel).unwrap().finding, Finding::Against);
        let unsound = text.replace("\"p\":", "\"p\":7");
        let unsound: Figures = serde_json::from_str(&unsound).unwrap();
        assert!(unsound.evidence(duel).is_none());
    }
}

#[test]
fn who_stops_a_judge_gets_no_verdict() {
    let (stop, stopped) = bounded(0);
    drop(stop);
    let mut runs = Vec::new();
    let judged = CLAIMS[0].judge(1, &stopped, &mut |progress| runs.push(progress.runs)).unwrap();
    assert!(judged.is_none());
    assert_eq!(runs[0].0, 0);
    assert!(runs[0].1 > SEEDS, "{runs:?}");
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
