/** The text of whatever was thrown. An error may be of another realm (vm context, iframe), so no `instanceof`. */
export function reasonOf(thrown: unknown): string {
  const isError = typeof thrown === "object" && thrown !== null && "message" in thrown;
  return String(isError ? thrown.message : thrown);
}
