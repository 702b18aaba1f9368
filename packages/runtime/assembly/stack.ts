/*
 * A trap leaves the shadow stack, on which the garbage collector finds the objects in use, as it was in the middle of
 * the call. Hosts may call again after a trap (wazero does), so each call that comes from outside begins where the
 * stack must be: at its top, or, while a host function runs, below the frames that wait for it.
 */

// Bytes of the stack that belong to calls which wait for a host function.
let waiting: usize = 0;

/** Begins a call from the host. Its caller must have no objects in locals: their place would be taken. */
export function enterCall(): void {
  __stack_pointer = __heap_base - waiting;
}

/** Begins a call of a host function, which may call back into the plugin. Returns what leaveHost() needs. */
export function enterHost(): usize {
  const before = waiting;
  waiting = __heap_base - __stack_pointer;
  return before;
}

/** Ends a call of a host function. */
export function leaveHost(before: usize): void {
  // What runs inside a host function may have trapped and left its frames.
  __stack_pointer = __heap_base - waiting;
  waiting = before;
}

/** Forgets all calls that are under way: for hosts that go on after a host function threw. */
export function resetStack(): void {
  waiting = 0;
  __stack_pointer = __heap_base;
}
