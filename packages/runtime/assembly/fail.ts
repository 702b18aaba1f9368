import { hostDepth } from "./stack";

/**
 * The text of the failure at each depth of calls that a host makes in the middle of a call of one of its functions. Not made
 * before it is needed: a host that forgets `_initialize` gets an error, not a trap.
 */
let texts: Array<string | null> | null = null;

/** Whether there are texts. Every call asks, and a number is cheaper to ask for than an object. */
let hasTexts = false;

/**
 * Ends a method with an error: `return fail<GetUserReply>("no such user")`. The host gets the text as an error. The
 * message that is returned exists only because AssemblyScript has no exceptions; nobody sees it.
 */
export function fail<T>(message: string): T {
  let all = texts;
  if (all === null) {
    all = [];
    texts = all;
    hasTexts = true;
  }
  while (all.length <= hostDepth()) all.push(null);
  all[hostDepth()] = message;
  return instantiate<T>();
}

/** Whether some method failed since the outermost call began. */
export function mayHaveFailed(): bool {
  return hasTexts;
}

/** The text of the failure since the last call of this function, null if there was none. */
export function takeFailure(): string | null {
  const all = texts;
  const depth = hostDepth();
  if (all === null || all.length <= depth) return null;
  const taken = all[depth];
  all[depth] = null;
  if (depth == 0) {
    // What calls inside of this one left when they trapped goes as well.
    texts = null;
    hasTexts = false;
  }
  return taken;
}
