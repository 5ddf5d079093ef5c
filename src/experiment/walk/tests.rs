use super::*;
use crate::experiment::shelf::tests::is_valid;

#[test]
fn every_walk_of_the_program_is_valid() {
    is_valid(&WALKS);
}

#[test]
fn walkers_read_back_as_they_are_written() {
    for text in ["sgd:lr=0.1", "adam", "sgd:lr=0.5,momentum=0.9/schedule=cosine:eta_min=0.01"] {
        let walker: WalkerSpec = text.parse().unwrap();
        assert_eq!(walker.to_string(), text);
    }
    for (text, reason) in [
        ("adm", "did you mean `adam`?"),
        ("sgd/schedule=cosin", "did you mean `cosine`?"),
        ("sgd/lr=0.1", "`/lr=0.1` is not of the form key=value"),
    ] {
        let error = text.parse::<WalkerSpec>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_text_sets_every_part_of_a_walk() {
    let text = "title = \"T\"\nabout = \"A\"\nsurface = { name = \"quadratic\", condition = 9 }\n\
                start = [1, -2.5]\nnoise = 0.5\nseed = 3\nsteps = 40\n\
                [[walkers]]\noptimizer = \"sgd:lr=0.1\"\n\
                [[walkers]]\noptimizer = \"adam\"\nschedule = \"cosine\"";
    let walk = parse("w.toml", text).unwrap();
    assert_eq!((walk.title.raw(), walk.about.raw()), ("T", "A"));
    assert_eq!(
        (walk.surface.to_string(), walk.start),
        ("quadratic:condition=9".into(), [1.0, -2.5])
    );
    assert_eq!((walk.noise, walk.seed, walk.steps), (0.5, 3, 40));
    let walkers: Vec<_> = walk.walkers.iter().map(ToString::to_string).collect();
    assert_eq!(walkers, ["sgd:lr=0.1", "adam/schedule=cosine"]);
    let short = parse("w.toml", "surface = \"beale\"\n[[walkers]]\noptimizer = \"sgd\"").unwrap();
    let usual = Walk::new(short.surface.clone(), vec!["sgd".parse().unwrap()]);
    assert_eq!((short.start, short.steps), (usual.start, STEPS));
}

#[test]
fn errors_name_place_and_remedy() {
    let sgd = "[[walkers]]\noptimizer = \"sgd\"\n";
    let seven = sgd.repeat(7);
    for (text, place, parts) in [
        ("surfce = \"beale\"", Some(1), vec!["unknown key `surfce`", "did you mean `surface`?"]),
        (sgd, None, vec!["`surface` is missing"]),
        ("surface = \"beale\"", None, vec!["`walkers` is missing"]),
        ("surface = \"bale\"", Some(1), vec!["no surface called `bale`", "did you mean `beale`?"]),
        ("surface = \"beale\"\nwalkers = []", Some(2), vec!["0 walkers", "1 to 6"]),
        ("surface = \"beale\"\nwalkers = 3", Some(2), vec!["`[[walkers]]`, in two brackets"]),
        (&format!("surface = \"beale\"\n{seven}"), None, vec!["7 walkers", "1 to 6"]),
        (
            &format!("surface = \"beale\"\nnoise = -1\n{sgd}"),
            Some(2),
            vec!["`noise` cannot be -1", "0 or more"],
        ),
        (
            &format!("surface = \"beale\"\nsteps = 0\n{sgd}"),
            Some(2),
            vec!["`steps` cannot be 0", "1 to 1000000"],
        ),
        (
            &format!("surface = \"beale\"\nstart = [1]\n{sgd}"),
            Some(2),
            vec!["two numbers, x and y, not 1"],
        ),
        (
            &format!("surface = \"beale\"\nstart = [1, inf]\n{sgd}"),
            Some(2),
            vec!["`start` cannot be inf"],
        ),
        (
            &format!("surface = \"beale\"\n{sgd}lr = 3"),
            Some(4),
            vec!["unknown key `lr`", "optimizer, schedule"],
        ),
        (
            &format!("surface = \"beale\"\n{sgd}schedule = \"cosin\""),
            Some(4),
            vec!["did you mean `cosine`?"],
        ),
    ] {
        let error = parse("w.toml", text).unwrap_err().to_string();
        let place = place.map_or_else(String::new, |line| format!("w.toml:{line}:"));
        assert!(error.contains(&place), "{text}: {error}");
        assert!(parts.iter().all(|part| error.contains(part)), "{text}: {error}");
    }
    let error = WALKS.load("ravin").unwrap_err().to_string();
    assert!(error.contains("did you mean `ravine`?"), "{error}");
    let error = WALKS.load("nowhere/ravine.toml").unwrap_err().to_string();
    assert!(
        error.contains("there is no such file") && error.contains("`ravine`, without"),
        "{error}"
    );
}
