//! Loss landscapes: what they are at their centre, how they curve, and what of a path they hold, held to
//! runs, to eigenvalues and to numpy's singular value decomposition.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests may")]

use std::sync::Arc;

use gradlab::experiment::load;
use gradlab::train::landscape::{
    Ground, Map, NoPlane, PathPoint, Plane, PlaneKind, Survey, Trajectory, path_directions,
};
use gradlab::train::{Problem, Session};
use serde_json::Value;

const REFERENCE: &str = include_str!("../reference/landscape.json");

/// A run of `recipe` after so many steps: its path, the ground of its maps, and the training loss as it
/// evaluates itself.
fn run(recipe: &str, steps: u64) -> (Trajectory, Ground, f64) {
    let experiment = load(recipe).unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, Arc::clone(&problem));
    let mut trajectory = Trajectory::new(32);
    for step in 0..steps {
        trajectory.offer(step, || session.engine().predicting_parameters());
        session.step().unwrap();
    }
    let params = session.engine().predicting_parameters();
    trajectory.end(steps, params.clone());
    let loss = session.evaluate().train_loss;
    (trajectory, Ground { experiment, problem, params, step: steps, rows: usize::MAX }, loss)
}

fn path(trajectory: &Trajectory) -> Vec<Arc<[f32]>> {
    trajectory.numbers().into_iter().map(Arc::from).collect()
}

fn survey(
    trajectory: &Trajectory,
    ground: &Ground,
    kind: PlaneKind,
    size: (usize, usize),
) -> Result<Survey, NoPlane> {
    Survey::begin(ground.clone(), kind, path(trajectory), size, &[])
}

/// The loss at (0, 0).
fn centre(map: &Map) -> f64 {
    let zero = |places: &[f64]| places.iter().position(|x| *x == 0.0).unwrap();
    let row = map.grid.rows().nth(zero(map.grid.y())).unwrap();
    row[zero(map.grid.x())]
}

#[test]
fn the_centre_is_the_training_loss() {
    for recipe in [
        "moons/8-tanh/2-softmax/seed=1,optimizer=adam",
        "moons/8-relu+batch_norm+dropout=0.3/2-softmax/seed=2,optimizer=adam,ema=0.9",
        "sine/8-tanh/1-identity/seed=3,l2=0.1,optimizer=schedule_free_sgd",
        "iris/6-prelu/3-softmax/seed=4,optimizer=sgd",
    ] {
        let (trajectory, ground, loss) = run(recipe, 40);
        for kind in PlaneKind::ALL {
            let map = survey(&trajectory, &ground, kind, (7, 6)).unwrap().complete().unwrap();
            assert_eq!(centre(&map), loss, "{recipe}, {kind:?}");
            let last = trajectory.states().last().unwrap();
            let numbers = &path(&trajectory)[trajectory.states().len() - 1];
            let state = (last.step, &last.params[..]);
            let here = PathPoint::of(&map.plane, &mut ground.loss(), state, numbers);
            assert_eq!((here.at, here.loss, here.plane_loss), ([0.0; 2], loss, loss));
        }
    }
}

#[test]
fn a_point_of_the_path_has_its_own_running_statistics() {
    let (trajectory, ground, _) = run("moons/8-tanh+batch_norm/2-softmax/seed=2", 60);
    let map = survey(&trajectory, &ground, PlaneKind::Trajectory, (3, 3)).unwrap();
    let map = map.complete().unwrap();
    let mut loss = ground.loss();
    let early = &trajectory.states()[3];
    let own = Ground { params: early.params.clone(), ..ground.clone() };
    let numbers = &path(&trajectory)[3];
    let expected = own.loss().at(numbers.iter().copied());
    let point = PathPoint::of(&map.plane, &mut loss, (early.step, &early.params), numbers);
    assert_eq!(point.loss, expected);
    // Those of the centre are in force again after it.
    assert_eq!(loss.at(map.plane.point([0.0; 2])), centre(&map));
}

