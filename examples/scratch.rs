use gradlab::catalog::Kind;
use gradlab::experiment::*;
use gradlab::train::*;
fn main() {
    let p = |k: Kind, s: &str| k.parse(s).unwrap();
    let layer = |u, a: &str| LayerSpec {
        units: u,
        activation: p(Kind::Activation, a),
        init: None,
        optimizer: None,
    };
    let args: Vec<String> = std::env::args().collect();
    let opt = args.get(1).map(|s| s.as_str()).unwrap_or("adam:lr=0.01").to_string();
    let data = args.get(2).map(|s| s.as_str()).unwrap_or("spirals").to_string();
    let out: usize = args.get(3).map(|s| s.parse().unwrap()).unwrap_or(2);
    for seed in 0..6 {
        let e = Experiment {
            title: String::new(),
            about: String::new(),
            seed,
            data: DataSpec {
                source: DataSource::Named(p(Kind::Dataset, &data)),
                test_fraction: 0.3,
                seed: None,
            },
            train: TrainSpec {
                loss: p(
                    Kind::Loss,
                    if data == "sine" || data == "plane" { "mse" } else { "cross_entropy" },
                ),
                batch_size: 32,
                steps: 20000,
                eval_every: 2000,
                clip_norm: 0.0,
            },
            optimizer: p(Kind::Optimizer, &opt),
            layers: vec![layer(16, "tanh"), layer(16, "relu"), layer(out, "identity")],
        };
        let problem = Problem::load(&e).unwrap();
        let mut s = Session::new(&e, problem);
        let t = std::time::Instant::now();
        let mut last = None;
        while !s.finished() {
            match s.step() {
                Ok((_, Some(r))) => {
                    last = Some(r);
                }
                Err(d) => {
                    println!("{d}");
                    break;
                }
                _ => {}
            }
        }
        let sec = t.elapsed().as_secs_f64();
        println!("seed {seed} {:?} {:.0} steps/s", last, s.engine().step_count() as f64 / sec);
    }
}
