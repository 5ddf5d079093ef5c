//! Elementary functions of `f32` as plain arithmetic without branches, so that loops over them
//! vectorise and every platform gives the same bits.
//!
//! Each reduces its argument to a short interval and evaluates a polynomial or a ratio of two
//! there. Coefficients are our own fits: Remez exchange in 40 digits for the polynomials;
//! reweighted least squares (Lawson) for the ratios, then a random search among neighbouring
//! `f32` values for the least error of the whole `f32` computation. The tests state the error of
//! each function in units in the last place (ulp).

#[cfg(test)]
mod tests;

/// Adding this and taking it away again rounds to a whole number, |x| < 2²²; the sum's low bits
/// are that number.
const ROUND: f32 = 1.5 * (1_u32 << 23) as f32;

/// ln 2 in two parts: the nearest `f32`, and what it lacks.
const LN_2: [f32; 2] = [std::f32::consts::LN_2, -1.904_654_3e-9];

/// From here up eˣ is a normal number.
const LEAST: f32 = -87.3;

/// c₀ + c₁·x + c₂·x² + …
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: &[f32; N]) -> f32 {
    // Over a reference: the compiler unrolls an array's own iterator too late to vectorise.
    let mut sum = coefficients[N - 1];
    for c in coefficients[..N - 1].iter().rev() {
        sum = sum.mul_add(x, *c);
    }
    sum
}

/// `yes` where `condition` holds, else `no`; NaN in `no` passes through.
#[inline(always)]
fn select(condition: bool, yes: f32, no: f32) -> f32 {
    if condition { yes } else { no }
}

/// 2ⁿ for −126 ≤ n ≤ 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32).wrapping_shl(23))
}

/// x = n·ln 2 + r with |r| ≤ ½·ln 2: (n, r), for |x| < 2²⁰.
#[inline(always)]
fn split_exponent(x: f32) -> (i32, f32) {
    let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = n.mul_add(-LN_2[1], n.mul_add(-LN_2[0], x));
    (rounded.to_bits().wrapping_sub(ROUND.to_bits()) as i32, r)
}

/// eˣ, but 0 where that would be subnormal: arithmetic on such numbers takes many times as long.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let nothing = x < LEAST;
    // Beyond these the result is 0 or infinite.
    let x = select(x > 89.0, 89.0, select(nothing, LEAST, x));
    let (n, r) = split_exponent(x);
    // (eʳ − 1 − r)/r²: minimax for the relative error of eʳ, 3e-9.
    let q =
        polynomial(r, &[0.499_999_94, 0.166_665_21, 0.041_668_39, 0.008_368_745, 0.001_381_454_9]);
    let e = (r * r).mul_add(q, r) + 1.0;
    // In two factors, since 2ⁿ itself may be too large.
    let half = n >> 1;
    select(nothing, 0.0, e * power_of_two(half) * power_of_two(n.wrapping_sub(half)))
}

/// eˣ − 1.
#[inline(always)]
pub(super) fn exp_m1(x: f32) -> f32 {
    let clamped = select(x > 89.0, 89.0, select(x < -18.0, -18.0, x));
    let (n, r) = split_exponent(clamped);
    // (eʳ − 1 − r)/r²: minimax for the relative error of eʳ − 1, 1.3e-8.
    let q =
        polynomial(r, &[0.499_999_97, 0.166_665_43, 0.041_667_2, 0.008_366_548, 0.001_388_251_8]);
    let e_m1 = (r * r).mul_add(q, r);
    // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), halved on the way since 2¹²⁸ is too large.
    let half_power = power_of_two(n.wrapping_sub(1));
    let y = 2.0 * half_power.mul_add(e_m1, half_power - 0.5);
    // x itself where x² does not count: keeps subnormals and the sign of 0.
    select(x.abs() < 1e-8, x, y)
}

