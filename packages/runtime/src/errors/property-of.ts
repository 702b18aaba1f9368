/** A property of whatever was thrown; undefined if it has none, or if reading it fails. */
export function propertyOf(thrown: unknown, name: string | symbol): unknown {
  try {
    return (thrown as Readonly<Record<string | symbol, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
