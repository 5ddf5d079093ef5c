//! A run that is stopped, written down, read back and continued equals the one that never stopped.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use gradlab::catalog::Kind;
use gradlab::experiment::{Experiment, parse_recipe};
use gradlab::train::engine::FormatError;
use gradlab::train::{Checkpoint, Problem, Session};

/// Steps before and after the stop.
const STEPS: u64 = 10;

/// Where the process that goes on finds the checkpoints.
const FOLDER: &str = "GRADLAB_TEST_CHECKPOINTS";

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{recipe}: {error}")).experiment
}

fn keys(kind: Kind) -> Vec<String> {
    kind.cards().into_iter().map(|card| card.key.to_owned()).collect()
}

fn schedules() -> Vec<String> {
    let impatient = |key: String| match key.as_str() {
        "reduce_on_plateau" => format!("{key},patience=0,threshold=0.2,factor=0.5,cooldown=1"),
        _ => key,
    };
    keys(Kind::Schedule).into_iter().map(impatient).collect()
}

fn norms() -> Vec<String> {
    let named = keys(Kind::Norm).into_iter().map(|key| format!("+{key}"));
    std::iter::once(String::new()).chain(named).collect()
}

/// Whether an average of the weights goes with `optimizer`: not if it averages them itself.
fn averages(optimizer: &str) -> bool {
    !optimizer.starts_with("schedule_free")
}

fn recipe(optimizer: &str, schedule: &str, norm: &str, ema: &str) -> String {
    // One that searches along a line takes all rows at once.
    let batch = if optimizer == "lbfgs" { 100 } else { 4 };
    format!(
        "moons:samples=20/3-prelu{norm}+dropout=0.2/2-softmax/batch_size={batch},steps=20,\
         eval_every=2,ema={ema},optimizer={optimizer},schedule={schedule}"
    )
}

/// Makes some steps; whether the run diverged bears on what comes out, not on whether it is equal.
fn advance(session: &mut Session, steps: u64) -> String {
    match session.advance(steps, |_| ()) {
        Ok(_) => String::new(),
        Err(divergence) => divergence.to_string(),
    }
}

fn bytes(session: &mut Session) -> Vec<u8> {
    session.snapshot().to_bytes().unwrap()
}

/// How a run ends that was never stopped.
fn unbroken(experiment: &Experiment, problem: &Arc<Problem>) -> (String, Vec<u8>) {
    let mut session = Session::new(experiment, Arc::clone(problem));
    let first = advance(&mut session, STEPS);
    let said = if first.is_empty() { advance(&mut session, STEPS) } else { first };
    (said, bytes(&mut session))
}

#[test]
fn a_run_read_back_goes_on_bit_for_bit_for_every_optimizer_schedule_and_norm() {
    let problem = Problem::load(&experiment(&recipe("sgd", "none", "", "0"))).unwrap();
    let (schedules, norms) = (&schedules(), &norms());
    let optimizers = keys(Kind::Optimizer);
    let check = |optimizer: &String| {
        for schedule in schedules {
            for norm in norms {
                for ema in ["0", "0.9"].into_iter().take(1 + usize::from(averages(optimizer))) {
                    let recipe = recipe(optimizer, schedule, norm, ema);
                    let experiment = experiment(&recipe);
                    let mut stopped = Session::new(&experiment, Arc::clone(&problem));
                    let said = advance(&mut stopped, STEPS);
                    assert!(said.is_empty(), "{recipe}: {said}");
                    let read = Checkpoint::from_bytes(&bytes(&mut stopped)).unwrap();
                    assert_eq!((read.step(), read.experiment()), (STEPS, &experiment), "{recipe}");
                    let mut resumed = Session::resume(&read, Arc::clone(&problem)).unwrap();
                    let said = advance(&mut resumed, STEPS);
                    let same = (said, bytes(&mut resumed)) == unbroken(&experiment, &problem);
                    assert!(same, "{recipe}: another end");
                }
            }
        }
    };
    let half = optimizers.len() / 2;
    std::thread::scope(|scope| {
        scope.spawn(|| optimizers[..half].iter().for_each(check));
        optimizers[half..].iter().for_each(check);
    });
    assert!(optimizers.len() * schedules.len() * norms.len() * 2 >= 5_000);
}

