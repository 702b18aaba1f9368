//! An allocator for plugins: fast where blocks are small, and with a third of the code of Rust's own.

#[cfg(not(target_family = "wasm"))]
use std::alloc::System;
use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::null_mut;

/// The memory of a plugin, in place of the allocator that Rust has for the target. In `lib.rs`:
///
/// ```text
/// #[global_allocator]
/// static ALLOCATOR: gen::wplug::Allocator = gen::wplug::Allocator::new();
/// ```
///
/// On the developer's own machine, where tests have threads, it is the system's.
///
/// Free blocks lie in lists by their size, a quarter of a power of two apart, and are joined with free neighbours when
/// they are freed. Those of up to 256 bytes first wait in lists of exactly their size; they are joined before memory is
/// asked for. So a block is found in a time that does not grow with what there is, and memory that was free serves
/// blocks of any size.
///
/// See <http://www.gii.upv.es/tlsf/> for the lists, and dlmalloc for the waiting.
pub struct Allocator {
    /// The first free block of each range of sizes, 0 if there is none.
    free: [Cell<usize>; BINS],
    /// Which of these lists have a block.
    filled: [Cell<usize>; WORDS],
    /// The first block that waits of each size, 0 if there is none.
    waiting: [Cell<usize>; WAITING],
    /// The header behind all memory that there is, 0 if there is none yet.
    end: Cell<usize>,
}

// A block is a header, which has its size and flags, and what the program has of it. While it is free, the next and the
// previous block of its list are there, and its size once more in its last word, where the block behind it finds it.

/// Of a header, in bytes.
const WORD: usize = size_of::<usize>();

/// What sizes of blocks and addresses behind headers are multiples of, in bytes: the alignment that most have.
const STEP: usize = 2 * WORD;

/// The size of the smallest block, in bytes.
const SMALLEST: usize = 2 * STEP;

/// The size of the largest block that waits, in bytes.
const LARGEST_WAITING: usize = 256;

const WAITING: usize = LARGEST_WAITING / STEP + 1;

const BITS: usize = usize::BITS as usize;

/// Four for each power of two.
const BINS: usize = 4 * BITS;

const WORDS: usize = BINS / BITS;

/// In a header: the block is in use, or waits.
const USED: usize = 1;

/// In a header: so is the one before it.
const BEFORE_USED: usize = 2;

const FLAGS: usize = USED | BEFORE_USED;

/// WebAssembly's, in bytes.
const PAGE: usize = 1 << 16;

// SAFETY: a plugin has one thread.
unsafe impl Sync for Allocator {}

/// # Safety
///
/// A word of the allocator's is at this address.
#[inline]
unsafe fn read(address: usize) -> usize {
    unsafe { *(address as *const usize) }
}

/// # Safety
///
/// A word of the allocator's is at this address.
#[inline]
unsafe fn write(address: usize, value: usize) {
    unsafe { *(address as *mut usize) = value }
}

/// The list for free blocks of a size.
#[inline]
fn bin(size: usize) -> usize {
    let power = size.ilog2() as usize;
    4 * power + ((size >> (power - 2)) & 3)
}

/// The size of the block that has so many bytes; none if no memory is so large.
#[inline]
fn block_size(bytes: usize) -> Option<usize> {
    if bytes > isize::MAX as usize - 2 * PAGE {
        return None;
    }
    Some(((bytes + WORD + STEP - 1) & !(STEP - 1)).max(SMALLEST))
}

// SAFETY of what follows: addresses of blocks are those of headers that `grow` or `split` wrote, and all memory from the
// first to the last header of an area is blocks, each as long as its header says, behind which the next one begins.
#[cfg_attr(not(target_family = "wasm"), allow(dead_code))]
impl Allocator {
    pub const fn new() -> Self {
        Allocator {
            free: [const { Cell::new(0) }; BINS],
            filled: [const { Cell::new(0) }; WORDS],
            waiting: [const { Cell::new(0) }; WAITING],
            end: Cell::new(0),
        }
    }

    /// A block of a size that `block_size` gave, in use; 0 if there is no memory left.
    #[inline]
    unsafe fn take(&self, size: usize) -> usize {
        if size <= LARGEST_WAITING {
            let waiting = &self.waiting[size / STEP];
            let block = waiting.get();
            if block != 0 {
                waiting.set(unsafe { read(block + WORD) });
                return block;
            }
        }
        unsafe { self.find(size) }
    }

