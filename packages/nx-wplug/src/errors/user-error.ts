/** A mistake of the user's, or of their machine. Its message is all that they need; a stack trace would hide it. */
export class UserError extends Error {
  override readonly name = "UserError";
}
