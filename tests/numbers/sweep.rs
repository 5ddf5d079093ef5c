//! Every activation of the catalog and its derivative over all of the `f32` range, against `f64`.
//!
//! The truth is a formula of its own in [`truth`], written so that nothing cancels or overflows; an
//! activation that has none there is held to its own code in `f64`. A number may be off by 1e-5 of
//! its size, by what moving x by four units in the last place does to it, and by 1e-30.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, as it should")]

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use gradlab::catalog::{self, Kind};
use gradlab::nn::activation::{self, curve};
use gradlab::spec::{Pick, Value};

/// Units at 0 beside the one that moves, where an activation sees a whole sample.
const OTHERS: usize = 3;

/// Those that turn, and from where on a turn is shorter than the distance between two inputs.
const TURNING: [&str; 3] = ["sine", "snake", "gcu"];
const TURNS: f64 = 1e9;

/// Parameters that are tried beside the defaults and those that [`picks`] derives from them.
const PICKS: &[&str] = &[
    "elu:alpha=-1.5",
    "leaky_relu:negative_slope=-0.3",
    "rrelu:lower=-0.2,upper=0.7",
    "gelu:approximate=tanh",
    "softplus:beta=3,threshold=1",
    "squareplus:b=1e-4",
    "isru:alpha=1e6",
    "isrlu:alpha=1e-6",
    "threshold:threshold=-0.3,value=2.5",
    "hardtanh:min_val=-0.3,max_val=0.1",
    "hardshrink:lambd=0",
    "star_relu:s=-2,b=3",
];

/// Each activation with its defaults, with each number larger and smaller, and [`PICKS`].
fn picks() -> Vec<Pick> {
    let mut picks: Vec<Pick> = Vec::new();
    for entry in activation::TABLE {
        let default = Pick::new(entry.card);
        for (param, value) in default.params() {
            let Value::Number(value) = value else { continue };
            for other in [0.3 * value + 0.1, 3.0 * value + 0.7] {
                let mut pick = default.clone();
                let set = pick.set(param.key, Value::Number(other)).is_ok();
                if set && (entry.check)(&pick).is_ok() {
                    picks.push(pick);
                }
            }
        }
        picks.push(default);
    }
    picks.extend(PICKS.iter().map(|text| Kind::Activation.parse(text).unwrap()));
    picks
}

/// Numbers of all exponents and both signs; dense around 0; each of `kinks` with its neighbours.
fn inputs(kinks: &[f64]) -> Vec<f32> {
    let mantissas = (0..8_u32).map(|i| i.wrapping_mul(0x9e37_79b9) >> 9);
    let mut xs: Vec<f32> = (0..255_u32)
        .flat_map(|exponent| mantissas.clone().map(move |m| f32::from_bits(exponent << 23 | m)))
        .collect();
    xs.extend((1..4_000).map(|i| i as f32 / 97.0));
    xs.extend((1..1_000).map(|i| i as f32 / 7.3));
    for &kink in kinks {
        let (mut below, mut above) = (kink as f32, kink as f32);
        for _ in 0..8 {
            xs.extend([below, above]);
            (below, above) = (below.next_down(), above.next_up());
        }
        xs.extend(
            (1..20)
                .flat_map(|k| [-1.0, 1.0].map(|s| (kink + s * libm::exp2(-f64::from(k))) as f32)),
        );
    }
    xs.extend(xs.clone().iter().map(|x| -x));
    xs
}

fn sigmoid(x: f64) -> f64 {
    if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) }
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sech_squared(x: f64) -> f64 {
    x.cosh().powi(-2)
}

/// σ(x) and its slope.
fn logistic(x: f64) -> [f64; 2] {
    [sigmoid(x), sigmoid(x) * sigmoid(-x)]
}

/// x·g(x) and its slope, where g falls to 0 faster than x grows.
fn times([g, slope]: [f64; 2], x: f64) -> [f64; 2] {
    [x * g, if slope == 0.0 { g } else { x.mul_add(slope, g) }]
}

