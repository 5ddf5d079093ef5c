//! Dual numbers: a value with its derivative along one direction.
//!
//! The backward pass run on parameters `w + ε·d` gives gradients `∇L + ε·H·d`: the product of the
//! Hessian with `d`, exact to rounding, by the very code that trains (Pearlmutter 1994). Comparisons
//! look at values alone; at a kink the slope is that of the piece which the comparison chooses.

use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::real::{Memory, Real};

/// `value + ε·slope` with ε² = 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// Its derivative.
    pub slope: f64,
}

impl Dual {
    /// A value that moves with `slope`.
    #[must_use]
    pub const fn new(value: f64, slope: f64) -> Self {
        Self { value, slope }
    }

    /// `value`, where its derivative by this number is `derivative`.
    #[inline(always)]
    fn chain(self, value: f64, derivative: f64) -> Self {
        // What does not move does not move on, even where the derivative is infinite.
        let slope = if self.slope == 0.0 { 0.0 } else { derivative * self.slope };
        Self { value, slope }
    }
}

impl Display for Dual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}ε", self.value, self.slope)
    }
}

impl PartialEq for Dual {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Dual {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Add for Dual {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

impl Sub for Dual {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

impl Mul for Dual {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let slope = self.value.mul_add(other.slope, self.slope * other.value);
        Self { value: self.value * other.value, slope }
    }
}

impl Div for Dual {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self { value, slope: (-value).mul_add(other.slope, self.slope) / other.value }
    }
}

impl Neg for Dual {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { value: -self.value, slope: -self.slope }
    }
}

macro_rules! assign {
    ($($Trait:ident $method:ident $operator:tt,)*) => {$(
        impl $Trait for Dual {
            #[inline(always)]
            fn $method(&mut self, other: Self) {
                *self = *self $operator other;
            }
        }
    )*};
}

assign! {
    AddAssign add_assign +,
    SubAssign sub_assign -,
    MulAssign mul_assign *,
    DivAssign div_assign /,
}

impl Sum for Dual {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Add::add)
    }
}

impl Real for Dual {
    const ZERO: Self = Self::new(0.0, 0.0);
    const ONE: Self = Self::new(1.0, 0.0);
    const EPSILON: Self = Self::new(f64::EPSILON, 0.0);
    const TINY: Self = Self::new(f64::MIN_POSITIVE, 0.0);

    #[inline(always)]
    fn of(x: f64) -> Self {
        Self::new(x, 0.0)
    }
    /// The value: the slope is lost.
    #[inline(always)]
    fn f64(self) -> f64 {
        self.value
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        self.value.is_finite() && self.slope.is_finite()
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        self.value.is_zero() && self.slope.is_zero()
    }
    #[inline(always)]
    fn is_negative_zero(self) -> bool {
        self.value.is_negative_zero() || self.slope.is_negative_zero()
    }
    #[inline(always)]
    fn settled(self) -> Self {
        self
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        let slope = self.slope.mul_add(a.value, self.value.mul_add(a.slope, b.slope));
        Self { value: self.value.mul_add(a.value, b.value), slope }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }
    /// At 0 the slope is that of x > 0, as where a comparison with 0 chooses its piece.
    #[inline(always)]
    fn abs(self) -> Self {
        if self.value < 0.0 { -self } else { self }
    }
    fn exp(self) -> Self {
        let y = Real::exp(self.value);
        self.chain(y, y)
    }
    fn ln(self) -> Self {
        self.chain(Real::ln(self.value), 1.0 / self.value)
    }
    fn ln_1p(self) -> Self {
        self.chain(Real::ln_1p(self.value), 1.0 / (1.0 + self.value))
    }
    fn exp_m1(self) -> Self {
        self.chain(Real::exp_m1(self.value), Real::exp(self.value))
    }
    fn tanh(self) -> Self {
        self.chain(Real::tanh(self.value), self.value.sech_squared())
    }
    fn erf(self) -> Self {
        let bell = Real::exp(-self.value * self.value);
        self.chain(Real::erf(self.value), std::f64::consts::FRAC_2_SQRT_PI * bell)
    }
    fn normal(self) -> (Self, Self) {
        /// 1/√2π.
        const HEIGHT: f64 =
            0.5 * std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;
        let (share, bell) = self.value.normal();
        (self.chain(share, HEIGHT * bell), self.chain(bell, -self.value * bell))
    }
    fn sine(self, scale: f64, shift: f64) -> Self {
        let quarter = std::f64::consts::FRAC_PI_2;
        let slope = scale * self.value.sine(scale, shift + quarter);
        self.chain(self.value.sine(scale, shift), slope)
    }
    fn at_most(x: f64) -> Self {
        Self::of(x)
    }
    fn memory(memory: &mut Memory) -> &mut Vec<Self> {
        memory.of_other()
    }
    /// Its derivative is 0, at 0 too.
    #[inline(always)]
    fn sign(self) -> Self {
        Self::of(self.value.sign())
    }
    fn sech_squared(self) -> Self {
        let y = self.value.sech_squared();
        self.chain(y, -2.0 * Real::tanh(self.value) * y)
    }
    fn sigmoid(self) -> Self {
        let y = self.value.sigmoid();
        self.chain(y, y * (-self.value).sigmoid())
    }
    fn softplus(self) -> Self {
        self.chain(self.value.softplus(), self.value.sigmoid())
    }
}
