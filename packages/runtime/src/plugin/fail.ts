/** The error that `fail` throws. */
export class PluginFailure extends Error {
  override name = "PluginFailure";
}

/**
 * Ends a method with an error, of which the host gets the text. An expected one: any other error that is thrown has its stack
 * written to standard error as well.
 */
export function fail(text: string): never {
  throw new PluginFailure(text);
}
