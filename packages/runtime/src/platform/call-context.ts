/** Tells which call of a plugin the current code belongs to, across `await`. */
export interface CallContext<T> {
  /** Runs `code`, and all that it awaits, as part of `call`. */
  run<R>(call: T, code: () => R): R;
  /** The call that the current code is a part of. */
  current(): T | undefined;
}
