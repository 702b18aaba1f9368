import { WireError } from "@wplug/runtime";
import type { Message, MessageType } from "@wplug/runtime";

import { contractOf } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { loadGenerated } from "../testing/load-generated";
import type { Field, ScalarType, ValueType } from "../contract/contract";
import { emitHostSdk } from "./emit-host-sdk";

jest.setTimeout(60_000);

const contract = contractOf(everythingProtos);
const everything = contract.files
  .flatMap(({ messages }) => messages)
  .find(({ name }) => name === "Everything");

const cyclicObject: Record<string, unknown> = {};
cyclicObject["self"] = cyclicObject;
const cyclicArray: unknown[] = [];
cyclicArray.push(cyclicArray);

/** What JavaScript has, by name. */
const values: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  "a number": 5,
  "a fraction": 1.5,
  "a number beyond 32 bits": 2 ** 40,
  NaN: NaN,
  "a bigint": 5n,
  "a bigint beyond 64 bits": 1n << 70n,
  "a symbol": Symbol("x"),
  "a string": "abc",
  "an empty string": "",
  "half a pair of surrogates": "\ud800",
  "an array": [],
  "a cyclic array": cyclicArray,
  "an object": {},
  "an object without prototype": Object.create(null),
  "a cyclic object": cyclicObject,
  "a date": new Date(0),
  "a function": () => 5,
  "a class": class X {},
  "a map": new Map(),
  "a set": new Set(["a"]),
  bytes: Uint8Array.of(1),
  doubles: Float64Array.of(1),
  "a buffer": new ArrayBuffer(1),
  "a promise": Promise.resolve(),
  "a boxed number": Object(5),
  "a boxed string": Object("abc"),
  "a regular expression": /x/,
  "an error": new Error("x"),
};

const integers: readonly ScalarType[] = ["int32", "sint32", "sfixed32", "uint32", "fixed32"];

/** Names of the values that a field of this type may have. */
function rightOf(value: ValueType): readonly string[] {
  // Fields that the message does not have are none of its business.
  if (value.kind === "message") {
    return ["an object", "an object without prototype", "a cyclic object"];
  }
  if (value.kind === "enum" || integers.includes(value.scalar)) return ["a number"];
  switch (value.scalar) {
    case "double":
    case "float":
      return ["a number", "a fraction", "a number beyond 32 bits", "NaN"];
    case "bool":
      return ["true"];
    case "string":
      return ["a string", "an empty string"];
    case "bytes":
      return ["bytes"];
    default:
      return ["a bigint"];
  }
}

interface Case {
  readonly title: string;
  readonly init: Record<string, unknown>;
  /** Name of the field, or oneof, that the error has to name. */
  readonly field: string;
}

function casesOf(field: Field): Case[] {
  const { name } = field;
  const right = rightOf(field.value);
  const wrong = (allowed: readonly string[]) =>
    Object.entries(values).filter(([title]) => !allowed.includes(title));
  const some = values[right[0] ?? ""];
  switch (field.cardinality) {
    case "repeated":
      return [
        ...wrong(["an array", "a cyclic array"]).map(([title, value]) => ({
          title,
          init: { [name]: value },
          field: name,
        })),
        ...[...wrong(right), ["undefined", undefined] as const].map(([title, value]) => ({
          title: `[${title}]`,
          init: { [name]: [some, value] },
          field: name,
        })),
      ];
    case "map": {
      const key: ValueType = { kind: "scalar", scalar: field.key };
      const someKey = values[rightOf(key)[0] ?? ""];
      return [
        ...wrong(["a map"]).map(([title, value]) => ({
          title,
          init: { [name]: value },
          field: name,
        })),
        ...[...wrong(right), ["undefined", undefined] as const].map(([title, value]) => ({
          title: `Map to ${title}`,
          init: { [name]: new Map([[someKey, value]]) },
          field: name,
        })),
        ...[...wrong(rightOf(key)), ["undefined", undefined] as const].map(([title, value]) => ({
          title: `Map of ${title}`,
          init: {
            [name]: new Map([
              [someKey, some],
              [value, some],
            ]),
          },
          field: name,
        })),
      ];
    }
    case "singular": {
      const { oneof } = field;
      if (oneof === undefined) {
        return wrong(right).map(([title, value]) => ({
          title,
          init: { [name]: value },
          field: name,
        }));
      }
      return [...wrong(right), ["undefined", undefined] as const].map(([title, value]) => ({
        title: `{ case, value: ${title} }`,
        init: { [oneof]: { case: name, value } },
        field: name,
      }));
    }
  }
}

