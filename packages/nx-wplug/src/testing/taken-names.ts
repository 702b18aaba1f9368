import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";

/** https://tc39.es/ecma262/#prod-ReservedWord, what strict mode reserves, and TypeScript's own. */
const JAVASCRIPT = [
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if",
  "import in instanceof new null return super switch this throw true try typeof var void while with yield let static implements",
  "interface package private protected public arguments eval async get set of as from abstract any asserts assert bigint boolean",
  "constructor declare infer intrinsic is keyof module namespace never out readonly require number object satisfies string symbol",
  "type undefined unique unknown using global override accessor defer",
].flatMap((line) => line.split(" "));

/** https://go.dev/ref/spec#Keywords and #Predeclared_identifiers */
const GO = [
  "break default func interface select case defer go map struct chan else goto package switch const fallthrough if range type",
  "continue for import return var any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64",
  "rune string uint uint8 uint16 uint32 uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make",
  "max min new panic print println real recover init main",
  // Methods of its messages.
  "Reset String ProtoMessage ProtoReflect Descriptor MarshalVT UnmarshalVT SizeVT Marshal Unmarshal Size",
].flatMap((line) => line.split(" "));

/** https://doc.rust-lang.org/reference/keywords.html */
const RUST = [
  "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self",
  "static struct super trait true type unsafe use where while async await dyn abstract become box do final macro override priv",
  "typeof unsized virtual yield try gen union Box Option Some None Result Ok Err Vec String str Clone Copy Default Drop Send Sync",
].flatMap((line) => line.split(" "));

/** Members of generated classes, of what they inherit, and of the static sides of both. */
const MEMBERS = [
  "encode decode read write typeName fieldNames mergeFrom clone equals toJson fromJson fromJsonString toJSON $unknown unknown",
  "instance sync call callSync dispose load loadAny connect open openAny openRemote module retired stats service begin settle opened durations calls errors then",
  "catch finally prototype name length caller apply bind size bytes __proto__ _bound _put _decode",
  "Message MessageInit MessageType Reader Writer WritableType EncodeOptions CallOptions LoadOptions PluginSource PluginClient",
  "ServiceDescriptor HostServiceDescriptor HostLibrary JsonValue ToJsonOptions FromJsonOptions JsonEnum zero64 cloneMessage",
  "equalMessages toMessage initMessage initList initMap checkInit isEmpty itemsOf entriesOf openBlock closeBlock readTag writeBool",
  "WireError JsonError PluginError hostLibrary defineJson jsonEnum jsonOf NO_BYTES provide register",
].flatMap((line) => line.split(" "));

/** Names that generated code itself declares. */
const LOCALS = [
  "message reader writer end tag outer key value item start init bytes options request source json text other at block depth entry",
  "from into list output part size index i it request response result error pointer ptr implementation host plugin",
].flatMap((line) => line.split(" "));

/** All that AssemblyScript's compiler and library declare globally. */
function ofAssemblyScript(): string[] {
  const library = join(dirname(require.resolve("assemblyscript/package.json")), "std/assembly");
  const text = readFileSync(join(library, "index.d.ts"), "utf8");
  const declaration =
    /^declare (?:abstract )?(?:function|class|const|let|var|type|namespace|enum|interface) (\w+)/gm;
  // Its switches are all alike.
  return [...text.matchAll(declaration)]
    .map((match) => match[1] ?? "")
    .filter((name) => !/^ASC_|^(ref_)?string(view|ref)/.test(name));
}

/** What the languages, and generated code, have a use for. */
const OWN = [...JAVASCRIPT, ...GO, ...RUST, ...MEMBERS, ...LOCALS];

/** What their libraries declare. */
const LIBRARIES = [
  // Those of the language alone: of a host's there are hundreds, and all are alike.
  ...(runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[]),
  ...[Object, Function, Promise].flatMap((it) => Object.getOwnPropertyNames(it.prototype)),
  ...ofAssemblyScript(),
];

/** Names that mean something in one of the languages, and that a proto may use for what it likes. Each once. */
export const takenNames: readonly string[] = distinct([...OWN, ...LIBRARIES].filter(isName));

/** Fewer: those of the languages and of generated code, without their libraries. */
export const ownNames: readonly string[] = distinct(OWN.filter(isName));

function isName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

/** The first of each that `key` makes the same. */
export function distinct(
  names: readonly string[],
  key: (name: string) => string = (name) => name,
): string[] {
  const seen = new Set<string>();
  return names.filter((name) => !seen.has(key(name)) && seen.add(key(name)));
}
