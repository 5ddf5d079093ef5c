//! sweep
use std::sync::Arc;
use gradlab::experiment::{self, preset, Experiment};
use gradlab::train::diagnosis::{Course, Examiner, Signs, Stage};
use gradlab::train::telemetry::History;
use gradlab::train::{Problem, Session};

fn show(name: &str, experiment: &Experiment, verbose: bool) {
    let problem = Problem::load(experiment).unwrap();
    let mut session = Session::new(experiment, Arc::clone(&problem));
    let mut history = History::new(4096);
    let mut examiner = Examiner::default();
    let row = session.evaluate();
    history.push_row(&row);
    examiner.push(&row);
    examiner.look_in_time(&mut session);
    let steps = experiment.train.steps;
    let looks: Vec<u64> = (0..=8).map(|i| steps * i / 8).collect();
    println!("## {name} seed {}", experiment.seed);
    let mut stage = Stage::Ended;
    loop {
        let step = session.engine().step_count();
        if verbose && looks.contains(&step) {
            let signs = Signs::of(&session.snapshot(), &problem);
            let course = Course::of(&history, (0, step));
            if let Some(s) = signs {
                if step == 0 { println!("   data {:?}", s.data); }
                let f = |g: &dyn Fn(&gradlab::train::diagnosis::LayerSigns) -> String| s.layers.iter().map(g).collect::<Vec<_>>().join(" ");
                println!("   {step:6} train {:.4} test {:.4} acc {:?} bc {:?} rate {:.3} ans {:?}", course.last().unwrap(), course.test.last().unwrap(), course.accuracy, s.batch_change, s.rate.now, s.answer);
                println!("          delta {} | ratio {} | wear {} | gain {} twins {}", f(&|l| format!("{:.1e}", l.delta)), f(&|l| format!("{:.1e}", l.motion.and_then(|m| m.update_ratio).unwrap_or(f64::NAN))), f(&|l| format!("{:?}", l.wear)), f(&|l| format!("{:.2}", l.gain)), f(&|l| l.twins.to_string()));
            }
        }
        if session.finished() { break }
        match session.step() {
            Ok((_, row)) => if let Some(row) = row { history.push_row(&row); examiner.push(&row); examiner.look_in_time(&mut session); },
            Err(d) => { println!("   diverged {d}"); stage = Stage::Diverged; break }
        }
    }
    examiner.look(&mut session, stage);
    println!("   end train {:?} test {:?} acc {:?} of {steps} steps", history.series(gradlab::train::telemetry::Series::TrainLoss).latest(), history.series(gradlab::train::telemetry::Series::TestLoss).latest(), history.series(gradlab::train::telemetry::Series::TrainAccuracy).latest());
    for told in examiner.watch.told() {
        println!("   => {} [{}..{}] {} | {:?}", told.finding.rule.key, told.first, told.last, told.finding.measured, told.finding.remedy.as_ref().map(|r| &r.text));
    }
}

#[test]
#[ignore]
fn sweep() {
    let verbose = std::env::var("VERBOSE").is_ok();
    let seeds: Vec<u64> = std::env::var("SEEDS").map_or(vec![7, 1], |s| s.split(',').map(|x| x.parse().unwrap()).collect());
    let recipes: Vec<String> = match std::env::var("RECIPES") {
        Ok(path) => std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).filter(|l| !l.is_empty() && !l.starts_with('#')).collect(),
        Err(_) => preset::all().iter().map(|p| p.name.to_owned()).collect(),
    };
    for recipe in recipes {
        for &seed in &seeds {
            let mut e = match experiment::load(recipe.trim()) { Ok(e) => e.experiment, Err(e) => { println!("## {recipe}: {e}"); continue } };
            e.seed = seed;
            show(&recipe, &e, verbose);
        }
    }
}
