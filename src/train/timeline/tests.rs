use super::*;
use crate::experiment::parse_recipe;
use crate::train::engine::Parameters;

fn experiment(recipe: &str) -> Experiment {
    parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn with(set: &str) -> Experiment {
    experiment("moons/6-tanh/2-softmax/batch_size=8,steps=400,eval_every=10,optimizer=adam,lr=0.01")
        .with_overrides(&[set])
        .unwrap()
}

/// A session and its timeline, kept as the training thread keeps them.
struct Run {
    session: Session,
    timeline: Timeline,
}

impl Run {
    fn new() -> Self {
        let start = with("seed=0");
        let session = Session::new(&start, Problem::load(&start).unwrap());
        let timeline = Timeline::of_script(&start.into(), &session);
        Self { session, timeline }
    }

    fn to(&mut self, step: u64) -> Vec<Parameters> {
        while self.session.engine().step_count() < step {
            let (_, row) = self.session.step().unwrap();
            if let Some(row) = row {
                let mut news = History::new(64);
                news.push_row(&row);
                self.timeline.extend(&news);
                self.timeline.set_head(row.step);
                if self.timeline.keyframe_is_due(row.step) {
                    self.timeline.keep(Arc::new(self.session.keyframe()));
                }
            }
        }
        self.timeline.set_head(step);
        self.session.engine().parameters()
    }

    fn edit(&mut self, set: &str) {
        self.session.apply(&with(set));
        self.timeline.edit(&self.session);
    }

    fn go(&mut self, position: Position) -> Vec<Parameters> {
        self.timeline.reach(&mut self.session, position, || false).unwrap();
        self.session.engine().parameters()
    }
}

/// The weights at the end of `script` after `steps`, of a run that was never looked at.
fn headless(script: &Script, steps: u64) -> Vec<Parameters> {
    let problem = Problem::load(script.start()).unwrap();
    let mut session = Session::of_script(script, problem);
    while session.engine().step_count() < steps {
        session.step().unwrap();
    }
    session.make_due_edit();
    session.engine().parameters()
}

#[test]
fn any_step_of_any_branch_is_reached_again() {
    let mut run = Run::new();
    run.to(37);
    run.edit("layers.1.activation=relu");
    let left = run.to(83);
    run.timeline.mark(1);
    run.edit("optimizer=sgd:lr=0.1");
    let end = run.to(140);
    let back = run.timeline.undo(1).unwrap();
    assert_eq!(run.go(back), left);
    run.timeline.enter(back);
    let longer = run.to(150);
    assert_eq!(longer, headless(&run.timeline.script(run.timeline.present()), 150));
    let again = run.timeline.redo(1).unwrap();
    assert_eq!(run.go(again), end);
    let script = run.timeline.script(again);
    assert_eq!(script.edits().iter().map(|edit| edit.step).collect::<Vec<_>>(), [37, 83]);
    assert_eq!(end, headless(&script, 140));
    run.timeline.enter(again);
    for step in [0, 1, 36, 37, 38, 83, 84, 100, 139] {
        let position = run.timeline.at(step);
        assert_eq!(run.go(position), headless(&script.until(step), step), "step {step}");
    }
}

#[test]
fn edits_at_one_step_are_one_segment() {
    let mut run = Run::new();
    run.to(50);
    run.edit("layers.1.activation=relu");
    run.edit("optimizer=sgd:lr=0.1");
    let present = run.timeline.present();
    assert_eq!(run.timeline.script(present).edits().len(), 1);
    run.edit("seed=0");
    let present = run.timeline.present();
    assert_eq!(run.timeline.script(present).edits(), [], "nothing differs");
    let end = run.to(80);
    assert_eq!(end, headless(&with("seed=0").into(), 80));
}

#[test]
fn an_edit_in_the_past_leaves_a_branch() {
    let mut run = Run::new();
    run.to(90);
    let past = run.timeline.at(40);
    run.go(past);
    run.timeline.enter(past);
    run.edit("layers.1.activation=relu");
    run.to(70);
    let view = run.timeline.view();
    let shown: Vec<_> = view.branches.iter().map(|it| (it.present, it.from, it.step)).collect();
    assert_eq!(shown, [(false, 0, 90), (true, 40, 70)]);
    assert_eq!(view.branches[0].best.unwrap().0 % 10, 0);
    let old = view.branches[0].id;
    let end = run.timeline.end_of(old).unwrap();
    assert_eq!(run.go(end), headless(&with("seed=0").into(), 90));
    // The same beginning is not listed twice.
    let past = run.timeline.at(20);
    run.go(past);
    run.timeline.enter(past);
    run.to(30);
    let end = run.timeline.end_of(old).unwrap();
    run.timeline.enter(end);
    assert_eq!(run.timeline.view().branches.len(), 2);
    run.timeline.forget(BranchId(0));
    assert_eq!(run.timeline.view().branches.len(), 2, "the present one stays");
}

#[test]
fn keyframes_stay_within_their_bound() {
    let mut run = Run::new();
    run.timeline.set_memory(20_000);
    for branch in 0..12_u64 {
        run.to(100 + 10 * branch);
        run.edit(if branch % 2 == 0 { "optimizer=sgd:lr=0.1" } else { "seed=0" });
        let bytes: usize = run
            .timeline
            .segments
            .iter()
            .flat_map(|segment| segment.keyframes.values())
            .map(|keyframe| keyframe.bytes())
            .sum();
        assert!(bytes <= 20_000, "{bytes}");
    }
    let present = run.timeline.present();
    let script = run.timeline.script(present);
    for step in [3, 55, 101, 150] {
        let position = run.timeline.at(step);
        assert_eq!(run.go(position), headless(&script.until(step), step));
    }
}

#[test]
fn a_way_can_be_broken_off() {
    let mut run = Run::new();
    while run.session.engine().step_count() < 200 {
        run.session.step().unwrap();
    }
    run.timeline.set_head(200);
    let position = run.timeline.at(195);
    let mut asked = 0;
    let reached = run.timeline.reach(&mut run.session, position, || {
        asked += 1;
        asked > 2
    });
    assert_eq!(reached, Err(Unreached::Cancelled));
    assert!(run.session.engine().step_count() < 195);
}
