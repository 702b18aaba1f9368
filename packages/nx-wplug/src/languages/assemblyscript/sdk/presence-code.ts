import { doc, docComment } from "./doc-comment";
import {
  type FieldCode,
  type FieldScope,
  offsetOf,
  putValue,
  rawProperty,
  readCase,
  type SingularField,
  tagOf,
  tagSize,
  when,
} from "./field-code";
import { upperFirst } from "../../../contract/model/names";
import type { ValueCode } from "./value-type";

/**
 * An `optional` number, bool or enum: AssemblyScript has no nullable numbers, so whether there is one is a flag.
 *
 * A getter and a method that sets, but no setter: asc 0.28 compiles an object literal that names a property with a
 * setter into one that gives it the value of another property. Without a setter it is a compile error.
 */
export function presenceCode(
  field: SingularField,
  value: ValueCode,
  { className, imports, members }: FieldScope,
): FieldCode {
  const store = members.claim(`$${field.name}`);
  const flag = members.claim(`$has${upperFirst(field.name)}`);
  const has = members.claim(`has${upperFirst(field.name)}`);
  const set = members.claim(`set${upperFirst(field.name)}`);
  const clear = members.claim(`clear${upperFirst(field.name)}`);
  const tag = tagOf(field.number, value.wireType);
  const { whenUnset } = field;
  const initial =
    typeof whenUnset === "object"
      ? `${value.type}.${whenUnset.enumValue}`
      : (whenUnset ?? value.zero);
  return {
    properties: [
      { isPrivate: true, name: store, type: value.type, initializer: initial },
      { isPrivate: true, name: flag, type: "bool", initializer: "false" },
    ],
    getters: [
      {
        name: field.name,
        type: value.type,
        statements: [`return this.${store};`],
        docs: docComment(field.comment),
      },
      {
        name: has,
        type: "bool",
        statements: [`return this.${flag};`],
        docs: doc(`Whether \`${field.name}\` is set.`),
      },
    ],
    methods: [
      {
        name: set,
        parameters: [{ name: "value", type: value.type }],
        returnType: className,
        statements: [`this.${store} = value;`, `this.${flag} = true;`, "return this;"],
        docs: doc(`Sets \`${field.name}\`.`),
      },
      {
        name: clear,
        returnType: "void",
        statements: [`this.${store} = ${initial};`, `this.${flag} = false;`],
        docs: doc(`Makes \`${field.name}\` unset.`),
      },
    ],
    put: when(
      rawProperty("bool", flag, className),
      putValue(tag, value, rawProperty(value.rawType, store, className), imports),
    ),
    size: tagSize(tag) + value.size,
    bound: [],
    read: readCase(tag, [
      ...value.read.toProperty(offsetOf(store, className)),
      `store<bool>(into, true, ${offsetOf(flag, className)});`,
    ]),
  };
}