#[test]
fn along_eigenvectors_it_curves_by_the_eigenvalues() {
    for (recipe, steps) in [
        ("moons/8-tanh/2-softmax/seed=1,optimizer=adam", 150),
        ("sine/10-gelu/1-identity/seed=3,optimizer=adam,lr=0.01", 100),
        // More numbers than are decomposed whole.
        ("digits/16-tanh/10-softmax/seed=4,optimizer=adam", 60),
    ] {
        let (trajectory, ground, loss) = run(recipe, steps);
        let survey = survey(&trajectory, &ground, PlaneKind::Hessian, (41, 41)).unwrap();
        let map = survey.complete().unwrap();
        let rows: Vec<&[f64]> = map.grid.rows().collect();
        let (x, y) = (map.grid.x(), map.grid.y());
        assert_eq!((x[20], y[20]), (0.0, 0.0));
        let curve = |before: f64, after: f64, step: f64| {
            (before - 2.0 * rows[20][20] + after) / step.powi(2)
        };
        let found =
            [curve(rows[20][19], rows[20][21], x[21]), curve(rows[19][20], rows[21][20], y[21])];
        for (found, eigenvalue) in found.iter().zip(map.eigenvalues.unwrap()) {
            assert!((found / eigenvalue - 1.0).abs() < 0.02, "{recipe}: {found}, {eigenvalue}");
        }
        // The quadratic part doubles the loss at the edge.
        let radius = (2.0 * loss / map.eigenvalues.unwrap()[0]).sqrt();
        assert!((x[40] / radius - 1.0).abs() < 1e-6, "{} {radius}", x[40]);
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn main_directions_are_those_of_numpy() {
    let file: Value = serde_json::from_str(REFERENCE).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let path: Vec<Vec<f32>> = case["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .map(|state| state.into_iter().map(|x| x as f32).collect())
            .collect();
        let path: Vec<&[f32]> = path.iter().map(Vec::as_slice).collect();
        let ours = path_directions(&path, 1).unwrap();
        let theirs = case["directions"].as_array().unwrap();
        for (ours, theirs) in ours.iter().zip(theirs) {
            let theirs = numbers(theirs);
            let along: f64 = ours.iter().zip(&theirs).map(|(a, b)| a * b).sum();
            for (a, b) in ours.iter().zip(&theirs) {
                assert!((a - b * along.signum()).abs() < 1e-9, "{}: {a}, {b}", case["name"]);
            }
        }
        let plane = Plane::new(path[path.len() - 1].to_vec(), ours);
        let shares = plane.shares(&path).unwrap();
        for (ours, theirs) in shares.iter().zip(numbers(&case["shares"])) {
            assert!((ours - theirs).abs() < 1e-9, "{}: {ours}, {theirs}", case["name"]);
        }
        let sum = shares[0] + shares[1];
        let flat = case["name"] == "within a plane";
        assert!(sum < 1.0 + 1e-9 && (!flat || sum > 1.0 - 1e-9), "{}: {sum}", case["name"]);
    }
}

#[test]
fn maps_do_not_depend_on_how_they_are_made() {
    let (trajectory, ground, _) = run("moons/8-tanh/2-softmax/seed=1,optimizer=adam", 50);
    for kind in PlaneKind::ALL {
        let whole = survey(&trajectory, &ground, kind, (19, 12)).unwrap().complete().unwrap();
        let mut slices = survey(&trajectory, &ground, kind, (19, 12)).unwrap();
        while !slices.advance().unwrap() {}
        let map = slices.map().unwrap();
        assert!(map.grid.rows().eq(whole.grid.rows()), "{kind:?}");
        assert_eq!((map.variance, &map.plane), (whole.variance, &whole.plane));
        let [a, b] = whole.variance.unwrap();
        assert!(a >= 0.0 && b >= 0.0 && a + b <= 1.0 + 1e-12, "{kind:?}: {a} {b}");
    }
    let shares = |kind| {
        let survey = survey(&trajectory, &ground, kind, (3, 3)).unwrap();
        survey.complete().unwrap().variance.unwrap().iter().sum::<f64>()
    };
    // Random directions see next to nothing of a path; its own plane sees most of it.
    assert!(shares(PlaneKind::Random) < 0.2 && shares(PlaneKind::Trajectory) > 0.8);
}

#[test]
fn without_a_path_there_is_no_plane_of_it() {
    let (trajectory, ground, loss) = run("moons/8-tanh/2-softmax/seed=1", 0);
    let missing = survey(&trajectory, &ground, PlaneKind::Trajectory, (5, 5));
    assert_eq!(missing.err(), Some(NoPlane::NoPath));
    let random = survey(&trajectory, &ground, PlaneKind::Random, (5, 5)).unwrap();
    let map = random.complete().unwrap();
    assert_eq!((map.variance, centre(&map)), (None, loss));
    assert_eq!(map.grid.x(), [-1.0, -0.5, 0.0, 0.5, 1.0]);
}
