import { applyEdits, type JSONPath, modify } from "jsonc-parser";

/** The text of a JSON file with another value at one place; comments and style stay. */
export function editJson(text: string, place: JSONPath, value: unknown): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2 };
  return applyEdits(text, modify(text, place, value, { formattingOptions }));
}
