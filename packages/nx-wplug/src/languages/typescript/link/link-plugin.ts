import { ByteReader } from "../../../wasm/byte-reader";
import { ByteWriter } from "../../../wasm/byte-writer";
import { dataSegments } from "./data-segments";
import { readSections, Section, writeModule } from "./module-sections";
import { reachableFunctions } from "./reachable-functions";
import { renumberCalls } from "./renumber-calls";

/** What a plugin has that the engine has not. */
export interface PluginLinkage {
  /** Exports of its rpcs, in the order of their numbers. */
  readonly rpcs: readonly string[];
  /** Exports of the versions of its services. */
  readonly versions: readonly { readonly name: string; readonly version: number }[];
  /** Functions of the host that it calls, in the order of their numbers. */
  readonly hostFunctions: readonly HostFunction[];
  readonly memory: EngineMemory;
}

/** Of an engine in which the plugin was run. */
export interface EngineMemory {
  readonly bytes: Uint8Array;
  /** Places in the function table of what the plugin does not need: the compiler of JavaScript, which only the build needs. */
  readonly leftOutSlots: readonly number[];
}

export interface HostFunction {
  /** wasm import module. */
  readonly module: string;
  readonly name: string;
}

// Types: https://webassembly.github.io/spec/core/binary/types.html
const I32 = 0x7f;
const I64 = 0x7e;
const FUNCTION = 0x60;
/** Of an rpc and a host function: (address, size) -> result. */
const CALL_TYPE = Uint8Array.of(FUNCTION, 2, I32, I32, 1, I64);
/** () -> version */
const VERSION_TYPE = Uint8Array.of(FUNCTION, 0, 1, I64);
/** (number of the host function, address, size) -> result */
const HOST_CALL_TYPE = Uint8Array.of(FUNCTION, 3, I32, I32, I32, 1, I64);

const PAGE = 65536;

/** Exports of a plugin -> those of the engine. */
const ENGINE_EXPORTS = {
  _initialize: "start",
  malloc: "malloc",
  free: "free",
  wplug_panic: "wplug_panic",
} as const;

/**
 * The module of a plugin: the engine's code, a function for each rpc, an import for each host function, and the memory of the
 * instance in which the plugin was run. The same input gives the same bytes.
 */
export function linkPlugin(engine: Uint8Array, plugin: PluginLinkage): Uint8Array {
  const sections = readSections(engine);
  const section = (id: Section): ByteReader => {
    const content = sections.get(id);
    if (content === undefined) throw new Error(`the engine has no section ${id}`);
    return new ByteReader(content);
  };
  const types = new TypeList(section(Section.Type));
  const imports = section(Section.Import).list(readImport);
  const functionTypes = section(Section.Function).list((reader) => reader.u32());
  const exported = readExports(section(Section.Export));
  const elements = section(Section.Element).list(readElements);
  const bodies = section(Section.Code).list((reader) => reader.take(reader.u32()));
  const engineExport = (name: string): number => {
    const index = exported.get(name);
    if (index === undefined) throw new Error(`the engine does not export ${name}`);
    return index;
  };
  const leftOut = new Set(
    plugin.memory.leftOutSlots.flatMap((slot) =>
      elements.map(({ start, functions }) => functions[slot - start]),
    ),
  );
  const reached = reachableFunctions(bodies, imports.length, [
    ...[...Object.values(ENGINE_EXPORTS), "dispatch"].map(engineExport),
    ...elements.flatMap(({ functions }) => functions.filter((it) => !leftOut.has(it))),
  ]);
  /** What the table has in place of functions that are not there has to be one, and traps. */
  const isKept = (index: number) => reached.has(index) || leftOut.has(index);
  const keptBodies: number[] = [];
  bodies.forEach((_, i) => {
    if (isKept(imports.length + i)) keptBodies.push(i);
  });
  const placeOf = new Map(keptBodies.map((i, place) => [imports.length + i, place]));

  const hostCall = imports.findIndex(({ module }) => module === "wplug");
  const kept = imports.filter((_, index) => index !== hostCall && reached.has(index));
  const newImports = [
    ...kept,
    ...plugin.hostFunctions.map((it) => ({ ...it, type: types.index(CALL_TYPE) })),
  ];
  // The engine's functions come first, then those that are added, of which the first takes the place of `host_call`.
  const firstAdded = newImports.length + keptBodies.length;
  const renumber = (index: number): number => {
    if (index === hostCall) return firstAdded;
    const imported = imports[index];
    if (imported !== undefined) return kept.indexOf(imported);
    const place = placeOf.get(index);
    if (place === undefined) throw new Error(`function ${index} of the engine was left out`);
    return newImports.length + place;
  };

  const added: { readonly type: number; readonly body: Uint8Array }[] = [];
  const add = (type: Uint8Array, body: ByteWriter): number => {
    added.push({ type: types.index(type), body: body.result() });
    return firstAdded + added.length - 1;
  };
  add(HOST_CALL_TYPE, hostCallBody(plugin.hostFunctions.length, kept.length));
  const exports = [
    ...Object.entries(ENGINE_EXPORTS).map(
      ([name, of]) => [name, renumber(engineExport(of))] as const,
    ),
    ...plugin.versions.map(
      ({ name, version }) => [name, add(VERSION_TYPE, versionBody(version))] as const,
    ),
    ...plugin.rpcs.map((name, number) => {
      const body = rpcBody(number, renumber(engineExport("dispatch")));
      return [name, add(CALL_TYPE, body)] as const;
    }),
  ];

  const segments = dataSegments(plugin.memory.bytes);
  return writeModule([
    [Section.Type, types.write()],
    [
      Section.Import,
      writeList(newImports, (it, to) => to.name(it.module).name(it.name).byte(0).u32(it.type)),
    ],
    [
      Section.Function,
      writeList(
        [...keptBodies.map((i) => functionTypes[i] ?? 0), ...added.map(({ type }) => type)],
        (type, to) => to.u32(type),
      ),
    ],
    [Section.Table, sections.get(Section.Table)],
    [
      Section.Memory,
      new ByteWriter()
        .u32(1)
        .byte(0)
        .u32(plugin.memory.bytes.length / PAGE)
        .result(),
    ],
    [Section.Global, sections.get(Section.Global)],
    [Section.Export, writeExports(exports)],
    [Section.Element, writeElements(elements, renumber)],
    [
      Section.Code,
      writeList(
        [
          ...bodies.flatMap((it, i) => {
            const index = imports.length + i;
            if (reached.has(index)) return [renumberCalls(it, renumber)];
            return leftOut.has(index) ? [body().byte(UNREACHABLE, END).result()] : [];
          }),
          ...added.map(({ body }) => body),
        ],
        (body, to) => to.vector(body),
      ),
    ],
    [
      Section.Data,
      writeList(segments, ({ address, bytes }, to) =>
        to.byte(0, 0x41).s32(address).byte(0x0b).vector(bytes),
      ),
    ],
  ]);
}

