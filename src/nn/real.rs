//! The floats that networks and optimizers compute in.
//!
//! Training runs in `f32`; gradient checks and test surfaces run the very same code in `f64`, and
//! curvature in dual numbers. Elementary functions are ours for `f32` (plain arithmetic, so that loops over them vectorise)
//! and `libm`'s for `f64` (accurate, and the same on every platform). Neither calls the system's
//! mathematics library, whose last digits differ from machine to machine.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A thread's memory for floats of each kind.
#[derive(Debug, Default)]
pub struct Memory {
    f32: Vec<f32>,
    f64: Vec<f64>,
    other: Option<Box<dyn Any>>,
}

impl Memory {
    /// The part for floats that are made of others.
    pub(super) fn of_other<F: 'static>(&mut self) -> &mut Vec<F> {
        let empty = || Box::new(Vec::<F>::new());
        let other = self.other.get_or_insert_with(|| empty());
        if !other.is::<Vec<F>>() {
            *other = empty();
        }
        match other.downcast_mut() {
            Some(floats) => floats,
            None => unreachable!("it has just been made one of these"),
        }
    }
}

/// A float: `f32`, `f64`, or a dual number, an `f64` with its derivative.
pub trait Real:
    Copy
    + Debug
    + Display
    + Default
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The distance from 1 to the next number.
    const EPSILON: Self;
    /// The least positive number that is not subnormal.
    const TINY: Self;

    /// The nearest value to `x`.
    fn of(x: f64) -> Self;
    /// This value as an `f64`, exactly; a derivative is lost.
    fn f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// 0 or −0, derivative included.
    fn is_zero(self) -> bool;
    /// −0, be it the value or the derivative.
    fn is_negative_zero(self) -> bool;
    /// 0 in place of a number of which products become subnormal, which makes arithmetic many times as
    /// slow: one less than [`Real::TINY`] / [`Real::EPSILON`]. A derivative is left alone.
    fn settled(self) -> Self;
    /// `self · a + b`, rounded once.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// √x.
    fn sqrt(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn ln_1p(self) -> Self;
    /// eˣ − 1, accurate near 0.
    fn exp_m1(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// Error function.
    fn erf(self) -> Self;
    /// Φ(x), the standard normal distribution function, accurate at both ends, and exp(−x²/2).
    fn normal(self) -> (Self, Self);
    /// sin(scale·x + shift), the sum formed in `f64`.
    fn sine(self, scale: f64, shift: f64) -> Self;
    /// The largest number that is not above `x`: what is at most one of them is at most the other.
    fn at_most(x: f64) -> Self;

    /// The part of a thread's memory that holds such floats.
    fn memory(memory: &mut Memory) -> &mut Vec<Self>;

    /// The larger of two; `other` if `self` is NaN. (One instruction, unlike `f32::max`.)
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// The smaller of two; `other` if `self` is NaN.
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    /// `yes` where `condition` holds, else `no`.
    #[inline(always)]
    fn select(condition: bool, yes: Self, no: Self) -> Self {
        if condition { yes } else { no }
    }
    /// −1, 0 or 1; NaN stays NaN.
    #[inline(always)]
    fn sign(self) -> Self {
        if self > Self::ZERO {
            Self::ONE
        } else if self < Self::ZERO {
            -Self::ONE
        } else {
            self
        }
    }
    /// `self`, or `low` where it is less; NaN stays NaN.
    #[inline(always)]
    fn not_below(self, low: f64) -> Self {
        Self::select(self < Self::of(low), Self::of(low), self)
    }
    /// `self`, or `high` where it is more; NaN stays NaN.
    #[inline(always)]
    fn not_above(self, high: f64) -> Self {
        Self::select(self > Self::of(high), Self::of(high), self)
    }
    /// cosh(x)⁻², the slope of tanh, accurate at both ends.
    #[inline(always)]
    fn sech_squared(self) -> Self {
        let q = (Self::of(-2.0) * self.abs()).exp();
        let sum = Self::ONE + q;
        Self::of(4.0) * q / (sum * sum)
    }
    /// 1 / (1 + e⁻ˣ), without overflow.
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let e = (-self.abs()).exp();
        let smaller = e / (Self::ONE + e);
        Self::select(self < Self::ZERO, smaller, Self::ONE - smaller)
    }
    /// ln(1 + eˣ), without overflow.
    #[inline(always)]
    fn softplus(self) -> Self {
        self.larger(Self::ZERO) + (-self.abs()).exp().ln_1p()
    }
}

macro_rules! shared {
    ($float:ident) => {
        fn memory(memory: &mut Memory) -> &mut Vec<Self> {
            &mut memory.$float
        }
        const ZERO: Self = 0.0;
        const ONE: Self = 1.0;
        const EPSILON: Self = $float::EPSILON;
        const TINY: Self = $float::MIN_POSITIVE;
        #[inline(always)]
        fn of(x: f64) -> Self {
            x as $float
        }
        #[inline(always)]
        fn f64(self) -> f64 {
            f64::from(self)
        }
        #[inline(always)]
        fn is_finite(self) -> bool {
            $float::is_finite(self)
        }
        #[inline(always)]
        fn is_zero(self) -> bool {
            self == 0.0
        }
        #[inline(always)]
        fn is_negative_zero(self) -> bool {
            self.to_bits() == (-0.0 as $float).to_bits()
        }
        #[inline(always)]
        fn settled(self) -> Self {
            if self.abs() < Self::TINY / Self::EPSILON { 0.0 } else { self }
        }
        #[inline(always)]
        fn mul_add(self, a: Self, b: Self) -> Self {
            $float::mul_add(self, a, b)
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            $float::sqrt(self)
        }
        #[inline(always)]
        fn abs(self) -> Self {
            $float::abs(self)
        }
    };
}

impl Real for f64 {
    shared!(f64);
    fn exp(self) -> Self {
        libm::exp(self)
    }
    fn ln(self) -> Self {
        libm::log(self)
    }
    fn ln_1p(self) -> Self {
        libm::log1p(self)
    }
    fn exp_m1(self) -> Self {
        libm::expm1(self)
    }
    fn tanh(self) -> Self {
        libm::tanh(self)
    }
    fn erf(self) -> Self {
        libm::erf(self)
    }
    fn normal(self) -> (Self, Self) {
        let phi = 0.5 * libm::erfc(-self * std::f64::consts::FRAC_1_SQRT_2);
        (phi, libm::exp(-0.5 * self * self))
    }
    fn sine(self, scale: f64, shift: f64) -> Self {
        libm::sin(scale.mul_add(self, shift))
    }
    fn at_most(x: f64) -> Self {
        x
    }
}

impl Real for f32 {
    shared!(f32);
    #[inline(always)]
    fn exp(self) -> Self {
        super::math::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        super::math::ln(self)
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        super::math::ln_1p(self)
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        super::math::exp_m1(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        super::math::tanh(self)
    }
    #[inline(always)]
    fn erf(self) -> Self {
        super::math::erf(self)
    }
    #[inline(always)]
    fn normal(self) -> (Self, Self) {
        super::math::normal(self)
    }
    #[inline(always)]
    fn sine(self, scale: f64, shift: f64) -> Self {
        super::math::sine(self, scale, shift)
    }
    #[inline(always)]
    fn at_most(x: f64) -> Self {
        let nearest = x as f32;
        if f64::from(nearest) > x { nearest.next_down() } else { nearest }
    }
}