#[test]
fn a_recurrent_run_read_back_goes_on_bit_for_bit() {
    for layers in ["rnn:3,return_sequences=true/gru:3", "lstm:3,return_sequences=true", "gru:1"] {
        let data = "adding:length=6,samples=40";
        let experiment = experiment(&format!("{data}/{layers}/1/batch_size=8,optimizer=rmsprop"));
        let problem = Problem::load(&experiment).unwrap();
        let mut stopped = Session::new(&experiment, Arc::clone(&problem));
        assert_eq!(advance(&mut stopped, STEPS), "");
        let read = Checkpoint::from_bytes(&bytes(&mut stopped)).unwrap();
        let mut resumed = Session::resume(&read, Arc::clone(&problem)).unwrap();
        let said = advance(&mut resumed, STEPS);
        assert!((said, bytes(&mut resumed)) == unbroken(&experiment, &problem), "{layers}");
        // One step less is other data.
        let other = experiment.with_overrides(&["data.length=5".to_owned()]);
        let other = Problem::load(&other.unwrap()).unwrap();
        assert!(Session::resume(&read, other).is_err(), "{layers}");
    }
}

/// Every optimizer, schedule and norm once at least.
fn sample() -> Vec<Experiment> {
    let (schedules, norms) = (schedules(), norms());
    let optimizers = keys(Kind::Optimizer);
    assert!(optimizers.len() >= schedules.len());
    optimizers
        .iter()
        .enumerate()
        .map(|(index, optimizer)| {
            let schedule = &schedules[index % schedules.len()];
            let norm = &norms[index % norms.len()];
            let ema = if averages(optimizer) { ["0", "0.9"][index / 2 % 2] } else { "0" };
            experiment(&recipe(optimizer, schedule, norm, ema))
        })
        .collect()
}

#[test]
fn a_run_goes_on_in_a_new_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = |index: usize| folder.path().join(format!("{index}.safetensors"));
    let sample = sample();
    let problem = Problem::load(&sample[0]).unwrap();
    for (index, experiment) in sample.iter().enumerate() {
        let mut session = Session::new(experiment, Arc::clone(&problem));
        assert_eq!(advance(&mut session, STEPS), "");
        fs::write(file(index), bytes(&mut session)).unwrap();
    }
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "checkpoints::goes_on_from_files", "--ignored"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    for (index, experiment) in sample.iter().enumerate() {
        let ended = fs::read(file(index).with_extension("ended")).unwrap();
        assert!(ended == unbroken(experiment, &problem).1, "{}", experiment.optimizer);
    }
}

#[test]
#[ignore = "the other process of the test above"]
fn goes_on_from_files() {
    let folder = std::env::var_os(FOLDER).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let checkpoint = Checkpoint::from_bytes(&fs::read(&path).unwrap()).unwrap();
        let problem = Problem::load(checkpoint.experiment()).unwrap();
        let mut session = Session::resume(&checkpoint, problem).unwrap();
        advance(&mut session, STEPS);
        fs::write(Path::new(&path).with_extension("ended"), bytes(&mut session)).unwrap();
    }
}

/// A run that is about to diverge: wherever it is stopped, it meets the same end.
#[test]
fn a_run_read_back_diverges_as_it_would_have() {
    let experiment = experiment(
        "plane:samples=40/3-identity/1-identity/loss=mse,batch_size=8,eval_every=1,optimizer=sgd,lr=9,\
         schedule=reduce_on_plateau,patience=0,factor=0.99",
    );
    let problem = Problem::load(&experiment).unwrap();
    let mut session = Session::new(&experiment, Arc::clone(&problem));
    let mut checkpoints = Vec::new();
    let divergence = loop {
        checkpoints.push(bytes(&mut session));
        if let Err(divergence) = session.step() {
            break divergence;
        }
        assert!(session.engine().step_count() < 1000, "it does not diverge");
    };
    let end = bytes(&mut session);
    // The state after the last finite step, and one from which there is no way but back.
    assert_eq!(checkpoints.len() as u64, divergence.step + 1);
    for (step, checkpoint) in checkpoints.iter().enumerate() {
        let checkpoint = Checkpoint::from_bytes(checkpoint).unwrap();
        let mut resumed = Session::resume(&checkpoint, Arc::clone(&problem)).unwrap();
        let found = resumed.advance(1000, |_| ()).unwrap_err();
        assert_eq!(found, divergence, "from step {step}");
        assert!(bytes(&mut resumed) == end, "from step {step}");
    }
}

