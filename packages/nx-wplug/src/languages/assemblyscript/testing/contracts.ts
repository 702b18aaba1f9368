import type {
  Comment,
  Contract,
  ContractFile,
  Enum,
  Field,
  Message,
  PluginService,
  ScalarType,
  TypeName,
  ValueType,
} from "../../../contract/contract";

/** Contract models made by hand: what the front end would make of the proto text in the comments. */

const none: Comment = { lines: [], deprecated: false };

function comment(...lines: string[]): Comment {
  return { lines, deprecated: false };
}

function scalar(type: ScalarType): ValueType {
  return { kind: "scalar", scalar: type };
}

function base(number: number, name: string) {
  return { number, name, protoName: name, jsonName: name, comment: none };
}

function field(number: number, name: string, value: ValueType): Field {
  const presence = value.kind === "message" ? "explicit" : "implicit";
  return { ...base(number, name), cardinality: "singular", value, presence, oneof: undefined };
}

function optional(number: number, name: string, value: ValueType): Field {
  return {
    ...base(number, name),
    cardinality: "singular",
    value,
    presence: "explicit",
    oneof: undefined,
  };
}

function member(number: number, name: string, oneof: string, value: ValueType): Field {
  return { ...base(number, name), cardinality: "singular", value, presence: "oneof", oneof };
}

function list(number: number, name: string, value: ValueType, packed = false): Field {
  return { ...base(number, name), cardinality: "repeated", value, packed };
}

function map(number: number, name: string, key: ScalarType, value: ValueType): Field {
  return { ...base(number, name), cardinality: "map", key, value };
}

function typeName(file: string, name: string): TypeName {
  return { file, name, typeName: `${file.replace(/\.proto$/, "").replaceAll("/", ".")}.${name}` };
}

function file(path: string, parts: Partial<ContractFile>): ContractFile {
  const stem = path.replace(/\.proto$/, "");
  return {
    path,
    stem,
    package: stem.replaceAll("/", "."),
    comment: none,
    publicImports: [],
    messages: [],
    enums: [],
    pluginServices: [],
    hostService: undefined,
    ...parts,
  };
}

function message(type: TypeName, fields: Field[], parts: Partial<Message> = {}): Message {
  return { ...type, comment: none, fields, oneofs: [], ...parts };
}

/** The contract of the README. */
export function greeterContract(): Contract {
  const request = typeName("greeter.proto", "GreetRequest");
  const reply = typeName("greeter.proto", "GreetReply");
  const greeter: PluginService = {
    ...typeName("greeter.proto", "Greeter"),
    version: 1,
    apiVersionExport: "greeter_api_version",
    comment: comment("Greets people."),
    methods: [
      {
        name: "sayHello",
        protoName: "SayHello",
        wasmName: "greeter_say_hello",
        input: request,
        output: reply,
        comment: comment("Answers with a greeting."),
      },
    ],
  };
  return {
    // Which no SDK of plugins has.
    descriptors: new Uint8Array(),
    files: [
      file("greeter.proto", {
        messages: [
          message(
            request,
            [{ ...field(1, "name", scalar("string")), comment: comment("Whom to greet.") }],
            {
              comment: comment("Asks for a greeting.", "", "A second paragraph, with a */ in it."),
            },
          ),
          message(reply, [field(1, "message", scalar("string"))], {
            comment: { lines: ["A greeting."], deprecated: true },
          }),
        ],
        pluginServices: [greeter],
      }),
    ],
  };
}

const scalars: readonly ScalarType[] = [
  "double",
  "float",
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
  "bool",
  "string",
  "bytes",
];

/**
 * A service with a message of every kind of field:
 *
 * | numbers    | fields                                             |
 * | ---------- | -------------------------------------------------- |
 * | 1 to 15    | the scalars, in the order of the language guide     |
 * | 21 to 35   | lists of them, packed where they can be             |
 * | 41 to 55   | lists of them, not packed                           |
 * | 61 to 75   | `optional`                                          |
 * | 81 to 95   | members of the oneof `choice`                       |
 * | 101 to 115 | maps: to them from string, from those that can be keys to string |
 * | 121 …      | enums, messages                                     |
 *
 * `Echo` answers with what it was asked, `Run` does what its request's text says.
 */