    /// Takes a block back that is in use.
    #[inline]
    unsafe fn give_back(&self, block: usize) {
        let size = unsafe { read(block) } & !FLAGS;
        if size <= LARGEST_WAITING {
            let waiting = &self.waiting[size / STEP];
            unsafe { write(block + WORD, waiting.get()) };
            waiting.set(block);
        } else {
            unsafe { self.join(block) };
        }
    }

    #[inline(never)]
    unsafe fn find(&self, size: usize) -> usize {
        unsafe {
            let mut block = self.free_for(size);
            if block == 0 && self.join_waiting() {
                block = self.free_for(size);
            }
            if block == 0 && self.grow(size) {
                block = self.free_for(size);
            }
            if block == 0 {
                return 0;
            }
            let header = read(block);
            let old = header & !FLAGS;
            let next = block + old;
            write(next, read(next) | BEFORE_USED);
            // Small ones are the end of a block that else stays where it is. Others its start, as they may grow.
            let rest = old - size;
            if size <= LARGEST_WAITING && rest >= SMALLEST && bin(rest) == bin(old) {
                write(block, rest | BEFORE_USED);
                write(block + rest - WORD, rest);
                write(block + rest, size | USED);
                return block + rest;
            }
            self.unlist(block);
            write(block, header | USED);
            self.split(block, size);
            block
        }
    }

    /// A free block of at least this size; 0 if there is none.
    unsafe fn free_for(&self, size: usize) -> usize {
        // All of the next list are large enough, of its own only some.
        let first = self.free[bin(size)].get();
        if first != 0 && unsafe { read(first) } >= size {
            return first;
        }
        self.first_from(bin(size) + 1)
    }

    /// A free block of this list or of one with larger ones; 0 if there is none.
    #[inline(never)]
    fn first_from(&self, bin: usize) -> usize {
        let mut mask = usize::MAX << (bin % BITS);
        for word in bin / BITS..WORDS {
            let filled = self.filled[word].get() & mask;
            if filled != 0 {
                return self.free[word * BITS + filled.trailing_zeros() as usize].get();
            }
            mask = usize::MAX;
        }
        0
    }

    #[inline(never)]
    unsafe fn unlist(&self, block: usize) {
        unsafe {
            let (next, previous) = (read(block + WORD), read(block + 2 * WORD));
            if next != 0 {
                write(next + 2 * WORD, previous);
            }
            if previous != 0 {
                write(previous + WORD, next);
                return;
            }
            let bin = bin(read(block) & !FLAGS);
            self.free[bin].set(next);
            if next == 0 {
                let filled = &self.filled[bin / BITS];
                filled.set(filled.get() & !(1 << (bin % BITS)));
            }
        }
    }

    /// Makes a block that is in use a free one, with the free ones before and behind it.
    #[inline(never)]
    unsafe fn join(&self, mut block: usize) {
        unsafe {
            let mut size = read(block) & !FLAGS;
            let next = block + size;
            let free = self.free_at(next);
            if free != 0 {
                self.unlist(next);
                size += free;
            }
            if read(block) & BEFORE_USED == 0 {
                let before = read(block - WORD);
                block -= before;
                size += before;
                self.unlist(block);
            }
            // No two free blocks are neighbours: the one before is in use.
            write(block, size | BEFORE_USED);
            write(block + size - WORD, size);
            let next = block + size;
            write(next, read(next) & !BEFORE_USED);
            let bin = bin(size);
            let first = self.free[bin].get();
            if first != 0 {
                write(first + 2 * WORD, block);
            }
            write(block + WORD, first);
            write(block + 2 * WORD, 0);
            self.free[bin].set(block);
            let filled = &self.filled[bin / BITS];
            filled.set(filled.get() | 1 << (bin % BITS));
        }
    }

    /// Joins the blocks that wait with their neighbours. False if there were none.
    unsafe fn join_waiting(&self) -> bool {
        let mut any = false;
        for waiting in &self.waiting {
            let mut block = waiting.replace(0);
            while block != 0 {
                any = true;
                unsafe {
                    let next = read(block + WORD);
                    self.join(block);
                    block = next;
                }
            }
        }
        any
    }

