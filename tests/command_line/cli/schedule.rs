use serde_json::json;

use super::{assert_close, gradlab, reference, with_case};

#[test]
fn rates_as_json_csv_and_text() {
    let line = "schedule step:step_size=2,gamma=0.5 --base-lr 0.2 --steps 5";
    let json = gradlab(&format!("{line} --format json")).text();
    assert_eq!(json.trim_end(), r#"{"lr":[0.2,0.2,0.1,0.1,0.05]}"#);
    let csv = gradlab(&format!("{line} --format csv")).text();
    assert_eq!(csv, "step,lr\n0,0.2\n1,0.2\n2,0.1\n3,0.1\n4,0.05\n");
    let text = gradlab(line).text();
    assert!(
        text.starts_with("Step decay\n  α = α₀·γ^⌊t / step_size⌋\n  with  step_size=2"),
        "{text}"
    );
    let table = "
  step    lr
     0  0.2
     1  0.2
     2  0.1
     3  0.1
     4  0.05
";
    assert!(text.ends_with(table), "{text}");
    assert!(text.contains("0.2│"), "a curve up to 0.2: {text}");
}

#[test]
fn cases_from_files_agree_with_the_reference() {
    let cases = reference("schedules.json");
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    for case in cases {
        let answer = with_case("schedule", &case.to_string()).json();
        assert_close(&answer["lr"], &case["lr"], (1e-15, 1e-6));
    }
}

#[test]
fn a_plateau_goes_by_the_losses() {
    let line = "schedule reduce_on_plateau:patience=0,factor=0.5 --base-lr 1 --steps 4";
    let rates = |line: &str| gradlab(&format!("{line} --format json")).json()["lr"].clone();
    assert_eq!(rates(line), json!([1, 1, 0.5, 0.25]));
    assert_eq!(rates(&format!("{line} --losses 4,3,2,1")), json!([1, 1, 1, 1]));
    let case = r#"{"name":"reduce_on_plateau","params":{"patience":0},"base_lr":1,"steps":3,"losses":[1,1]}"#;
    assert_eq!(with_case("schedule", case).json()["lr"], json!([1, 1, 0.1]));
}

#[test]
fn long_runs_are_listed_in_part() {
    let text = gradlab("schedule cosine --steps 100000").text();
    assert!(text.contains("One step in 1000") && text.lines().count() < 130, "{text}");
    assert_eq!(gradlab("schedule cosine --steps 1000 --format csv").text().lines().count(), 1001);
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases: &[(&str, &[&str])] = &[
        ("cosin", &["no schedule called `cosin`", "did you mean `cosine`?"]),
        ("cosine:tmax=3", &["did you mean `t_max`?"]),
        ("cosine:t_max=-1", &["`t_max` of `cosine` is -1; it must be 0 or more"]),
        ("multi_step:milestones=5:x", &["a list of numbers, each 0 or more"]),
        ("multi_step:milestones=5:7.5", &["whole number of steps: 8 for 7.5"]),
        ("cyclic:base_lr=1,max_lr=0.5", &["at most the max_lr of 0.5"]),
        ("cosine --steps 0", &["1 to 10000000"]),
        ("cosine --base-lr=-1", &["0 or more"]),
        ("cosine --base-lr nan", &["finite"]),
        ("cosine --steps 1 --losses 1,2", &["2 losses for 1 steps"]),
        ("--steps 3", &["NAME[:K=V,…]"]),
    ];
    for (words, messages) in cases {
        gradlab(&format!("schedule {words}")).refused(messages);
    }
    for (case, message) in [
        (r#"{"name":"step","steps":3}"#, "field `base_lr` is missing"),
        (r#"{"name":"step","base_lr":1}"#, "field `steps` is missing"),
        (r#"{"name":"step","base_lr":[1,2],"steps":3}"#, "a list of 2, not one number"),
        (r#"{"name":"step","base_lr":1,"steps":0}"#, "`steps`: steps are a whole number"),
    ] {
        with_case("schedule", case).refused(&[message]);
    }
}

#[test]
fn explained_with_its_curve() {
    let text = gradlab("explain cosine").text();
    assert!(text.contains("In a run of 10000 steps at a rate of 0.1\n"), "{text}");
    assert!(text.contains("0.1│⠉"), "the curve begins at the top: {text}");
}