export function everythingContract(): Contract {
  const path = "test/v1/everything.proto";
  const sharedPath = "test/shared.proto";
  const everything = typeName(path, "Everything");
  const empty = typeName(path, "Empty");
  const text = typeName(path, "Text");
  const item: TypeName = typeName(sharedPath, "Item");
  const color: TypeName = typeName(sharedPath, "Color");
  const nested = typeName(path, "Everything_Nested");
  const enumValue: ValueType = { kind: "enum", type: color };
  const itemValue: ValueType = { kind: "message", type: item };
  const selfValue: ValueType = { kind: "message", type: everything };
  const nestedValue: ValueType = { kind: "message", type: nested };

  const members = [
    ...scalars.map((type, i) =>
      member(81 + i, `choice_${type}`.replace("_", ""), "choice", scalar(type)),
    ),
    member(96, "choiceColor", "choice", enumValue),
    member(97, "choiceItem", "choice", itemValue),
  ];
  const fields = [
    ...scalars.map((type, i) => field(1 + i, `${type}Value`, scalar(type))),
    ...scalars.map((type, i) =>
      list(21 + i, `${type}List`, scalar(type), type !== "string" && type !== "bytes"),
    ),
    ...scalars.map((type, i) => list(41 + i, `${type}Loose`, scalar(type))),
    ...scalars.map((type, i) => optional(61 + i, `${type}Maybe`, scalar(type))),
    ...members,
    ...scalars.map((type, i) =>
      type === "double" || type === "float" || type === "bytes"
        ? map(101 + i, `${type}Map`, "string", scalar(type))
        : map(101 + i, `${type}Map`, type, scalar("string")),
    ),
    field(121, "color", enumValue),
    list(122, "colors", enumValue, true),
    optional(123, "maybeColor", enumValue),
    field(124, "item", itemValue),
    list(125, "items", itemValue),
    field(126, "self", selfValue),
    map(127, "itemMap", "int32", itemValue),
    map(128, "colorMap", "bool", enumValue),
    field(129, "nested", nestedValue),
    // Names that the generated class or the language has a use for.
    field(130, "private", scalar("string")),
    field(131, "unknown", scalar("int32")),
    optional(132, "read", scalar("int32")),
    optional(133, "write", scalar("string")),
    field(134, "hasRead", scalar("bool")),
    field(536870911, "last", scalar("int32")),
  ];
  const colors: Enum = {
    ...color,
    comment: comment("A color."),
    values: [
      { name: "UNSPECIFIED", protoName: "COLOR_UNSPECIFIED", number: 0, comment: none },
      { name: "RED", protoName: "COLOR_RED", number: 1, comment: comment("Warm.") },
      { name: "SCARLET", protoName: "COLOR_SCARLET", number: 1, comment: none },
      { name: "NEGATIVE", protoName: "COLOR_NEGATIVE", number: -1, comment: none },
      { name: "delete", protoName: "COLOR_delete", number: 2, comment: none },
      { name: "class", protoName: "COLOR_class", number: 3, comment: none },
    ],
  };
  const method = (name: string, wasmName: string, input: TypeName, output: TypeName) => ({
    name,
    protoName: name,
    wasmName,
    input,
    output,
    comment: none,
  });
  return {
    // Which no SDK of plugins has.
    descriptors: new Uint8Array(),
    files: [
      file(sharedPath, {
        enums: [colors],
        messages: [
          message(item, [field(1, "name", scalar("string")), field(2, "count", scalar("int32"))]),
        ],
      }),
      file(path, {
        publicImports: [{ file: sharedPath }],
        messages: [
          message(everything, fields, {
            oneofs: [{ name: "choice", protoName: "choice", comment: none, fields: members }],
          }),
          message(nested, [list(1, "tags", scalar("string"))]),
          message(empty, []),
          message(text, [field(1, "text", scalar("string"))]),
        ],
        pluginServices: [
          {
            ...typeName(path, "Tester"),
            version: 3,
            apiVersionExport: "tester_api_version",
            comment: none,
            methods: [
              method("echo", "tester_echo", everything, everything),
              method("nothing", "tester_nothing", empty, empty),
              method("run", "tester_run", text, text),
            ],
          },
        ],
      }),
    ],
  };
}
