//! What a plugin and its host agree on: memory, results, errors, and why a plugin ended. Generated code calls it; a
//! plugin's own code needs [`Error`] alone.
//!
//! A plugin is called by one thread, and traps where it panics: what may be left half done by a panic is therefore
//! never kept in a `RefCell`, which would stay borrowed.

use std::alloc::{self, Layout};
use std::cell::{Cell, UnsafeCell};
use std::fmt::{self, Debug, Display};
use std::mem::ManuallyDrop;
use std::ptr::{null, null_mut};

use prost::{DecodeError, Message};

mod allocator;
#[cfg(any(feature = "chrono", feature = "time"))]
mod conversions;

pub use allocator::Allocator;
#[cfg(any(feature = "chrono", feature = "time"))]
pub use conversions::Proto;

/// Why a call failed, as a text for whoever called. The plugin goes on.
///
/// Made from anything that can be displayed: `?` turns the errors of libraries into it, and `"a text".into()` a text.
pub struct Error(String);

impl Error {
    /// The text that the host gets.
    pub fn text(&self) -> &str {
        &self.0
    }
}

// That of everything there is, so Error itself can't have it.
impl<T: Display> From<T> for Error {
    fn from(error: T) -> Self {
        Error(error.to_string())
    }
}

impl Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, formatter)
    }
}

/// Set in the size of a result: its bytes are the text of an error.
const IS_ERROR: u64 = 1 << 31;

/// The most of a large result's memory that is kept for the next one, in bytes.
const KEPT: usize = 1 << 20;

/// Of everything in memory that a host may write to. Allocators have a longer way for more than this.
const ALIGN: usize = 8;

/// The size of the memory that is there for a request, in bytes.
const ROOM: usize = 1 << 10;

/// Memory for a request, which most fit into.
#[repr(align(8))]
struct Room {
    bytes: UnsafeCell<[u8; ROOM]>,
    is_taken: Cell<bool>,
}

/// What is before the memory of a larger request, or of one within a call.
struct Block {
    next: *mut Block,
    /// In bytes, with this.
    size: usize,
}

/// Of a block, with what keeps its memory aligned, in bytes.
const HEAD: usize = size_of::<Block>().next_multiple_of(ALIGN);

/// A value of the one thread. Never dropped at its end, with which the memory ends too: otherwise each access would ask
/// whether it was.
struct Kept<T>(Cell<ManuallyDrop<T>>);

impl<T: Default> Kept<T> {
    const fn new(value: T) -> Self {
        Kept(Cell::new(ManuallyDrop::new(value)))
    }

    fn take(&self) -> T {
        ManuallyDrop::into_inner(self.0.take())
    }

    fn set(&self, value: T) {
        drop(ManuallyDrop::into_inner(
            self.0.replace(ManuallyDrop::new(value)),
        ));
    }
}

thread_local! {
    /// The result of the last call, which the host reads after it has returned.
    static RESULT: Kept<Vec<u8>> = const { Kept::new(Vec::new()) };
    /// Why the plugin trapped; empty if it did not.
    static PANIC: Kept<String> = const { Kept::new(String::new()) };
    static REQUEST: Room = const {
        Room { bytes: UnsafeCell::new([0; ROOM]), is_taken: Cell::new(false) }
    };
    /// The last block that the host was given, null if there is none. Few at a time: it frees them after each call.
    static BLOCKS: Cell<*mut Block> = const { Cell::new(null_mut()) };
}

/// Memory for a message that the host writes; 0 if there is none left.
#[cfg_attr(not(target_family = "wasm"), allow(dead_code))]
fn give(size: usize) -> usize {
    REQUEST.with(|room| {
        if size <= ROOM && !room.is_taken.replace(true) {
            room.bytes.get() as usize
        } else {
            give_block(size)
        }
    })
}

#[inline(never)]
fn give_block(size: usize) -> usize {
    let size = size.saturating_add(HEAD);
    let Ok(layout) = Layout::from_size_align(size, ALIGN) else {
        return 0;
    };
    // SAFETY: the layout has a size, and room for a block.
    unsafe {
        let block = alloc::alloc(layout).cast::<Block>();
        if block.is_null() {
            return 0;
        }
        let next = BLOCKS.replace(block);
        block.write(Block { next, size });
        block as usize + HEAD
    }
}

