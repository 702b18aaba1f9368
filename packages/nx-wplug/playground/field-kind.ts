import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** What is filled in for one value. */
export type Control =
  | { readonly kind: "text"; readonly hint: string; readonly long: boolean }
  | { readonly kind: "bool" }
  | { readonly kind: "enum"; readonly names: readonly string[] }
  | { readonly kind: "json"; readonly hint: string }
  | { readonly kind: "message"; readonly message: DescMessage };

const NUMBER = "a number";

/** Messages whose JSON is a text: https://protobuf.dev/programming-guides/json */
const TEXT_FORMS: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp": "2026-01-31T12:00:00Z",
  "google.protobuf.Duration": "1.5s",
  "google.protobuf.FieldMask": "name,address.city",
  "google.protobuf.StringValue": "text",
  "google.protobuf.BytesValue": "base64",
  ...Object.fromEntries(
    ["Double", "Float", "Int64", "UInt64", "Int32", "UInt32"].map((name) => [
      `google.protobuf.${name}Value`,
      NUMBER,
    ]),
  ),
};

const JSON_FORMS: Readonly<Record<string, string>> = {
  "google.protobuf.Struct": '{ "name": "value" }',
  "google.protobuf.Value": "any JSON value",
  "google.protobuf.ListValue": "[1, 2]",
  "google.protobuf.Any": '{ "@type": "type.googleapis.com/…" }',
};

/** How a value of a field, an item or a value of a map is filled in. */
export function controlOf({ message, enum: declared, scalar }: DescField): Control {
  if (declared !== undefined) {
    return { kind: "enum", names: declared.values.map(({ name }) => name) };
  }
  if (message === undefined) return scalarControl(scalar);
  if (message.typeName === "google.protobuf.BoolValue") return { kind: "bool" };
  const text = TEXT_FORMS[message.typeName];
  if (text !== undefined) return { kind: "text", hint: text, long: false };
  const json = JSON_FORMS[message.typeName];
  return json === undefined ? { kind: "message", message } : { kind: "json", hint: json };
}

function scalarControl(scalar: ScalarType | undefined): Control {
  switch (scalar) {
    case ScalarType.BOOL:
      return { kind: "bool" };
    case ScalarType.STRING:
      return { kind: "text", hint: "", long: true };
    case ScalarType.BYTES:
      return { kind: "text", hint: "base64", long: true };
    default:
      return { kind: "text", hint: NUMBER, long: false };
  }
}

/** What a new item has. */
export function firstValue(control: Control): string | boolean | Record<string, never> | null {
  switch (control.kind) {
    case "bool":
      return false;
    case "enum":
      return control.names[0] ?? "";
    case "message":
      return {};
    case "json":
      return null;
    default:
      return control.hint === NUMBER ? "0" : "";
  }
}
