use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_4};

use super::*;

/// A function of ours beside libm's in `f64`.
struct Function {
    name: &'static str,
    ours: fn(f32) -> f32,
    exact: fn(f64) -> f64,
    /// Where it is tested, subnormals included; the ends of an interval have the same sign.
    domain: &'static [(f32, f32)],
    /// The largest error allowed, in ulp.
    bound: f64,
    /// Inputs whose result is exact.
    special: &'static [(f32, f32)],
}

const ALL: &[(f32, f32)] = &[(0.0, f32::MAX), (-0.0, f32::MIN)];
const INF: f32 = f32::INFINITY;
const NAN: f32 = f32::NAN;

const FUNCTIONS: &[Function] = &[
    Function {
        name: "exp",
        ours: exp,
        exact: libm::exp,
        domain: &[(0.0, 88.7), (-0.0, -87.3)],
        bound: 1.0,
        special: &[(0.0, 1.0), (89.0, INF), (INF, INF), (-87.4, 0.0), (-INF, 0.0)],
    },
    Function {
        name: "exp_m1",
        ours: exp_m1,
        exact: libm::expm1,
        domain: &[(0.0, 88.7), (-0.0, f32::MIN)],
        bound: 2.0,
        special: &[(0.0, 0.0), (-0.0, -0.0), (89.0, INF), (INF, INF), (-INF, -1.0)],
    },
    Function {
        name: "ln",
        ours: ln,
        exact: libm::log,
        domain: &[(1e-45, f32::MAX)],
        bound: 1.0,
        special: &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN)],
    },
    Function {
        name: "ln_1p",
        ours: ln_1p,
        exact: libm::log1p,
        domain: &[(0.0, f32::MAX), (-0.0, -0.999_999_9)],
        bound: 2.0,
        special: &[(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-2.0, NAN), (-INF, NAN)],
    },
    Function {
        name: "tanh",
        ours: tanh,
        exact: libm::tanh,
        domain: ALL,
        bound: 5.0,
        special: &[(0.0, 0.0), (-0.0, -0.0), (10.0, 1.0), (INF, 1.0), (-INF, -1.0)],
    },
    Function {
        name: "erf",
        ours: erf,
        exact: libm::erf,
        domain: ALL,
        bound: 5.0,
        special: &[(0.0, 0.0), (-0.0, -0.0), (4.0, 1.0), (INF, 1.0), (-INF, -1.0)],
    },
    Function {
        name: "sine",
        ours: |x| sine(x, 1.0, 0.0),
        exact: libm::sin,
        domain: &[(0.0, 2.0e9), (-0.0, -2.0e9)],
        bound: 2.5,
        special: &[(0.0, 0.0), (1e30, 0.0), (INF, NAN), (-INF, NAN)],
    },
    Function {
        name: "sine of 30·x + π/4",
        ours: |x| sine(x, 30.0, FRAC_PI_4),
        exact: |x| libm::sin(30.0_f64.mul_add(x, FRAC_PI_4)),
        domain: &[(0.0, 1e5), (-0.0, -1e5)],
        bound: 2.5,
        special: &[(f32::MAX, 0.0), (INF, NAN)],
    },
    Function {
        name: "normal",
        ours: |x| normal(x).0,
        exact: |x| 0.5 * libm::erfc(-x * FRAC_1_SQRT_2),
        domain: &[(0.0, f32::MAX), (-0.0, -4.0)],
        bound: 6.0,
        special: &[(0.0, 0.5), (-0.0, 0.5), (9.0, 1.0), (INF, 1.0), (-INF, 0.0)],
    },
    Function {
        name: "bell",
        ours: |x| normal(x).1,
        exact: |x| libm::exp(-0.5 * x * x),
        domain: &[(0.0, 4.0), (-0.0, -4.0)],
        bound: 6.0,
        special: &[(0.0, 1.0), (-0.0, 1.0), (f32::MAX, 0.0), (INF, 0.0), (-INF, 0.0)],
    },
];

/// The distance between neighbouring `f32` numbers where `y` lies.
fn ulp(y: f64) -> f64 {
    let y = (y as f32).abs().max(f32::MIN_POSITIVE);
    f64::from(f32::from_bits(y.to_bits() + 1)) - f64::from(y)
}

/// Numbers from one to the other of the same sign, evenly spread over all `f32` values.
fn floats((from, to): (f32, f32)) -> impl Iterator<Item = f32> {
    (from.to_bits()..=to.to_bits()).step_by(4_999).chain([to.to_bits()]).map(f32::from_bits)
}

#[test]
fn errors_stay_within_the_stated_ulps() {
    for Function { name, ours, exact, domain, bound, .. } in FUNCTIONS {
        for x in domain.iter().copied().flat_map(floats) {
            let wanted = exact(f64::from(x));
            let error = (f64::from(ours(x)) - wanted).abs() / ulp(wanted);
            assert!(error <= *bound, "{name}({x:e}) = {} is off by {error} ulp", ours(x));
        }
    }
}

#[test]
fn special_values_are_exact() {
    for Function { name, ours, special, .. } in FUNCTIONS {
        assert!(ours(NAN).is_nan(), "{name}(NaN)");
        for &(x, wanted) in *special {
            let y = ours(x);
            let same = y.to_bits() == wanted.to_bits() || (y.is_nan() && wanted.is_nan());
            assert!(same, "{name}({x}) = {y}, not {wanted}");
        }
    }
}

#[test]
fn no_exponential_is_subnormal() {
    for x in [(-80.0, -110.0), (80.0, 90.0)].into_iter().flat_map(floats) {
        assert!(!exp(x).is_subnormal(), "at {x}");
    }
    assert!(exp(LEAST) > 0.0);
}

#[test]
fn bounded_functions_never_leave_their_bounds() {
    for x in [(3.0, 12.0), (-3.0, -12.0)].into_iter().flat_map(floats) {
        assert!(tanh(x).abs() <= 1.0 && erf(x).abs() <= 1.0, "at {x}");
    }
}
