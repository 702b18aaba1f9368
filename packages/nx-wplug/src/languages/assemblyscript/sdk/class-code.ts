import type { OptionalKind, JSDocStructure } from "ts-morph";

import { docLines } from "./doc-comment";
import { indent } from "./indent";

type Docs = OptionalKind<JSDocStructure>[];

export interface PropertyCode {
  readonly isPrivate?: boolean;
  readonly name: string;
  readonly type: string;
  readonly initializer: string;
  readonly docs?: Docs;
}

export interface GetterCode {
  readonly name: string;
  readonly type: string;
  readonly statements: readonly string[];
  readonly docs: Docs;
}

export interface MethodCode {
  readonly isStatic?: boolean;
  readonly name: string;
  readonly parameters?: readonly { readonly name: string; readonly type: string }[];
  readonly returnType: string;
  readonly statements: readonly string[];
  readonly docs?: Docs;
}

export interface ClassCode {
  readonly name: string;
  readonly docs: Docs;
  readonly properties: readonly PropertyCode[];
  readonly getters: readonly GetterCode[];
  readonly methods: readonly MethodCode[];
}

/**
 * Text of an exported class. Contracts may have thousands of messages, and ts-morph, which parses what it prints, takes
 * several times as long.
 */
export function classCode({ name, docs, properties, getters, methods }: ClassCode): string {
  const members = [
    properties.flatMap(propertyLines),
    ...getters.map((getter) => [
      ...docLines(getter.docs),
      `get ${getter.name}(): ${getter.type} {`,
      ...indent(getter.statements),
      "}",
    ]),
    ...methods.map(methodLines),
  ].filter((lines) => lines.length > 0);
  const body = members.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
  return [...docLines(docs), `export class ${name} {`, ...indent(body), "}", ""].join("\n");
}

function propertyLines({ isPrivate, name, type, initializer, docs = [] }: PropertyCode): string[] {
  const modifier = isPrivate === true ? "private " : "";
  return [...docLines(docs), `${modifier}${name}: ${type} = ${initializer};`];
}

function methodLines({ isStatic, parameters = [], docs = [], ...method }: MethodCode): string[] {
  const list = parameters.map(({ name, type }) => `${name}: ${type}`).join(", ");
  return [
    ...docLines(docs),
    `${isStatic === true ? "static " : ""}${method.name}(${list}): ${method.returnType} {`,
    ...indent(method.statements),
    "}",
  ];
}