/// Takes back what `give` gave. Hosts also free results, which are not theirs: those are left alone, as is anything else.
fn take_back(address: usize) {
    REQUEST.with(|room| {
        if address == room.bytes.get() as usize {
            room.is_taken.set(false);
        } else {
            take_back_block(address);
        }
    });
}

#[inline(never)]
fn take_back_block(address: usize) {
    let mut before = null_mut::<Block>();
    let mut block = BLOCKS.get();
    // SAFETY: what is in the list was made by `give_block`, with this layout, and is dropped once.
    unsafe {
        while !block.is_null() {
            let Block { next, size } = *block;
            if block as usize + HEAD == address {
                match before.as_mut() {
                    Some(before) => before.next = next,
                    None => BLOCKS.set(next),
                }
                let layout = Layout::from_size_align_unchecked(size, ALIGN);
                return alloc::dealloc(block.cast(), layout);
            }
            before = block;
            block = next;
        }
    }
}

/// Address and size in one number, as results of functions are.
fn pack(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    ((bytes.as_ptr() as u64) << 32) | bytes.len() as u64
}

/// Answers a call of the host: decodes its request, calls the author's method, and keeps the result for the host to read.
pub fn answer<Request, Reply>(
    pointer: usize,
    size: usize,
    method: impl FnOnce(Request) -> Result<Reply, Error>,
) -> u64
where
    Request: Message + Default,
    Reply: Message,
{
    let bytes = if size == 0 {
        &[]
    } else {
        // SAFETY: the host wrote so many bytes there, and leaves them until the call has returned.
        unsafe { std::slice::from_raw_parts(pointer as *const u8, size) }
    };
    let reply = match Request::decode(bytes) {
        Ok(request) => method(request),
        Err(error) => Err(undecodable(&error)),
    };
    flush();
    match reply {
        Ok(message) => {
            // Only now: the method may have called the host, and that the plugin.
            let mut result = RESULT.with(Kept::take);
            result.clear();
            if result.capacity() > KEPT {
                result = Vec::new();
            }
            result.reserve(message.encoded_len());
            message.encode_raw(&mut result);
            keep(result)
        }
        Err(error) => fail(error),
    }
}

// Not in each method: few requests are none.
#[cold]
fn undecodable(error: &DecodeError) -> Error {
    error.into()
}

#[inline(never)]
fn fail(Error(text): Error) -> u64 {
    keep(text.into_bytes()) | IS_ERROR
}

/// Keeps a result for the host.
fn keep(bytes: Vec<u8>) -> u64 {
    let packed = pack(&bytes);
    RESULT.with(|it| it.set(bytes));
    packed
}

/// The place of a service's implementation, which is made at the first call. Of one type, so that the compiler knows what
/// each method does.
pub struct Place(Cell<*const ()>);

impl Place {
    pub const fn new() -> Self {
        Place(Cell::new(null()))
    }

    /// What is there.
    ///
    /// # Safety
    ///
    /// A place has one `make`.
    pub unsafe fn get<T: 'static>(&self, make: fn() -> T) -> &'static T {
        if self.0.get().is_null() {
            let made = Box::leak(Box::new(make()));
            // To make it, the host may have been called, and that the plugin.
            if self.0.get().is_null() {
                self.0.set((&raw const *made).cast());
            }
        }
        // SAFETY: a `T` was put there, for good.
        unsafe { &*self.0.get().cast() }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

/// Nobody calls an exit handler of a library: what was printed without the end of a line would be lost.
fn flush() {
    #[cfg(target_os = "wasi")]
    {
        use std::io::Write;
        // A host that takes no output is no reason to fail.
        let _ = std::io::stdout().flush();
    }
}

/// Calls a function of the host. One that fails ends the call of the plugin there: it does not return.
pub fn call<Request, Reply>(request: &Request, function: impl FnOnce(usize, usize) -> u64) -> Reply
where
    Request: Message,
    Reply: Message + Default,
{
    let bytes = request.encode_to_vec();
    let pointer = if bytes.is_empty() {
        0
    } else {
        bytes.as_ptr() as usize
    };
    let result = function(pointer, bytes.len());
    let (address, size) = ((result >> 32) as usize, (result & (IS_ERROR - 1)) as usize);
    if size == 0 {
        return Reply::default();
    }
    // SAFETY: the host wrote so many bytes there, into a block that is the plugin's to free.
    let reply = Reply::decode(unsafe { std::slice::from_raw_parts(address as *const u8, size) });
    take_back(address);
    reply.unwrap_or_else(|error| panic!("The answer of the host can't be decoded: {error}"))
}

/// Keeps the text of a panic, with its place, for the host: it becomes the error of the call that trapped.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string();
        print_error(&text);
        PANIC.with(|it| it.set(text));
    }));
}

