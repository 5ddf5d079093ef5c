use super::super::{Requests, observe};
use super::*;
use crate::experiment;
use crate::train::timeline::Timeline;
use crate::train::{Problem, Session};

const LANDSCAPE: Requests = Requests { landscape: true, ..Requests::NONE };

fn view(plane: PlaneKind) -> View {
    View { plane, map: (20, 12), ..View::of(LANDSCAPE) }
}

/// A run that keeps a state every tenth step.
struct Run {
    session: Session,
    timeline: Timeline,
}

impl Run {
    fn new(recipe: &str) -> Self {
        let loaded = experiment::load_script(recipe, &[] as &[&str], &[] as &[&str]).unwrap();
        let problem = Problem::load(loaded.script.start()).unwrap();
        let session = Session::of_script(&loaded.script, problem);
        Self { timeline: Timeline::of_script(&loaded.script, &session), session }
    }

    fn advance(&mut self, steps: u64) -> Snapshot {
        for _ in 0..steps {
            if self.session.engine().step_count().is_multiple_of(10) {
                self.timeline.keep(Arc::new(self.session.keyframe()));
            }
            self.session.step().unwrap();
        }
        self.timeline.set_head(self.session.engine().step_count());
        let paths = self.timeline.paths();
        let branch = self.timeline.present().branch;
        Snapshot { branch, paths, ..Snapshot::of(self.session.engine(), 1, Vec::new()) }
    }
}

fn seen(landscape: &Landscape) -> &LandscapeView {
    let Landscape::Seen(seen) = landscape else { panic!("{landscape:?}") };
    seen
}

const MOONS: &str = "moons/8-tanh/2-softmax/seed=1,optimizer=adam";

#[test]
fn a_map_in_slices_is_coarse_first_and_then_that_which_is_made_at_once() {
    let mut run = Run::new(MOONS);
    let snapshot = run.advance(55);
    for plane in PlaneKind::ALL {
        let expected = observe(&snapshot, view(plane)).landscape.unwrap();
        let expected = seen(&expected);
        assert!(expected.map.grid.is_whole());
        assert_eq!((expected.map.step, expected.here.at), (55, [0.0; 2]));
        assert_eq!(expected.here.loss, run.session.evaluate().train_loss);
        // Every part is a slice of its own.
        let mut surveys = Surveys { slices: Slices::AtOnce { parts: 1 }, ..Surveys::at_once() };
        surveys.see(&snapshot, view(plane));
        let mut passes = Vec::new();
        for _ in 0..100_000 {
            if surveys.go_on() {
                passes.push(seen(&surveys.latest).map.grid.passes());
            }
            if !surveys.is_under_way() {
                break;
            }
        }
        assert_eq!(passes, [1, 2, 3, 4], "{plane:?}");
        assert!(seen(&surveys.latest).map.grid.rows().eq(expected.map.grid.rows()));
        assert_eq!(seen(&surveys.latest).trails, expected.trails);
    }
}

#[test]
fn it_follows_the_run_and_shows_the_whole_map_until_the_next_is_whole() {
    let mut run = Run::new(MOONS);
    let early = run.advance(30);
    let mut surveys = Surveys::at_once();
    surveys.see(&early, view(PlaneKind::Random));
    let late = run.advance(30);
    surveys.slices = Slices::AtOnce { parts: 3 };
    surveys.see(&late, view(PlaneKind::Random));
    let shown = seen(&surveys.latest);
    assert!(surveys.is_under_way() && shown.map.grid.is_whole());
    assert_eq!((shown.map.step, shown.here.step), (30, 60));
    assert_ne!(shown.here.at, [0.0; 2]);
    assert_eq!(shown.trails[0].points.last(), Some(&shown.here.at));
    assert_eq!(shown.here.loss, run.session.evaluate().train_loss);
    while surveys.is_under_way() {
        surveys.go_on();
    }
    assert_eq!(seen(&surveys.latest).map.step, 60);
    // Another plane begins anew.
    surveys.see(&late, view(PlaneKind::Trajectory));
    assert!(surveys.is_under_way());
    assert_eq!(surveys.latest, Landscape::Pending);
}

