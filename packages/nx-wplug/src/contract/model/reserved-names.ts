/**
 * Names that a generated class or enum can't have in one of the languages. Both get the same name, so that a reader
 * of one side knows the other.
 */
export const reservedTypeNames: ReadonlySet<string> = new Set(
  [
    // https://tc39.es/ecma262/#prod-ReservedWord, and what is reserved in strict mode
    "await break case catch class const continue debugger default delete do else enum export extends false finally",
    "for function if import in instanceof new null return super switch this throw true try typeof var void while",
    "with yield let static implements interface package private protected public arguments eval",
    // TypeScript's built-in types, which a class can't be called
    "any unknown never number bigint boolean string symbol object undefined as async of type namespace module",
    "infer keyof readonly unique satisfies",
    // AssemblyScript's
    "i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 v128 bool auto nonnull",
    "abstract constructor declare get is override set",
    // Its functions that generated code calls
    "changetype load store offsetof sizeof reinterpret",
    // Globals that generated code uses, or that TypeScript keeps for itself in a CommonJS module
    "Map Uint8Array BigInt Object Readonly Record Promise Array String StaticArray exports require",
    // Local names of generated code, and a constant of its own
    "zero64",
    "message reader writer end tag outer key value item start init bytes options request service source json text other",
    "at block depth entry from into list output part size",
  ].flatMap((line) => line.split(" ")),
);

/** Names that a field can't have because every generated message has a member with that name. */
export const reservedFieldNames: ReadonlySet<string> = new Set(
  [
    "constructor prototype encode decode read write typeName fieldNames",
    "mergeFrom clone equals toJson fromJson fromJsonString toJSON toString toLocaleString valueOf",
    "hasOwnProperty isPrototypeOf propertyIsEnumerable",
  ].flatMap((line) => line.split(" ")),
);

/** Names that an rpc can't have because every generated client has a member with that name. */
export const reservedMethodNames: ReadonlySet<string> = new Set(
  [
    "constructor instance sync call callSync dispose then module retired stats",
    "begin settle opened durations calls errors",
    // Means a constructor in an interface
    "new",
    "toString toLocaleString valueOf toJSON hasOwnProperty isPrototypeOf propertyIsEnumerable",
  ].flatMap((line) => line.split(" ")),
);

/** Names that TypeScript refuses for enum members, or whose reverse mapping would be lost. */
export const reservedEnumValueNames: ReadonlySet<string> = new Set([
  "NaN",
  "Infinity",
  "__proto__",
  "constructor",
]);
