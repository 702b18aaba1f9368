/**
 * Begins a call from the host.
 *
 * A trap leaves the shadow stack, on which the garbage collector finds the objects in use, as it was in the middle of
 * the call. Hosts may call again after a trap (wazero does), so every call begins at the top of the stack. The caller
 * must have no objects in locals: their place will be taken.
 */
export function enterCall(): void {
  __stack_pointer = __heap_base;
}