#[test]
fn branches_have_paths_of_their_own() {
    let mut run = Run::new("moons/8-tanh/2-softmax/seed=1,optimizer=adam");
    run.advance(40);
    let mut other = run.session.engine().experiment().clone();
    other.train.batch_size = 7;
    run.session.apply(&other);
    run.timeline.edit(&run.session);
    let left = run.advance(30);
    assert_eq!(left.paths.len(), 1);
    // Back to where it was edited, and on without it.
    let back = run.timeline.at(20);
    run.timeline.reach(&mut run.session, back, || false).unwrap();
    run.timeline.enter(back);
    let snapshot = run.advance(15);
    let landscape = observe(&snapshot, view(PlaneKind::Trajectory)).landscape.unwrap();
    let seen = seen(&landscape);
    let counts: Vec<(bool, usize)> =
        seen.trails.iter().map(|it| (it.whose == Whose::Run, it.points.len())).collect();
    // Steps 0, 10, 20, 30 and 35; and of the other from what is known of the way they share on.
    assert_eq!(counts[0], (true, 5));
    assert!(counts[1..].iter().any(|(present, points)| !present && *points > 2), "{counts:?}");
    assert!(seen.trails.iter().flat_map(|it| &it.points).flatten().all(|x| x.is_finite()));
}

#[test]
fn arms_of_a_race_start_where_the_run_did() {
    let mut run = Run::new(MOONS);
    let snapshot = run.advance(40);
    let arm = |recipe: &str| {
        let loaded = experiment::load_script(recipe, &[] as &[&str], &[] as &[&str]);
        loaded.unwrap().script
    };
    let scripts = [
        // The run itself, under another seed.
        &MOONS.replace("seed=1", "seed=5"),
        // Another network, and other data.
        "moons/9-tanh/2-softmax/optimizer=sgd",
        "moons:samples=77/8-tanh/2-softmax/optimizer=sgd",
        "moons/8-tanh/2-softmax/optimizer=sgd",
    ];
    let mut surveys = Surveys::in_slices();
    surveys.set_arms(scripts.into_iter().map(arm).collect());
    surveys.see(&snapshot, view(PlaneKind::Trajectory));
    for _ in 0..100_000 {
        if !surveys.is_under_way() {
            break;
        }
        surveys.go_on();
    }
    let seen = seen(&surveys.latest);
    let whose: Vec<Whose> = seen.trails.iter().map(|trail| trail.whose).collect();
    assert_eq!(whose, [Whose::Run, Whose::Arm(0), Whose::Arm(3)]);
    let [run, same, other] = &seen.trails[..] else { panic!() };
    assert_eq!((same.points.first(), same.points.last()), (run.points.first(), Some(&[0.0; 2])));
    assert_eq!(other.points.first(), run.points.first());
    assert_ne!(other.points.last(), Some(&[0.0; 2]));
    // While something else is shown, nothing is trained.
    surveys.forget();
    assert!(!surveys.is_under_way());
}

#[test]
fn what_cannot_be_mapped_says_so() {
    let mut run = Run::new("moons/400-tanh/400-tanh/2-softmax/seed=1");
    let large = run.advance(0);
    let too_large = Landscape::TooLarge { parameters: 162_402, rows: large.problem.train.len() };
    assert_eq!(observe(&large, view(PlaneKind::Random)).landscape, Some(too_large));
    let start = Run::new(MOONS).advance(0);
    let none = observe(&start, view(PlaneKind::Trajectory)).landscape;
    assert_eq!(none, Some(Landscape::NoPlane(NoPlane::NoPath)));
    let empty = observe(&start, View { map: (0, 0), ..view(PlaneKind::Random) }).landscape;
    assert!(seen(&empty.unwrap()).map.grid.filled().is_empty());
}
