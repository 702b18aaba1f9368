let text: string | null = null;

/**
 * Ends a method with an error: `return fail<GetUserReply>("no such user")`. The host gets the text as an error. The
 * message that is returned exists only because AssemblyScript has no exceptions; nobody sees it.
 */
export function fail<T>(message: string): T {
  text = message;
  return instantiate<T>();
}

/** The text of the failure since the last call of this function, null if there was none. */
export function takeFailure(): string | null {
  const taken = text;
  text = null;
  return taken;
}
