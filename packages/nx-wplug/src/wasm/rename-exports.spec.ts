import { renameExports } from "./rename-exports";
import { WebAssembly } from "./web-assembly";

/** Two functions and a memory, by hand: a type, functions, a memory, exports `wplug:free`, `free` or what is given, code. */
function moduleWith(exports: readonly (readonly [name: string, kind: number, index: number])[]) {
  const section = (id: number, ...content: number[]) => [id, ...leb(content.length), ...content];
  const entries = exports.flatMap(([name, kind, index]) => {
    const bytes = [...Buffer.from(name)];
    return [...leb(bytes.length), ...bytes, kind, index];
  });
  const body = (value: number) => [4, 0, 0x41, value, 0x0b];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 1, 0x7f),
    ...section(3, 2, 0, 0),
    ...section(5, 1, 0, 1),
    ...section(7, exports.length, ...entries),
    ...section(10, 2, ...body(1), ...body(2)),
    ...section(0, 4, ...Buffer.from("note"), 1, 2, 3),
  ]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}

const withoutPrefix = (name: string) => name.replace(/^wplug:/, "");

describe("renameExports", () => {
  it("gives exports other names, and leaves what they are and all else as it is", () => {
    const module = moduleWith([
      ["wplug:free", 0, 1],
      ["memory", 2, 0],
      ["other", 0, 0],
    ]);
    const renamed = new WebAssembly.Module(new Uint8Array(renameExports(module, withoutPrefix)));
    expect(WebAssembly.Module.exports(renamed)).toEqual([
      { name: "free", kind: "function" },
      { name: "memory", kind: "memory" },
      { name: "other", kind: "function" },
    ]);
    const { free, other } = new WebAssembly.Instance(renamed, {}).exports as Record<
      string,
      () => number
    >;
    expect([free?.(), other?.()]).toEqual([2, 1]);
    const [note] = WebAssembly.Module.customSections(renamed, "note");
    expect(note && [...new Uint8Array(note)]).toEqual([1, 2, 3]);
  });

  it("gives the same bytes where no name changes", () => {
    const module = moduleWith([["free", 0, 1]]);
    expect(Buffer.from(renameExports(module, withoutPrefix)).equals(module)).toBe(true);
  });

  it("takes names of more than 127 bytes, and of others than ASCII", () => {
    const long = `wplug:${"ü".repeat(90)}`;
    const module = renameExports(moduleWith([[long, 0, 0]]), withoutPrefix);
    const [renamed] = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(module)));
    expect(renamed?.name).toBe("ü".repeat(90));
  });

  it("leaves a module without exports alone", () => {
    const module = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    expect([...renameExports(module, withoutPrefix)]).toEqual([...module]);
  });

  it("refuses two exports of one name", () => {
    const module = moduleWith([
      ["wplug:free", 0, 0],
      ["free", 0, 1],
    ]);
    expect(() => renameExports(module, withoutPrefix)).toThrow(
      'The module would export "free" twice.',
    );
  });
});
