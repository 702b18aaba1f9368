/** As `instanceof`, of whatever was thrown: a proxy can make that fail. */
export function isInstance<T>(
  thrown: unknown,
  type: abstract new (...parameters: never[]) => T,
): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}
