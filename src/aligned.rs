//! Memory that begins where a line of the cache does.

#![expect(unsafe_code, reason = "an allocator is an unsafe trait; all is left to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};

/// Bytes of a line of the cache, and of the widest register.
const LINE: usize = 64;
/// Smaller blocks stay as they are.
const SMALL: usize = 4 * LINE;

/// The system's allocator, but every block of 256 bytes or more begins at a line of the cache. Elsewhere
/// each load of a whole register would touch two lines, which costs a training step of a small network
/// several per cent, more or less by where blocks happen to be.
#[derive(Clone, Copy, Debug)]
pub struct Aligned;

/// The layout that the system is asked for: it follows from `layout`, so that a block is given back by
/// the one by which it was taken.
fn aligned(layout: Layout) -> Layout {
    if layout.size() < SMALL {
        return layout;
    }
    layout.align_to(LINE).unwrap_or(layout)
}

// SAFETY: every call is handed on to the system's allocator, by a layout of the same size and of at least
// the same alignment, which is the same whenever the block is.
unsafe impl GlobalAlloc for Aligned {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the system asks for.
        unsafe { System.alloc(aligned(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(aligned(layout)) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above; the block was taken by this very layout.
        unsafe { System.dealloc(block, aligned(layout)) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let old = aligned(layout);
        // SAFETY: the caller promises that the new size is a valid one at this alignment.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if aligned(new).align() == old.align() {
            // SAFETY: as above.
            return unsafe { System.realloc(block, old, size) };
        }
        // SAFETY: `new` is not of size 0, as the caller promises.
        let moved = unsafe { self.alloc(new) };
        if !moved.is_null() {
            // SAFETY: both are blocks of at least so many bytes, and the new one is nobody else's; the
            // old one was taken by this layout.
            unsafe {
                std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_what_they_hold_over_the_boundary() {
        for (from, to) in [(16, 4096), (4096, 16), (255, 256), (256, 255), (300, 100_000), (8, 64)]
        {
            let (old, new) = (Layout::array::<u8>(from).unwrap(), Layout::array::<u8>(to).unwrap());
            // SAFETY: no size is 0, each block is written within its size, and given back as it was taken.
            unsafe {
                let block = Aligned.alloc(old);
                for i in 0..from {
                    block.add(i).write(i as u8);
                }
                assert!(from < SMALL || block.addr() % LINE == 0);
                let moved = Aligned.realloc(block, old, to);
                assert!(to < SMALL || moved.addr() % LINE == 0, "{from} → {to}");
                assert!((0..from.min(to)).all(|i| moved.add(i).read() == i as u8), "{from} → {to}");
                Aligned.dealloc(moved, new);
                let zeroed = Aligned.alloc_zeroed(new);
                assert!((0..to).all(|i| zeroed.add(i).read() == 0));
                Aligned.dealloc(zeroed, new);
            }
        }
    }
}
