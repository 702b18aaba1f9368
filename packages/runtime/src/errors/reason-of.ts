/**
 * The text of whatever was thrown. An error may be of another realm (vm context, iframe), so no `instanceof`; and it may be of
 * code that means harm, or is broken, so nothing that it does is let through.
 */
export function reasonOf(thrown: unknown): string {
  try {
    const isError = typeof thrown === "object" && thrown !== null && "message" in thrown;
    return String(isError ? thrown.message : thrown);
  } catch {
    return "a value without a text was thrown";
  }
}