/// e·ln 2 + ln(1 + f) for √½ ≤ 1 + f ≤ √2.
#[inline(always)]
fn ln_of_parts(e: f32, f: f32) -> f32 {
    // (ln(1 + f) − f + f²/2)/f³: minimax for the relative error of ln(1 + f), 6e-9.
    let p = polynomial(
        f,
        &[
            0.333_333_3,
            -0.250_008_23,
            0.200_012_28,
            -0.166_233_38,
            0.142_017_05,
            -0.131_603_32,
            0.127_620_34,
            -0.076_346_494,
        ],
    );
    let square = f * f;
    let tail = square * f.mul_add(p, -0.5);
    e.mul_add(LN_2[0], f + e.mul_add(LN_2[1], tail))
}

/// The exponent e for which x·2⁻ᵉ lies between √½ and √2, for normal x > 0.
#[inline(always)]
fn exponent(x: f32) -> i32 {
    let root_half = std::f32::consts::FRAC_1_SQRT_2.to_bits();
    (x.to_bits().wrapping_sub(root_half) as i32) >> 23
}

/// Natural logarithm.
#[inline(always)]
pub(super) fn ln(x: f32) -> f32 {
    let subnormal = x < f32::MIN_POSITIVE;
    let normal = select(subnormal, x * power_of_two(23), x);
    let e = exponent(normal);
    let mantissa = f32::from_bits(normal.to_bits().wrapping_sub(e.wrapping_shl(23) as u32));
    let y = ln_of_parts(e as f32 - select(subnormal, 23.0, 0.0), mantissa - 1.0);
    at_the_ends_of_ln(x, x, y)
}

/// ln(1 + x).
#[inline(always)]
pub(super) fn ln_1p(x: f32) -> f32 {
    // Large ones are scaled down, so that 2⁻ᵉ below is a normal number.
    let large = x > 1e18;
    let scaled = select(large, x * power_of_two(-32), x);
    let e = exponent(1.0 + scaled);
    // (1 + x)·2⁻ᵉ − 1, rounded once: exact where x is small. Where x² does not count it is x itself,
    // without a square that may be subnormal and then takes many times as long.
    let scale = power_of_two(0_i32.wrapping_sub(e));
    let small = x.abs() < 1e-15;
    let f = select(small, 0.0, scaled.mul_add(scale, scale - 1.0));
    let y = ln_of_parts(e as f32 + select(large, 32.0, 0.0), f);
    at_the_ends_of_ln(x, 1.0 + x, select(small, x, y))
}

/// `y`, but −∞ where the logarithm's argument is 0, NaN where it is negative, and `x` where that
/// is infinite or NaN.
#[inline(always)]
fn at_the_ends_of_ln(x: f32, argument: f32, y: f32) -> f32 {
    let y = select(x < f32::INFINITY, y, x);
    let y = select(argument < 0.0, f32::NAN, y);
    select(argument == 0.0, f32::NEG_INFINITY, y)
}

/// x·P(x²)/Q(x²), held within ±1, for |x| up to `end`; beyond it as at `end`.
#[inline(always)]
fn odd_ratio<const P: usize, const Q: usize>(x: f32, end: f32, p: [f32; P], q: [f32; Q]) -> f32 {
    let x = select(x > end, end, select(x < -end, -end, x));
    let square = x * x;
    let y = x * polynomial(square, &p) / polynomial(square, &q);
    select(y > 1.0, 1.0, select(y < -1.0, -1.0, y))
}

/// Hyperbolic tangent.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    // Up to 2.6 x·P(x²)/Q(x²), minimax for the relative error, 8e-9. Where x² does not count, 1e-30
    // stands for it, which is not subnormal.
    let counts = select(x.abs() > 1e-15, x.abs(), 1e-15);
    let square = counts * counts;
    let p = polynomial(square, &[1.0, 0.119_894_73, 0.001_899_119_1]);
    let q = polynomial(square, &[1.0, 0.453_227_98, 0.019_642_05, 8.488_700_7e-5]);
    let near = x * p / q;
    // From there to 9.02 1 − r⁸, minimax for the error, 1.8e-8: the slope 1 − y² lives on what y
    // lacks of 1. Farther out y is 1 to the last digit.
    let size = select(x.abs() > 9.02, 9.02, x.abs());
    let r = polynomial(
        size,
        &[
            1.055_936_2,
            -0.228_900_25,
            0.010_908_609,
            0.003_711_026_4,
            -0.000_861_350_9,
            7.880_482e-5,
            -2.785_443_2e-6,
        ],
    );
    let fourth = (r * r) * (r * r);
    let far = (-fourth).mul_add(fourth, 1.0).copysign(x);
    select(x.abs() > 2.6, far, near)
}

