//! An allocator with little code, for modules that have to be small.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::null_mut;

/// Takes the place of the allocator that Rust has for `wasm32-unknown-unknown`, and is 6 kB smaller. For those who want it, in
/// `lib.rs`:
///
/// ```text
/// #[global_allocator]
/// static ALLOCATOR: gen::wplug::SmallAllocator = gen::wplug::SmallAllocator::new();
/// ```
///
/// Blocks are of powers of two, and free ones are not joined: memory that was free may be up to twice of what is used, and
/// that of large blocks is not used for small ones.
pub struct SmallAllocator {
    /// The first free block of each size, 0 if there is none. Each has the address of the next one in it.
    free: [Cell<usize>; CLASSES],
    /// Memory that was never in a block.
    next: Cell<usize>,
    end: Cell<usize>,
}

/// The smallest block, in bytes, and what all of them are aligned to.
const SMALLEST: usize = 16;

const CLASSES: usize = usize::BITS as usize - SMALLEST.trailing_zeros() as usize;

/// WebAssembly's, in bytes.
const PAGE: usize = 1 << 16;

// SAFETY: a plugin has one thread.
unsafe impl Sync for SmallAllocator {}

impl SmallAllocator {
    pub const fn new() -> Self {
        SmallAllocator {
            free: [const { Cell::new(0) }; CLASSES],
            next: Cell::new(0),
            end: Cell::new(0),
        }
    }

    /// Memory for a block of `size`, a power of two; 0 if there is none left.
    fn cut(&self, size: usize, align: usize) -> usize {
        // Both are 0 if there was no memory yet.
        let next = self.next.get();
        let start = aligned(next, align);
        // At the end of all memory, the first address with a large alignment is beyond it.
        if start >= next && self.end.get().checked_sub(start) >= Some(size) {
            self.next.set(start.wrapping_add(size));
            return start;
        }
        let Some(wanted) = size.checked_add(align.max(PAGE) - 1) else {
            return 0;
        };
        let pages = wanted / PAGE;
        let Some(grown) = grow(pages) else {
            return 0;
        };
        if grown != self.end.get() {
            self.next.set(grown);
        }
        // The end of all the memory that there can be is 0 on a machine of 32 bits.
        self.end.set(grown.wrapping_add(pages * PAGE));
        let start = aligned(self.next.get(), align);
        self.next.set(start.wrapping_add(size));
        start
    }
}

impl Default for SmallAllocator {
    fn default() -> Self {
        Self::new()
    }
}

/// The first address from this one on that is a multiple of a power of two; a small one if there is none.
const fn aligned(address: usize, align: usize) -> usize {
    address.wrapping_add(align - 1) & !(align - 1)
}

/// The size of the block for a layout, and the place of its list; none if no memory is so large.
fn class(layout: Layout) -> Option<(usize, usize)> {
    let size = layout.size().max(layout.align()).max(SMALLEST);
    let size = size.checked_next_power_of_two()?;
    Some((
        size,
        (size.trailing_zeros() - SMALLEST.trailing_zeros()) as usize,
    ))
}

// SAFETY: a block is either free or used, and blocks do not overlap: they are cut from new memory, one behind the other.
unsafe impl GlobalAlloc for SmallAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((size, index)) = class(layout) else {
            return null_mut();
        };
        let first = self.free[index].get();
        // Those of larger alignments are the only ones of their list that may not be.
        if first != 0 && first & (layout.align() - 1) == 0 {
            self.free[index].set(unsafe { *(first as *const usize) });
            return first as *mut u8;
        }
        self.cut(size, layout.align().max(SMALLEST)) as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some((_, index)) = class(layout) {
            unsafe { *(block as *mut usize) = self.free[index].get() };
            self.free[index].set(block as usize);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(new_size, layout.align()) else {
            return null_mut();
        };
        if class(layout) == class(wanted) {
            return block;
        }
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// The address of so many new pages; none if there is no memory left.
#[cfg(target_arch = "wasm32")]
fn grow(pages: usize) -> Option<usize> {
    let before = core::arch::wasm32::memory_grow(0, pages);
    (before != usize::MAX).then(|| before * PAGE)
}

/// For tests on the developer's own machine.
#[cfg(not(target_arch = "wasm32"))]
fn grow(pages: usize) -> Option<usize> {
    let layout = Layout::from_size_align(pages.checked_mul(PAGE)?, PAGE).ok()?;
    // SAFETY: there is at least one page.
    let address = unsafe { std::alloc::alloc(layout) } as usize;
    (address != 0).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn blocks_do_not_overlap_and_keep_what_is_in_them() {
        let allocator = SmallAllocator::new();
        let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
        let mut random = 7u32;
        for step in 0..20_000u32 {
            random = random.wrapping_mul(1664525).wrapping_add(1013904223);
            let (pick, size) = ((random >> 8) as usize, (random >> 20) as usize + 1);
            let align = 1 << (pick % 8);
            unsafe {
                if blocks.len() < 50 || pick % 3 == 0 {
                    let layout = layout(size, align);
                    let block = allocator.alloc(layout);
                    assert_eq!(block as usize % align, 0);
                    block.write_bytes(step as u8, size);
                    blocks.push((block, layout, step as u8));
                } else {
                    let (block, old, byte) = blocks.swap_remove(pick % blocks.len());
                    let bytes = std::slice::from_raw_parts(block, old.size());
                    assert!(bytes.iter().all(|it| *it == byte));
                    if pick % 2 == 0 {
                        let moved = allocator.realloc(block, old, size);
                        let kept = std::slice::from_raw_parts(moved, size.min(old.size()));
                        assert!(kept.iter().all(|it| *it == byte));
                        allocator.dealloc(moved, layout(size, old.align()));
                    } else {
                        allocator.dealloc(block, old);
                    }
                }
            }
        }
    }

    #[test]
    fn a_freed_block_is_used_again() {
        let allocator = SmallAllocator::new();
        unsafe {
            let block = allocator.alloc(layout(100, 8));
            allocator.dealloc(block, layout(100, 8));
            assert_eq!(allocator.alloc(layout(65, 1)), block);
            assert_eq!(allocator.realloc(block, layout(65, 1), 128), block);
        }
    }

    #[test]
    fn memory_that_there_is_not_is_no_block() {
        let allocator = SmallAllocator::new();
        let most = isize::MAX as usize & !(PAGE - 1);
        unsafe {
            assert!(allocator.alloc(layout(most, 1)).is_null());
            let block = allocator.alloc(layout(8, 8));
            *block = 5;
            assert!(allocator.realloc(block, layout(8, 8), most).is_null());
            assert_eq!(*block, 5);
        }
    }
}
