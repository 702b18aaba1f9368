import type { Field, Message } from "../contract/contract";
import type { Imports } from "./imports";

/**
 * A call that says what fields a message has: `defineJson(GreetRequest, [{ name: "name", type: "string" }]);`
 *
 * @param define the function of the runtime
 * @param entry what it is told of a field: properties of an object
 */
export function fieldTable(
  define: string,
  message: Message,
  imports: Imports,
  entry: (field: Field) => readonly string[],
): string {
  const entries = message.fields.map((field) => `  { ${entry(field).join(", ")} },\n`);
  const list = entries.length === 0 ? "[]" : `[\n${entries.join("")}]`;
  return `${imports.runtime(define)}(${imports.value(message)}, ${list});\n`;
}

/**
 * What is between a message and the values of a field, as properties of its entry.
 *
 * @param list what a list is called
 */
export function containerOf(field: Field, list = "list"): string[] {
  switch (field.cardinality) {
    case "repeated":
      return [`kind: "${list}"`];
    case "map":
      return [`key: "${field.key}"`];
    case "singular":
      if (field.oneof !== undefined) return [`oneof: "${field.oneof}"`];
      return field.presence === "explicit" ? ['kind: "optional"'] : [];
  }
}