    /// Makes a block that is in use as short as this, and gives the rest back if it is long enough for that.
    unsafe fn split(&self, block: usize, size: usize) {
        unsafe {
            let header = read(block);
            let rest = (header & !FLAGS) - size;
            if rest < SMALLEST {
                return;
            }
            write(block, size | header & FLAGS);
            write(block + size, rest | FLAGS);
            self.give_back(block + size);
        }
    }

    /// Asks for memory that has room for a block of this size.
    #[inline(never)]
    unsafe fn grow(&self, size: usize) -> bool {
        // Room for the words before and behind.
        let pages = (size + STEP).div_ceil(PAGE);
        let Some(start) = grow(pages) else {
            return false;
        };
        let bytes = pages * PAGE;
        unsafe {
            let end = self.end.get();
            let (block, header) = if end != 0 && start == end + WORD {
                (end, bytes | read(end) & FLAGS)
            } else {
                (start + WORD, (bytes - STEP) | FLAGS)
            };
            let behind = block + (header & !FLAGS);
            write(block, header);
            // Of no size, and never free.
            write(behind, FLAGS);
            self.end.set(behind);
            self.join(block);
        }
        true
    }

    /// A block for what has a larger alignment than all have.
    #[inline(never)]
    unsafe fn take_aligned(&self, bytes: usize, align: usize) -> usize {
        let Some(size) = block_size(bytes) else {
            return 0;
        };
        let Some(with_room) = block_size(bytes.saturating_add(align + SMALLEST)) else {
            return 0;
        };
        unsafe {
            let block = self.find(with_room);
            if block == 0 {
                return 0;
            }
            let mut start = (block + WORD).next_multiple_of(align) - WORD;
            if start != block && start - block < SMALLEST {
                start += align;
            }
            if start != block {
                let header = read(block);
                let front = start - block;
                write(block, front | header & FLAGS);
                write(start, ((header & !FLAGS) - front) | FLAGS);
                self.join(block);
            }
            self.split(start, size);
            start
        }
    }

    #[inline]
    unsafe fn allocate(&self, layout: Layout) -> *mut u8 {
        let block = if layout.align() > STEP {
            unsafe { self.take_aligned(layout.size(), layout.align()) }
        } else {
            match block_size(layout.size()) {
                Some(size) => unsafe { self.take(size) },
                None => 0,
            }
        };
        if block == 0 {
            return null_mut();
        }
        (block + WORD) as *mut u8
    }

    #[inline]
    unsafe fn deallocate(&self, bytes: *mut u8) {
        unsafe { self.give_back(bytes as usize - WORD) }
    }

    unsafe fn reallocate(&self, bytes: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(size) = block_size(new_size) else {
            return null_mut();
        };
        unsafe {
            let block = bytes as usize - WORD;
            let old = read(block) & !FLAGS;
            // To copy a small one takes less time.
            if size > old && size > LARGEST_WAITING {
                self.lengthen(block, size);
            }
            if size <= read(block) & !FLAGS {
                self.split(block, size);
                return bytes;
            }
            let moved = self.allocate(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(bytes, layout.size());
                self.deallocate(bytes);
            }
            moved
        }
    }

    /// Adds the free block behind one in use to it, if that makes it at least as long as this. For the last block there is
    /// new memory, if no free block could take its place.
    unsafe fn lengthen(&self, block: usize, size: usize) {
        unsafe {
            let header = read(block);
            let next = block + (header & !FLAGS);
            let missing = size - (header & !FLAGS);
            let free = self.free_at(next);
            let is_last = next + free == self.end.get();
            if free < missing
                && is_last
                && self.first_from(bin(size) + 1) == 0
                && !self.grow(missing - free)
            {
                return;
            }
            // The new memory may lie elsewhere.
            let free = self.free_at(next);
            if free < missing {
                return;
            }
            self.unlist(next);
            write(next + free, read(next + free) | BEFORE_USED);
            write(block, header + free);
        }
    }

    /// The size of the block here if it is free, otherwise 0.
    #[inline]
    unsafe fn free_at(&self, block: usize) -> usize {
        let header = unsafe { read(block) };
        if header & USED == 0 {
            header & !FLAGS
        } else {
            0
        }
    }
}

impl Default for Allocator {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: a block is either free or in use, and blocks do not overlap.
#[cfg(target_family = "wasm")]
unsafe impl GlobalAlloc for Allocator {
    // Not where they are called: that makes a module a fortieth faster, and as much as a tenth larger.
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { self.allocate(layout) }
    }

