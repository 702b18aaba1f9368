import type { Message } from "../wire/message.js";
import { anyForm } from "./any-form.js";
import { fieldMaskForm } from "./field-mask-form.js";
import { at } from "./json-error.js";
import { make, type SpecialForm } from "./special-form.js";
import { scalarFromJson, scalarToJson, type ScalarName } from "./scalar-json.js";
import { listValueForm, structForm, valueForm } from "./struct-forms.js";
import { durationForm, timestampForm } from "./time-forms.js";

/** The wrapper of a scalar is the scalar. */
function wrapper(scalar: ScalarName): SpecialForm {
  return {
    toJson: (message) =>
      at("value", () => scalarToJson(scalar, (message as Message & { value: unknown }).value)),
    fromJson: (type, json) => make(type, { value: scalarFromJson(scalar, json) }),
  };
}

let forms: ReadonlyMap<string, SpecialForm> | undefined;

/** The form of a type in JSON; undefined for all but some well-known types. */
export function specialForm(typeName: string): SpecialForm | undefined {
  if (!typeName.startsWith("google.protobuf.")) return undefined;
  forms ??= new Map(
    Object.entries({
      Any: anyForm((name) => specialForm(name) !== undefined),
      BoolValue: wrapper("bool"),
      BytesValue: wrapper("bytes"),
      DoubleValue: wrapper("double"),
      Duration: durationForm,
      FieldMask: fieldMaskForm,
      FloatValue: wrapper("float"),
      Int32Value: wrapper("int32"),
      Int64Value: wrapper("int64"),
      ListValue: listValueForm,
      StringValue: wrapper("string"),
      Struct: structForm,
      Timestamp: timestampForm,
      UInt32Value: wrapper("uint32"),
      UInt64Value: wrapper("uint64"),
      Value: valueForm,
    }).map(([name, form]) => [`google.protobuf.${name}`, form]),
  );
  return forms.get(typeName);
}
