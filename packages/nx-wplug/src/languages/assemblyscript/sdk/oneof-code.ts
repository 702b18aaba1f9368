import type { Comment, Oneof } from "../../../contract/contract";
import { doc, docComment } from "./doc-comment";
import { enumCode } from "./enum-code";
import {
  type FieldCode,
  type FieldScope,
  offsetOf,
  putValue,
  rawProperty,
  readCase,
  readMethod,
  type SingularField,
  tagOf,
  tagSize,
  when,
} from "./field-code";
import type { Imports } from "./imports";
import { LocalNames } from "./local-names";
import { upperFirst } from "../../../contract/model/names";
import { type ValueCode, valueCode } from "./value-type";

/** What a oneof adds to its message: the code that its members share, and that of each. */
export interface OneofCode {
  /** Says which member is set. */
  readonly caseEnum: string;
  readonly shared: Pick<FieldCode, "properties" | "getters" | "methods">;
  /** By field number. */
  readonly members: ReadonlyMap<number, FieldCode>;
}

/**
 * A oneof is a field for each member and a number that says which one is set. There are getters and methods that set,
 * but no setters, for the reason given at presenceCode().
 */
export function oneofCode(oneof: Oneof, caseEnumName: string, scope: FieldScope): OneofCode {
  const { members } = scope;
  const store = members.claim(`$${oneof.name}Case`);
  const getter = members.claim(`${oneof.name}Case`);
  const clear = members.claim(`clear${upperFirst(oneof.name)}`);
  const caseNames = new LocalNames();
  const notSet = `${caseEnumName}.${caseNames.claim("NOT_SET")}`;

  const fields = oneof.fields.filter((field) => field.cardinality === "singular");
  const parts = fields.map((field) => ({
    field,
    value: valueCode(field.value, scope.imports),
    store: members.claim(`$${field.name}`),
    caseName: caseNames.claim(field.name),
  }));

  return {
    caseEnum: enumCode(
      caseEnumName,
      note(`The member of the oneof \`${oneof.name}\` of ${scope.className} that is set.`),
      [
        { name: "NOT_SET", number: 0, comment: note() },
        ...parts.map(({ caseName, field }) => ({
          name: caseName,
          number: field.number,
          comment: note(),
        })),
      ],
    ),
    shared: {
      properties: [
        { isPrivate: true, name: store, type: caseEnumName, initializer: notSet },
        ...parts.map((part) => ({
          isPrivate: true,
          name: part.store,
          type: part.value.isMessage ? `${part.value.type} | null` : part.value.type,
          initializer: emptyValue(part.value),
        })),
      ],
      getters: [
        {
          name: getter,
          type: caseEnumName,
          statements: [`return this.${store};`],
          docs: docComment(oneof.comment, `Which member of \`${oneof.name}\` is set.`),
        },
      ],
      methods: [
        {
          name: clear,
          returnType: "void",
          statements: [
            `this.${store} = ${notSet};`,
            ...parts.map((part) => `this.${part.store} = ${emptyValue(part.value)};`),
          ],
          docs: doc(`Makes all members of \`${oneof.name}\` unset.`),
        },
      ],
    },
    members: new Map(
      parts.map((part) => [
        part.field.number,
        memberCode(part.field, part.value, {
          imports: scope.imports,
          className: scope.className,
          store: part.store,
          set: members.claim(`set${upperFirst(part.field.name)}`),
          read: members.claim(`$read${upperFirst(part.field.name)}`),
          clear,
          caseStore: store,
          caseValue: `${caseEnumName}.${part.caseName}`,
        }),
      ]),
    ),
  };
}

interface MemberScope {
  readonly imports: Imports;
  readonly className: string;
  readonly store: string;
  readonly set: string;
  readonly read: string;
  readonly clear: string;
  readonly caseStore: string;
  readonly caseValue: string;
}

function memberCode(field: SingularField, value: ValueCode, names: MemberScope): FieldCode {
  const tag = tagOf(field.number, value.wireType);
  const type = value.isMessage ? `${value.type} | null` : value.type;
  const isSet = `${rawProperty("i32", names.caseStore, names.className)} == ${names.caseValue}`;
  const raw = rawProperty(value.rawType, names.store, names.className);
  return {
    properties: [],
    getters: [
      {
        name: field.name,
        type,
        statements: [`return this.${names.store};`],
        docs: docComment(field.comment),
      },
    ],
    methods: [
      {
        name: names.set,
        parameters: [{ name: "value", type: value.type }],
        returnType: names.className,
        statements: [
          `this.${names.clear}();`,
          `this.${names.store} = value;`,
          `this.${names.caseStore} = ${names.caseValue};`,
          "return this;",
        ],
        docs: doc(`Sets \`${field.name}\`, and no other member of its oneof.`),
      },
      readMethod(names.read, readStatements(value, names), names.imports),
    ],
    put: when(isSet, putValue(tag, value, raw, names.imports)),
    size: tagSize(tag) + value.size,
    bound: value.sizeOf === undefined ? [] : when(isSet, [`size += ${value.sizeOf(raw)};`]),
    read: readCase(tag, [`${names.className}.${names.read}(into, reader);`]),
  };
}

function readStatements(value: ValueCode, names: MemberScope): string[] {
  const set = `changetype<${names.className}>(into).${names.set}`;
  const offset = offsetOf(names.store, names.className);
  if (!value.isMessage) {
    return [
      `let value: ${value.type} = ${value.zero};`,
      ...value.read.toVariable("value"),
      `${set}(value);`,
    ];
  }
  return [
    // A message that is set already is merged into, as outside of a oneof.
    `if (load<usize>(into, ${offset}) == 0) ${set}(${value.zero});`,
    ...value.read.toProperty(offset),
  ];
}

function emptyValue(value: ValueCode): string {
  return value.isMessage ? "null" : value.zero;
}

function note(...lines: readonly string[]): Comment {
  return { lines, deprecated: false };
}
