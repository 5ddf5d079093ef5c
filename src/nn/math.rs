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

/// eˣ.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Beyond these the result is 0 or infinite.
    let x = select(x > 89.0, 89.0, select(x < -104.0, -104.0, x));
    let (n, r) = split_exponent(x);
    // (eʳ − 1 − r)/r²: minimax for the relative error of eʳ, 3e-9.
    let q =
        polynomial(r, &[0.499_999_94, 0.166_665_21, 0.041_668_39, 0.008_368_745, 0.001_381_454_9]);
    let e = (r * r).mul_add(q, r) + 1.0;
    // In two factors, since 2ⁿ itself may be subnormal or too large.
    let half = n >> 1;
    e * power_of_two(half) * power_of_two(n.wrapping_sub(half))
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
    // (1 + x)·2⁻ᵉ − 1, rounded once: exact where x is small.
    let scale = power_of_two(0_i32.wrapping_sub(e));
    let f = scaled.mul_add(scale, scale - 1.0);
    let y = ln_of_parts(e as f32 + select(large, 32.0, 0.0), f);
    at_the_ends_of_ln(x, 1.0 + x, select(x == 0.0, x, y))
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
    // Minimax for the relative error on 0 to 9.02, 2.2e-8; 1 to the last digit from there on.
    let p = [1.0, 0.133_826_87, 0.003_497_457_6, 2.063_582e-5, 1.338_432_3e-8];
    let q = [1.0, 0.467_160_08, 0.025_884_36, 0.000_328_851_7, 7.790_254e-7];
    odd_ratio(x, 9.02, p, q)
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

/// x = n·π/2 + r with |r| ≤ π/4: (n mod 4, r). Reduced in `f64`, so that r is good to the last
/// digit up to 2³¹; beyond, where neighbouring floats lie many periods apart, r is 0 (NaN where x
/// is not finite).
#[inline(always)]
fn quadrant(x: f32) -> (u32, f32) {
    const ROUND: f64 = 1.5 * (1_u64 << 52) as f64;
    /// π/2 in two parts: the nearest `f64`, and what it lacks.
    const HALF_PI: [f64; 2] = [std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17];
    let x = f64::from(select(x.abs() < 2_147_483_648.0, x, x * 0.0));
    let rounded = x.mul_add(std::f64::consts::FRAC_2_PI, ROUND);
    let n = rounded - ROUND;
    let r = n.mul_add(-HALF_PI[1], n.mul_add(-HALF_PI[0], x));
    (rounded.to_bits() as u32, r as f32)
}

/// The sine `quarters` quarter turns further on than quadrant `n`, at `r` within it.
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

/// Sine.
#[inline(always)]
pub(super) fn sin(x: f32) -> f32 {
    let (n, r) = quadrant(x);
    sine_in(n, r)
}

/// Cosine: the sine a quarter turn further on.
#[inline(always)]
pub(super) fn cos(x: f32) -> f32 {
    let (n, r) = quadrant(x);
    sine_in(n.wrapping_add(1), r)
}