fn gelu(x: f64) -> [f64; 2] {
    let bell = 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * (-0.5 * x * x).exp();
    times([0.5 * libm::erfc(-x * FRAC_1_SQRT_2), bell], x)
}

fn gelu_by_tanh(x: f64) -> [f64; 2] {
    let c = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
    let [phi, slope] = logistic(2.0 * c * (0.044_715 * x * x).mul_add(x, x));
    times([phi, slope * 2.0 * c * (3.0 * 0.044_715 * x).mul_add(x, 1.0)], x)
}

/// x above `kink`, else `below`; the derivatives likewise.
fn ramp(x: f64, kink: f64, below: [f64; 2]) -> [f64; 2] {
    if x > kink { [x, 1.0] } else { below }
}

/// x − tanh(x).
fn tanh_lacks(x: f64) -> f64 {
    let square = x * x;
    let series = x * square / 3.0 * (1.0 - square * (0.4 - square * (17.0 / 105.0)));
    if x.abs() < 1e-2 { series } else { x - x.tanh() }
}

/// The point of the simplex nearest to (x, 0, …, 0).
fn sparsemax(x: f64) -> [f64; 2] {
    let n = OTHERS as f64;
    match x {
        _ if x >= 1.0 => [1.0, 0.0],
        _ if x > -1.0 / n => [(n * x + 1.0) / (n + 1.0), n / (n + 1.0)],
        _ => [0.0, 0.0],
    }
}