/// Error function.
#[inline(always)]
pub(super) fn erf(x: f32) -> f32 {
    // Minimax for the relative error on 0 to 3.925, 2.0e-8; 1 to the last digit from there on.
    let p = [
        std::f32::consts::FRAC_2_SQRT_PI,
        0.190_062_37,
        0.052_699_19,
        0.003_749_549,
        0.000_284_289_07,
        2.049_781_4e-6,
    ];
    let q = [1.0, 0.501_771_33, 0.113_963_07, 0.014_937_551, 0.001_158_188_6, 3.805_732e-5];
    odd_ratio(x, 3.925, p, q)
}

/// The standard normal distribution at x: the share of it below x, Φ(x) = ½·erfc(−x/√2), to full
/// relative accuracy on both sides as far as numbers are normal, and exp(−x²/2), its density but for the
/// factor 1/√2π.
#[inline(always)]
pub(super) fn normal(x: f32) -> (f32, f32) {
    let size = select(x > 15.0, 15.0, select(x < -15.0, 15.0, x.abs()));
    // Φ(−u)·exp(u²/2), all of one sign: minimax for the relative error on 0 to 14.6, 6.4e-9.
    let p = [0.5, 0.437_814_32, 0.182_852_61, 0.040_496_565, 0.004_093_716_5];
    let q = [1.0, 1.673_513_5, 1.200_971_8, 0.468_453_84, 0.101_516_34, 0.010_261_305];
    let bell = exp(-0.5 * size * size);
    let tail = bell * polynomial(size, &p) / polynomial(size, &q);
    (select(x > 0.0, 1.0 - tail, tail), bell)
}

/// t = n·π/2 + r with |r| ≤ π/4: (n mod 4, r), good to the last digit of an `f32` as long as t is;
/// from 2⁵⁰ on, where neighbouring `f32` numbers lie many periods apart, r is 0 (NaN where t is
/// not finite).
#[inline(always)]
fn quadrant(t: f64) -> (u32, f32) {
    const ROUND: f64 = 1.5 * (1_u64 << 52) as f64;
    /// π/2 in two parts: the nearest `f64`, and what it lacks.
    const HALF_PI: [f64; 2] = [std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17];
    let t = if t.abs() < (1_u64 << 50) as f64 { t } else { t * 0.0 };
    let rounded = t.mul_add(std::f64::consts::FRAC_2_PI, ROUND);
    let n = rounded - ROUND;
    let r = n.mul_add(-HALF_PI[1], n.mul_add(-HALF_PI[0], t));
    (rounded.to_bits() as u32, r as f32)
}

/// The sine at `r` within quadrant `n`.
#[inline(always)]
fn sine_in(n: u32, r: f32) -> f32 {
    let square = r * r;
    // (sin r / r − 1)/r² and (cos r − 1 + r²/2)/r⁴: minimax for the relative error of sin r and
    // cos r, 4e-9 and 1.2e-10.
    let s = polynomial(square, &[-0.166_666_55, 0.008_332_16, -0.000_195_152_18]);
    let c = polynomial(square, &[0.041_666_646, -0.001_388_731_5, 2.443_308_2e-5]);
    let sine = r * s.mul_add(square, 1.0);
    let cosine = square.mul_add(square.mul_add(c, -0.5), 1.0);
    let y = select(n & 1 == 0, sine, cosine);
    select(n & 2 == 0, y, -y)
}

/// Sine of scale·x + shift. The sum is formed in `f64`, where it is exact to the last digit of an
/// `f32` and does not overflow.
#[inline(always)]
pub(super) fn sine(x: f32, scale: f64, shift: f64) -> f32 {
    let (n, r) = quadrant(scale.mul_add(f64::from(x), shift));
    sine_in(n, r)
}