const cases = [
  ...(everything?.fields.flatMap(casesOf) ?? []),
  ...(everything?.oneofs.flatMap(({ name }) =>
    Object.entries(values).flatMap(([title, value]) => [
      ...(/^(a cyclic|an) object/.test(title)
        ? []
        : [{ title, init: { [name]: value }, field: name }]),
      { title: `{ case: ${title} }`, init: { [name]: { case: value, value } }, field: name },
    ]),
  ) ?? []),
];

describe("a value of the wrong type", () => {
  let Everything: MessageType & { decode(bytes: Uint8Array): Message };

  beforeAll(async () => {
    const classes = await loadGenerated<{ Everything: typeof Everything }>(emitHostSdk(contract));
    ({ Everything } = classes);
  });

  function errorOf(body: () => unknown): unknown {
    try {
      body();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Lines about the cases that don't end in an error that names the field. */
  function unnamed(encode: (init: Record<string, unknown>) => unknown): string[] {
    return cases.flatMap(({ title, init, field }) => {
      const error = errorOf(() => encode(init));
      const isNamed =
        error instanceof WireError && `${error.path}.`.startsWith(`test.v1.Everything.${field}.`);
      return isNamed ? [] : [`${field} = ${title}: ${String(error)}`];
    });
  }

  it("is an error that names the field, where a message is made and encoded", () => {
    expect(cases.length).toBeGreaterThan(5000);
    expect(unnamed((init) => new Everything(init).encode())).toEqual([]);
  });

  it("is one where a field is set, and the message is encoded", () => {
    expect(unnamed((init) => Object.assign(new Everything(), init).encode())).toEqual([]);
  });

  it("is one where the order of map entries is asked for", () => {
    expect(
      unnamed((init) => Object.assign(new Everything(), init).encode({ deterministic: true })),
    ).toEqual([]);
  });

  it("is one in a message in a message, by its whole path", () => {
    const error = errorOf(
      () =>
        new Everything({
          listEverything: [
            { mapEverything: new Map([["k", { oneEverything: { listBool: "x" } }]]) },
          ],
        }),
    );
    expect(error).toEqual(
      new WireError(
        'expected an array, got "x"',
        "test.v1.Everything.listEverything.mapEverything.oneEverything.listBool",
      ),
    );
  });

  it.each(Object.entries(values).filter(([title]) => !/object/.test(title)))(
    "%s is nothing that a message can be made from",
    (_, value) => {
      const error = errorOf(() => new Everything(value as object));
      expect(error).toBeInstanceOf(WireError);
      expect((error as WireError).path).toBe("test.v1.Everything");
      expect((error as WireError).reason).toMatch(/^expected an object with its fields, got /);
    },
  );

  it("is a message that contains itself", () => {
    const init: Record<string, unknown> = {};
    init["oneEverything"] = init;
    const message = new Everything() as Message & Record<string, unknown>;
    message["oneEverything"] = message;
    const other = new Everything() as typeof message;
    other["oneEverything"] = other;
    const calls: readonly (() => unknown)[] = [
      () => new Everything(init),
      () => new Everything({ listEverything: [init] }),
      () => new Everything({ mapEverything: new Map([["k", init]]) }),
      () => new Everything({ choice: { case: "choiceEverything", value: init } }),
      () => message.encode(),
      () => (message as unknown as { clone(): unknown }).clone(),
      () => (message as unknown as { equals(it: unknown): unknown }).equals(other),
    ];
    for (const call of calls) {
      expect(errorOf(call)).toBeInstanceOf(WireError);
      expect(call).toThrow("nested more than 100 levels deep (does one contain itself?)");
    }
    // The count of levels is not left behind.
    expect(new Everything({ oneEverything: {} }).encode()).toHaveLength(3);
  });

  it("is none of another copy of the classes, or of another realm", async () => {
    const { Everything: Other } = await loadGenerated<{ Everything: typeof Everything }>(
      emitHostSdk(contract),
    );
    const inner = new Other({ oneInt32: 1, mapInt32: new Map([["a", 1]]) });
    const message = new Everything({ oneEverything: inner, listEverything: [inner] });
    expect(Object.assign(new Everything(), { oneEverything: inner }).encode()).toEqual(
      new Everything({ oneEverything: inner }).encode(),
    );
    expect(Everything.decode(message.encode())).toEqual(message);
  });
});