/// f(x) and f′(x) by a formula that holds over the whole range of `f32`; none if `pick` has none.
#[expect(clippy::too_many_lines, reason = "a table, one activation a row")]
fn truth(pick: &Pick, x: f64) -> Option<[f64; 2]> {
    let of = |key| pick.number(key);
    let n = (OTHERS as f64).ln();
    Some(match pick.key() {
        "relu" => ramp(x, 0.0, [0.0, 0.0]),
        "leaky_relu" => ramp(x, 0.0, [of("negative_slope") * x, of("negative_slope")]),
        "prelu" => ramp(x, 0.0, [of("init") * x, of("init")]),
        "rrelu" => {
            let slope = f64::midpoint(of("lower"), of("upper"));
            ramp(x, 0.0, [slope * x, slope])
        }
        "relu6" => [x.clamp(0.0, 6.0), f64::from(u8::from(x > 0.0 && x < 6.0))],
        "elu" => ramp(x, 0.0, [of("alpha") * x.exp_m1(), of("alpha") * x.exp()]),
        "celu" => {
            let alpha = of("alpha");
            ramp(x, 0.0, [alpha * (x / alpha).exp_m1(), (x / alpha).exp()])
        }
        "selu" => {
            let alpha = 1.673_263_242_354_377_2;
            ramp(x, 0.0, [alpha * x.exp_m1(), alpha * x.exp()]).map(|y| y * 1.050_700_987_355_480_5)
        }
        "gelu" if pick.word("approximate") == "tanh" => gelu_by_tanh(x),
        "gelu" => gelu(x),
        "quick_gelu" => {
            let [s, slope] = logistic(1.702 * x);
            times([s, 1.702 * slope], x)
        }
        "silu" | "glu" => times(logistic(x), x),
        "mish" => {
            let p = softplus(x);
            times([p.tanh(), sigmoid(x) * sech_squared(p)], x)
        }
        "softplus" => {
            let scaled = of("beta") * x;
            let smooth = [softplus(scaled) / of("beta"), sigmoid(scaled)];
            if scaled > of("threshold") { [x, 1.0] } else { smooth }
        }
        "squareplus" => {
            let (b, root) = (of("b"), x.hypot(of("b").sqrt()));
            if x < 0.0 {
                [b / (2.0 * (root - x)), b / (2.0 * root * (root - x))]
            } else {
                [0.5 * (x + root), 0.5 * (1.0 + x / root)]
            }
        }
        "hardswish" => match x {
            _ if x <= -3.0 => [0.0, 0.0],
            _ if x >= 3.0 => [x, 1.0],
            _ => [x * (x + 3.0) / 6.0, (2.0 * x + 3.0) / 6.0],
        },
        "serf" => {
            let p = softplus(x);
            times([libm::erf(p), sigmoid(x) * FRAC_2_SQRT_PI * (-p * p).exp()], x)
        }
        "tanh_exp" => {
            let e = x.min(20.0).exp();
            times([e.tanh(), e * sech_squared(e)], x)
        }
        "elish" if x >= 0.0 => times(logistic(x), x),
        "elish" => {
            let [s, slope] = logistic(x);
            [x.exp_m1() * s, x.exp() * s + x.exp_m1() * slope]
        }
        "smelu" => {
            let beta = of("beta");
            match x {
                _ if x <= -beta => [0.0, 0.0],
                _ if x >= beta => [x, 1.0],
                _ => [(x + beta).powi(2) / (4.0 * beta), (x + beta) / (2.0 * beta)],
            }
        }
        "isru" | "isrlu" => {
            let root = 1_f64.hypot(of("alpha").sqrt() * x);
            let curve = [x / root, root.powi(-3)];
            if pick.key() == "isru" { curve } else { ramp(x, 0.0, curve) }
        }
        "relu_squared" | "reglu" => [x.max(0.0).powi(2), 2.0 * x.max(0.0)],
        "bilinear" => [x * x, 2.0 * x],
        "star_relu" => [of("s") * x.max(0.0).powi(2) + of("b"), 2.0 * of("s") * x.max(0.0)],
        "threshold" => ramp(x, of("threshold"), [of("value"), 0.0]),
        "sigmoid" => logistic(x),
        "log_sigmoid" => [-softplus(-x), sigmoid(-x)],
        "hardsigmoid" => {
            [((x + 3.0) / 6.0).clamp(0.0, 1.0), if x.abs() < 3.0 { 1.0 / 6.0 } else { 0.0 }]
        }
        "tanh" => [x.tanh(), sech_squared(x)],
        "lecun_tanh" => {
            let inner = 2.0 / 3.0 * x;
            [1.7159 * inner.tanh(), 1.7159 * 2.0 / 3.0 * sech_squared(inner)]
        }
        "penalized_tanh" => {
            let factor = if x > 0.0 { 1.0 } else { of("a") };
            [factor * x.tanh(), factor * sech_squared(x)]
        }
        "hardtanh" => {
            let (low, high) = (of("min_val"), of("max_val"));
            [x.clamp(low, high), f64::from(u8::from(x > low && x < high))]
        }
        "softsign" => [x / (1.0 + x.abs()), (1.0 + x.abs()).powi(-2)],
        "tanhshrink" => [tanh_lacks(x), x.tanh().powi(2)],
        "softshrink" | "hardshrink" if x.abs() <= of("lambd") => [0.0, 0.0],
        "softshrink" => [x - of("lambd") * x.signum(), 1.0],
        "identity" | "hardshrink" => [x, 1.0],
        "gaussian" => [(-x * x).exp(), -2.0 * x * (-x * x).exp()],
        "sine" => [(of("omega") * x).sin(), of("omega") * (of("omega") * x).cos()],
        "snake" => {
            let (sine, cosine) = (of("alpha") * x).sin_cos();
            [x + sine * sine / of("alpha"), (sine + cosine).powi(2)]
        }
        "gcu" => [x * x.cos(), x.cos() - x * x.sin()],
        "softmax" => logistic(x - n),
        "softmin" => {
            let [y, slope] = logistic(-x - n);
            [y, -slope]
        }
        "log_softmax" => [-softplus(n - x), sigmoid(n - x)],
        "sparsemax" => sparsemax(x),
        "swiglu" => times(times(logistic(x), x), x),
        "geglu" => times(gelu(x), x),
        _ => return None,
    })
}

