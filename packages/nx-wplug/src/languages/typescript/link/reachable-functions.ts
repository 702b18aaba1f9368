import { renumberCalls } from "./renumber-calls";

/**
 * Functions that some lead to by calls. What is called by the table is not seen: name it among the first.
 *
 * @param bodies of the functions that are not imported
 * @param imports number of those that are; indices of functions begin with them
 */
export function reachableFunctions(
  bodies: readonly Uint8Array[],
  imports: number,
  first: Iterable<number>,
): Set<number> {
  const reached = new Set(first);
  // A set gives what is added to it while it is gone through, too.
  for (const index of reached) {
    const body = bodies[index - imports];
    if (body === undefined) continue;
    renumberCalls(body, (called) => {
      reached.add(called);
      return called;
    });
  }
  return reached;
}
