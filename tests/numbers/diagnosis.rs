//! sweep
use std::sync::Arc;
use gradlab::experiment::{self, preset};
use gradlab::train::diagnosis::{Course, Signs};
use gradlab::train::telemetry::History;
use gradlab::train::{Problem, Session};

fn show(name: &str, seed: u64, experiment: &gradlab::experiment::Experiment) {
    let problem = Problem::load(experiment).unwrap();
    let mut session = Session::new(experiment, Arc::clone(&problem));
    let mut history = History::new(4096);
    history.push_row(&session.evaluate());
    let steps = experiment.train.steps;
    let looks: Vec<u64> = (0..=8).map(|i| steps * i / 8).collect();
    println!("## {name} seed {seed}");
    loop {
        let step = session.engine().step_count();
        if looks.contains(&step) {
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
            Ok((_, row)) => if let Some(row) = row { history.push_row(&row) },
            Err(d) => { println!("   diverged {d}"); break }
        }
    }
}

#[test]
#[ignore]
fn sweep() {
    if let Ok(recipe) = std::env::var("RECIPE") {
        for recipe in recipe.split_whitespace() {
            let e = experiment::load(recipe).unwrap().experiment;
            show(recipe, e.seed, &e);
        }
        return;
    }
    for p in preset::all() {
        for seed in [7, 1] {
            let mut e = experiment::load(p.name).unwrap().experiment;
            e.seed = seed;
            show(p.name, seed, &e);
        }
    }
}