interface Import extends HostFunction {
  /** Index of its type. */
  readonly type: number;
}

function readImport(reader: ByteReader): Import {
  const module = reader.name();
  const name = reader.name();
  if (reader.byte() !== 0) throw new Error(`the engine imports ${name}, which is no function`);
  return { module, name, type: reader.u32() };
}

/** Functions by name. */
function readExports(reader: ByteReader): Map<string, number> {
  const all = reader.list(() => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.u32(),
  }));
  return new Map(all.filter(({ kind }) => kind === 0).map(({ name, index }) => [name, index]));
}

function writeExports(functions: readonly (readonly [string, number])[]): Uint8Array {
  const writer = new ByteWriter()
    .u32(functions.length + 1)
    .name("memory")
    .byte(2)
    .u32(0);
  for (const [name, index] of functions) writer.name(name).byte(0).u32(index);
  return writer.result();
}

class TypeList {
  private readonly types: Uint8Array[];

  constructor(reader: ByteReader) {
    this.types = reader.list(() => {
      const start = reader.position;
      reader.byte();
      reader.take(reader.u32());
      reader.take(reader.u32());
      return reader.bytes.subarray(start, reader.position);
    });
  }

  /** The index of a type, which is added unless it is there. */
  index(type: Uint8Array): number {
    const found = this.types.findIndex((it) => Buffer.compare(it, type) === 0);
    return found < 0 ? this.types.push(type) - 1 : found;
  }

  write(): Uint8Array {
    return writeList(this.types, (type, to) => to.raw(type));
  }
}

interface Elements {
  /** Place in the table of the first. */
  readonly start: number;
  readonly functions: readonly number[];
}

/** Only the plainest segments: `ref.func`s of a table from a place on. */
function readElements(reader: ByteReader): Elements {
  if (reader.u32() !== 0 || reader.byte() !== I32_CONST) {
    throw new Error("the engine has an element segment that is not known here");
  }
  // One byte, and no sign: tables begin with a place for NULL.
  const start = reader.byte();
  if (start >= 0x40 || reader.byte() !== END) {
    throw new Error("the engine has an element segment that is not known here");
  }
  return { start, functions: reader.list(() => reader.u32()) };
}

function writeElements(
  segments: readonly Elements[],
  renumber: (index: number) => number,
): Uint8Array {
  return writeList(segments, ({ start, functions }, to) => {
    to.u32(0).byte(I32_CONST).s32(start).byte(END).u32(functions.length);
    for (const index of functions) to.u32(renumber(index));
    return to;
  });
}

// Instructions: https://webassembly.github.io/spec/core/binary/instructions.html
const UNREACHABLE = 0x00;
const BLOCK = 0x02;
const NO_RESULT = 0x40;
const BR_TABLE = 0x0e;
const END = 0x0b;
const RETURN = 0x0f;
const CALL = 0x10;
const LOCAL_GET = 0x20;
const I32_CONST = 0x41;
const I64_CONST = 0x42;

/** A body without variables of its own. */
const body = () => new ByteWriter().u32(0);

function versionBody(version: number): ByteWriter {
  return body().byte(I64_CONST).s64(BigInt(version)).byte(END);
}

function rpcBody(number: number, dispatch: number): ByteWriter {
  return body()
    .byte(I32_CONST)
    .s32(number)
    .byte(LOCAL_GET, 0, LOCAL_GET, 1, CALL)
    .u32(dispatch)
    .byte(END);
}

/** Calls the import with the number that is the first parameter. */
function hostCallBody(count: number, firstImport: number): ByteWriter {
  const code = body();
  // One block around all, and one for each import inside of it: leaving the one with a number leads to its call.
  for (let i = 0; i <= count; i++) code.byte(BLOCK, NO_RESULT);
  code.byte(LOCAL_GET, 0, BR_TABLE).u32(count);
  for (let i = 0; i <= count; i++) code.u32(i);
  for (let i = 0; i < count; i++) {
    code
      .byte(END, LOCAL_GET, 1, LOCAL_GET, 2, CALL)
      .u32(firstImport + i)
      .byte(RETURN);
  }
  return code.byte(END, UNREACHABLE, END);
}

function writeList<T>(
  items: readonly T[],
  write: (item: T, to: ByteWriter) => ByteWriter,
): Uint8Array {
  const writer = new ByteWriter().u32(items.length);
  for (const item of items) write(item, writer);
  return writer.result();
}