#[test]
fn an_edited_run_is_kept_with_its_edits() {
    let base = "moons:samples=40/6-tanh/4-relu/2-softmax/batch_size=8,optimizer=adam,lr=0.01";
    let start = experiment(base);
    let first = start.with_overrides(&["layers.1.activation=prelu", "train.ema=0.9"]).unwrap();
    let second = start.with_overrides(&["layers.1.norm=batch_norm", "optimizer=sgd"]).unwrap();
    let problem = Problem::load(&start).unwrap();
    let mut session = Session::new(&start, Arc::clone(&problem));
    advance(&mut session, 7);
    let before = session.snapshot();
    session.apply(&first);
    // Edits at one step are one: what the first one did is undone.
    let between = Checkpoint::from_bytes(&bytes(&mut session)).unwrap();
    let mut resumed = Session::resume(&between, Arc::clone(&problem)).unwrap();
    let mut direct = Session::resume(&before, Arc::clone(&problem)).unwrap();
    for session in [&mut session, &mut resumed, &mut direct] {
        session.apply(&second);
        advance(session, 7);
    }
    let end = bytes(&mut session);
    assert!(bytes(&mut resumed) == end && bytes(&mut direct) == end);
    // Back to before the edit, in the same session: the network has another shape there.
    session.restore(&before).unwrap();
    assert_eq!(session.engine().experiment(), &start);
    assert!(bytes(&mut session) == before.to_bytes().unwrap());
    session.apply(&second);
    advance(&mut session, 7);
    assert!(bytes(&mut session) == end);
}

#[test]
fn a_checkpoint_is_of_its_data() {
    let [one, other] = ["moons:samples=40/2", "moons:samples=50/2"].map(experiment);
    let mut session = Session::new(&one, Problem::load(&one).unwrap());
    let error = Session::resume(&session.snapshot(), Problem::load(&other).unwrap()).unwrap_err();
    let expected = "the checkpoint is of a run on 28 training rows of 2 inputs and 2 outputs, but \
                    the data has 35 of 2 and 2";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_checkpoint_is_of_targets_in_its_scale() {
    let recipe = |loss| format!("csv=tests/data/counts.csv,target=count/1-identity/loss={loss}");
    let [mse, poisson] = ["mse", "poisson_nll"].map(|loss| experiment(&recipe(loss)));
    let mut session = Session::new(&mse, Problem::load(&mse).unwrap());
    let checkpoint = session.snapshot();
    let error = Session::resume(&checkpoint, Problem::load(&poisson).unwrap()).unwrap_err();
    let expected = "the checkpoint is of a run on standardised targets, as its loss wants them, but \
                    those of the data are raw";
    assert_eq!(error.to_string(), expected);
    let mut other = Session::new(&poisson, Problem::load(&poisson).unwrap());
    assert_eq!(other.restore(&checkpoint).unwrap_err().to_string(), expected);
    session.restore(&checkpoint).unwrap();
}

fn written() -> Vec<u8> {
    let recipe = recipe("adam", "reduce_on_plateau", "+batch_norm", "0.9");
    let experiment = experiment(&recipe);
    let mut session = Session::new(&experiment, Problem::load(&experiment).unwrap());
    advance(&mut session, STEPS);
    bytes(&mut session)
}

#[test]
fn what_is_no_whole_checkpoint_is_refused() {
    let whole = written();
    let read = |bytes: &[u8]| Checkpoint::from_bytes(bytes).map(|it| it.to_bytes().unwrap());
    assert!(read(&whole).unwrap() == whole);
    for len in 0..whole.len() {
        assert_eq!(read(&whole[..len]).unwrap_err(), FormatError::NotACheckpoint, "{len} bytes");
    }
    for index in 0..whole.len() {
        for bit in [1, 0x10, 0x80] {
            let mut bytes = whole.clone();
            bytes[index] ^= bit;
            // White space in the header may change and means the same.
            assert!(read(&bytes).is_ok_and(|again| again == whole) || read(&bytes).is_err());
        }
    }
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    let endless = [&u64::MAX.to_le_bytes()[..], b"{}"].concat();
    let long = [&(1_u64 << 40).to_le_bytes()[..], b"{}"].concat();
    let bare = [&2_u64.to_le_bytes()[..], b"{}"].concat();
    for foreign in [png, b"", b"{\"version\":1}", &endless, &long, &bare] {
        assert_eq!(read(foreign).unwrap_err(), FormatError::NotACheckpoint, "{foreign:?}");
    }
}

#[test]
fn another_version_is_named() {
    let mut bytes = written();
    let text = br#"{\"version\":1,"#;
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[at + text.len() - 2] = b'7';
    let error = Checkpoint::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, FormatError::Version(7));
    let expected = "the checkpoint is of version 7 of its format, but only version 1 can be read";
    assert_eq!(error.to_string(), expected);
}