    #[inline(never)]
    unsafe fn dealloc(&self, bytes: *mut u8, _: Layout) {
        unsafe { self.deallocate(bytes) }
    }

    #[inline(never)]
    unsafe fn realloc(&self, bytes: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        unsafe { self.reallocate(bytes, layout, new_size) }
    }
}

// SAFETY: that of the system.
#[cfg(not(target_family = "wasm"))]
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, bytes: *mut u8, layout: Layout) {
        unsafe { System.dealloc(bytes, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, bytes: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        unsafe { System.realloc(bytes, layout, new_size) }
    }
}

/// The address of so many new pages; none if there is no memory left.
#[cfg(target_arch = "wasm32")]
fn grow(pages: usize) -> Option<usize> {
    let before = core::arch::wasm32::memory_grow(0, pages);
    (before != usize::MAX).then(|| before * PAGE)
}

/// Elsewhere the allocator has memory in its own tests alone, which say where. Those of plugins have this file too.
#[cfg(not(target_arch = "wasm32"))]
fn grow(pages: usize) -> Option<usize> {
    GROW.get()(pages)
}

#[cfg(not(target_arch = "wasm32"))]
type Grow = fn(usize) -> Option<usize>;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static GROW: Cell<Grow> = const { Cell::new(|_| None) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a test can have, in bytes.
    const MOST: usize = 1 << 28;

    thread_local! {
        /// The next page of a test, and how many bytes were asked for.
        static NEXT: Cell<usize> = const { Cell::new(0) };
        static ASKED: Cell<usize> = const { Cell::new(0) };
    }

    /// One area behind the other, as in WebAssembly.
    fn grow(pages: usize) -> Option<usize> {
        if NEXT.get() == 0 {
            // SAFETY: it has a size. What nobody writes to takes no memory.
            let start = unsafe { System.alloc(layout(MOST, PAGE)) };
            assert!(!start.is_null());
            NEXT.set(start as usize);
        }
        let bytes = pages.checked_mul(PAGE)?;
        if bytes > MOST - ASKED.get() {
            return None;
        }
        ASKED.set(ASKED.get() + bytes);
        Some(NEXT.replace(NEXT.get() + bytes))
    }

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    /// Blocks of a program, each filled with a byte of its own.
    struct Program {
        allocator: Allocator,
        blocks: Vec<(*mut u8, Layout, u8)>,
        live: usize,
        most_live: usize,
        random: u64,
    }

    impl Program {
        fn new() -> Self {
            ASKED.set(0);
            NEXT.set(0);
            GROW.set(grow);
            Program {
                allocator: Allocator::new(),
                blocks: Vec::new(),
                live: 0,
                most_live: 0,
                random: 7,
            }
        }

        fn random(&mut self, below: usize) -> usize {
            self.random = self
                .random
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (self.random >> 33) as usize % below
        }

        fn alloc(&mut self, layout: Layout) {
            // SAFETY: as of what follows, the block is of this program and has this layout.
            unsafe {
                let block = self.allocator.allocate(layout);
                assert!(!block.is_null());
                self.fill(block, layout);
            }
        }

        unsafe fn fill(&mut self, block: *mut u8, layout: Layout) {
            assert_eq!(block as usize % layout.align(), 0);
            let byte = self.random(256) as u8;
            unsafe { block.write_bytes(byte, layout.size()) };
            self.blocks.push((block, layout, byte));
            self.live += layout.size();
            self.most_live = self.most_live.max(self.live);
        }

        fn take(&mut self, index: usize) -> (*mut u8, Layout, u8) {
            let (block, layout, byte) = self.blocks.swap_remove(index);
            self.live -= layout.size();
            (block, layout, byte)
        }

        fn free(&mut self, index: usize) {
            let (block, layout, byte) = self.take(index);
            unsafe {
                let bytes = std::slice::from_raw_parts(block, layout.size());
                assert!(bytes.iter().all(|it| *it == byte));
                self.allocator.deallocate(block);
            }
        }

        fn realloc(&mut self, index: usize, size: usize) {
            let (block, old, byte) = self.take(index);
            unsafe {
                let moved = self.allocator.reallocate(block, old, size);
                let kept = std::slice::from_raw_parts(moved, size.min(old.size()));
                assert!(kept.iter().all(|it| *it == byte));
                self.fill(moved, layout(size, old.align()));
            }
        }

        fn free_all(&mut self) {
            while !self.blocks.is_empty() {
                let index = self.random(self.blocks.len());
                self.free(index);
            }
        }

        /// How many free blocks there are when none waits.
        fn free_blocks(&self) -> usize {
            unsafe { self.allocator.join_waiting() };
            let mut count = 0;
            for first in &self.allocator.free {
                let mut block = first.get();
                while block != 0 {
                    count += 1;
                    block = unsafe { read(block + WORD) };
                }
            }
            count
        }

        /// Memory that was asked for, for each byte of what was in use at most.
        fn overhead(&self) -> f64 {
            ASKED.get() as f64 / self.most_live as f64
        }
    }

    #[test]
    fn blocks_do_not_overlap_and_keep_what_is_in_them() {
        let mut program = Program::new();
        for step in 0..200_000 {
            if step % 50_000 == 49_999 {
                // Something else in the plugin asks for memory.
                grow(1);
            }
            let most = if program.random(50) == 0 {
                100_000
            } else {
                400
            };
            let size = program.random(most) + 1;
            let count = program.blocks.len();
            let index = program.random(count.max(1));
            match program.random(4) {
                0 if count > 0 => program.free(index),
                1 if count > 0 => program.realloc(index, size),
                _ if count > 300 => program.free(index),
                _ => {
                    let align = 1 << program.random(if size % 5 == 0 { 9 } else { 4 });
                    program.alloc(layout(size, align));
                }
            }
        }
        program.free_all();
        assert!(program.free_blocks() <= 5);
    }

    #[test]
    fn a_freed_block_is_used_again() {
        let mut program = Program::new();
        program.alloc(layout(100, 8));
        let (first, ..) = program.blocks[0];
        program.free(0);
        program.alloc(layout(97, 1));
        assert_eq!(program.blocks[0].0, first);
    }

    #[test]
    fn a_vector_grows_in_place_at_the_end_of_memory() {
        let mut program = Program::new();
        program.alloc(layout(64, 1));
        for power in 7..25 {
            program.realloc(0, 1 << power);
        }
        assert!(program.overhead() < 1.1, "{}", program.overhead());
    }

    #[test]
    fn vectors_that_grow_side_by_side_use_what_others_left() {
        let mut program = Program::new();
        for _ in 0..8 {
            program.alloc(layout(16, 1));
        }
        for power in 5..21 {
            for _ in 0..8 {
                program.realloc(0, 1 << power);
            }
        }
        assert!(program.overhead() < 2.0, "{}", program.overhead());
    }

    #[test]
    fn memory_of_small_blocks_serves_large_ones_and_the_other_way_round() {
        let mut program = Program::new();
        for round in 0..3 {
            for size in [16, 24, 40, 100, 250, 1_000, 50_000] {
                for _ in 0..1_000_000 / size {
                    program.alloc(layout(size + round, 8));
                }
                program.free_all();
                assert_eq!(program.free_blocks(), 1);
            }
        }
        assert!(program.overhead() < 2.0, "{}", program.overhead());
    }

    #[test]
    fn a_plugin_that_keeps_some_of_what_it_makes_does_not_grow_forever() {
        let mut program = Program::new();
        for _ in 0..100_000 {
            let most = if program.random(20) == 0 { 5_000 } else { 120 };
            let size = program.random(most) + 1;
            program.alloc(layout(size, 8));
            if program.blocks.len() > 5_000 {
                let index = program.random(program.blocks.len());
                program.free(index);
            }
        }
        assert!(program.overhead() < 2.5, "{}", program.overhead());
    }

    #[test]
    fn memory_that_there_is_not_is_no_block() {
        let mut program = Program::new();
        program.alloc(layout(8, 8));
        let (block, old, _) = program.blocks[0];
        for most in [MOST, isize::MAX as usize & !(PAGE - 1)] {
            unsafe {
                assert!(program.allocator.allocate(layout(most, 1)).is_null());
                assert!(program.allocator.allocate(layout(most, 64)).is_null());
                assert!(program.allocator.reallocate(block, old, most).is_null());
            }
        }
        program.free(0);
        assert_eq!(program.free_blocks(), 1);
    }
}
