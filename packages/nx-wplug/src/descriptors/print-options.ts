import {
  type DescExtension,
  type DescField,
  type DescMessage,
  getExtension,
  type Message,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

/** Left by parsers that do not know what an option means. */
const UNINTERPRETED = "uninterpreted_option";

/**
 * The options of an element as they are written in a proto file: `deprecated = true`, `(acme.owner) = "us"`. Options that nobody
 * in the registry declares are left out.
 *
 * @param schema of the message of options
 * @param extensions where custom options are declared
 */
export function printOptions(
  schema: DescMessage,
  options: Message | undefined,
  extensions: Registry,
): string[] {
  if (options === undefined) return [];
  const message = reflect(schema, options);
  const standard = message.sortedFields
    .filter((field) => message.isSet(field) && field.name !== UNINTERPRETED)
    .flatMap((field) => printField(field.name, field, message.get(field)));
  const numbers = new Set((options.$unknown ?? []).map(({ no }) => no));
  const custom = [...numbers].flatMap((number) => {
    const extension = extensions.getExtensionFor(schema, number);
    return extension === undefined ? [] : printExtension(extension, options);
  });
  return [...standard, ...custom];
}

function printExtension(extension: DescExtension, options: Message): string[] {
  // One at a time: that of a repeated option is an array of plain values.
  const value: unknown = getExtension(options, extension);
  const name = `(${extension.typeName})`;
  const values = extension.fieldKind === "list" ? (value as unknown[]) : [value];
  return values.map((it) => {
    const shown =
      extension.message !== undefined
        ? printMessage(reflect(extension.message, it as Message))
        : printValue(extension, it);
    return `${name} = ${shown}`;
  });
}

/** One option, or one for each value of a list. */
function printField(name: string, field: DescField, value: unknown): string[] {
  return fieldValues(field, value).map((it) => `${name} = ${it}`);
}

/** https://protobuf.dev/reference/protobuf/textformat-spec */
function printMessage(message: ReflectMessage): string {
  const fields = message.sortedFields
    .filter((field) => message.isSet(field))
    .flatMap((field) =>
      fieldValues(field, message.get(field)).map((value) => `${field.name}: ${value}`),
    );
  return fields.length === 0 ? "{}" : `{ ${fields.join(" ")} }`;
}

function fieldValues(field: DescField, value: unknown): string[] {
  switch (field.fieldKind) {
    case "list":
      return [...(value as Iterable<unknown>)].map((it) =>
        field.message === undefined ? printValue(field, it) : printMessage(it as ReflectMessage),
      );
    case "map":
      // Each entry is a message of two fields.
      return [...(value as Iterable<readonly [unknown, unknown]>)].map(([key, it]) => {
        const shown =
          field.message === undefined ? printValue(field, it) : printMessage(it as ReflectMessage);
        const shownKey = field.mapKey === ScalarType.STRING ? quote(String(key)) : String(key);
        return `{ key: ${shownKey} value: ${shown} }`;
      });
    case "message":
      return [printMessage(value as ReflectMessage)];
    default:
      return [printValue(field, value)];
  }
}

function printValue(field: DescField | DescExtension, value: unknown): string {
  if (field.enum !== undefined) {
    return field.enum.value[value as number]?.name ?? String(value);
  }
  if (typeof value === "string") return quote(value);
  if (value instanceof Uint8Array) return quoteBytes(value);
  // inf and nan, as they are written.
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  }
  return String(value);
}

/** A text between quotation marks, in UTF-8. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  return `"${escaped.replace(/\0/g, "\\000")}"`;
}

function quoteBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${shown.join("")}"`;
}
