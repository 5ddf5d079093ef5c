//! A run of a script is the run that is edited by hand at the same steps, to the bit, however the
//! script is written.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::path::Path;
use std::sync::Arc;

use gradlab::experiment::settings::{self, Way};
use gradlab::experiment::{
    Change, Experiment, Script, changes, parse_recipe, parse_script, parse_script_recipe,
    script_to_recipe, script_to_toml,
};
use gradlab::rng::{Purpose, Stream, stream};
use gradlab::train::{Problem, Session};
use rand::RngExt;

const STARTS: [&str; 4] = [
    "moons:samples=40/6-tanh/4-relu+batch_norm/2-softmax/batch_size=8,steps=60,optimizer=adam,lr=0.01",
    "sine:samples=30/6-gelu+dropout=0.2/1/batch_size=8,steps=60,optimizer=sgd,lr=0.05,momentum=0.9,\
     schedule=warmup_cosine",
    "blobs:samples=40/5-rrelu@lion/4-softmax/batch_size=5,steps=60,ema=0.9,gradient_noise=0.01",
    "xor:samples=40/6-prelu+layer_norm/1-sigmoid/steps=60,optimizer=rmsprop,schedule=reduce_on_plateau,\
     patience=0,threshold=0.3",
];

/// So many live edits, one after another, each of another random setting.
fn edited(start: Experiment, count: usize, stream: &mut Stream) -> Script {
    let mut script = Script::from(start);
    let mut step = 1;
    while script.edits().len() < count {
        let now = script.end();
        let places: Vec<_> = settings::of(now).map(|it| it.path()).collect();
        let path = &places[stream.random_range(0..places.len())];
        let way = if stream.random_range(0..2) == 0 { Way::Up } else { Way::Down };
        if let Ok(new) = now.nudge(path, way)
            && changes(now, &new).iter().all(Change::live)
            && new.train.steps == now.train.steps
        {
            script.edit(step, new).unwrap();
            step += stream.random_range(1..4);
        }
    }
    script
}

/// All that is left of a session: evaluations, and the whole state at its end.
type Trace = (Vec<u64>, Vec<u8>);

fn trace(mut session: Session, mut before_step: impl FnMut(&mut Session)) -> Trace {
    let mut losses = Vec::new();
    while !session.finished() {
        before_step(&mut session);
        // A divergence is an end like any other.
        let Ok((loss, row)) = session.step() else { break };
        losses.push(loss.to_bits());
        losses.extend(row.map(|row| row.test_loss.to_bits()));
    }
    (losses, session.snapshot().to_bytes().unwrap())
}

fn by_script(script: &Script, problem: &Arc<Problem>) -> Trace {
    trace(Session::of_script(script, Arc::clone(problem)), |_| ())
}

#[test]
fn a_script_is_the_run_that_is_edited_by_hand() {
    let mut stream = stream(17, Purpose::Noise);
    for recipe in STARTS {
        let start = parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
        let problem = Problem::load(&start).unwrap();
        let script = edited(start, 20, &mut stream);
        let written = script_to_recipe(&script);
        let mut edits = script.edits().iter().peekable();
        let by_hand = trace(Session::new(script.start(), Arc::clone(&problem)), |session| {
            let step = session.engine().step_count();
            if let Some(edit) = edits.next_if(|edit| edit.step == step) {
                session.apply(&edit.experiment);
            }
        });
        assert_eq!(by_script(&script, &problem), by_hand, "{written}");
        let line = parse_script_recipe(&written).unwrap().script;
        assert_eq!(by_script(&line, &problem), by_hand, "{written}");
        let file = parse_script("x.toml", &script_to_toml(&script), Path::new("")).unwrap().script;
        assert_eq!(by_script(&file, &problem), by_hand, "{written}");
        let plain = by_script(&Script::from(script.start()), &problem);
        assert_ne!(plain, by_hand, "the edits bear on nothing: {written}");
    }
}
