//! What the workbench costs while it is open: a look at the weights, and a frame.
#![expect(clippy::unwrap_used, reason = "a bench may panic as a test may")]

use std::io;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gradlab::experiment::{self, preset, walk};
use gradlab::train::landscape::{Ground, PlaneKind, Survey};
use gradlab::train::probe::{Requests, Snapshot, View, observe};
use gradlab::train::{Problem, Session};
use gradlab::tui::picture;
use gradlab::tui::theme::{Depth, Theme};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// The boundary over a grid of points, histograms and health included.
fn boundary(criterion: &mut Criterion) {
    let experiment = experiment::load(preset::DEFAULT).unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let session = Session::new(&experiment, problem);
    let snapshot = Snapshot::of(session.engine(), 1, Vec::new());
    let mut group = criterion.benchmark_group("look");
    for grid in [(40, 40), (120, 120)] {
        let view = View { grid, samples: 24, bins: 48, ..View::of(Requests::ALL) };
        let name = format!("{}x{}", grid.0, grid.1);
        group.bench_function(name, |bencher| bencher.iter(|| observe(&snapshot, view)));
    }
    group.finish();
}

/// A map of the loss landscape on one core: the first coarse picture of it, and the whole.
fn landscape(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("landscape");
    group.sample_size(10);
    for name in [preset::DEFAULT, "digits"] {
        let experiment = experiment::load(name).unwrap().experiment;
        let problem = Problem::load(&experiment).unwrap();
        let params = Session::new(&experiment, Arc::clone(&problem)).engine().parameters();
        let ground = Ground { experiment, problem, params, step: 0, rows: usize::MAX };
        let begin =
            || Survey::begin(ground.clone(), PlaneKind::Random, Vec::new(), (60, 30), &[]).unwrap();
        group.bench_function(format!("{name}, coarse"), |bencher| {
            bencher.iter(|| {
                let mut survey = begin();
                while survey.map().is_none_or(|map| map.grid.passes() == 0) {
                    survey.advance().unwrap();
                }
            });
        });
        group.bench_function(format!("{name}, 60x30"), |bencher| {
            bencher.iter(|| {
                let mut survey = begin();
                while !survey.advance().unwrap() {}
            });
        });
    }
    group.finish();
}

/// A frame of the workbench in the middle of a run.
fn frame(criterion: &mut Criterion) {
    let experiment = experiment::load(preset::DEFAULT).unwrap().experiment;
    let mut group = criterion.benchmark_group("frame");
    for (width, height) in [(120, 40), (200, 60)] {
        let app = picture::trained(&experiment, 5000, (width, height)).unwrap();
        let mut terminal = terminal((width, height));
        group.bench_function(format!("{width}x{height}"), |bencher| {
            bencher.iter(|| {
                let theme = Theme::new(Depth::True);
                terminal.draw(|frame| drop(app.draw(frame, theme))).is_ok()
            });
        });
    }
    group.finish();
}

/// A frame of the Surface screen with six walkers after a thousand steps.
fn surface(criterion: &mut Criterion) {
    let experiment = experiment::load(preset::DEFAULT).unwrap().experiment;
    let mut walk = walk::WALKS.load("rosenbrock").unwrap();
    for text in ["rmsprop:lr=0.01", "nadam:lr=0.05"] {
        walk.walkers.push(text.parse().unwrap());
    }
    let mut group = criterion.benchmark_group("surface");
    for size in [(120, 40), (200, 60)] {
        let app = picture::walking(&experiment, walk.clone(), 1000);
        let mut terminal = terminal(size);
        group.bench_function(format!("{}x{}", size.0, size.1), |bencher| {
            bencher.iter(|| {
                let theme = Theme::new(Depth::True);
                terminal.draw(|frame| drop(app.draw(frame, theme))).is_ok()
            });
        });
    }
    group.finish();
}

/// A terminal of so many columns and rows whose bytes go nowhere.
fn terminal((width, height): (u16, u16)) -> Terminal<CrosstermBackend<io::Sink>> {
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) };
    Terminal::with_options(CrosstermBackend::new(io::sink()), options).unwrap()
}

criterion_group!(benches, boundary, landscape, frame, surface);
criterion_main!(benches);
