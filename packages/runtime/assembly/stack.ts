/** Calls of host functions that run. A host may call the plugin again in one of them. */
let hostCalls: i32 = 0;

/** Of the call that runs: the address of its request, 0 if it has none, and where the shadow stack was when it began. */
let request: usize = 0;
let begin: usize = 0;

/** Both of the calls that wait for the host, from the outermost on, with room for `capacity` of them. */
let waiting: usize = 0;
let capacity: i32 = 0;

/** Bytes of an entry of `waiting`. */
const ENTRY: usize = 2 * sizeof<usize>();

/**
 * Begins a call from the host, with the address of its request.
 *
 * A trap leaves the shadow stack, on which the garbage collector finds the objects in use, as it was in the middle of
 * the call. Hosts may call again after a trap (wazero does), so every call begins at the top of the stack, unless it is
 * made in the middle of another one. The caller must have no objects in locals: their place will be taken.
 */
export function enterCall(address: usize): void {
  if (hostCalls == 0) __stack_pointer = __heap_base;
  request = address;
  begin = __stack_pointer;
}

/**
 * The host frees memory. It frees a request when its call is over: if that waits for a function of the host, or is in the middle of
 * something, it has trapped there, and nobody returns to it.
 */
export function endCall(address: usize): void {
  if (address == 0) return;
  if (address == request) {
    __stack_pointer = begin;
    request = 0;
    return;
  }
  for (let i = hostCalls - 1; i >= 0; i--) {
    const entry = waiting + <usize>i * ENTRY;
    if (load<usize>(entry) != address) continue;
    hostCalls = i;
    __stack_pointer = load<usize>(entry, sizeof<usize>());
    return;
  }
}

/** How many calls of host functions the current call was made in. */
export function hostDepth(): i32 {
  return hostCalls;
}

/** Begins a call of a host function. */
export function enterHost(): void {
  if (hostCalls == capacity) makeRoom();
  const entry = waiting + <usize>hostCalls * ENTRY;
  store<usize>(entry, request);
  store<usize>(entry, begin, sizeof<usize>());
  hostCalls++;
}

function makeRoom(): void {
  capacity = max(4, 2 * capacity);
  const size = <usize>capacity * ENTRY;
  waiting = waiting == 0 ? heap.alloc(size) : heap.realloc(waiting, size);
}

/** Ends a call of a host function. One that fails does not get here. */
export function leaveHost(): void {
  hostCalls--;
  const entry = waiting + <usize>hostCalls * ENTRY;
  request = load<usize>(entry);
  begin = load<usize>(entry, sizeof<usize>());
}
