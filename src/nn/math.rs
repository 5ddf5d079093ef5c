//! Elementary functions of `f32` as plain arithmetic.
macro_rules! via_libm { ($($name:ident $libm:ident),*) => { $(
    #[inline(always)]
    pub(super) fn $name(x: f32) -> f32 { libm::$libm(x) }
)* } }
via_libm!(exp expf, ln logf, ln_1p log1pf, exp_m1 expm1f, tanh tanhf, erf erff, sin sinf, cos cosf);