/// f and f′ of an activation in `f64` at each of `xs`.
fn exact(pick: &Pick, xs: &[f64]) -> Vec<[f64; 2]> {
    let formula: Option<Vec<_>> = xs.iter().map(|&x| truth(pick, x)).collect();
    formula.unwrap_or_else(|| {
        let code = catalog::activation(pick).build::<f64>(pick);
        let (y, slope) = curve(code.as_ref(), xs, OTHERS);
        y.into_iter().zip(slope).map(<[f64; 2]>::from).collect()
    })
}

fn worst(pick: &Pick) -> Result<(), String> {
    let numbers = pick.params().filter_map(|(_, value)| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    });
    let kinks: Vec<f64> = numbers.chain([0.0, 1.0, 3.0, 6.0]).collect();
    let xs = inputs(&kinks);
    let rowwise = catalog::activation(pick).rowwise;
    // Sums over the sample may move a kink by some units.
    let steps = if rowwise { 4 } else { 1 };
    let wide = |step: fn(f32) -> f32| {
        let moved = |&x: &f32| f64::from((0..steps).fold(x, |x, _| step(x)));
        exact(pick, &xs.iter().map(moved).collect::<Vec<_>>())
    };
    let (here, below, above) = (wide(|x| x), wide(f32::next_down), wide(f32::next_up));
    let (y, slope) = curve(catalog::activation(pick).build::<f32>(pick).as_ref(), &xs, OTHERS);
    for (i, &x) in xs.iter().enumerate() {
        for (which, ours) in [y[i], slope[i]].into_iter().enumerate() {
            let wanted = here[i][which];
            let sides = [above[i][which] - wanted, below[i][which] - wanted].map(f64::abs);
            // On the smoother side: at a kink the slope itself does not count, unless sums over
            // the sample decide where it lies.
            let by_x = if rowwise { sides[0].max(sides[1]) } else { sides[0].min(sides[1]) };
            // One multiplication instead of an exponential.
            let cheap = which == 1 && ["tanh", "sigmoid"].contains(&pick.key());
            let room = 1e-5 * wanted.abs() + 4.0 * by_x + if cheap { 1e-7 } else { 1e-30 };
            let overflows = wanted.abs() > 0.999_99 * f64::from(f32::MAX)
                && f64::from(ours) == f64::INFINITY.copysign(wanted);
            let error = (f64::from(ours) - wanted).abs();
            let blind = f64::from(x).abs() > TURNS && TURNING.contains(&pick.key());
            if error.is_nan() || (error > room && !overflows && !blind) {
                let name = ["f", "f′"][which];
                return Err(format!("{pick}: {name}({x:e}) = {ours:e}, not {wanted:e}"));
            }
        }
    }
    Ok(())
}

#[test]
fn each_activation_is_right_over_the_whole_range() {
    let wrong: Vec<String> = picks().iter().filter_map(|pick| worst(pick).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_activation_has_its_limits_at_infinity_and_passes_nan_on() {
    for pick in picks() {
        let entry = catalog::activation(&pick);
        let activation = entry.build::<f32>(&pick);
        let (y, slope) = curve(activation.as_ref(), &[f32::NAN], OTHERS);
        assert!(y[0].is_nan(), "{pick}: f(NaN) = {}", y[0]);
        if entry.rowwise || TURNING.contains(&pick.key()) {
            // One of several infinite numbers, or no limit.
            assert!(entry.rowwise || slope[0].is_nan(), "{pick}: f′(NaN) = {}", slope[0]);
            continue;
        }
        for end in [f32::INFINITY, f32::NEG_INFINITY] {
            let far = f64::from(end.signum() * f32::MAX);
            let (y, slope) = curve(activation.as_ref(), &[end], OTHERS);
            for (ours, limit) in [y[0], slope[0]].into_iter().zip(exact(&pick, &[far])[0]) {
                let grows = limit.abs() > 1e30;
                let right = if grows {
                    f64::from(ours) == f64::INFINITY.copysign(limit)
                } else {
                    (f64::from(ours) - limit).abs() <= 1e-6 * limit.abs() + 1e-30
                };
                assert!(right, "{pick} at {end}: {ours}, not {limit}");
            }
        }
    }
}
