//! Run-time choice of instruction set.
//!
//! A kernel is written once, as plain loops over slices. [`run`] calls a copy of it compiled for
//! the widest instruction set that the processor has, and the compiler vectorises that copy. All
//! copies give the same bits: arithmetic on a lane never depends on its neighbours, sums are kept
//! in a fixed number of lanes and folded in a fixed order, and every multiply-add is fused, in
//! software where the processor cannot.

use std::sync::OnceLock;

/// Samples of a batch are padded to a multiple of this, and sums run in this many lanes, whatever
/// the processor's own width.
pub const LANES: usize = 16;

/// Rounds up to a whole number of [`LANES`].
#[must_use]
pub const fn padded(columns: usize) -> usize {
    columns.next_multiple_of(LANES)
}

/// A loop nest that [`run`] compiles for each instruction set. Implementations mark `run` and all
/// that it calls `#[inline(always)]`: code that is not inlined is compiled for the baseline only.
pub trait Kernel {
    /// What the kernel returns.
    type Output;
    /// Runs it.
    fn run(self) -> Self::Output;
}

/// The instruction sets a kernel is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What every processor of this architecture has.
    Baseline,
    /// x86-64 with AVX2 and fused multiply-add.
    Avx2,
    /// x86-64 with AVX-512 (F, BW, DQ, VL).
    Avx512,
}

impl Level {
    /// All levels, narrowest first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// The name used in `GRADLAB_SIMD`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor can run it.
    #[must_use]
    pub fn supported(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.supported()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// The level in force: the widest supported one, or the one that `GRADLAB_SIMD` names if the
    /// processor has it. Read once.
    #[inline]
    #[must_use]
    pub fn current() -> Self {
        proven().0
    }
}

/// A level that the processor has: only [`proven`] makes one.
#[derive(Clone, Copy)]
struct Proven(Level);

/// [`Level::current`], checked against the processor once and for all.
#[inline]
fn proven() -> Proven {
    static PROVEN: OnceLock<Proven> = OnceLock::new();
    *PROVEN.get_or_init(|| {
        let forced = std::env::var("GRADLAB_SIMD").unwrap_or_default();
        let supported = || Level::ALL.into_iter().rev().filter(|level| level.supported());
        let level = supported().find(|level| level.name() == forced).or_else(|| supported().next());
        Proven(level.unwrap_or(Level::Baseline))
    })
}

/// Runs `kernel` compiled for [`Level::current`].
///
/// Inlined, and best given a kernel that borrows what its caller was given: to copy a structure that has
/// just been written, field by field, in larger pieces stalls the processor until it is written back,
/// which takes as long as much of a small product.
#[inline(always)]
#[expect(unsafe_code, reason = "calling a function compiled for more than the baseline")]
pub fn run<K: Kernel>(kernel: K) -> K::Output {
    /// Apart, so that callers do not each hold a copy of it.
    #[inline(never)]
    fn baseline<K: Kernel>(kernel: K) -> K::Output {
        kernel.run()
    }
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma")]
        fn avx2<K: Kernel>(kernel: K) -> K::Output {
            kernel.run()
        }
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
        fn avx512<K: Kernel>(kernel: K) -> K::Output {
            kernel.run()
        }
        match proven() {
            // SAFETY: `Proven` holds only what `Level::supported` has found the processor to have,
            // which are the features that the called copy is compiled for; the copy is safe code.
            Proven(Level::Avx512) => return unsafe { avx512(kernel) },
            // SAFETY: as above.
            Proven(Level::Avx2) => return unsafe { avx2(kernel) },
            Proven(Level::Baseline) => {}
        }
    }
    baseline(kernel)
}
