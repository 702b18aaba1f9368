/** Calls of host functions that run. A host may call the plugin again in one of them. */
let hostCalls: i32 = 0;

/**
 * Begins a call from the host.
 *
 * A trap leaves the shadow stack, on which the garbage collector finds the objects in use, as it was in the middle of
 * the call. Hosts may call again after a trap (wazero does), so every call begins at the top of the stack, unless it is
 * made in the middle of another one. The caller must have no objects in locals: their place will be taken.
 */
export function enterCall(): void {
  if (hostCalls == 0) __stack_pointer = __heap_base;
}

/** How many calls of host functions the current call was made in. */
export function hostDepth(): i32 {
  return hostCalls;
}

/** Begins a call of a host function. */
export function enterHost(): void {
  hostCalls++;
}

/** Ends a call of a host function. One that fails does not get here: the stack is not reset from then on. */
export function leaveHost(): void {
  hostCalls--;
}
