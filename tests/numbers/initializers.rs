//! Every initializer against what its distribution is known to be: moments, bounds and structure.

use std::collections::BTreeSet;

use gradlab::catalog::{self, Kind};
use gradlab::experiment::load_with;
use gradlab::nn::init::{self, Site};
use gradlab::nn::network::Batch;
use gradlab::rng::{Purpose, stream};
use gradlab::spec::Pick;
use gradlab::train::Problem;
use gradlab::train::engine::initial_network;
use ndarray::Array2;

/// A layer in the middle of a network whose activation has a gain of 5/3, as tanh has.
const HIDDEN: Site = Site { gain: 5.0 / 3.0, first: false };
const UNITS: usize = 200;
const INPUTS: usize = 300;

fn pick(text: &str) -> Pick {
    Kind::Initializer.parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Weight and bias of a layer of this size.
fn drawn(text: &str, dim: (usize, usize), site: Site) -> (Array2<f32>, Vec<f32>) {
    let pick = pick(text);
    let init = catalog::initializer(&pick).build(&pick);
    let mut stream = stream(1, Purpose::Init(0));
    let (mut weight, mut bias) = (Array2::zeros(dim), vec![0.0; dim.0]);
    init.weight(&mut weight, site, &mut stream);
    init.bias(&mut bias, dim.1, &mut stream);
    (weight, bias)
}

fn weight(text: &str) -> Array2<f32> {
    drawn(text, (UNITS, INPUTS), HIDDEN).0
}

/// A distribution by its variance, the largest distance from the mean (0) and the fourth moment
/// over the squared variance: 1.8 for uniform, 3 for normal.
struct Law {
    variance: f64,
    bound: f64,
    kurtosis: f64,
}

const fn uniform(a: f64) -> Law {
    Law { variance: a * a / 3.0, bound: a, kurtosis: 1.8 }
}

const fn normal(variance: f64) -> Law {
    Law { variance, bound: f64::INFINITY, kurtosis: 3.0 }
}

/// The standard normal law cut at ±2: its variance is 1 − 4φ(2)/Z, its fourth moment
/// 3 − 2·(2³ + 3·2)·φ(2)/Z, with Z = 2Φ(2) − 1.
const fn cut_at_two(std: f64) -> Law {
    let (density, mass) = (0.053_990_966_513_188_06, 0.954_499_736_103_641_6);
    let variance = 1.0 - 4.0 * density / mass;
    let fourth = 3.0 - 28.0 * density / mass;
    Law {
        variance: std * std * variance,
        bound: 2.0 * std,
        kurtosis: fourth / (variance * variance),
    }
}

/// Holds a sample to a law: mean and variance within five standard errors, all within the bound,
/// and, where there is one, the bound nearly reached.
fn follows(what: &str, sample: impl IntoIterator<Item = f64>, law: &Law) {
    let sample: Vec<f64> = sample.into_iter().collect();
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    let variance = sample.iter().map(|x| x * x).sum::<f64>() / n;
    let largest = sample.iter().fold(0.0_f64, |top, x| top.max(x.abs()));
    let Law { variance: expected, bound, kurtosis } = *law;
    assert!(mean.abs() < 5.0 * (expected / n).sqrt(), "{what}: the mean is {mean}");
    let error = expected * ((kurtosis - 1.0) / n).sqrt();
    assert!((variance - expected).abs() < 5.0 * error, "{what}: {variance}, not {expected}");
    assert!(largest <= bound * (1.0 + 1e-6), "{what}: {largest} is beyond {bound}");
    assert!(bound.is_infinite() || largest > 0.99 * bound, "{what}: only {largest} of {bound}");
}

#[test]
fn distributions_have_the_moments_and_bounds_of_their_formulas() {
    let (inputs, units) = (INPUTS as f64, UNITS as f64);
    let gain = 5.0_f64 / 3.0;
    for (text, law) in [
        ("xavier_uniform", uniform((6.0 / (inputs + units)).sqrt())),
        ("xavier_uniform:gain=0", uniform(gain * (6.0 / (inputs + units)).sqrt())),
        ("xavier_normal", normal(2.0 / (inputs + units))),
        ("xavier_normal:gain=3", normal(9.0 * 2.0 / (inputs + units))),
        ("kaiming_uniform", uniform((6.0 / inputs).sqrt())),
        ("kaiming_uniform:mode=fan_out,gain=1", uniform((3.0 / units).sqrt())),
        ("kaiming_normal", normal(2.0 / inputs)),
        ("kaiming_normal:mode=fan_out", normal(2.0 / units)),
        ("kaiming_normal:gain=0", normal(gain * gain / inputs)),
        ("lecun_uniform", uniform((3.0 / inputs).sqrt())),
        ("lecun_normal", normal(1.0 / inputs)),
        ("linear", uniform(1.0 / inputs.sqrt())),
        ("uniform:a=-0.5,b=0.5", uniform(0.5)),
        ("normal", normal(1.0)),
        ("normal:std=0.02", normal(0.0004)),
        ("trunc_normal", cut_at_two(1.0)),
        ("trunc_normal:std=0.1,a=-0.2,b=0.2", cut_at_two(0.1)),
        // Almost flat within so narrow an interval.
        ("trunc_normal:a=-0.01,b=0.01", uniform(0.01)),
        ("variance_scaling:distribution=normal,scale=2", normal(2.0 / inputs)),
        (
            "variance_scaling:distribution=uniform,mode=fan_avg",
            uniform((6.0 / (inputs + units)).sqrt()),
        ),
        (
            "variance_scaling:mode=fan_out",
            cut_at_two((1.0 / units).sqrt() / 0.879_625_661_034_239_8),
        ),
        ("siren:omega=30", uniform((6.0 / inputs).sqrt() / 30.0)),
        // A gain of 5/3 stands for ω = √2·3/5.
        ("siren", uniform((6.0 / inputs).sqrt() / (2.0_f64.sqrt() * 0.6))),
    ] {
        follows(text, weight(text).iter().map(|&w| f64::from(w)), &law);
    }
}

#[test]
fn those_off_centre() {
    let (inputs, a, b) = (INPUTS as f64, 1.0_f64, 4.0_f64);
    // Φ and φ at the ends: the mean of a cut normal law is μ + σ·(φ(a) − φ(b)) / (Φ(b) − Φ(a)).
    let density = |x: f64| (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let mass = |x: f64| libm::erfc(-x / 2.0_f64.sqrt()) / 2.0;
    let cut = mass(b) - mass(a);
    let mean = (density(a) - density(b)) / cut;
    let variance = 1.0 + (a * density(a) - b * density(b)) / cut - mean * mean;
    for (text, mean, variance) in [
        ("uniform", 0.5, 1.0 / 12.0),
        ("normal:mean=-3,std=0.5", -3.0, 0.25),
        ("trunc_normal:a=1,b=4", mean, variance),
    ] {
        let shifted = weight(text).iter().map(|&w| f64::from(w) - mean).collect::<Vec<_>>();
        let law = Law { variance, bound: f64::INFINITY, kurtosis: 9.0 };
        follows(text, shifted, &law);
    }
    let cut = weight("trunc_normal:a=1,b=4");
    assert!(cut.iter().all(|w| (1.0..=4.0).contains(w)));
    let siren = drawn("siren:omega=30", (UNITS, INPUTS), Site { first: true, ..HIDDEN }).0;
    follows("siren, first layer", siren.iter().map(|&w| f64::from(w)), &uniform(1.0 / inputs));
}

#[test]
fn biases_are_0_but_for_three() {
    for entry in init::TABLE {
        let (_, bias) = drawn(entry.card.key, (2000, 25), HIDDEN);
        let drawn = bias.iter().map(|&b| f64::from(b));
        match entry.card.key {
            name @ ("linear" | "siren") => follows(name, drawn, &uniform(0.2)),
            name @ "nguyen_widrow" => {
                follows(name, drawn, &uniform(0.7 * 2000.0_f64.powf(1.0 / 25.0)));
            }
            name => assert!(bias.iter().all(|&b| b == 0.0), "{name}"),
        }
    }
}

/// The largest difference of `W·Wᵀ` (or `Wᵀ·W` of a tall matrix) from `square` times the identity.
fn off_orthogonal(weight: &Array2<f32>, square: f64) -> f64 {
    let wide = weight.mapv(f64::from);
    let product =
        if wide.nrows() <= wide.ncols() { wide.dot(&wide.t()) } else { wide.t().dot(&wide) };
    let error =
        |((i, j), &x): ((usize, usize), &f64)| (x - if i == j { square } else { 0.0 }).abs();
    product.indexed_iter().map(error).fold(0.0, f64::max)
}

#[test]
fn orthogonal_matrices_are() {
    for (text, square) in
        [("orthogonal", 1.0), ("orthogonal:gain=2", 4.0), ("orthogonal:gain=0", 25.0 / 9.0)]
    {
        for dim in [(30, 70), (70, 30), (64, 64), (1, 5), (5, 1)] {
            let error = off_orthogonal(&drawn(text, dim, HIDDEN).0, square);
            assert!(error < 2e-6, "{text} of {dim:?} is off by {error}");
        }
    }
    // Evenly distributed over all directions and orientations: the first cell is as often negative.
    let init = catalog::initializer(&pick("orthogonal")).build(&pick("orthogonal"));
    let mut stream = stream(3, Purpose::Init(0));
    let first = |_| {
        let mut weight = Array2::zeros((4, 4));
        init.weight(&mut weight, HIDDEN, &mut stream);
        f64::from(weight[(0, 0)])
    };
    // A coordinate of a random direction in 4 dimensions: variance 1/4, fourth moment 3/24.
    let law = Law { variance: 0.25, bound: 1.0, kurtosis: 2.0 };
    follows("a cell of orthogonal", (0..4000).map(first), &law);
}

#[test]
fn structured_matrices_are_what_they_say() {
    for text in ["sparse", "sparse:sparsity=0.33,std=1", "sparse:sparsity=1"] {
        let pick = pick(text);
        let weight = weight(text);
        let zeros = (pick.number("sparsity") * UNITS as f64).ceil() as usize;
        for input in weight.columns() {
            assert_eq!(input.iter().filter(|&&w| w == 0.0).count(), zeros, "{text}");
        }
        let rows: BTreeSet<usize> =
            weight.rows().into_iter().map(|r| r.iter().filter(|&&w| w == 0.0).count()).collect();
        assert!(zeros == UNITS || rows.len() > 1, "{text}: every unit lost the same inputs");
        let others = weight.iter().filter(|&&w| w != 0.0).map(|&w| f64::from(w));
        if zeros < UNITS {
            follows(text, others, &normal(pick.number("std").powi(2)));
        }
    }
    for dim in [(3, 5), (5, 3)] {
        let eye =
            |value: f32| Array2::from_shape_fn(dim, |(i, j)| if i == j { value } else { 0.0 });
        assert_eq!(drawn("eye", dim, HIDDEN).0, eye(1.0));
        assert_eq!(drawn("eye:gain=0.01", dim, HIDDEN).0, eye(0.01));
        assert!(drawn("zeros", dim, HIDDEN).0.iter().all(|&w| w == 0.0));
        assert!(drawn("ones", dim, HIDDEN).0.iter().all(|&w| w == 1.0));
        assert!(drawn("constant:value=-2", dim, HIDDEN).0.iter().all(|&w| w == -2.0));
    }
    let length = 0.7 * 16.0_f64.powf(1.0 / 3.0);
    let (spread, _) = drawn("nguyen_widrow", (16, 3), HIDDEN);
    for unit in spread.rows() {
        let norm = unit.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt();
        assert!((norm - length).abs() < 1e-6, "{norm}, not {length}");
    }
}

#[test]
fn lsuv_gives_every_layer_unit_variance_on_the_data() {
    let recipe = "digits/40-relu+lsuv/30-tanh+normal:std=3/20-gelu+lsuv:rows=100/10-softmax+lsuv";
    let experiment = load_with(recipe, &["seed=5"]).unwrap().experiment;
    let problem = Problem::load(&experiment).unwrap();
    let mut network = initial_network(&experiment, &problem);
    for (index, rows) in [(0, Some(256)), (1, None), (2, Some(100)), (3, Some(256))] {
        let mut batch = Batch::default();
        problem.train.chunk(0, rows.unwrap_or(256), &mut batch);
        network.forward(&batch);
        let (z, _) = network.flow(index);
        let real = z.chunks_exact(batch.columns()).flat_map(|unit| &unit[..batch.len]);
        let values: Vec<f64> = real.map(|&z| f64::from(z)).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / n;
        let unit = (variance - 1.0).abs() < 1e-5;
        assert_eq!(unit, rows.is_some(), "layer {index}: {variance}");
        if rows.is_some() {
            let weight = &network.layers()[index].get("weight").unwrap().value;
            let square = weight.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>()
                / weight.nrows().min(weight.ncols()) as f64;
            let error = off_orthogonal(weight, square);
            assert!(error < 1e-5 * square, "layer {index} is off by {error}");
        }
    }
    let again = initial_network(&experiment, &problem);
    for (one, other) in network.layers().iter().zip(again.layers()) {
        assert_eq!(one.get("weight").unwrap().value, other.get("weight").unwrap().value);
    }
}

#[test]
fn sine_layers_start_as_in_the_paper_of_siren() {
    let sine = Kind::Activation.parse("sine:omega=20").unwrap();
    let init = catalog::suitable_initializer(&sine);
    assert_eq!(init.to_string(), "siren");
    let site = Site { gain: (catalog::activation(&sine).traits.gain)(&sine), first: false };
    let (weight, _) = drawn("siren", (UNITS, INPUTS), site);
    let law = uniform((6.0 / INPUTS as f64).sqrt() / 20.0);
    follows("siren under sine", weight.iter().map(|&w| f64::from(w)), &law);
}

#[test]
fn parameters_that_do_not_go_together_are_refused() {
    for (text, reason) in [
        ("uniform:a=2,b=1", "a is 2; it must be at most b, which is 1"),
        ("trunc_normal:a=1,b=1", "a is 1; it must be less than b"),
        ("trunc_normal:mean=9", "the mean 9 is more than 2 std outside of a = -2 to b = 2"),
        ("trunc_normal:std=0", "`std` of `trunc_normal` is 0; it must be more than 0"),
        ("sparse:sparsity=1.5", "must be 0 to 1"),
        ("kaiming_normal:mode=both", "one of fan_in, fan_out"),
        ("lsuv:rows=1", "2 to 65536"),
    ] {
        let error = Kind::Initializer.parse(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn there_are_many_and_each_is_tested_here() {
    assert!(init::TABLE.len() >= 18);
    let text = include_str!("initializers.rs");
    for entry in init::TABLE {
        let key = entry.card.key;
        let tested = [format!("\"{key}\""), format!("\"{key}:"), format!("+{key}")];
        assert!(tested.iter().any(|name| text.contains(name)), "{key}");
    }
}
