use super::proposal::proposal;
use super::*;
use crate::compare::Results;
use crate::experiment::load;

fn checklist(name: &str) -> Checklist {
    let experiment = load(name).unwrap().experiment;
    let spec = proposal(&experiment, None);
    Checklist::new(experiment, spec, false)
}

fn act(checklist: &mut Checklist, action: Action) -> Outcome {
    let base = checklist.base.start().clone();
    checklist.act(action, &base)
}

fn race(checklist: &mut Checklist) -> Arc<Plan> {
    match act(checklist, Action::Open) {
        Outcome::Ask(Request::Race(plan)) => plan,
        other => panic!("{other:?}, {:?}", checklist.error),
    }
}

#[test]
fn what_an_experiment_asks_for_is_what_starts() {
    for preset in [
        "optimizers-on-spirals",
        "optimizers-on-digits",
        "optimizers-on-recurrent",
        "activations-on-deep-net",
        "rates-of-adam",
        "per-layer-mix",
        "switch-to-sgd",
    ] {
        let mut checklist = checklist(preset);
        let plan = race(&mut checklist);
        let asked = load(preset).unwrap().experiment;
        let asked = Plan::new(&asked, asked.compare.as_ref().unwrap()).unwrap();
        let names = |plan: &Plan| plan.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&plan), names(&asked), "{preset}");
        assert_eq!((plan.steps, plan.target), (asked.steps, asked.target), "{preset}");
        let none = Results::default();
        assert_eq!(plan.total(&none), asked.total(&none), "{preset}");
    }
}

#[test]
fn ticking_filtering_and_setting() {
    let mut checklist = checklist("spirals");
    "lion".chars().for_each(|c| checklist.text(c));
    act(&mut checklist, Action::Tick);
    act(&mut checklist, Action::Home);
    act(&mut checklist, Action::Decrease);
    act(&mut checklist, Action::Down);
    act(&mut checklist, Action::Decrease);
    let plan = race(&mut checklist);
    assert_eq!(plan.arms.last().unwrap().name, "lion");
    assert_eq!(plan.steps, 2000);
    assert_eq!(plan.arms[0].candidates.points(), 5);
}

#[test]
fn tab_goes_from_part_to_part() {
    let mut checklist = checklist("per-layer-mix");
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(checklist.part(checklist.rows()[checklist.cursor]));
        act(&mut checklist, Action::Next);
    }
    assert_eq!(seen, [Part::Arms, Part::Optimizers, Part::Activations, Part::Settings]);
    let mut checklist = self::checklist("activations-on-deep-net");
    assert_eq!(checklist.part(checklist.rows()[checklist.cursor]), Part::Activations);
    act(&mut checklist, Action::Next);
    assert_eq!(checklist.part(checklist.rows()[checklist.cursor]), Part::Optimizers);
}

#[test]
fn nothing_to_race_is_refused_in_words() {
    let mut checklist = checklist("spirals");
    checklist.entries.iter_mut().for_each(|entry| entry.ticked = false);
    assert!(matches!(act(&mut checklist, Action::Open), Outcome::Stay));
    assert!(checklist.error.as_ref().is_some_and(|error| error.contains("nothing to compare")));
    act(&mut checklist, Action::Tick);
    checklist.spec.rates = Rates::Around(1);
    assert!(matches!(act(&mut checklist, Action::Open), Outcome::Stay));
    assert!(checklist.error.as_ref().is_some_and(|error| error.contains("no race")));
    "zzzz".chars().for_each(|c| checklist.text(c));
    act(&mut checklist, Action::End);
    act(&mut checklist, Action::Tick);
    assert_eq!(checklist.entries.iter().filter(|entry| entry.ticked).count(), 1);
}

#[test]
fn settings_stay_within_bounds() {
    let mut checklist = checklist("rates-of-adam");
    for setting in SETTINGS {
        for way in [Way::Up, Way::Down] {
            (0..60).for_each(|_| checklist.nudge(setting, way));
        }
    }
    assert_eq!((checklist.steps, checklist.spec.rates.points()), (1, 2));
    race(&mut checklist);
}

#[test]
fn a_proposal_has_the_present_optimizer_and_whatever_the_experiment_asks_for() {
    let names = |name: &str| {
        let experiment = load(name).unwrap().experiment;
        let spec = proposal(&experiment, None);
        let plan = Plan::new(&experiment, &spec).unwrap();
        plan.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("spirals"), ["adam:lr=0.01", "sgd", "sgd:momentum=0.9", "rmsprop"]);
    assert_eq!(names("optimizer-per-layer")[0], "as it is");
    assert_eq!(names("per-layer-mix").len(), 4);
}
