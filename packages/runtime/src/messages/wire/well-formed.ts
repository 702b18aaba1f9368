// Part of ES2024, which Node 20 has and TypeScript's lib for ES2022 does not know.
const native = (String.prototype as { isWellFormed?: (this: string) => boolean }).isWellFormed;

/** Whether a text has a form in UTF-8: no surrogate is alone. */
export function isWellFormed(text: string): boolean {
  return native === undefined ? !/[\ud800-\udfff]/u.test(text) : native.call(text);
}
