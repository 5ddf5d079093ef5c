use super::*;
use crate::catalog::Kind;

fn walk(surface: &str, walkers: &[&str]) -> Walk {
    let walkers = walkers.iter().map(|text| text.parse().unwrap()).collect();
    Walk::new(Kind::Surface.parse(surface).unwrap(), walkers)
}

#[test]
fn a_watched_walker_takes_the_same_path() {
    let walk = Walk { noise: 0.3, ..walk("quadratic", &["adam:lr=0.1/schedule=cosine", "lbfgs"]) };
    for spec in &walk.walkers {
        let path = Path::of(&walk, spec);
        let mut watched = Walker::new(&walk, spec);
        // In pieces of any length.
        for count in [1, 50, 3, 146, 9].into_iter().cycle() {
            watched.advance(count.min(walk.steps - watched.steps()));
            let last = watched.last().unwrap();
            assert_eq!(last.to, path.points[watched.steps() as usize - 1], "{spec}");
            if watched.steps() == walk.steps {
                break;
            }
        }
        let points: Vec<_> = path.points.iter().map(|[x, y]| (*x, *y)).collect();
        assert_eq!(watched.points()[1..], points, "{spec}");
        assert_eq!(*watched.outcome(), path.outcome, "{spec}");
    }
}

#[test]
fn noise_is_the_same_for_all_walkers_and_all_evaluations_of_a_step() {
    let walk = Walk {
        noise: 0.5,
        seed: 9,
        ..walk("matyas", &["sgd:lr=0.1", "adam", "lbfgs", "sam:lr=0.1"])
    };
    let mut walkers: Vec<_> = walk.walkers.iter().map(|spec| Descent::new(&walk, spec)).collect();
    let surface = catalog::surface(&walk.surface).build(&walk.surface);
    for _ in 0..20 {
        let mut noises = Vec::new();
        for walker in &mut walkers {
            let from = walker.at();
            let mut taken = Vec::new();
            let seen = walker.step_seeing(&mut |gradient| taken.push(gradient));
            assert_eq!(seen, surface.value(from), "the height where it stands has no noise");
            let slope = surface.gradient(from);
            noises.push([0, 1].map(|k| taken[0][k] - slope[k]));
            if let Some((last, count)) = walker.traced_step().last_of {
                assert!(count > 1 && last.iter().all(|g| g.is_finite()));
            } else {
                assert_eq!(taken.len(), 1);
            }
        }
        // As exact as the difference is.
        for noise in &noises {
            assert!((0..2).all(|k| (noise[k] - noises[0][k]).abs() < 1e-9), "{noises:?}");
        }
    }
}

#[test]
fn a_schedule_makes_the_rate_of_each_step() {
    let walk = Walk {
        steps: 10,
        ..walk("booth", &["sgd:lr=0.1/schedule=linear:start_factor=1,end_factor=0"])
    };
    let mut walker = Descent::new(&walk, &walk.walkers[0]);
    let rates: Vec<f64> = (0..10).map(|_| walker.traced_step().rate).collect();
    let schedule = &walk.walkers[0].schedule;
    assert_eq!(rates, catalog::rates(schedule, 0.1, 10, |_| 1.0));
    assert!(rates[0] == 0.1 && rates[9] < 0.02, "{rates:?}");
}

#[test]
fn a_step_tells_its_arithmetic() {
    let walk = walk("quadratic:condition=4", &["sgd:lr=0.1,momentum=0.5", "adam:lr=0.1"]);
    let mut momentum = Descent::new(&walk, &walk.walkers[0]);
    let first = momentum.traced_step();
    assert_eq!((first.step, first.from, first.gradient), (1, [-4.0, 1.0], [-4.0, 4.0]));
    assert_eq!((first.to, first.noise, first.last_of), (first.plain(), None, None));
    let second = momentum.traced_step();
    let [(name, Memory::Point(before, after))] = second.memory.as_slice() else {
        panic!("{second:?}")
    };
    assert_eq!((*name, *before), ("momentum", first.gradient));
    for k in 0..2 {
        assert!((after[k] - (0.5 * before[k] + second.gradient[k])).abs() < 1e-12, "{second:?}");
        assert!((second.to[k] - (second.from[k] - 0.1 * after[k])).abs() < 1e-12, "{second:?}");
    }
    let adam = Descent::new(&walk, &walk.walkers[1]).traced_step();
    assert_eq!(adam.memory.iter().map(|it| it.0).collect::<Vec<_>>()[..2], ["m", "v"]);
}

#[test]
fn outcomes_hold_without_a_break() {
    let walk = walk("quadratic", &["sgd"]);
    let mut outcome = Outcome::at_start(&walk);
    assert_eq!(outcome.reach(), 0.1);
    for (step, at, arrived, left) in [
        (1, [0.05, 0.0], Some(1), None),
        (2, [0.0, 0.05], Some(1), None),
        (3, [0.2, 0.0], None, None),
        (4, [0.0, 3.1], None, Some(4)),
        (5, [-6.0, 3.1], None, Some(4)),
        (6, [0.0, 0.0], Some(6), None),
    ] {
        outcome.see(step, at, 1.0);
        assert_eq!((outcome.arrived, outcome.left), (arrived, left), "step {step}");
    }
    assert_eq!(outcome.diverged, None);
    outcome.see(7, [f64::INFINITY, 0.0], 1.0);
    outcome.see(8, [f64::NAN, 0.0], f64::NAN);
    assert_eq!((outcome.arrived, outcome.left, outcome.diverged), (None, Some(7), Some(7)));
}

#[test]
fn a_long_path_is_kept_in_bounded_memory() {
    let walk = walk("rosenbrock", &["adam:lr=0.001"]);
    let mut walker = Walker::new(&walk, &walk.walkers[0]);
    let mut reference = Descent::new(&walk, &walk.walkers[0]);
    let mut path = vec![(walk.start[0], walk.start[1])];
    while !walker.rests() {
        walker.advance(777);
        while reference.steps < walker.steps() {
            reference.step();
            path.push((reference.at()[0], reference.at()[1]));
        }
        assert!(walker.points().len() <= 4097);
    }
    assert_eq!(walker.steps(), MOST_STEPS);
    let steps: Vec<u64> = walker.heights().map(|(step, _)| step).collect();
    assert!(steps.windows(2).all(|pair| pair[0] < pair[1]) && *steps.last().unwrap() == MOST_STEPS);
    for (step, point) in steps.iter().zip(walker.points()) {
        assert_eq!(*point, path[*step as usize], "step {step}");
    }
    assert_eq!(walker.advance(5), 0);
}