/// Writes a line to stderr, for hosts that do not ask for the text. `eprintln!` does so too, with 9 kB of code.
fn print_error(text: &str) {
    #[cfg(target_os = "wasi")]
    {
        use std::io::Write;
        use std::os::fd::FromRawFd;
        // SAFETY: nothing closes it.
        let stderr = unsafe { std::fs::File::from_raw_fd(2) };
        // A host that takes no output is no reason to fail.
        let _ = ManuallyDrop::new(stderr).write_all(format!("{text}\n").as_bytes());
    }
    #[cfg(not(target_os = "wasi"))]
    let _ = text;
}

/// A function of the host, for [`call`]: `host_function!("env", "find_title")`. In tests on the developer's own machine
/// there is no host, and it panics.
#[allow(unused_macros)]
macro_rules! host_function {
    ($module:literal, $name:literal) => {{
        #[cfg(target_family = "wasm")]
        #[link(wasm_import_module = $module)]
        unsafe extern "C" {
            #[link_name = $name]
            fn host(pointer: usize, size: usize) -> u64;
        }
        #[cfg(not(target_family = "wasm"))]
        unsafe fn host(_pointer: usize, _size: usize) -> u64 {
            panic!("There is no host that has {}.{}", $module, $name)
        }
        // SAFETY: the host reads the request before anything else happens.
        |pointer: usize, size: usize| unsafe { host(pointer, size) }
    }};
}
#[allow(unused_imports)]
pub(crate) use host_function;

/// What hosts call beside the methods. `wplug build` takes the prefix of the names away: with it they are nobody else's,
/// while wasi-libc has a `malloc` and a `free` of its own.
#[cfg(target_family = "wasm")]
mod exports {
    use super::*;

    #[unsafe(export_name = "wplug:malloc")]
    extern "C" fn malloc(size: usize) -> usize {
        match give(size) {
            0 => panic!("There is no memory left for a message of {size} bytes"),
            address => address,
        }
    }

    #[unsafe(export_name = "wplug:free")]
    extern "C" fn free(address: usize) {
        take_back(address);
    }

    #[unsafe(export_name = "wplug:wplug_panic")]
    extern "C" fn wplug_panic() -> u64 {
        let text = PANIC.with(Kept::take);
        let packed = pack(text.as_bytes());
        PANIC.with(|it| it.set(text));
        packed
    }

    /// As rustc makes none for libraries: without it, the linker lets each export call the constructors again.
    #[unsafe(no_mangle)]
    extern "C" fn _initialize() {
        unsafe extern "C" {
            fn __wasm_call_ctors();
        }
        // SAFETY: a host calls this once, before anything else.
        unsafe { __wasm_call_ctors() };
        keep_panics();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // On a machine with 64 bits an address is not in the result: the bytes are looked at where they are kept.
    fn result() -> Vec<u8> {
        let bytes = RESULT.with(Kept::take);
        RESULT.with(|it| it.set(bytes.clone()));
        bytes
    }

    fn call_with(bytes: &[u8], method: impl FnOnce(String) -> Result<String, Error>) -> u64 {
        answer(bytes.as_ptr() as usize, bytes.len(), method) & 0xffff_ffff
    }

    #[test]
    fn a_reply_is_a_message_with_its_size() {
        let size = call_with(b"\x0a\x03Ada", |name| Ok(format!("Hello, {name}")));
        assert_eq!(result(), b"\x0a\x0aHello, Ada");
        assert_eq!(size, 12);
    }

    #[test]
    fn an_empty_reply_is_zero() {
        assert_eq!(answer(0, 0, |()| Ok(())), 0);
    }

    #[test]
    fn an_error_is_its_text_with_bit_31() {
        let size = call_with(b"", |_| Err("a name is needed".into()));
        assert_eq!(result(), b"a name is needed");
        assert_eq!(size, IS_ERROR | 16);
        assert_eq!(answer(0, 0, |()| Err::<(), _>("".into())), IS_ERROR);
    }

    #[test]
    fn errors_of_libraries_are_made_into_errors() {
        fn parse(text: &str) -> Result<i32, Error> {
            Ok(text.parse::<i32>()?)
        }
        assert_eq!(
            parse("x").unwrap_err().text(),
            "invalid digit found in string"
        );
        assert_eq!(
            format!("{:?}", Error::from("a \"text\"")),
            "\"a \\\"text\\\"\""
        );
    }

    #[test]
    fn a_request_that_is_no_message_is_an_error() {
        let size = call_with(b"\x0a\x05Ada", |_| panic!("not called"));
        assert_eq!(size & IS_ERROR, IS_ERROR);
        assert!(String::from_utf8(result()).unwrap().contains("decode"));
    }

    #[test]
    fn a_call_within_a_call_has_a_result_of_its_own() {
        call_with(b"\x0a\x01a", |outer| {
            call_with(b"\x0a\x01b", Ok);
            assert_eq!(result(), b"\x0a\x01b");
            Ok(outer)
        });
        assert_eq!(result(), b"\x0a\x01a");
    }

    #[test]
    fn a_large_result_does_not_keep_its_memory() {
        call_with(b"", |_| Ok("x".repeat(2 * KEPT)));
        call_with(b"", |_| Ok("y".into()));
        let bytes = RESULT.with(Kept::take);
        assert!(bytes.capacity() < KEPT);
    }

    #[test]
    fn blocks_are_aligned_and_freed_once() {
        let address = give(3);
        assert_eq!(address % ALIGN, 0);
        take_back(address);
        take_back(address);
        take_back(0);
        take_back(address + 16);
        assert!(BLOCKS.get().is_null());
    }

    #[test]
    fn requests_have_memory_of_their_own() {
        let addresses = [ROOM, ROOM, ROOM + 1, 3].map(give);
        for pair in addresses.windows(2) {
            assert!(pair[0].abs_diff(pair[1]) >= 3);
        }
        for it in [2, 0, 1, 3] {
            take_back(addresses[it]);
        }
        assert_eq!(give(1), addresses[0]);
        take_back(addresses[0]);
        assert!(BLOCKS.get().is_null());
    }

    #[test]
    fn an_implementation_is_made_once() {
        thread_local! {
            static PLACE: Place = const { Place::new() };
            static MADE: Cell<u32> = const { Cell::new(0) };
        }
        fn make() -> u32 {
            MADE.set(MADE.get() + 1);
            41 + MADE.get()
        }
        // SAFETY: it has no other.
        let get = || PLACE.with(|it| unsafe { *it.get(make) });
        assert_eq!([get(), get()], [42, 42]);
    }

    #[test]
    fn memory_that_there_is_not_is_no_address() {
        assert_eq!(give(usize::MAX - 64), 0);
    }

    #[test]
    fn an_empty_answer_of_the_host_has_no_memory() {
        let reply: String = call(&"Ada".to_string(), |_, size| {
            assert_eq!(size, 5);
            0
        });
        assert_eq!(reply, "");
    }

    #[test]
    #[should_panic(expected = "There is no host that has env.find_title")]
    fn there_is_no_host_in_tests() {
        call::<(), ()>(&(), host_function!("env", "find_title"));
    }
}
